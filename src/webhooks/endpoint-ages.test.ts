// New deliveries and old ones in the same lanes: who pays now does not wait behind yesterday's outage.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import { createEndpointLanes, type JobAge, type LaneOutcome } from './endpoint-lanes.ts'
import { newId } from './testing/webhook-bench.ts'

const ok: LaneOutcome = { said: 'ok', durationMs: 10 }

/** Lanes of a process that is as busy as `busy` says, in a time of their own. */
function bench(busy: number) {
  const clock = manualClock(1_000_000)
  const started: JobAge[] = []
  const running: ((outcome: LaneOutcome) => void)[] = []
  const timers: (() => void)[] = []
  const lanes = createEndpointLanes<JobAge>({
    clock,
    pace: { nowMs: clock.now, busyMs: () => clock.now() * busy, after: (_ms, act) => timers.push(act) },
    run(age) {
      started.push(age)
      return new Promise((resolve) => running.push(resolve))
    },
    drop: () => undefined,
  })
  const endAll = async () => {
    for (const end of running.splice(0)) end(ok)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const pass = (ms: number) => {
    clock.advance(ms)
    for (const act of timers.splice(0)) act()
  }
  const fill = (endpoint: Uuid, age: JobAge, count: number) => {
    for (let i = 0; i < count; i++) assert.ok(lanes.offer(endpoint, age, age))
  }
  return { lanes, started, endAll, pass, fill }
}

test('a new one goes before a backlog of its own endpoint, which still gets every fourth start', async () => {
  const { started, endAll, pass, fill } = bench(0)
  const endpoint = newId()
  fill(endpoint, 'old', 100)
  assert.deepEqual(new Set(started.splice(0)), new Set(['old']))
  fill(endpoint, 'new', 6)
  pass(10)
  await endAll()
  assert.deepEqual(started.slice(0, 8), ['new', 'new', 'new', 'old', 'new', 'new', 'new', 'old'])
})

test('a backlog beside new work is slowed down, goes on by itself, and is done in the end', async () => {
  const { lanes, started, endAll, pass, fill } = bench(0.95)
  const [down, other] = [newId(), newId()]
  fill(other, 'new', 1)
  fill(down, 'old', 900)
  let seconds = 0
  while (lanes.waiting() > 0 && seconds < 20) {
    for (let step = 0; step < 100; step++) {
      fill(other, 'new', 1)
      await endAll()
      pass(10)
    }
    seconds += 1
  }
  assert.equal(started.filter((age) => age === 'old').length, 900)
  assert.ok(seconds >= 3, `done in ${seconds} s`)
})

test('no more of a backlog is fetched than leaves what is new its room, and has its turn in time', () => {
  const { lanes, fill } = bench(0.95)
  for (let nth = 0; nth < 6; nth++) fill(newId(), 'old', 600)
  assert.ok(lanes.waiting() < 4_000 && lanes.room(newId()) > 0)
  fill(newId(), 'old', 900)
  assert.equal(lanes.room(newId()), 0, 'there is no room for more that is old')
  for (let nth = 0; nth < 20; nth++) fill(newId(), 'new', 20)
})

test('beside new work little is fetched ahead, and still some for each that has none waiting', async () => {
  const { lanes, endAll, pass, fill } = bench(0.95)
  const [slow, other, newcomer] = [newId(), newId(), newId()]
  fill(slow, 'old', 600)
  assert.ok(lanes.room(other) > 0)
  fill(other, 'old', 8)
  for (let step = 0; step < 100; step++) {
    fill(newcomer, 'new', 1)
    await endAll()
    pass(50)
  }
  fill(slow, 'old', 500)
  fill(other, 'old', 1)
  assert.equal(lanes.room(other), 0, 'more waits than has its turn soon')
  assert.ok(lanes.room(newId()) > 0, 'one for which nothing waits')
})
