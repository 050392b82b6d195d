import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Uuid } from '../../src/ids.ts'
import { recordRemark } from '../../src/payments/event-store.ts'
import { moveCorrected, moveOpen } from '../../src/payments/move.ts'
import { PAYMENT_STATES, type PaymentState, readPayment } from '../../src/payments/payment.ts'
import type { PaymentKey } from '../../src/payments/payment-store.ts'
import { LIFE_EVENTS, type LifeEvent, transition } from '../../src/payments/state-table.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, drive, type PaymentBench } from '../support/payment-bench.ts'

let database: TestDatabase
let bench: PaymentBench
before(async () => {
  database = await createTestDatabase()
  bench = createPaymentBench(database.pool)
  for (const endpoint of ENDPOINTS) await addEndpoint(endpoint)
})
after(() => database[Symbol.asyncDispose]())

/** Endpoints of every kind, and the events that each is sent: those are read here, not in the code. */
type Endpoint = {
  name: string
  live: boolean
  format?: 'daraja'
  types?: string[]
  disabled?: boolean
  foreign?: boolean
  gets: string[]
}
const VERDICTS = ['payment.succeeded', 'payment.failed', 'payment.corrected']
const REMARKS = ['payment.updated', 'payment.contradicted'] as const
const ALL = [...VERDICTS, ...REMARKS, 'payment.uncertain']
const ENDPOINTS: readonly Endpoint[] = [
  { name: 'all', live: false, gets: ALL },
  { name: 'all, live', live: true, gets: ALL },
  { name: 'failures', live: false, types: ['payment.failed'], gets: ['payment.failed'] },
  { name: 'none', live: false, types: [], gets: [] },
  { name: 'disabled', live: false, disabled: true, gets: [] },
  { name: 'disabled, live', live: true, disabled: true, gets: [] },
  { name: 'of another merchant', live: false, foreign: true, gets: [] },
  { name: 'remarks, live', live: true, types: [...REMARKS], gets: [...REMARKS] },
  { name: 'contradictions', live: false, types: [REMARKS[1]], gets: [REMARKS[1]] },
  // Daraja's callback has no word for a payment that is uncertain, or of which it said two things.
  { name: 'daraja', live: false, format: 'daraja', gets: [...VERDICTS, 'payment.updated'] },
  { name: 'daraja, live', live: true, format: 'daraja', gets: [...VERDICTS, 'payment.updated'] },
  { name: 'daraja, contradictions', live: false, format: 'daraja', types: [REMARKS[1]], gets: [] },
  { name: 'daraja, uncertain', live: false, format: 'daraja', types: ['payment.uncertain'], gets: [] },
]

async function addEndpoint(endpoint: Endpoint): Promise<void> {
  const merchantId = endpoint.foreign === true ? bench.newUuid() : bench.merchantId
  await database.pool.query('insert into merchants values ($1, $2, now()) on conflict do nothing', [
    merchantId,
    'Shop',
  ])
  await database.pool.query(
    `insert into webhook_endpoints (merchant_id, id, live, url, format, event_types, secret_sealed,
       disabled_at, description, created_at, updated_at)
     values ($1, $2, $3, 'https://example.com/', $4, $5, '', $6, $7, now(), now())`,
    [
      ...[merchantId, bench.newUuid(), endpoint.live, endpoint.format ?? 'event', endpoint.types ?? null],
      ...[endpoint.disabled === true ? bench.at(0) : null, endpoint.name],
    ],
  )
}

/** The deliveries of a payment, with the name of the endpoint of each. */
async function deliveriesOf(key: PaymentKey) {
  const found = await database.pool.query<{ name: string; state: string; due_at: Date; leased_by: Uuid }>(
    `select e.description as name, d.state, d.due_at, d.leased_by from webhook_deliveries d
     join webhook_endpoints e on e.id = d.endpoint_id
     where d.merchant_id = $1 and d.payment_id = $2 order by name`,
    [key.merchantId, key.paymentId],
  )
  return found.rows
}

const EVENTS_BEFORE = 3

