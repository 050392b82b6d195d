// Which payments M-Pesa could be asked about: found by shortcode, so that a backlog of one hides nothing of
// another's, and read without a write.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Uuid } from '../../src/ids.ts'
import { makeDue } from '../../src/payments/payment-due-store.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, type PaymentBench, REQUEST_IDS, type RowWish } from '../support/payment-bench.ts'

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

async function add(
  wish: RowWish & { shortcode?: Uuid; amount?: number; wantedInMs?: number },
): Promise<Uuid> {
  const { paymentId } = await bench.addPayment({ ids: REQUEST_IDS, ...wish })
  await database.pool.query(
    `update payments set shortcode_id = coalesce($2, shortcode_id), amount = coalesce($3, amount),
       wanted_at = $4 where id = $1`,
    [
      paymentId,
      wish.shortcode ?? null,
      wish.amount ?? null,
      wish.wantedInMs === undefined ? null : bench.at(wish.wantedInMs),
    ],
  )
  return paymentId
}

async function read(page: { after?: Uuid | null; shortcodesMax?: number; eachMax?: number } = {}) {
  const usual = { now: bench.at(0), after: null, shortcodesMax: 100, eachMax: 100 }
  return bench.store.readQuestions({ ...usual, ...page })
}

const namesOf = (questions: readonly { paymentId: Uuid }[]) => questions.map(({ paymentId }) => paymentId)

test('what is due, open, known to M-Pesa and nobody’s can be asked about, and nothing else', async () => {
  const askable = [await add({ state: 'pending' }), await add({ state: 'uncertain', dueInMs: -1 })]
  for (const state of ['queued', 'sending', 'succeeded', 'failed'] as const) await add({ state })
  await add({ state: 'pending', dueInMs: 1 })
  await add({ state: 'uncertain', dueInMs: null })
  await add({ state: 'uncertain', ids: null })
  await add({ state: 'uncertain', leasedBy: bench.process, leaseInMs: 1 })
  const { questions, next } = await read()
  assert.deepEqual(namesOf(questions).toSorted(), askable.toSorted())
  assert.equal(next, null)
})

test('a backlog of one shortcode hides nothing of another’s', async () => {
  const [busy, quiet] = [bench.newUuid(), bench.newUuid()]
  for (let n = 0; n < 30; n += 1) await add({ state: 'uncertain', shortcode: busy, dueInMs: -60_000 - n })
  const lone = await add({ state: 'pending', shortcode: quiet, dueInMs: 0 })
  const { questions } = await read({ eachMax: 5 })
  assert.ok(namesOf(questions).includes(lone))
  assert.ok(questions.length <= 5 + 5 + 1, 'the longest due, the largest, and the lone one')
})

test('pages of shortcodes follow each other and begin anew', async () => {
  const ids = [bench.newUuid(), bench.newUuid(), bench.newUuid()]
  const payments = []
  for (const shortcode of ids) payments.push(await add({ state: 'pending', shortcode }))
  const first = await read({ shortcodesMax: 2 })
  assert.deepEqual([namesOf(first.questions).toSorted(), first.next], [payments.slice(0, 2), ids[1]])
  const second = await read({ shortcodesMax: 2, after: first.next })
  assert.deepEqual([namesOf(second.questions), second.next], [payments.slice(2), null])
})

test('in a long backlog the oldest, the largest and the wanted are all seen', async () => {
  const shortcode = bench.newUuid()
  const state = 'uncertain'
  for (let n = 0; n < 20; n += 1) await add({ state, shortcode, dueInMs: -5_000 - n, amount: 100 })
  const oldest = await add({ state, shortcode, dueInMs: -600_000 })
  const largest = await add({ state, shortcode, dueInMs: -1, amount: 250_000 })
  const wanted = await add({ state, shortcode, dueInMs: -1, wantedInMs: -10 })
  const seen = namesOf((await read({ eachMax: 1 })).questions)
  assert.deepEqual(seen.toSorted(), [oldest, largest, wanted].toSorted())
})

test('two processes that choose the same question put it once', async () => {
  const paymentId = await add({ state: 'pending' })
  const claim = (process: Uuid) =>
    bench.store.claimQuestions({
      now: bench.at(0),
      process,
      leaseUntil: bench.at(90_000),
      keys: [{ merchantId: bench.merchantId, paymentId }],
      early: false,
    })
  const both = await Promise.all([claim(bench.newUuid()), claim(bench.newUuid())])
  assert.deepEqual(both.map((payments) => payments.length).toSorted(), [0, 1])
  assert.deepEqual((await read()).questions, [], 'it is under a lease')
})

test('hints hasten a question once in five minutes, however many come', async () => {
  const paymentId = await add({ state: 'uncertain', dueInMs: 3_600_000 })
  const key = { merchantId: bench.merchantId, paymentId }
  let hastened = 0
  for (let second = 0; second < 600; second += 10) {
    await makeDue({ db: database.pool }, { ...key, now: bench.at(0) })
    if ((await read()).questions.length > 0) {
      hastened += 1
      await database.pool.query('update payments set due_at = $1', [bench.at(3_600_000)])
    }
    bench.clock.advance(10_000)
  }
  assert.equal(hastened, 2)
})

test('a merchant’s wish is noted on what is open, and makes nothing due', async () => {
  for (const state of ['pending', 'uncertain', 'sending', 'succeeded'] as const) {
    const paymentId = await add({ state, dueInMs: state === 'succeeded' ? null : 60_000 })
    const key = { merchantId: bench.merchantId, paymentId }
    const earlier = await bench.row(key)
    const isOpen = state === 'pending' || state === 'uncertain'
    assert.equal(await bench.store.markWanted({ ...key, at: bench.at(0) }), isOpen ? true : undefined)
    const row = await bench.row(key)
    assert.deepEqual([row.wanted_at, row.due_at], [isOpen ? bench.at(0) : null, earlier.due_at])
  }
})
