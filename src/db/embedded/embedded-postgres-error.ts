// What can keep the embedded PostgreSQL from running, each with a text that says what to do.

/** Stable codes of the reasons, for tests and for the command line's exit texts. */
export type EmbeddedPostgresErrorCode =
  | 'binaries_missing'
  | 'binaries_unusable'
  | 'in_use'
  | 'files_missing'
  | 'folder_unusable'
  | 'wrong_owner'
  | 'initdb_failed'
  | 'start_failed'
  | 'still_running'

/** A start of the embedded PostgreSQL that failed; `message` names the cause and the remedy. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode

  constructor(code: EmbeddedPostgresErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EmbeddedPostgresError'
    this.code = code
  }
}

/** The system error code (ENOENT, EACCES, …) of anything thrown, or null. */
export function systemErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