/** Puts a payment into `state`, lets `event` happen, and holds what came of it to the table. */
async function checkCell(state: PaymentState, event: LifeEvent, live: boolean): Promise<void> {
  const key = await bench.addPayment({ state, live, eventCount: EVENTS_BEFORE })
  const earlier = await bench.row(key)
  await drive(bench, key, event)
  const row = await bench.row(key)
  const next = transition(state, event)
  const cell = `${state} × ${event}${live ? ', live' : ''}`
  const told = await bench.toldOf(key)
  const deliveries = await deliveriesOf(key)
  if (typeof next === 'string') {
    assert.deepEqual([row.state, row.outcome], [earlier.state, earlier.outcome], cell)
    assert.deepEqual([row.settled_at, row.receipt], [earlier.settled_at, earlier.receipt], cell)
    assert.equal(row.event_count, EVENTS_BEFORE, cell)
    assert.deepEqual([told, deliveries], [[], []], cell)
    return
  }
  assert.deepEqual([row.state, row.outcome], [next.state, next.outcome ?? null], cell)
  assert.deepEqual(row.settled_at, next.outcome === undefined ? null : bench.at(0), cell)
  const sequence = EVENTS_BEFORE + 1
  const { tell } = next
  const expected = tell === undefined ? [] : [{ type: tell, sequence, state: next.state, live }]
  assert.deepEqual(told, expected, cell)
  const wanting = ENDPOINTS.filter((endpoint) => endpoint.live === live && endpoint.gets.includes(tell ?? ''))
  assert.deepEqual(
    deliveries,
    wanting
      .map(({ name }) => ({ name, state: 'pending', due_at: bench.at(0), leased_by: bench.process }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    cell,
  )
  const handedOver = bench.delivered.splice(0)
  const inMemory = tell === undefined ? [] : [{ type: tell, sequence, deliveries: wanting.length }]
  assert.deepEqual(handedOver, inMemory, cell)
}

for (const state of PAYMENT_STATES) {
  test(`whatever happens to a ${state} payment leads where the table says, in the database too`, async () => {
    for (const event of LIFE_EVENTS) {
      await checkCell(state, event, false)
      await checkCell(state, event, true)
    }
  })
}

test('what changes no state is told to the endpoints that want it, of the payment’s own side', async () => {
  for (const type of REMARKS) {
    for (const live of [false, true]) {
      const key = await bench.addPayment({ state: 'succeeded', live, eventCount: EVENTS_BEFORE })
      const found = await database.pool.query('select * from payments where id = $1', [key.paymentId])
      const receipt = type === 'payment.updated' ? 'UKMSTXF0M9' : null
      const remark = {
        ...{ payment: readPayment(found.rows[0]), eventId: bench.newUuid(), type, receipt },
        ...{ paidAt: null, evidence: null, callback: null, at: bench.at(0) },
      }
      assert.ok(await recordRemark({ db: database.pool }, remark))
      const cell = `${type}${live ? ', live' : ''}`
      const sequence = EVENTS_BEFORE + 1
      assert.deepEqual(await bench.toldOf(key), [{ type, sequence, state: 'succeeded', live }], cell)
      const wanting = ENDPOINTS.filter((each) => each.live === live && each.gets.includes(type))
      assert.deepEqual(
        (await deliveriesOf(key)).map(({ name, state }) => [name, state]),
        wanting.map(({ name }) => [name, 'pending']).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
        cell,
      )
    }
  }
})

test('however events follow each other, the row is where the table says, its events count up', async () => {
  const lives = fc.array(fc.constantFrom(...LIFE_EVENTS), { minLength: 2, maxLength: 10 })
  const property = fc.asyncProperty(lives, async (events) => {
    const key = await bench.addPayment({ state: 'queued' })
    let state: PaymentState = 'queued'
    const expected: string[] = []
    for (const event of events) {
      await drive(bench, key, event)
      const next = transition(state, event)
      if (typeof next !== 'string') {
        state = next.state
        if (next.tell !== undefined) expected.push(next.tell)
      }
      assert.equal((await bench.row(key)).state, state, event)
    }
    const told = await bench.toldOf(key)
    assert.deepEqual(
      told.map(({ type, sequence }) => [sequence, type]),
      expected.map((type, index) => [index + 1, type]),
    )
  })
  const twiceBack: LifeEvent[] = ['taken', 'not_processed', 'taken', 'not_processed', 'taken']
  await fc.assert(property, { numRuns: 60, examples: [[twiceBack]] })
})

test('a correction moves nothing but a failure', async () => {
  for (const state of PAYMENT_STATES) {
    const key = await bench.addPayment({ state })
    const moved = await moveCorrected(bench.moveDeps, key, { resultCode: '0' })
    assert.equal(moved?.state, state === 'failed' ? 'succeeded' : undefined, state)
    assert.equal((await bench.row(key)).state, state === 'failed' ? 'succeeded' : state)
  }
})

test('a verdict about another amount or other ids, or from a foreign address, moves nothing', async () => {
  const wrong = [
    { amountKes: 99 },
    { amountKes: 100.5 },
    { amountKes: -100 },
    { merchantRequestId: 'm-2' },
    { checkoutRequestId: 'ws_CO_2' },
    { addressAllowed: false },
  ]
  for (const facts of wrong) {
    const key = await bench.addPayment({ state: 'pending', live: true })
    const moved = await moveOpen(bench.moveDeps, key, 'paid_proven', facts)
    assert.equal(moved, undefined, JSON.stringify(facts))
    assert.equal((await bench.row(key)).state, 'pending')
    assert.deepEqual(await bench.toldOf(key), [])
  }
  const test = await bench.addPayment({ state: 'pending', live: false })
  const moved = await moveOpen(bench.moveDeps, test, 'declined', { addressAllowed: false })
  assert.equal(moved?.state, 'failed', 'test payments may be settled from anywhere')
})

test('of many verdicts about one payment that come at once, one settles it', async () => {
  const key = await bench.addPayment({ state: 'pending' })
  const verdicts = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'paid_confirmed' : 'declined'))
  // Each from a process of its own, so that none waits for another in memory.
  const moves = verdicts.map((event) => {
    const other = createPaymentBench(database.pool)
    return moveOpen(other.moveDeps, key, event === 'declined' ? 'declined' : 'paid_confirmed', {})
  })
  const moved = (await Promise.all(moves)).filter((payment) => payment !== undefined)
  assert.equal(moved.length, 1)
  assert.equal((await bench.toldOf(key)).length, 1)
})

test('another merchant moves nothing', async () => {
  const { paymentId } = await bench.addPayment({ state: 'pending' })
  const foreign = { merchantId: bench.newUuid(), paymentId }
  assert.equal(await moveOpen(bench.moveDeps, foreign, 'declined', {}), undefined)
  assert.equal(
    await bench.accept({
      ...foreign,
      merchantRequestId: 'm',
      checkoutRequestId: 'c',
      at: bench.at(0),
      dueAt: bench.at(0),
    }),
    undefined,
  )
})
