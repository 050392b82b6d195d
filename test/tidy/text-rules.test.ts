import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoBreach, readProject } from './project-files.ts'
import { machineTraces } from './text-rules.ts'

test('no file names a folder of one machine or the host of a registry', async () => {
  assertNoBreach(machineTraces(await readProject()))
})

test('such names are found in every kind of file', () => {
  const bad: [string, string][] = [
    // Put together here, so that this file names none either.
    ['src/a.ts', `const path = '${'/wo'}rk/main/data'`],
    ['docs/a.md', 'See /home/jane/sukuma/README.md'],
    ['docs/a.md', '(/Users/jane/sukuma)'],
    ['.ci/run', 'cd /root/project'],
    ['.npmrc', `registry=https://registry.${'npm'}js.org/`],
    ['package-lock.json', '      "resolved": "https://example.com/a.tgz",'],
    ['docs/a.md', 'from our artifactory'],
  ]
  for (const [path, text] of bad) assert.equal(machineTraces([{ path, text }]).length, 1, text)
  const good = [
    'node_modules/work/',
    './work/a',
    '/var/lib/sukuma',
    'GET /v1/payments',
    'https://a.example/work/b',
  ]
  for (const text of good) assert.deepEqual(machineTraces([{ path: 'docs/a.md', text }]), [], text)
})
