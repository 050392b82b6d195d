import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoBreach, readProject } from './project-files.ts'
import { parseSources } from './syntax.ts'
import { testsLeftOut } from './test-rules.ts'

test('every test runs', async () => {
  assertNoBreach(testsLeftOut(parseSources(await readProject())))
})

test('tests that are left out are found, however it is written', () => {
  const bad = [
    "test.skip('a', () => {})",
    "test.only('a', () => {})",
    "test.todo('a')",
    "describe.skip('a', () => {})",
    "test('a', { skip: true }, () => {})",
    "test('a', { timeout: 1, only: true }, () => {})",
    "it('a', { todo: 'later' })",
    "test('a', (t) => { t.skip('no') })",
    "test('a', async (t) => { await t.test('b', { skip: process.platform === 'darwin' }, () => {}) })",
  ]
  for (const text of bad) {
    assert.equal(testsLeftOut(parseSources([{ path: 'src/a.test.ts', text }])).length, 1, text)
  }
  const good = "test('skip only todo', () => { list.skip(1); find({ only: 1 }) })"
  assert.deepEqual(testsLeftOut(parseSources([{ path: 'src/a.test.ts', text: good }])), [])
})
