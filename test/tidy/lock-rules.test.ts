import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { missingFromLock, resolvedInLock, unreviewedInLock } from './lock-rules.ts'
import { assertNoBreach } from './project-files.ts'

const ROOT = new URL('../../', import.meta.url)
/** The product's own, its dashboard's, a browser's for tests, and that of the engines measured beside it. */
const LOCKS = ['.', 'dashboard', 'test/browser', 'bench/engines'].map((path) => `${path}/package-lock.json`)

test('each lock file has every package of every platform, so that npm ci takes it', async () => {
  for (const lock of LOCKS) assertNoBreach(missingFromLock(await readFile(new URL(lock, ROOT), 'utf8')))
})

test('every dependency is pinned, sealed, free to use, and runs nothing when installed', async () => {
  for (const lock of LOCKS) assertNoBreach(unreviewedInLock(await readFile(new URL(lock, ROOT), 'utf8')))
})

test('no lock file names a registry, so that the one a user has set is asked', async () => {
  for (const lock of LOCKS) assertNoBreach(resolvedInLock(await readFile(new URL(lock, ROOT), 'utf8')))
  const packages = { '': {}, 'node_modules/a': { resolved: 'https://registry.test/a.tgz' } }
  assert.deepEqual(resolvedInLock(JSON.stringify({ packages })), ['node_modules/a has an address'])
})

test('a loose, unsealed, unfree or running dependency is found', () => {
  const fine = { integrity: 'sha512-x', license: '(GPL-3.0 OR MIT)' }
  const packages = {
    '': { dependencies: { a: '^1.0.0' }, devDependencies: { b: '1.2.3-beta.1' } },
    'node_modules/a': { ...fine, hasInstallScript: true },
    'node_modules/b': { license: 'GPL-3.0' },
    'node_modules/c': fine,
  }
  assert.deepEqual(unreviewedInLock(JSON.stringify({ packages })), [
    'a is wanted as ^1.0.0, which is no exact version',
    'node_modules/a runs at install time',
    'node_modules/b has no integrity',
    'node_modules/b has the licence GPL-3.0',
  ])
})

test('packages that are named and not locked are found, in nested folders too', () => {
  const packages = {
    '': { dependencies: { a: '1' }, optionalDependencies: { mac: '1' } },
    'node_modules/a': { dependencies: { b: '1', c: '2' }, optionalDependencies: { win: '1' } },
    'node_modules/a/node_modules/b': { dependencies: { c: '1', d: '1' } },
    'node_modules/c': {},
  }
  assert.deepEqual(missingFromLock(JSON.stringify({ packages })), [
    'mac, which this project names',
    'win, which node_modules/a names',
    'd, which node_modules/a/node_modules/b names',
  ])
})
