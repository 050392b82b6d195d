// What answers are worth by the age of the prompt, and when the next question is due.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QueryOutcome } from '../daraja/client.ts'
import type { Payment } from './payment.ts'
import { askAgainAt, judgeAnswer, type OpenAnswer } from './query-answer.ts'

const PROMPTED_MS = Date.parse('2026-03-21T11:00:00Z')
const after = (seconds: number) => new Date(PROMPTED_MS + seconds * 1_000)

function paymentOf(changes: Partial<Payment> = {}): Payment {
  const payment: Partial<Payment> = {
    state: 'pending',
    createdAt: after(-9),
    sentAt: after(-5),
    promptedAt: after(0),
    ...changes,
  }
  // As much of one as answers are judged by.
  return payment as Payment
}

function verdict(resultCode: string): QueryOutcome {
  return { kind: 'verdict', resultCode, resultDesc: 'As M-Pesa says.', durationMs: 7 }
}

/** `verdict`, or the reason why there is none. */
function worth(outcome: QueryOutcome, seconds: number, changes: Partial<Payment> = {}): string {
  const answer = judgeAnswer(paymentOf(changes), outcome, after(seconds).getTime())
  return answer.kind === 'verdict' ? 'verdict' : answer.reason
}

test('"paid" is a verdict only when it was asked for after the prompt’s life', () => {
  assert.deepEqual(
    [-10, 0, 10, 59.999, 60, 61, 3_600].map((seconds) => worth(verdict('0'), seconds)),
    [...Array(4).fill('paid_while_open'), ...Array(3).fill('verdict')],
  )
  const unaccepted = { promptedAt: null }
  assert.equal(worth(verdict('0'), 54.9, unaccepted), 'paid_while_open', 'the push counts')
  assert.equal(worth(verdict('0'), 55, unaccepted), 'verdict')
})

test('a failure is a verdict at any time', () => {
  for (const code of ['1', '1032', '1037', 'SFC_IC0003']) {
    for (const seconds of [0, 10, 60]) assert.equal(worth(verdict(code), seconds), 'verdict', code)
  }
})

test('"paid" while the prompt may be up is kept as what was said, and due again at the prompt’s end', () => {
  const payment = paymentOf()
  const answer = judgeAnswer(payment, verdict('0'), after(31).getTime())
  assert.deepEqual(answer, {
    kind: 'open',
    reason: 'paid_while_open',
    code: '0',
    retryAfterMs: null,
    detail: 'As M-Pesa says. The prompt may still be up, so M-Pesa is asked again when its time is over.',
    durationMs: 7,
  })
  assert.ok(answer.kind === 'open')
  for (const seconds of [31, 59, 65]) {
    assert.deepEqual(askAgainAt(payment, answer, after(seconds)), after(60), 'however long the answer took')
  }
})

function open(reason: OpenAnswer['reason'], retryAfterMs: number | null = null): OpenAnswer {
  return { kind: 'open', reason, code: null, retryAfterMs, detail: '', durationMs: 0 }
}

test('what is still in flight is asked for by the schedule, and told as uncertain in time', () => {
  const payment = paymentOf()
  assert.deepEqual(askAgainAt(payment, open('in_flight'), after(31)), after(60))
  assert.deepEqual(askAgainAt(payment, open('in_flight', 120_000), after(31)), after(90))
  const uncertain = paymentOf({ state: 'uncertain' })
  assert.deepEqual(askAgainAt(uncertain, open('in_flight', 120_000), after(31)), after(151))
  assert.deepEqual(askAgainAt(uncertain, open('in_flight'), after(3_600)), after(3 * 3_600))
})

test('a question that did not get as far as M-Pesa is put again soon, however old the payment', () => {
  const uncertain = paymentOf({ state: 'uncertain' })
  for (const reason of ['token', 'rate_limited'] as const) {
    for (const age of [600, 5 * 3_600, 100 * 3_600]) {
      assert.deepEqual(askAgainAt(uncertain, open(reason), after(age)), after(age + 60), `${reason} ${age}`)
      assert.deepEqual(askAgainAt(uncertain, open(reason, 90_000), after(age)), after(age + 90))
      assert.deepEqual(askAgainAt(uncertain, open(reason, 2_000), after(age)), after(age + 60))
    }
    assert.deepEqual(askAgainAt(paymentOf(), open(reason), after(31)), after(60), 'the schedule is sooner')
  }
})
