import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import { createEndpointLanes, type LaneOutcome } from './endpoint-lanes.ts'
import { newId } from './testing/webhook-bench.ts'

type Job = { endpoint: Uuid; end: (outcome: LaneOutcome) => void }

const ok: LaneOutcome = { said: 'ok', durationMs: 10 }
const slow: LaneOutcome = { said: 'ok', durationMs: 10_000 }
const failed: LaneOutcome = { said: 'failed', durationMs: 10 }

/** Lanes whose jobs end when the test says so. */
function bench() {
  const clock = manualClock(1_000_000)
  const running: Job[] = []
  const dropped: string[] = []
  const lanes = createEndpointLanes<string>({
    clock,
    run: (job) => {
      const endpoint = endpointOf.get(job)
      assert.ok(endpoint)
      return new Promise((resolve) => running.push({ endpoint, end: resolve }))
    },
    drop: (jobs) => dropped.push(...jobs),
  })
  const endpointOf = new Map<string, Uuid>()
  let count = 0
  const offer = (endpoint: Uuid) => {
    const job = `job ${++count}`
    endpointOf.set(job, endpoint)
    return lanes.offer(endpoint, job, 'new')
  }
  const endAll = async (outcome: LaneOutcome) => {
    for (const job of running.splice(0)) job.end(outcome)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const runningOf = (endpoint: Uuid) => running.filter((job) => job.endpoint === endpoint).length
  return { clock, lanes, offer, endAll, runningOf, dropped, running }
}

test('an endpoint that does not answer takes eight places and leaves the others theirs', () => {
  const { offer, runningOf } = bench()
  const [hanging, healthy] = [newId(), newId()]
  for (let i = 0; i < 500; i++) offer(hanging)
  assert.equal(runningOf(hanging), 8)
  assert.equal(offer(healthy), true)
  assert.equal(runningOf(healthy), 1)
})

test('an endpoint that answers fast gets more at once, a slow one does not', async () => {
  const { offer, endAll, runningOf } = bench()
  const [fast, sluggish] = [newId(), newId()]
  for (let i = 0; i < 400; i++) offer(fast)
  for (let round = 0; round < 5; round++) await endAll(ok)
  assert.equal(runningOf(fast), 64)
  for (let i = 0; i < 400; i++) offer(sluggish)
  for (let round = 0; round < 3; round++) await endAll(slow)
  assert.equal(runningOf(sluggish), 8)
})

test('memory is bounded for one endpoint and for all', () => {
  const { lanes, offer } = bench()
  const one = newId()
  let taken = 0
  while (offer(one)) taken += 1
  assert.equal(taken, 1_008)
  assert.equal(lanes.room(one), 0)
  const others = Array.from({ length: 20 }, newId)
  for (const other of others) while (offer(other)) taken += 1
  assert.ok(lanes.waiting() <= 10_000)
  assert.ok(lanes.inFlight() <= 512)
})

test('after five failures in a row an endpoint rests, and what waited for it is given back', async () => {
  const { clock, lanes, offer, endAll, dropped, running } = bench()
  const dead = newId()
  for (let i = 0; i < 50; i++) offer(dead)
  await endAll(failed)
  assert.equal(running.length, 0)
  assert.equal(dropped.length, 42)
  assert.equal(lanes.waiting(), 0)
  assert.equal(offer(dead), false)
  assert.equal(lanes.room(dead), 0)
  clock.advance(5_000)
  assert.equal(lanes.room(dead), 1)
  assert.equal(offer(dead), true)
  assert.equal(offer(dead), false)
})

test('the rests grow to a minute, and one success ends them', async () => {
  const { clock, lanes, offer, endAll } = bench()
  const dead = newId()
  for (let i = 0; i < 5; i++) offer(dead)
  await endAll(failed)
  for (const restMs of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
    clock.advance(restMs - 1)
    assert.equal(offer(dead), false)
    clock.advance(1)
    assert.equal(offer(dead), true)
    await endAll(failed)
  }
  clock.advance(60_000)
  offer(dead)
  await endAll(ok)
  assert.equal(offer(dead), true)
  assert.equal(lanes.room(dead), 16)
})

test('for an endpoint that answers much is fetched at a time, and only when little of it waits', async () => {
  const { lanes, offer, endAll } = bench()
  const fast = newId()
  for (let i = 0; i < 700; i++) offer(fast)
  for (let round = 0; round < 5; round++) await endAll(ok)
  for (; lanes.waiting() > 3 * 64; await endAll(ok)) assert.equal(lanes.room(fast), 0)
  assert.equal(lanes.waiting(), 132)
  assert.equal(lanes.room(fast), 8 * 64 - 132)
})

test('failures with successes between them are no reason to rest', async () => {
  const { offer, endAll } = bench()
  const flaky = newId()
  for (let i = 0; i < 30; i++) {
    assert.equal(offer(flaky), true)
    await endAll(i % 4 === 0 ? ok : failed)
  }
})

test('what was not attempted says nothing of the endpoint', async () => {
  const { offer, endAll } = bench()
  const endpoint = newId()
  for (let i = 0; i < 20; i++) {
    assert.equal(offer(endpoint), true)
    await endAll({ said: 'unknown', durationMs: 0 })
  }
})

test('an endpoint is proven by its last attempt: a success makes it so, a failure ends it', async () => {
  const { lanes, offer, endAll } = bench()
  const endpoint = newId()
  const { isProven } = lanes
  assert.equal(isProven(endpoint), false)
  for (const [outcome, expected] of [
    [ok, true],
    [{ said: 'unknown', durationMs: 0 }, true],
    [failed, false],
    [slow, true],
  ] as const) {
    offer(endpoint)
    await endAll(outcome)
    assert.equal(isProven(endpoint), expected, outcome.said)
  }
})

test('stopped lanes give back what waits and take nothing more', async () => {
  const { lanes, offer, endAll } = bench()
  const endpoint = newId()
  for (let i = 0; i < 10; i++) offer(endpoint)
  assert.deepEqual(lanes.stop(), ['job 9', 'job 10'])
  assert.equal(offer(endpoint), false)
  assert.equal(lanes.inFlight(), 8)
  await endAll(ok)
  assert.equal(lanes.inFlight(), 0)
})
