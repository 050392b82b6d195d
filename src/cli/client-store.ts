// Who is connected to an embedded database: the command that started it must not end it under another one.
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Database } from '../db/database.ts'

/** Commands take a second; one that takes longer is waiting for somebody, who can run it again. */
const WAIT_MAX_MS = 10_000
const POLL_MS = 100

/** Throws unless the database answers. */
export async function pingDatabase(db: Database): Promise<void> {
  await db.query('select 1')
}

/** Waits, for a while, until nobody is connected to the server at `url`. */
export async function waitForLastClient(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'sukuma-last-client' })
  await client.connect()
  try {
    for (let waitedMs = 0; waitedMs < WAIT_MAX_MS; waitedMs += POLL_MS) {
      const others = await client.query(
        `select 1 from pg_stat_activity
         where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
      )
      if (others.rows.length === 0) return
      await delay(POLL_MS)
    }
  } finally {
    await client.end()
  }
}
