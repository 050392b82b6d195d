import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDurations } from './durations.ts'

test('percentiles and the share over a second are those of what was added', () => {
  const durations = createDurations()
  for (let ms = 1; ms <= 990; ms += 1) durations.add(ms)
  for (let n = 0; n < 10; n += 1) durations.add(1_500)
  const { count, p50Ms, p999Ms, maxMs, overSecondShare } = durations.summary()
  assert.equal(count, 1_000)
  assert.ok(Math.abs((p50Ms ?? 0) - 500) < 2)
  assert.ok(Math.abs((p999Ms ?? 0) - 1_500) < 3)
  assert.ok(Math.abs((maxMs ?? 0) - 1_500) < 3)
  assert.equal(overSecondShare, 0.01)
})

test('after a reset nothing is left', () => {
  const durations = createDurations()
  durations.add(1_500)
  durations.reset()
  assert.deepEqual(durations.summary(), createDurations().summary())
})

test('without any there is no figure, rather than a zero', () => {
  const summary = createDurations().summary()
  assert.deepEqual([summary.count, summary.p50Ms, summary.maxMs], [0, null, null])
})
