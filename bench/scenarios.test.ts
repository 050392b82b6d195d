import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import type { BenchOptions } from './options.ts'
import { runScenario } from './run-scenario.ts'
import type { Scenario, ScenarioResult } from './scenario.ts'
import { accepts } from './scenarios/accepts.ts'
import { latency } from './scenarios/latency.ts'
import { payments } from './scenarios/payments.ts'
import { sustained } from './scenarios/sustained.ts'

const TINY: BenchOptions = {
  ...{ seconds: 1, rounds: 1, connections: [4], rate: 20, gateways: null },
  ...{ set: {}, jsonFile: null, reportFile: null, profileDir: null, dir: tmpdir() },
}

async function run(scenario: Scenario, options: Partial<BenchOptions> = {}): Promise<ScenarioResult> {
  const hooks = { interruption: new AbortController().signal, say: () => undefined }
  return runScenario(scenario, { ...TINY, ...options }, hooks)
}

function figure({ figures }: ScenarioResult, name: string): number {
  const found = figures[name]
  const value = typeof found === 'object' ? found?.median : found
  assert.equal(typeof value, 'number', `${name} was not measured`)
  return Number(value)
}

test('payments are measured and accounted for, of the gateway, the floor and plain', async () => {
  const result = await run(payments)
  for (const subject of ['gateway', 'floor', 'plain']) assert.ok(figure(result, `4.${subject}.perSecond`) > 0)
  assert.ok(figure(result, '4.gateway.perSecond.to.floor') > 0)
  assert.ok(figure(result, '4.gateway.walBytes') > 0)
  assert.ok(figure(result, 'checkedPayments') > 0)
})

test('accepts are measured and then worked off, of the gateway, a bare insert and plain', async () => {
  const result = await run(accepts)
  assert.ok(figure(result, '4.gateway.perSecond.to.bare insert') > 0)
  assert.ok(figure(result, '4.gateway.perSecond.to.plain') > 0)
})

test('added latency is measured at both ends of a payment', async () => {
  const result = await run(latency)
  assert.ok(figure(result, 'gateway.addedToPush.p50Ms') > 0)
  assert.ok(figure(result, 'gateway.callbackToWebhook.p99Ms') > 0)
  assert.ok(figure(result, 'floor.callbackToWebhook.p50Ms') > 0)
})

test('a rate is held by several gateways, with every payment accounted for', async () => {
  const result = await run(sustained, { gateways: 2, set: { 'callback-ms': '100' } })
  assert.equal(figure(result, 'payments'), 20)
  assert.equal(figure(result, 'failed'), 0)
  assert.match(result.notes.join(' '), /payments were prompted once, succeeded, and were told of once/)
})

test('a run for which the disk has no room is refused before it begins', async () => {
  const wish = { rate: 100_000, seconds: 14_400 }
  await assert.rejects(run(sustained, wish), /GB are free in .*: shorten the run/)
})
