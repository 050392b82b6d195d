import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBacklogPace } from './backlog-pace.ts'

/** A pace in a time and under a load that the test makes. */
function bench() {
  const state = { nowMs: 0, busyMs: 0, timers: [] as { atMs: number; act: () => void }[], woken: 0 }
  const pace = createBacklogPace(
    {
      nowMs: () => state.nowMs,
      busyMs: () => state.busyMs,
      after: (ms, act) => state.timers.push({ atMs: state.nowMs + ms, act }),
    },
    () => {
      state.woken += 1
    },
  )
  /** Lets time pass, of which the thread is busy the share `busy`. */
  const pass = (ms: number, busy: number) => {
    state.nowMs += ms
    state.busyMs += ms * busy
    const due = state.timers.filter(({ atMs }) => atMs <= state.nowMs)
    state.timers = state.timers.filter(({ atMs }) => atMs > state.nowMs)
    for (const { act } of due) act()
  }
  /** Turns that somebody gets who asks every 4 ms for `seconds`, while new work goes on. */
  const turnsIn = (seconds: number, busy: number) => {
    let turns = 0
    for (let step = 0; step < seconds * 250; step++) {
      pace.noteNew()
      while (pace.take()) turns += 1
      pass(4, busy)
    }
    return turns
  }
  return { pace, pass, turnsIn, state }
}

test('without new work a backlog takes all turns it asks for', () => {
  const { pace } = bench()
  for (let i = 0; i < 100_000; i++) assert.equal(pace.take(), true)
  assert.equal(pace.waitingMax(), Number.POSITIVE_INFINITY)
})

test('beside new work it slows down while the process is busy, and never stops', () => {
  const { turnsIn } = bench()
  turnsIn(2, 0.95)
  const slowed = turnsIn(10, 0.95)
  assert.ok(slowed >= 1_900 && slowed <= 2_100, `${slowed} in ten seconds`)
})

test('timers that come late cost the slowest pace no turn', () => {
  const { pace, pass, turnsIn } = bench()
  turnsIn(2, 0.95)
  let turns = 0
  for (let step = 0; step < 250; step++) {
    pace.noteNew()
    while (pace.take()) turns += 1
    pass(40, 0.95)
  }
  assert.ok(turns >= 1_900 && turns <= 2_100, `${turns} in ten seconds`)
})

test('it takes what a process that is not busy has to give', () => {
  const { turnsIn } = bench()
  turnsIn(5, 0.2)
  assert.ok(turnsIn(1, 0.2) > 4_000)
})

test('a process that is busy at times, and not on the whole, does not slow down', () => {
  const { pace, pass, turnsIn } = bench()
  turnsIn(2, 0.95)
  const secondOf = () => {
    let turns = 0
    for (let look = 0; look < 20; look++) {
      const busy = look % 4 === 0 ? 0.95 : 0.4
      for (let step = 0; step < 13; step++) {
        pace.noteNew()
        while (pace.take()) turns += 1
        pass(4, busy)
      }
    }
    return turns
  }
  for (let second = 0; second < 5; second++) secondOf()
  const turns = secondOf()
  assert.ok(turns > 4_000, `${turns} in a second`)
})

test('it takes everything again once no new work has come for a second', () => {
  const { pace, pass, turnsIn } = bench()
  turnsIn(3, 0.95)
  pass(900, 0)
  let turns = 0
  while (turns < 10_000 && pace.take()) turns += 1
  assert.ok(turns < 100, 'new work was a moment ago')
  pass(200, 0)
  for (let i = 0; i < 10_000; i++) assert.equal(pace.take(), true)
})

test('who was refused a turn is called when there is one', () => {
  const { pace, pass, state } = bench()
  pace.noteNew()
  while (pace.take());
  assert.equal(state.woken, 0)
  pass(10, 0.9)
  assert.equal(state.woken, 1)
  assert.equal(pace.take(), true)
})

test('whatever the load, no burst is above two steps, and no more waits than has its turn in time', () => {
  const steps = fc.array(
    fc.record({ ms: fc.integer({ min: 0, max: 5_000 }), busy: fc.double({ min: 0, max: 1, noNaN: true }) }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(steps, (list) => {
      const { pace, pass } = bench()
      for (const { ms, busy } of list) {
        pass(ms, busy)
        pace.noteNew()
        let turns = 0
        while (turns <= 200 && pace.take()) turns += 1
        assert.ok(turns <= 40, `${turns} at once`)
        assert.ok(pace.waitingMax() >= 400 && pace.waitingMax() <= 10_000)
      }
    }),
  )
})
