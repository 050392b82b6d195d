// Claims: who may take which payment, and when. Two processes share the work and never the same row.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { createPool } from '../../src/db/database.ts'
import { holdLock } from '../../src/db/testing/lock-holder.ts'
import { CUSTOMER_BUSY } from '../../src/payments/dispatch.ts'
import { moveOpen } from '../../src/payments/move.ts'
import { PAYMENT_STATES } from '../../src/payments/payment.ts'
import type { DuePayment } from '../../src/payments/payment-due-store.ts'
import { makeDue, readBacklog } from '../../src/payments/payment-due-store.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, type PaymentBench, REQUEST_IDS, WHY_NOT } from '../support/payment-bench.ts'

let database: TestDatabase
let bench: PaymentBench
before(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await database.pool.query('delete from payments')
  bench = createPaymentBench(database.pool)
})
after(() => database[Symbol.asyncDispose]())

const LEASE_MS = 90_000
const QUESTION = { at: '2026-03-21T11:00:00.000Z', kind: 'in_flight', code: '4999', detail: 'still open' }
const idsOf = (claimed: Pick<DuePayment, 'payment'>[]) => claimed.map(({ payment }) => payment.id)

test('a queued payment becomes sending in the very claim, under the lease of who claims it', async () => {
  const key = await bench.addPayment({ state: 'queued' })
  const [claimed, ...more] = await bench.claim('queued')
  assert.deepEqual(more, [])
  assert.deepEqual([claimed?.foundState, claimed?.payment.state], ['queued', 'sending'])
  const row = await bench.row(key)
  assert.equal(row.state, 'sending')
  assert.deepEqual(row.sent_at, bench.at(0))
  assert.deepEqual([row.leased_by, row.leased_until], [bench.process, bench.at(LEASE_MS)])
  assert.deepEqual(row.due_at, bench.at(LEASE_MS), 'due again when the lease ends')
})

test('a queued payment past its expiry is claimed, but never made sending', async () => {
  for (const expiresInMs of [0, -1, -60_000]) {
    const key = await bench.addPayment({ state: 'queued', expiresInMs })
    const [claimed] = await bench.claim('queued')
    assert.deepEqual([claimed?.payment.id, claimed?.payment.state], [key.paymentId, 'queued'])
    const row = await bench.row(key)
    assert.deepEqual([row.state, row.sent_at, row.leased_by], ['queued', null, bench.process])
    const ended = await moveOpen(bench.moveDeps, key, 'given_up', {})
    assert.deepEqual([ended?.state, ended?.outcome], ['failed', 'not_sent'])
  }
  const last = await bench.addPayment({ state: 'queued', expiresInMs: 1 })
  await bench.claim('queued')
  assert.equal((await bench.row(last)).state, 'sending', 'there was a millisecond left')
})

test('what kept a payment in the queue is forgotten when it is sent, and kept when it expires', async () => {
  const put = { leasedBy: bench.process, attempts: 0, dueAt: bench.at(0), ...CUSTOMER_BUSY }
  for (const { expiresInMs, told } of [
    { expiresInMs: 60_000, told: [null, null] },
    { expiresInMs: 0, told: [CUSTOMER_BUSY.resultCode, CUSTOMER_BUSY.resultDesc] },
  ]) {
    const key = await bench.addPayment({ state: 'sending', expiresInMs })
    await bench.requeue({ ...key, ...put, at: bench.at(0) })
    const [claimed] = await bench.claim('queued')
    assert.equal(claimed?.payment.id, key.paymentId)
    assert.deepEqual([claimed.payment.resultCode, claimed.payment.resultDesc], told)
    const row = await bench.row(key)
    assert.deepEqual([row.result_code, row.result_desc], told)
  }
})

test('each kind of claim takes its own states, and nothing settled', async () => {
  for (const state of PAYMENT_STATES) await bench.addPayment({ state, dueInMs: 0, leaseInMs: null })
  const open = await bench.claim('open')
  assert.deepEqual(open.map(({ foundState }) => foundState).toSorted(), ['pending', 'sending', 'uncertain'])
  for (const { foundState, payment } of open) assert.equal(payment.state, foundState)
  const queued = await bench.claim('queued')
  assert.deepEqual(
    queued.map(({ foundState }) => foundState),
    ['queued'],
  )
})

test('what is not due, or not to be looked at any more, is not claimed', async () => {
  await bench.addPayment({ state: 'queued', dueInMs: 1 })
  await bench.addPayment({ state: 'pending', dueInMs: 1 })
  await bench.addPayment({ state: 'uncertain', dueInMs: null })
  assert.deepEqual([await bench.claim('queued'), await bench.claim('open')], [[], []])
  bench.clock.advance(1)
  assert.equal((await bench.claim('queued')).length, 1)
  assert.equal((await bench.claim('open')).length, 1)
})

