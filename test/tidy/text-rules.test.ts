import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoBreach, readProject } from './project-files.ts'
import { brokenPaths, machineTraces } from './text-rules.ts'

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

test('every file that a page names or links to exists', async () => {
  assertNoBreach(brokenPaths(await readProject()))
})

test('a page that names a missing file is found, whether in its text or as a link', () => {
  const readme = { path: 'README.md', text: 'See `src/a.ts`, [b](docs/b.md#top) and [c](docs/c.md).' }
  const page = { path: 'docs/b.md', text: '[home](../README.md), [c](c.md)' }
  const files = [readme, page, { path: 'src/a.ts', text: '' }]
  assert.deepEqual(brokenPaths(files), [
    'README.md:1: there is no docs/c.md',
    'docs/b.md:1: there is no docs/c.md',
  ])
})
