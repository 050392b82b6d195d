// A lock on a folder that dies with its process, so that a crash never leaves one behind.
import { DatabaseSync } from 'node:sqlite'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** A held lock. */
export type ProcessLock = { release(): void }

/** SQLite's result code for a lock that somebody else holds (SQLITE_BUSY). */
const SQLITE_BUSY = 5

/**
 * Takes the lock at `path` (a file that is made, and stays empty), or returns null when another has it.
 * Node offers no flock; SQLite's exclusive transaction is the same kernel lock, on Linux and macOS alike.
 */
export function takeProcessLock(path: string): ProcessLock | null {
  const database = openLockFile(path)
  try {
    database.exec('pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null
    throw unusable(path, error)
  }
  let held = true
  return {
    release() {
      if (held) database.close()
      held = false
    },
  }
}

function openLockFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path)
  } catch (error) {
    throw unusable(path, error)
  }
}

function unusable(path: string, cause: unknown): EmbeddedPostgresError {
  const text = `cannot write ${path}: start as the user who owns that folder, or set SUKUMA_DATA_DIR`
  return new EmbeddedPostgresError('folder_unusable', text, cause)
}
