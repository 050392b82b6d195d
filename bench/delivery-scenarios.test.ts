import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import type { BenchOptions } from './options.ts'
import { runScenario } from './run-scenario.ts'
import type { Scenario, ScenarioResult } from './scenario.ts'
import { backlog } from './scenarios/backlog.ts'
import { merchants } from './scenarios/merchants.ts'
import { processes } from './scenarios/processes.ts'

function run(scenario: Scenario, options: Partial<BenchOptions>): Promise<ScenarioResult> {
  const tiny: BenchOptions = {
    ...{ seconds: 1, rounds: 1, connections: [4], rate: 20, gateways: null },
    ...{ set: {}, jsonFile: null, reportFile: null, profileDir: null, dir: tmpdir() },
  }
  const hooks = { interruption: new AbortController().signal, say: () => undefined }
  return runScenario(scenario, { ...tiny, ...options }, hooks)
}

test('a backlog is drained, each webhook once, and payments meanwhile are timed', async () => {
  const { figures } = await run(backlog, { set: { count: '200' } })
  for (const each of ['one', 'many']) {
    assert.ok(Number(figures[`${each}.drainedToSteady`]) > 0)
    assert.ok(Number(figures[`${each}.answerP99Ms`]) > 0)
  }
})

test('payments of many merchants are compared with those of one', async () => {
  const { figures, tables } = await run(merchants, { set: { merchants: '5' } })
  assert.notEqual(figures.costManyToOne, null)
  assert.equal(tables[0]?.columns.length, 3)
})

test('two processes work off one queue, and nothing twice', async () => {
  const { figures } = await run(processes, { gateways: 2 })
  assert.equal(figures.takenOverShare, 0)
  assert.ok(Number(figures.checkedPayments) > 0)
})
