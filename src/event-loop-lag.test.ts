import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { manualClock } from './clock.ts'
import { createMetrics } from './metrics.ts'

test('a scrape tells of the turn that kept everybody waiting just before it', async () => {
  const metrics = createMetrics(manualClock(0))
  await sleep(1)
  const until = performance.now() + 60
  while (performance.now() < until);
  // The turn is over with the next one.
  await sleep(1)
  await sleep(1)
  const { text } = await metrics.render()
  const secondsOf = (name: string) =>
    Number(new RegExp(`^nodejs_eventloop_lag${name}_seconds (.*)$`, 'm').exec(text)?.[1])
  assert.ok(secondsOf('_max') >= 0.05, `the longest is ${secondsOf('_max')}`)
  assert.ok(secondsOf('_min') <= secondsOf('_mean') && secondsOf('_mean') <= secondsOf('_max'))
  assert.equal(secondsOf(''), secondsOf('_mean'))
})

test('counting wakes no process that has nothing to do', async () => {
  createMetrics(manualClock(0))
  const turns = monitorEventLoopDelay({ samplePerIteration: true })
  turns.enable()
  await sleep(1_000)
  // A slower machine turns less often, never more.
  assert.ok(turns.count < 30, `woken ${turns.count} times`)
})
