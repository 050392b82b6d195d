import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTimers } from './timers.ts'

test('delays are divided by the speed', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const timers = createTimers(10)
  const ran: string[] = []
  timers.after(1000, () => ran.push('first'))
  timers.setSpeed(100)
  timers.after(1000, () => ran.push('second'))
  t.mock.timers.tick(10)
  assert.deepEqual(ran, ['second'])
  t.mock.timers.tick(90)
  assert.deepEqual(ran, ['second', 'first'])
  assert.deepEqual([timers.realMs(500), timers.simulatedMs(5)], [5, 500])
})

test('a cancelled timer does not run, nor any after closing', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const timers = createTimers(1)
  let ran = 0
  timers.after(10, () => ran++)()
  timers.after(10, () => ran++)
  timers.close()
  timers.after(10, () => ran++)
  t.mock.timers.tick(100)
  assert.equal(ran, 0)
})

test('a speed that is no number above 0 is refused', () => {
  for (const speed of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => createTimers(speed), /speed must be a number above 0/)
    assert.throws(() => createTimers(1).setSpeed(speed), /speed must be a number above 0/)
  }
})

test('timers keep to a clock that runs faster than the machine', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const timers = createTimers(2, 10)
  let ran = 0
  timers.after(1000, () => ran++)
  t.mock.timers.tick(49)
  assert.equal(ran, 0)
  t.mock.timers.tick(1)
  assert.equal(ran, 1)
  // By the simulator's own clock a delay takes what its speed makes of it.
  assert.deepEqual([timers.realMs(500), timers.simulatedMs(5)], [250, 10])
})