test('a lease keeps others off until it ends, in every state', async () => {
  for (const state of ['queued', 'sending', 'pending', 'uncertain'] as const) {
    const kind = state === 'queued' ? 'queued' : 'open'
    const leasedBy = bench.newUuid()
    const key = await bench.addPayment({ state, leasedBy, leaseInMs: 1_000, expiresInMs: 600_000 })
    assert.deepEqual(await bench.claim(kind), [], state)
    bench.clock.advance(999)
    assert.deepEqual(await bench.claim(kind), [], state)
    bench.clock.advance(1)
    assert.deepEqual(idsOf(await bench.claim(kind)), [key.paymentId], state)
    assert.deepEqual(await bench.claim(kind, { process: bench.newUuid() }), [], `${state}, claimed again`)
  }
})

test('a lease that ended in sending never leads back to the queue, but to uncertain', async () => {
  const key = await bench.addPayment({ state: 'queued' })
  await bench.claim('queued')
  const gone = bench.process
  bench.clock.advance(LEASE_MS)
  assert.deepEqual(await bench.claim('queued'), [])
  const other = bench.newUuid()
  const [found] = await bench.claim('open', { process: other })
  assert.deepEqual([found?.foundState, found?.payment.state], ['sending', 'sending'])
  const late = { ...key, ...WHY_NOT, attempts: 0, at: bench.at(0), dueAt: bench.at(0) }
  assert.equal(await bench.requeue({ ...late, leasedBy: gone }), undefined, 'the lease is lost')
  const moved = await moveOpen(bench.moveDeps, key, 'unknown', {})
  assert.equal(moved?.state, 'uncertain')
  assert.equal(await bench.requeue({ ...late, leasedBy: other }), undefined, 'it is not sending any more')
  assert.equal(await bench.requeue({ ...late, leasedBy: gone }), undefined)
  bench.clock.advance(10 * LEASE_MS)
  assert.deepEqual(await bench.claim('queued'), [])
  assert.equal((await bench.row(key)).state, 'uncertain')
})

test('processes that claim at once share the rows between them', async () => {
  const keys = await Promise.all(
    Array.from({ length: 120 }, (_, index) =>
      bench.addPayment({ state: index % 2 === 0 ? 'queued' : 'pending' }),
    ),
  )
  const other = createPool(database.url)
  const rival = createPaymentBench(other)
  const claims = [bench, rival].flatMap((each) =>
    (['queued', 'open', 'queued', 'open'] as const).map((kind) => each.claim(kind, { limit: 25 })),
  )
  const claimed = (await Promise.all(claims)).flat()
  for (const kind of ['queued', 'open'] as const) claimed.push(...(await bench.claim(kind)))
  assert.deepEqual(idsOf(claimed).toSorted(), keys.map(({ paymentId }) => paymentId).toSorted())
  await other.end()
})

test('a row that another works on is passed over, not waited for', async () => {
  const held = await bench.addPayment({ state: 'queued', dueInMs: -10 })
  const free = await bench.addPayment({ state: 'queued' })
  const statement = `select 1 from payments where id = '${held.paymentId}' for update`
  await using holder = await holdLock(database, statement)
  assert.deepEqual(idsOf(await bench.claim('queued')), [free.paymentId])
  await holder.release()
  assert.deepEqual(idsOf(await bench.claim('queued')), [held.paymentId])
})

test('a bounded claim takes what has been due for longest', async () => {
  const third = await bench.addPayment({ state: 'pending', dueInMs: -10 })
  const first = await bench.addPayment({ state: 'sending', leaseInMs: -1, dueInMs: -30 })
  const second = await bench.addPayment({ state: 'uncertain', dueInMs: -20 })
  // Read as they lie in the table, which the index on what is due would otherwise put in order.
  const unordered = new pg.Pool({
    connectionString: database.url,
    options: '-c enable_indexscan=off -c enable_bitmapscan=off',
  })
  const { claim } = createPaymentBench(unordered)
  assert.deepEqual(
    idsOf(await claim('open', { limit: 2 })).toSorted(),
    [first, second].map(({ paymentId }) => paymentId).toSorted(),
  )
  assert.deepEqual(idsOf(await claim('open', { limit: 2 })), [third.paymentId])
  await unordered.end()
})

test('a payment that is put back is due when it was said to be, and was tried once more', async () => {
  const key = await bench.addPayment({ state: 'queued', expiresInMs: 600_000 })
  await bench.claim('queued')
  const when = { attempts: 0, at: bench.at(0), dueAt: bench.at(5_000) }
  const put = { ...key, ...WHY_NOT, leasedBy: bench.process, ...when }
  assert.equal(await bench.requeue({ ...put, leasedBy: bench.newUuid() }), undefined, 'not theirs')
  assert.equal(await bench.requeue(put), true)
  assert.equal(await bench.requeue(put), undefined, 'once is enough')
  const row = await bench.row(key)
  assert.deepEqual([row.state, row.sent_at, row.leased_by, row.attempts], ['queued', null, null, 1])
  assert.deepEqual(await bench.claim('queued'), [])
  bench.clock.advance(5_000)
  const [again] = await bench.claim('queued')
  assert.equal(again?.attempts, 1)
})

