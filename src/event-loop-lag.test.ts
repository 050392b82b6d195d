import assert from 'node:assert/strict'
import { syncBuiltinESMExports } from 'node:module'
import hooks from 'node:perf_hooks'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { manualClock } from './clock.ts'
import { createMetrics } from './metrics.ts'

const HOUR_MS = 3_600_000

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

test('counting wakes no process that has nothing to do', (t) => {
  const monitor = t.mock.method(hooks, 'monitorEventLoopDelay')
  const timers = (['setTimeout', 'setInterval', 'setImmediate'] as const).map((name) =>
    t.mock.method(globalThis, name),
  )
  // What imports it by name gets the one of the mock, too.
  syncBuiltinESMExports()
  createMetrics(manualClock(0))
  const monitors = monitor.mock.calls.map(({ arguments: [options] }) => options)
  monitor.mock.restore()
  syncBuiltinESMExports()
  const wakes = monitors.filter(
    (options) => options?.samplePerIteration !== true && !((options?.resolution ?? 0) >= HOUR_MS),
  )
  assert.deepEqual(wakes, [])
  assert.equal(monitors.length, 2, 'the one of the turns, and the one that is replaced')
  for (const timer of timers) assert.equal(timer.mock.callCount(), 0)
})
