import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAllowance, createKeyedAllowance } from './allowance.ts'
import { manualClock } from './clock.ts'

test('some are had at once, and then one in each interval', () => {
  const clock = manualClock(1_000_000)
  const take = createAllowance({ clock }, { atOnce: 3, everyMs: 100 })
  assert.deepEqual([take(), take(), take(), take()], [true, true, true, false])
  clock.advance(99)
  assert.equal(take(), false)
  clock.advance(1)
  assert.deepEqual([take(), take()], [true, false])
  clock.advance(10_000)
  assert.deepEqual([take(), take(), take(), take()], [true, true, true, false])
})

test('whoever takes too much is told when there is one again, and waits no longer for having asked', () => {
  const clock = manualClock(1_000_000)
  const { take } = createKeyedAllowance<string>({ clock }, { atOnce: 2, everyMs: 100 }, 10)
  take('a')
  take('a')
  for (let round = 0; round < 5; round += 1) assert.deepEqual(take('a'), { ok: false, waitMs: 100 })
  assert.deepEqual(take('b'), { ok: true }, 'others have their own')
  clock.advance(100)
  assert.deepEqual(take('a'), { ok: true })
})

test('a clock that is set back keeps nobody waiting longer than a full rest', () => {
  const clock = manualClock(1_000_000)
  const take = createAllowance({ clock }, { atOnce: 2, everyMs: 100 })
  take()
  take()
  clock.advance(-500_000)
  assert.equal(take(), false)
  clock.advance(200)
  assert.equal(take(), true)
})

test('no more keys are remembered than allowed: the one not used for longest starts afresh', () => {
  const clock = manualClock(1_000_000)
  const { take } = createKeyedAllowance<string>({ clock }, { atOnce: 1, everyMs: 1_000_000 }, 2)
  for (const key of ['a', 'b']) assert.equal(take(key).ok, true)
  assert.equal(take('a').ok, false)
  assert.equal(take('c').ok, true, 'b makes room')
  assert.equal(take('a').ok, false)
  assert.equal(take('b').ok, true)
})

test('over any time no more is had than at once and what the time earns', () => {
  const steps = fc.array(fc.nat({ max: 300 }), { maxLength: 200 })
  const property = fc.property(steps, fc.integer({ min: 1, max: 5 }), (pauses, atOnce) => {
    const clock = manualClock(1_000_000)
    const take = createAllowance({ clock }, { atOnce, everyMs: 100 })
    let had = 0
    for (const pauseMs of pauses) {
      if (take()) had += 1
      clock.advance(pauseMs)
    }
    assert.ok(had <= atOnce + (clock.now() - 1_000_000) / 100)
  })
  fc.assert(property)
})

test('several processes together allow what one would', () => {
  const clock = manualClock(1_000_000)
  const whole = { atOnce: 9, everyMs: 100 }
  const processes = Array.from({ length: 3 }, () => createAllowance({ clock, processes: 3 }, whole))
  const takeAll = () => processes.flatMap((take) => Array.from({ length: 20 }, take)).filter(Boolean).length
  assert.equal(takeAll(), 9)
  clock.advance(200)
  assert.equal(takeAll(), 0)
  clock.advance(100)
  assert.equal(takeAll(), 3)
})
