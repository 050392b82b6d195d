// A question out of turn: what makes it senseless, when it would make sense again, and what comes of one put.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench, type RowWish } from '../../test/support/payment-bench.ts'
import type { AskedNow } from './ask.ts'
import { askNow, type NotAskedReason } from './ask-now.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

const ANSWER = { at: '2026-03-21T11:00:05.000Z', kind: 'in_flight', code: '4999', detail: 'in process' }
const ASKED: AskedNow = { ok: true, answer: ANSWER }
const HOUR_MS = 3_600_000

/** How a payment stands when somebody wants to ask about it; times are milliseconds from then. */
type Standing = RowWish & { promptedInMs?: number | null; sentInMs?: number; answeredInMs?: number }

/** Asks about a payment that stands so; M-Pesa, where it is asked at all, answers `asked`. */
async function askAbout(standing: Standing, asked: AskedNow | null) {
  const bench = createPaymentBench(database.pool)
  const key = await bench.addPayment(standing)
  const { promptedInMs = -HOUR_MS, sentInMs = -HOUR_MS, answeredInMs } = standing
  const at = (ms: number | null | undefined) => (typeof ms === 'number' ? bench.at(ms) : null)
  await database.pool.query(
    `update payments set prompted_at = $2, last_query = $3,
       sent_at = case when state = 'queued' then null else $4::timestamptz end
     where id = $1`,
    [
      key.paymentId,
      at(promptedInMs),
      answeredInMs === undefined ? null : { ...ANSWER, at: at(answeredInMs)?.toISOString() },
      at(sentInMs),
    ],
  )
  const asker = { now: async () => asked ?? assert.fail('M-Pesa was asked') }
  const owner = { merchantId: key.merchantId, live: false }
  const result = await askNow({ db: database.pool, clock: bench.clock, asker }, owner, key.paymentId)
  if (result === null) assert.fail('there is no such payment')
  const { answer, reason, againAt } = result
  return { answer, reason, againInMs: againAt === null ? null : againAt.getTime() - bench.clock.now() }
}

const senseless: [Standing, NotAskedReason, againInMs: number | null][] = [
  [{ state: 'succeeded' }, 'settled', null],
  [{ state: 'failed' }, 'settled', null],
  [{ state: 'queued' }, 'not_sent', null],
  [{ state: 'sending' }, 'no_request_id', null],
  [{ state: 'uncertain', ids: null }, 'no_request_id', null],
  [{ state: 'pending', promptedInMs: 0 }, 'too_early', 10_000],
  [{ state: 'pending', promptedInMs: -9_999 }, 'too_early', 1],
  // Not known when the prompt went out: the push counts.
  [{ state: 'pending', promptedInMs: null, sentInMs: -4_000 }, 'too_early', 6_000],
  [{ state: 'pending', answeredInMs: 0 }, 'asked_lately', 15_000],
  [{ state: 'pending', answeredInMs: -14_999 }, 'asked_lately', 1],
  [{ state: 'pending', leaseInMs: 1 }, 'being_asked', 15_000],
]

test('a question that makes no sense is not put, and it is told when one would', async () => {
  for (const [standing, reason, againInMs] of senseless) {
    const told = await askAbout(standing, null)
    assert.deepEqual(told, { answer: null, reason, againInMs }, JSON.stringify(standing))
  }
})

test('one that makes sense is put, to the very moment', async () => {
  const sensible: Standing[] = [
    { state: 'pending', promptedInMs: -10_000 },
    { state: 'pending', promptedInMs: null, sentInMs: -10_000 },
    { state: 'pending', answeredInMs: -15_000 },
    { state: 'pending', leaseInMs: 0 },
    { state: 'uncertain', ids: { merchantRequestId: 'm-2', checkoutRequestId: 'ws_CO_2' } },
    // Answered in the future: the clock was set back, which must not close it.
    { state: 'pending', answeredInMs: HOUR_MS },
  ]
  for (const standing of sensible) {
    const told = await askAbout(standing, ASKED)
    assert.deepEqual(told, { answer: ANSWER, reason: null, againInMs: 15_000 }, JSON.stringify(standing))
  }
})

test('why a question was not put after all is told, and that another may be soon', async () => {
  for (const reason of ['no_credentials', 'budget', 'being_asked'] as const) {
    const told = await askAbout({ state: 'pending' }, { ok: false, reason })
    assert.deepEqual(told, { answer: null, reason, againInMs: 15_000 })
  }
})

test('an answer that settled the payment is the last one, and nobody asks about another’s', async () => {
  const bench = createPaymentBench(database.pool)
  const { merchantId, paymentId } = await bench.addPayment({ state: 'pending' })
  bench.clock.advance(10_000)
  const asker = {
    async now() {
      await database.pool.query(
        `update payments set state = 'failed', outcome = 'declined', settled_at = now(), due_at = null
         where id = $1`,
        [paymentId],
      )
      return ASKED
    },
  }
  const deps = { db: database.pool, clock: bench.clock, asker }
  const foreign = { merchantId: bench.newUuid(), live: false }
  assert.equal(await askNow(deps, foreign, paymentId), null)
  assert.equal(await askNow(deps, { merchantId, live: true }, paymentId), null)
  const told = await askNow(deps, { merchantId, live: false }, paymentId)
  assert.deepEqual([told?.payment.state, told?.reason, told?.againAt], ['failed', null, null])
})
