// The way of the administrative commands to the database: beside a running gateway, or by themselves.
import type pg from 'pg'
import { type AuditLog, createAuditLog } from '../audit/audit-log.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type Config, loadConfig } from '../config.ts'
import { createPool } from '../db/database.ts'
import { isMigrated } from '../db/migrate.ts'
import { createUuidSource, type UuidSource } from '../ids.ts'
import { createLogger, type Logger } from '../log.ts'
import { createSealer, type Sealer } from '../merchants/sealed.ts'
import { loadOrCreateSecret } from '../merchants/secret-file.ts'
import { CommandError, type CommandIo } from './command.ts'
import type { OpenDatabase } from './embedded-database.ts'

/** What administrative commands work with. Dispose of it: it may have started an embedded database. */
export type Session = AsyncDisposable & {
  config: Config
  log: Logger
  clock: Clock
  newUuid: UuidSource
  secretKeys: readonly Buffer[]
  sealer: Sealer
  db: pg.Pool
  audit: AuditLog
}

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
  const { pool: db, close } = await openDatabase(config, log)
  opening.defer(close)
  if (config.databaseUrl !== null) await requireMigrations(db)
  const secretKeys = config.secretKeys ?? (await loadOrCreateSecret(config.dataDir))
  const newUuid = createUuidSource(systemClock)
  const kept = opening.move()
  return {
    config,
    log,
    clock: systemClock,
    newUuid,
    secretKeys,
    sealer: createSealer(secretKeys),
    db,
    audit: createAuditLog({ db, clock: systemClock, newUuid, log }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** Opens the configured database; an embedded one is brought up to date by it. */
export async function openDatabase(config: Config, log: Logger): Promise<OpenDatabase> {
  if (config.databaseUrl !== null) {
    const pool = createPool(config.databaseUrl, (error) => log.warn({ err: error }, 'a connection was lost'))
    return { pool, applied: [], close: () => pool.end() }
  }
  // Loaded only when needed: with DATABASE_URL nothing embedded is touched.
  const { openEmbeddedDatabase } = await import('./embedded-database.ts')
  return openEmbeddedDatabase({ log }, config.dataDir)
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
