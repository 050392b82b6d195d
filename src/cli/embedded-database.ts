// The embedded database for one command: that of the gateway that runs, or one started for the command.
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { createPool, isDatabaseUnavailable } from '../db/database.ts'
import { EmbeddedPostgresError } from '../db/embedded/embedded-postgres-error.ts'
import { findRunningEmbeddedPostgres } from '../db/embedded/running-postgres.ts'
import { migrateDatabase } from '../db/migrate.ts'
import type { Logger } from '../log.ts'
import { joinDatabase, stayAlone } from './client-store.ts'

/** An open database. Close it: it may have been started for this. */
export type OpenDatabase = {
  pool: pg.Pool
  /** The migrations that opening it has applied. */
  applied: readonly string[]
  close(): Promise<void>
}

/** A gateway that is just starting announces its database within this time. */
const PASSING_WITHIN_MS = 15_000
const POLL_MS = 200

/** Opens the embedded database of a data folder, and brings it up to date. */
export async function openEmbeddedDatabase(deps: { log: Logger }, dataDir: string): Promise<OpenDatabase> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    try {
      const running = await findRunningEmbeddedPostgres(dataDir)
      return running === null ? await startOwn(deps, dataDir) : await useRunning(deps, running.url)
    } catch (error) {
      if (waitedMs >= PASSING_WITHIN_MS || !isPassing(error)) throw error
      await delay(POLL_MS)
    }
  }
}

/** True when a gateway or another command is just starting the database, or has just ended it. */
function isPassing(error: unknown): boolean {
  return error instanceof EmbeddedPostgresError ? error.code === 'in_use' : isDatabaseUnavailable(error)
}

async function useRunning(deps: { log: Logger }, url: string): Promise<OpenDatabase> {
  const presence = await joinDatabase(url)
  try {
    const applied = await migrateDatabase(url, undefined, deps)
    const pool = openPool(deps, url)
    return {
      pool,
      applied,
      async close() {
        await pool.end()
        await presence.end()
      },
    }
  } catch (error) {
    await presence.end()
    throw error
  }
}

async function startOwn(deps: { log: Logger }, dataDir: string): Promise<OpenDatabase> {
  const { startEmbeddedPostgres } = await import('../db/embedded/embedded-postgres.ts')
  await using starting = new AsyncDisposableStack()
  const server = starting.use(await startEmbeddedPostgres(deps, { dataDir }))
  const applied = await migrateDatabase(server.url, undefined, deps)
  const pool = openPool(deps, server.url)
  const started = starting.move()
  return {
    pool,
    applied,
    async close() {
      await using stopping = started
      await pool.end()
      const presence = await stayAlone(server.url)
      // It is kept while the server ends, so that nobody gets in meanwhile.
      await stopping.disposeAsync()
      await presence.end()
    },
  }
}

function openPool(deps: { log: Logger }, url: string): pg.Pool {
  return createPool(url, (error) => deps.log.warn({ err: error }, 'a database connection was lost'))
}
