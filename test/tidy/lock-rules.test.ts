import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { missingFromLock } from './lock-rules.ts'
import { assertNoBreach } from './project-files.ts'

test('the lock file has every package of every platform, so that npm ci takes it', async () => {
  const lock = await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8')
  assertNoBreach(missingFromLock(lock))
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
