// Finds out whether the database takes writes, by one that changes nothing.
import type { Database } from './database.ts'

/** Rejects when the server is read-only, full or without the standby that its commits wait for. */
export async function probeWrite(deps: { db: Database }): Promise<void> {
  await deps.db.query('update schema_migrations set name = name where number = 1')
}
