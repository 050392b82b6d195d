import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WAIT_STEPS_MS, waitPercentileMs } from './wait-steps.ts'

test('a percentile lies within a fifth of the true one, and there is none of nothing', () => {
  const counts = new Array<number>(WAIT_STEPS_MS.length + 1).fill(0)
  for (let ms = 1_000; ms <= 60_000; ms += 10) {
    const place = WAIT_STEPS_MS.findLastIndex((step) => step <= ms) + 1
    counts[place] = (counts[place] ?? 0) + 1
  }
  for (const share of [0.5, 0.95, 0.99]) {
    const exact = 1_000 + share * 59_000
    const read = waitPercentileMs(counts, share) ?? 0
    assert.ok(Math.abs(read - exact) < exact * 0.2, `${share}: ${read}`)
  }
  assert.equal(waitPercentileMs([], 0.5), null)
})
