// How PostgreSQL finds the rows of the grouped statements on a new installation: a plan lasts as long as its
// connection, so one that reads through a merchant's payments would do so for a busy minute.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import type { Database, NamedStatement } from '../../src/db/database.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'
import { moveOpen } from '../../src/payments/move.ts'
import type { Payment } from '../../src/payments/payment.ts'
import { createPaymentStore } from '../../src/payments/payment-store.ts'
import type { Phone } from '../../src/phone.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, type PaymentBench } from '../support/payment-bench.ts'

const GROUP = 140
const ENOUGH = 1_400

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
  // As a new installation has it, whatever the template was turned into.
  await database.pool.query('drop schema public cascade')
  await database.pool.query('create schema public')
  await migrateDatabase(database.url)
})
after(() => database[Symbol.asyncDispose]())

/** Runs statements, and keeps the last of each name. */
function recorder(pool: pg.Pool): { db: Database; last: Map<string, NamedStatement> } {
  const last = new Map<string, NamedStatement>()
  const query: Database['query'] = async (statement, values) => {
    if (typeof statement === 'string') return pool.query(statement, values)
    last.set(statement.name, statement)
    return pool.query(statement)
  }
  return { db: { query }, last }
}

/** The indexes by which the statement would find its rows if planned now, as connections for such plan it. */
async function indexesOf(pool: pg.Pool, statement: NamedStatement): Promise<string[]> {
  const client = await pool.connect()
  try {
    // A generic plan does not look at what it is given.
    const nothing = statement.values.map(() => 'null').join(', ')
    await client.query(`set plan_cache_mode = force_generic_plan; prepare looked_at as ${statement.text}`)
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute looked_at (${nothing})`)
    await client.query('deallocate looked_at; reset plan_cache_mode')
    const lines = rows.map((row) => row['QUERY PLAN'])
    return lines.flatMap(
      (line) => /Scan using (\S+) on (?:payments|webhook_deliveries)/.exec(line)?.[1] ?? [],
    )
  } finally {
    client.release()
  }
}

/** A payment as the next customer would make it. */
function newPayment({ newUuid, merchantId, at }: PaymentBench, nth: number): Payment {
  return {
    ...{
      merchantId,
      id: newUuid(),
      number: 0,
      shortcodeId: merchantId,
      environment: 'simulator',
      live: false,
    },
    ...{ state: 'sending', outcome: null, amountKes: 100, reference: `INV-${(nth * 7_919) % 10_007}` },
    ...{ phone: `2547${((nth * 104_729) % 90_000_000) + 10_000_000}` as Phone, description: null, tag: null },
    ...{ metadata: null, expiresAt: at(60_000), createdAt: at(0), updatedAt: at(0), sentAt: at(0) },
    ...{
      merchantRequestId: null,
      checkoutRequestId: null,
      resultCode: null,
      resultDesc: null,
      receipt: null,
    },
    ...{ paidAt: null, evidence: null, promptedAt: null, settledAt: null },
  }
}

test('a grouped statement finds its rows by their primary key, from the first payment on', async () => {
  const { pool } = database
  const { db, last } = recorder(pool)
  const bench = createPaymentBench(pool)
  const store = createPaymentStore({ db })
  const leasedUntil = bench.at(90_000)
  const lease = { dueAt: leasedUntil, leasedBy: bench.process, leasedUntil }
  for (let count = 0; count < ENOUGH; count += GROUP) {
    const payments = Array.from({ length: GROUP }, (_, nth) => newPayment(bench, count + nth))
    const keys = payments.map(({ merchantId, id }) => ({ merchantId, paymentId: id }))
    await Promise.all(
      payments.map((payment) => store.insert({ payment, ...lease, idempotencyKey: null, requestHash: null })),
    )
    const ids = (nth: number) => ({
      merchantRequestId: `m-${count + nth}`,
      checkoutRequestId: `ws_CO_${count + nth}`,
    })
    await Promise.all(
      keys.map((key, nth) => store.accept({ ...key, ...ids(nth), at: bench.at(0), dueAt: bench.at(10_000) })),
    )
    const moveDeps = { ...bench.moveDeps, store }
    await Promise.all(
      keys.map((key, nth) =>
        moveOpen(moveDeps, key, 'paid_proven', { ...ids(nth), receipt: `S${count + nth}`, amountKes: 100 }),
      ),
    )
    await Promise.all(keys.map((key) => store.releaseQueued({ ...key, ...lease, at: bench.at(0) })))
    for (const name of ['payment_accept', 'payment_move', 'payment_release']) {
      const statement = last.get(name)
      assert.ok(statement !== undefined, name)
      const found = await indexesOf(pool, statement)
      assert.deepEqual(found, ['payments_pkey'], `${name} with ${count + GROUP} payments`)
    }
  }
})