test('a push that is said twice to have shown no prompt leaves the next one alone', async () => {
  const key = await bench.addPayment({ state: 'queued', expiresInMs: 600_000 })
  await bench.claim('queued')
  const put = { ...key, ...WHY_NOT, leasedBy: bench.process, at: bench.at(0), dueAt: bench.at(0) }
  assert.equal(await bench.requeue({ ...put, attempts: 0 }), true)
  // The same process pushes again; then it repeats the first word, whose answer it never had.
  await bench.claim('queued')
  assert.equal(await bench.requeue({ ...put, attempts: 0 }), undefined)
  assert.equal((await bench.row(key)).state, 'sending')
  assert.equal(await bench.requeue({ ...put, attempts: 1 }), true)
})

test('a question is put off only by who holds the lease, and only while the payment is open', async () => {
  for (const state of PAYMENT_STATES) {
    const key = await bench.addPayment({ state, leasedBy: bench.process, leaseInMs: LEASE_MS })
    const later = { ...key, leasedBy: bench.process, dueAt: bench.at(7_000), query: QUESTION }
    assert.equal(await bench.postpone({ ...later, leasedBy: bench.newUuid() }), undefined, state)
    const isAskedFor = state === 'pending' || state === 'uncertain'
    assert.equal(await bench.postpone(later), isAskedFor ? true : undefined, state)
    const row = await bench.row(key)
    assert.equal(row.state, state)
    if (!isAskedFor) continue
    assert.deepEqual([row.due_at, row.queries, row.leased_until], [bench.at(7_000), 1, null])
    assert.deepEqual(row.last_query, QUESTION)
    assert.equal(await bench.postpone(later), undefined, 'its lease is given back')
  }
})

test('a late answer to the push fills in what is missing and changes no state but sending', async () => {
  const ids = { merchantRequestId: 'm-late', checkoutRequestId: 'ws_CO_late' }
  for (const state of PAYMENT_STATES) {
    const key = await bench.addPayment({ state })
    const earlier = await bench.row(key)
    const dueAt = bench.at(10_000)
    const accepted = await bench.accept({ ...key, ...ids, at: bench.at(0), dueAt })
    const row = await bench.row(key)
    if (state === 'queued') {
      assert.deepEqual([accepted, row], [undefined, earlier], 'nothing was sent')
      continue
    }
    const kept = earlier.checkout_request_id === null ? ids : REQUEST_IDS
    const after = state === 'sending' ? 'pending' : state
    assert.deepEqual(accepted, { state: after, ...kept })
    assert.deepEqual([row.state, row.checkout_request_id], [after, kept.checkoutRequestId])
    const isNewlyKnown = state === 'sending' || state === 'uncertain'
    assert.deepEqual(row.due_at, isNewlyKnown ? dueAt : earlier.due_at, state)
  }
})

test('a hint makes the question due at once, where there is one to ask and nobody is asking', async () => {
  const later = { dueInMs: 60_000, ids: REQUEST_IDS }
  const cases = [
    ...(['pending', 'uncertain'] as const).map((state) => ({ wish: { state, ...later }, isDue: true })),
    { wish: { state: 'uncertain' as const, ids: REQUEST_IDS, dueInMs: null }, isDue: true },
    ...(['queued', 'sending'] as const).map((state) => ({ wish: { state, ...later }, isDue: false })),
    { wish: { state: 'pending' as const, ...later, leaseInMs: 1_000 }, isDue: false },
    { wish: { state: 'uncertain' as const, ...later, ids: null }, isDue: false },
    { wish: { state: 'failed' as const, ...later }, isDue: false },
  ]
  for (const { wish, isDue } of cases) {
    const key = await bench.addPayment(wish)
    const earlier = await bench.row(key)
    await makeDue({ db: database.pool }, { ...key, now: bench.at(0) })
    const row = await bench.row(key)
    assert.deepEqual(row.due_at, isDue ? bench.at(0) : earlier.due_at, JSON.stringify(wish))
  }
})

test('the backlog counts what is open, by state, and no further than it must', async () => {
  for (const state of PAYMENT_STATES) await bench.addPayment({ state })
  await bench.addPayment({ state: 'queued' })
  const backlog = await readBacklog({ db: database.pool }, 100)
  assert.deepEqual(Object.fromEntries(backlog.map(({ state, count }) => [state, count])), {
    queued: 2,
    sending: 1,
    pending: 1,
    uncertain: 1,
  })
  // The cap is each for the queued, the uncertain, and the others.
  const counted = await readBacklog({ db: database.pool }, 1)
  assert.deepEqual(
    counted.map(({ count }) => count),
    [1, 1, 1],
  )
})

test('a payment that nothing can be asked about counts as open too', async () => {
  await bench.addPayment({ state: 'uncertain', dueInMs: null })
  const backlog = await readBacklog({ db: database.pool }, 100)
  assert.deepEqual(
    backlog.map(({ state, count }) => [state, count]),
    [['uncertain', 1]],
  )
})
