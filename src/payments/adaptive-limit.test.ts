// A limit found by trying: it must give way when told to, come back by itself, and never leave its bounds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAdaptiveLimit } from './adaptive-limit.ts'

const BOUNDS = { min: 1, max: 1_000 }
const answersFor = (limit: ReturnType<typeof createAdaptiveLimit>, fromMs: number, seconds: number) => {
  for (let ms = fromMs; ms <= fromMs + seconds * 1_000; ms += 100) limit.raise(ms)
}

test('whatever happens, it stays between its bounds, and trouble never raises it', () => {
  const step = fc.record({
    kind: fc.constantFrom('raise', 'lower', 'restart'),
    passMs: fc.nat(5_000),
    inUse: fc.nat(2_000),
    begunAgoMs: fc.nat(60_000),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const limit = createAdaptiveLimit(BOUNDS)
      let nowMs = 1_000_000
      for (const { kind, passMs, inUse, begunAgoMs } of steps) {
        nowMs += passMs
        const before = limit.value()
        if (kind === 'raise') limit.raise(nowMs)
        else if (kind === 'restart') limit.restart(nowMs)
        else limit.lower(nowMs, { inUse, begunMs: nowMs - begunAgoMs })
        assert.ok(limit.value() >= BOUNDS.min && limit.value() <= BOUNDS.max)
        assert.ok(kind === 'raise' ? limit.value() >= before : limit.value() <= before)
      }
    }),
  )
})

test('it halves what was in use, and a crowd turned away together halves it once', () => {
  const limit = createAdaptiveLimit(BOUNDS)
  for (let n = 0; n < 50; n += 1) limit.lower(10_000 + n, { inUse: 80, begunMs: 9_000 + n })
  assert.equal(limit.value(), 40)
  limit.lower(11_000, { inUse: 40, begunMs: 10_500 })
  assert.equal(limit.value(), 20)
})

test('it grows by equal steps, and is back within half a minute', () => {
  const limit = createAdaptiveLimit(BOUNDS)
  limit.lower(0, { inUse: 1_000, begunMs: 0 })
  const heights = [1, 2, 3].map((second) => {
    answersFor(limit, second * 1_000, 0.9)
    return limit.value()
  })
  const [first = 0, second = 0, third = 0] = heights
  assert.ok(second > first && Math.abs(third - second - (second - first)) < 1e-6, 'steps, no doubling')
  answersFor(limit, 4_000, 30)
  assert.equal(limit.value(), BOUNDS.max)
})

test('silence does not raise it', () => {
  const limit = createAdaptiveLimit(BOUNDS)
  limit.lower(0, { inUse: 1_000, begunMs: 0 })
  limit.raise(3_600_000)
  assert.ok(limit.value() <= 550)
})

test('after an outage it begins at the bottom, doubles, and ends doubling below its former height', () => {
  const limit = createAdaptiveLimit(BOUNDS)
  limit.lower(0, { inUse: 400, begunMs: 0 })
  limit.restart(10_000)
  assert.deepEqual([limit.value(), limit.isSlowStart()], [BOUNDS.min, true])
  answersFor(limit, 10_000, 3)
  assert.ok(limit.value() > 7 && limit.value() < 9, String(limit.value()))
  answersFor(limit, 13_100, 10)
  assert.equal(limit.isSlowStart(), false)
})

test('a clock that is set back does not make it deaf', () => {
  const limit = createAdaptiveLimit(BOUNDS)
  limit.lower(10 * 3_600_000, { inUse: 800, begunMs: 10 * 3_600_000 - 100 })
  for (let n = 0; n < 50; n += 1) limit.lower(10_000 + n, { inUse: 400, begunMs: 9_000 + n })
  assert.equal(limit.value(), 200, 'a crowd still halves it once')
})
