import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { loadOrCreateSecret } from './secret-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sukuma-secret-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the generated secret', () => {
  it('is made once, for one reader, whoever comes first', async () => {
    const dataDir = join(folder, 'fresh')
    const all = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateSecret(dataDir)))
    assert.equal(new Set(all.map((keys) => keys[0]?.toString('hex'))).size, 1)
    assert.equal(all[0]?.[0]?.length, 32)
    assert.equal((await stat(join(dataDir, 'secret'))).mode & 0o777, 0o600)
    assert.equal((await stat(dataDir)).mode & 0o022, 0)
    assert.deepEqual(await loadOrCreateSecret(dataDir), all[0])
  })

  it('is never replaced when it is spoilt', async () => {
    const dataDir = join(folder, 'spoilt')
    await loadOrCreateSecret(dataDir)
    await writeFile(join(dataDir, 'secret'), 'half')
    await assert.rejects(loadOrCreateSecret(dataDir), /Restore the file from a backup/)
    assert.equal(await readFile(join(dataDir, 'secret'), 'utf8'), 'half')
  })
})
