import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { requireDiskSpace, spaceProblem } from './disk-space.ts'

test('a run that would fill the disk is refused in clear words', async () => {
  assert.equal(spaceProblem(36e9, 36e9), null)
  assert.equal(spaceProblem(36e9, 7.5e9), 'it takes about 36.0 GB, and 7.5 GB are free')
  await requireDiskSpace(tmpdir(), 1)
  await assert.rejects(requireDiskSpace(tmpdir(), 1e18), /GB are free in .*: shorten the run/)
})
