// Writes small files so that a crash leaves either the old content or the new, never half of it.
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file's content, on disk when this returns. */
export async function writeFileDurably(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.new`
  const file = await open(fresh, 'w', mode)
  try {
    await file.chmod(mode)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  await syncFolder(dirname(path))
}

/** Makes the renames inside a folder survive a power cut. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
