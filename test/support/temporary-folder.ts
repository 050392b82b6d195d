// A folder of its own for a test, removed afterwards.
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type TemporaryFolder = AsyncDisposable & { path: string }

/** Makes an empty folder in `parent`; `mode` 0o700, the default, keeps every other user out. */
export async function createTemporaryFolder(mode = 0o700, parent = tmpdir()): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(parent, 'sukuma-test-')))
  await chmod(path, mode)
  return {
    path,
    // A server that is just ending may still be writing in it.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  }
}
