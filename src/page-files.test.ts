import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTemporaryFolder } from '../test/support/temporary-folder.ts'
import { readPageFiles } from './page-files.ts'

test('what the build keeps for itself, and files of unknown kinds, have no address', async () => {
  await using folder = await createTemporaryFolder()
  await mkdir(join(folder.path, '.vite'))
  await mkdir(join(folder.path, 'assets'))
  const names = ['.vite/manifest.json', '.built-from', 'assets/a.js', 'assets/a.js.br', 'a.map', 'index.html']
  for (const name of names) await writeFile(join(folder.path, name), name)
  assert.deepEqual((await readPageFiles(folder.path))?.paths, ['/assets/a.js', '/index.html'])
})

test('a folder without a page, or none at all, is no dashboard', async () => {
  await using folder = await createTemporaryFolder()
  assert.equal(await readPageFiles(join(folder.path, 'dist')), null)
  await writeFile(join(folder.path, 'a.js'), '')
  assert.equal(await readPageFiles(folder.path), null)
})
