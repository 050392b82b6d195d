// The tables in memory, which the simulation runs on, held to PostgreSQL: the same calls in the same order
// give the same results and leave the same rows.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type pg from 'pg'
import { manualClock } from '../../src/clock.ts'
import { readTime } from '../../src/db/row-times.ts'
import { createUuidSource, type Uuid } from '../../src/ids.ts'
import { listOddCallbacks } from '../../src/payments/callback-store.ts'
import { listPaymentEvents } from '../../src/payments/event-store.ts'
import { type Lease, putBackClaimed } from '../../src/payments/lost-claim-store.ts'
import { type Payment, readPayment } from '../../src/payments/payment.ts'
import { createPaymentStore } from '../../src/payments/payment-store.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createMemoryPaymentStore, type MemoryPaymentStore } from './memory-payment-store.ts'
import { callOf } from './store-calls.ts'
import { type StoreCommand, storeCommands } from './store-commands.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

const keyOf = (payment: Payment) => ({ merchantId: payment.merchantId, paymentId: payment.id })

/** Every payment of the merchant as PostgreSQL has it, in the form of the tables in memory. */
async function readRows(db: pg.Pool, merchantId: Uuid) {
  const found = await db.query('select * from payments where merchant_id = $1 order by id', [merchantId])
  return found.rows.map((row) => ({
    payment: readPayment(row),
    idempotencyKey: row.idempotency_key,
    requestHash: row.request_hash,
    dueAt: readTime(row.due_at),
    leasedBy: row.leased_by,
    leasedUntil: readTime(row.leased_until),
    attempts: row.attempts,
    queries: row.queries,
    lastQuery: row.last_query,
    wantedAt: readTime(row.wanted_at),
    hintedAt: readTime(row.hinted_at),
    eventCount: row.event_count,
  }))
}

/** The events and odd callbacks of a payment as PostgreSQL has them. */
async function readStory(db: pg.Pool, payment: Payment) {
  const events = await listPaymentEvents({ db }, payment)
  const callbacks = await listOddCallbacks({ db }, payment)
  return {
    events: events.map(({ position: _position, paymentId: _paymentId, snapshot, ...event }) => ({
      ...event,
      snapshot: readPayment(snapshot),
    })),
    callbacks: callbacks.map(({ id }) => id),
  }
}

function storyInMemory(memory: MemoryPaymentStore, payment: Payment) {
  return {
    events: memory.eventsOf(keyOf(payment)).map(({ live: _live, ...event }) => event),
    callbacks: memory.oddCallbacksOf(keyOf(payment)).map(({ id }) => id),
  }
}

/** What a call came to: its result, or that it failed. */
async function outcomeOf(call: Promise<unknown>) {
  return call.then(
    (result) => ({ result }),
    (error: unknown) => ({ failed: error instanceof Error }),
  )
}

const allRowsInMemory = (memory: MemoryPaymentStore) =>
  [...memory.rows()].sort((a, b) => (a.payment.id < b.payment.id ? -1 : 1))

/** So that every list has something to work on. */
const FIRST: StoreCommand[] = [
  { kind: 'insert', sendNow: true, key: 0, live: false, expiresInS: 60, leaseS: 90 },
  { kind: 'insert', sendNow: false, key: 1, live: true, expiresInS: 60, leaseS: -1 },
]

/** Runs the commands on both, and compares results and rows after each; resolves to the number of calls. */
async function runOnBoth(commands: StoreCommand[]): Promise<number> {
  const db = database.pool
  await db.query('delete from payments')
  await db.query("select setval('payment_numbers', 1, false)")
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const real = {
    ...createPaymentStore({ db }),
    putBack: (lost: Lease) => putBackClaimed({ db }, lost),
  }
  const memory = createMemoryPaymentStore()
  const context = {
    nowMs: clock.now,
    pass: clock.advance,
    newUuid,
    merchantId: newUuid(),
    processes: [newUuid(), newUuid(), newUuid()],
    made: [] as Payment[],
    insertLeases: new Map(),
    remarks: new Map(),
    claims: [] as Lease[],
  }
  let calls = 0
  for (const [index, command] of [...FIRST, ...commands].entries()) {
    const call = callOf(context, command)
    if (call === null) continue
    const [expected, found] = await Promise.all([outcomeOf(call(real)), outcomeOf(call(memory))])
    assert.deepEqual(found, expected, `${index}: ${command.kind}`)
    const rows = await readRows(db, context.merchantId)
    assert.deepEqual(allRowsInMemory(memory), rows, `the rows after ${index}: ${command.kind}`)
    calls += 1
  }
  for (const payment of context.made) {
    assert.deepEqual(storyInMemory(memory, payment), await readStory(db, payment))
  }
  return calls
}

test('the tables in memory answer and change as PostgreSQL does, whatever is called', async (t) => {
  let calls = 0
  const property = fc.asyncProperty(storeCommands, async (commands) => {
    calls += await runOnBoth(commands)
  })
  await fc.assert(property, { numRuns: 60 })
  t.diagnostic(`${calls} calls compared`)
})
