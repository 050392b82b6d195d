// The bound on the time to certainty that docs/simulation.md states: measured in virtual time, so the same
// figures on every machine.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureCertainty, quantile } from './certainty-world.ts'

/** The bound of docs/simulation.md, from the prompt to the verdict, for all payments. */
const BOUND_MS = 5 * 60_000
/** A customer has up to 60 s; a verdict by callback comes at most 5 s later. */
const BY_CALLBACK_MS = 65_000
const ASKED_AT_MOST_PER_MINUTE = 5

const SHARES = [0.5, 0.9, 0.95, 0.99, 0.999, 1]

for (const paymentsPerMinute of [10, 30, 60]) {
  const what = `all of ${paymentsPerMinute} payments a minute, 5 % of them without a callback`
  test(`${what}, are certain in time`, async (t) => {
    const wish = { seed: 1, payments: 30 * paymentsPerMinute, paymentsPerMinute }
    const ended = await measureCertainty({ ...wish, callbackLost: 0.05, questionsPerMinute: 5 })
    const seconds = SHARES.map((share) => {
      return `${share * 100} %: ${(quantile(ended.untilCertainMs, share) / 1_000).toFixed(1)} s`
    })
    t.diagnostic(`${seconds.join(', ')}; ${ended.questions} questions`)
    assert.equal(ended.settled, wish.payments)
    assert.ok(quantile(ended.untilCertainMs, 1) <= BOUND_MS, 'the bound')
    assert.ok(quantile(ended.untilCertainMs, 0.9) <= BY_CALLBACK_MS, 'most need no question')
    // Both processes together: nothing was turned away, and no more was asked than may be.
    assert.equal(ended.objections, 0)
    const minutes = 30 + BOUND_MS / 60_000
    assert.ok(ended.questions <= ASKED_AT_MOST_PER_MINUTE * minutes, `${ended.questions} questions`)
  })
}
