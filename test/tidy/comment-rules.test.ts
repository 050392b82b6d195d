import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modulesWithoutPurpose, undocumentedExports } from './comment-rules.ts'
import { assertNoBreach, readProject } from './project-files.ts'
import { parseSources } from './syntax.ts'

test('every module opens with one to three lines on what it is for', async () => {
  assertNoBreach(modulesWithoutPurpose(parseSources(await readProject())))
})

test('what another part uses has a docstring', async () => {
  assertNoBreach(undocumentedExports(parseSources(await readProject())))
})

test('modules that do not say what they are for, or too much, are found', () => {
  const samples: [string, string, number][] = [
    ['src/a.ts', 'export const a = 1\n', 1],
    ['src/a.ts', '\n// Too late.\n', 1],
    ['src/a.ts', '// 1\n// 2\n// 3\n// 4\nexport const a = 1\n', 1],
    ['src/a.ts', '// What it is for.\nexport const a = 1\n', 0],
    ['bin/a.mjs', '#!/usr/bin/env node\n// 1\n// 2\n// 3\nwork()\n', 0],
    ['src/a.test.ts', 'work()\n', 0],
  ]
  for (const [path, text, count] of samples) {
    assert.equal(modulesWithoutPurpose(parseSources([{ path, text }])).length, count, text)
  }
})

test('what another part imports without a docstring is found, by value, type or renaming', () => {
  const user = {
    path: 'src/http/server.ts',
    text: "import { create as make, type Payment, LIMIT } from '../payments/create.ts'",
  }
  const own = { path: 'src/payments/own.ts', text: "import { inner } from './create.ts'" }
  const tester = { path: 'src/http/a.test.ts', text: "import { tested } from '../payments/create.ts'" }
  const text = `export function create() {}
export type Payment = {}
/** How many there may be. */
export const LIMIT = 1
export function inner() {}
export function tested() {}
`
  const files = parseSources([{ path: 'src/payments/create.ts', text }, user, own, tester])
  assert.deepEqual(undocumentedExports(files), [
    'src/payments/create.ts:1: create has no docstring, and another part uses it',
    'src/payments/create.ts:2: Payment has no docstring, and another part uses it',
  ])
})
