import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { parseKept } from './performance-page.ts'
import { TARGETS, targetLines } from './targets.ts'

const KEPT = new URL('../docs/performance.json', import.meta.url)

test('each target of a scenario on the page of figures stands beside what was measured', async () => {
  const results = parseKept(await readFile(KEPT, 'utf8')).map(({ result }) => result)
  const measured = TARGETS.filter(({ scenario }) => results.some(({ name }) => name === scenario))
  assert.notEqual(measured.length, 0)
  const missing = targetLines(results, measured).filter((line) => line.measured === null)
  assert.deepEqual(missing, [])
})
