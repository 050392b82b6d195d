// The way of the administrative commands to the database: beside a running gateway, or by themselves.
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { type Clock, systemClock } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import { createPool } from '../db/database.ts'
import { isMigrated, migrateDatabase } from '../db/migrate.ts'
import { createUuidSource, type UuidSource } from '../ids.ts'
import { createLogger, type Logger } from '../log.ts'
import { createSealer, type Sealer } from '../merchants/sealed.ts'
import { loadOrCreateSecret } from '../merchants/secret-file.ts'
import { CommandError, type CommandIo } from './command.ts'

/** What administrative commands work with. Dispose of it: it may have started an embedded database. */
export type Session = AsyncDisposable & {
  config: Config
  log: Logger
  clock: Clock
  newUuid: UuidSource
  secretKeys: readonly Buffer[]
  sealer: Sealer
  db: pg.Pool
}

/** A gateway that is just starting announces its database within this time. */
const ANNOUNCED_WITHIN_MS = 15_000
const ANNOUNCED_POLL_MS = 200

/** The configuration, or a `CommandError` that lists all that is wrong with it. */
export function readConfig(io: CommandIo): Config {
  const loaded = loadConfig(io.env)
  if (!loaded.ok) throw new CommandError(loaded.errors.join('\n'))
  for (const warning of loaded.warnings) io.stderr.write(`warning: ${warning}\n`)
  return loaded.config
}

/** Opens the database of the configuration. */
export async function openSession(io: CommandIo): Promise<Session> {
  const config = readConfig(io)
  const log = createLogger('warn', { write: (line) => io.stderr.write(line) })
  await using opening = new AsyncDisposableStack()
  const url = await reachDatabase(config, log, opening)
  const secretKeys = config.secretKeys ?? (await loadOrCreateSecret(config.dataDir))
  const db = createPool(url, (error) => log.warn({ err: error }, 'a database connection was lost'))
  opening.defer(() => db.end())
  if (config.databaseUrl !== null) await requireMigrations(db)
  const kept = opening.move()
  return {
    config,
    log,
    clock: systemClock,
    newUuid: createUuidSource(systemClock),
    secretKeys,
    sealer: createSealer(secretKeys),
    db,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** The URL of the configured database; an embedded one is started when no gateway runs it. */
export async function reachDatabase(
  config: Config,
  log: Logger,
  opening: AsyncDisposableStack,
): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl
  const url = await reachEmbedded(config.dataDir, log, opening)
  await migrateDatabase(url)
  return url
}

async function reachEmbedded(dataDir: string, log: Logger, opening: AsyncDisposableStack): Promise<string> {
  const { findRunningEmbeddedPostgres } = await import('../db/embedded/running-postgres.ts')
  const { startEmbeddedPostgres } = await import('../db/embedded/embedded-postgres.ts')
  const { EmbeddedPostgresError } = await import('../db/embedded/embedded-postgres-error.ts')
  for (let waitedMs = 0; ; waitedMs += ANNOUNCED_POLL_MS) {
    const running = await findRunningEmbeddedPostgres(dataDir)
    if (running !== null) return running.url
    try {
      return opening.use(await startEmbeddedPostgres({ log }, { dataDir })).url
    } catch (error) {
      const isStarting = error instanceof EmbeddedPostgresError && error.code === 'in_use'
      if (!isStarting || waitedMs >= ANNOUNCED_WITHIN_MS) throw error
      await delay(ANNOUNCED_POLL_MS)
    }
  }
}

async function requireMigrations(db: pg.Pool): Promise<void> {
  if (await hasEveryMigration(db)) return
  throw new CommandError('The database is not up to date: run "sukuma migrate" first.')
}

const UNDEFINED_TABLE = '42P01'

async function hasEveryMigration(db: pg.Pool): Promise<boolean> {
  try {
    return await isMigrated(db)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE) return false
    throw error
  }
}
