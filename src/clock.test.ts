import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scaledClock } from './clock.ts'

test('a scaled clock begins at its epoch and runs so many times as fast', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const clock = scaledClock(1_000_000, 20)
  assert.equal(clock.now(), 1_000_000)
  t.mock.timers.tick(3_000)
  assert.equal(clock.now(), 1_060_000)
  assert.equal(scaledClock(1_000_000, 20).now(), clock.now())
})

test('a factor that is no number above 0 is refused', () => {
  for (const factor of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => scaledClock(0, factor), /factor must be above 0/)
  }
})
