// Who works with an embedded database: the command that started it must not end it under another one. Those
// who join hold a lock together, and whoever ends the server must have it alone.
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

/** Any number that nothing else locks. */
const SERVER_LOCK = 1_937_075_053
/** Commands take a second; one that takes longer is waiting for somebody, who can run it again. */
const WAIT_MAX_MS = 10_000
const POLL_MS = 100

/** A connection that stands for somebody who works with the database, until it is ended. */
export type Presence = { end(): Promise<void> }

/** Joins those who work with the database at `url`. Rejects when it is just being ended. */
export async function joinDatabase(url: string): Promise<Presence> {
  const client = await connect(url)
  try {
    await client.query('select pg_advisory_lock_shared($1)', [SERVER_LOCK])
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}

/** Waits, for a while, until nobody else has joined; from then on nobody can. */
export async function stayAlone(url: string): Promise<Presence> {
  const client = await connect(url)
  try {
    for (let waitedMs = 0; waitedMs < WAIT_MAX_MS; waitedMs += POLL_MS) {
      const { rows } = await client.query('select pg_try_advisory_lock($1) as is_alone', [SERVER_LOCK])
      if (rows[0]?.is_alone === true) break
      await delay(POLL_MS)
    }
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'sukuma-command' })
  // The server ends before its last client does.
  client.on('error', () => undefined)
  await client.connect()
  return client
}
