import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ATTEMPT_DELAYS_MS, nextAttempt, parseRetryAfter } from './schedule.ts'

const HOUR_MS = 3_600_000
const middle = { random: () => 0.5 }

test('a receiver that is down is tried eleven times over about three days', () => {
  const times: number[] = [0]
  for (let next: number | null = 0; next !== null; ) {
    next = nextAttempt(middle, { attemptsMade: times.length, nowMs: next, retryAfterMs: null })
    if (next !== null) times.push(next)
  }
  assert.equal(times.length, 11)
  const waits = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000)
  assert.deepEqual(waits, [5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
})

test('the last attempt of the schedule is made, and none after it', () => {
  const last = ATTEMPT_DELAYS_MS.length - 1
  const at = (attemptsMade: number) => nextAttempt(middle, { attemptsMade, nowMs: 0, retryAfterMs: 60_000 })
  assert.equal(at(last), 24 * HOUR_MS)
  assert.equal(at(last + 1), null)
  assert.equal(at(1000), null)
})

test('no wait is off the schedule by more than a fifth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (attemptsMade, random) => {
        const next =
          nextAttempt({ random: () => random }, { attemptsMade, nowMs: 0, retryAfterMs: null }) ?? 0
        const planned = ATTEMPT_DELAYS_MS[attemptsMade] ?? 0
        assert.ok(next >= planned * 0.8 && next <= planned * 1.2 + 1)
      },
    ),
  )
})

test('a Retry-After puts off the next attempt, never hastens it, and is not obeyed for ever', () => {
  const next = (attemptsMade: number, retryAfterMs: number) =>
    nextAttempt(middle, { attemptsMade, nowMs: 0, retryAfterMs })
  assert.equal(next(1, 60_000), 60_000)
  assert.equal(next(3, 1_000), 300_000)
  assert.equal(next(1, 1e15), 24 * HOUR_MS)
})

test('Retry-After is read as seconds or as an HTTP date, and nothing else', () => {
  const nowMs = Date.parse('2026-03-01T12:00:00Z')
  assert.equal(parseRetryAfter('120', nowMs), 120_000)
  assert.equal(parseRetryAfter(' 0 ', nowMs), 0)
  assert.equal(parseRetryAfter('Sun, 01 Mar 2026 12:01:00 GMT', nowMs), 60_000)
  assert.equal(parseRetryAfter('Sun, 01 Mar 2026 11:00:00 GMT', nowMs), 0)
  for (const text of [undefined, '', '-5', '1.5', 'soon', 'Someday, maybe', '9'.repeat(30)]) {
    assert.equal(parseRetryAfter(text, nowMs), null, String(text))
  }
})
