// Migrations: numbered SQL files, applied in order, each in a transaction of its own, never edited once
// released. Several processes may start at once: an advisory lock lets one migrate and the others find it
// done. What runs meanwhile goes on: no lock that others stand behind is waited for for long.
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url))
const SERVER_VERSION_MIN = 150_000
/** Any number that nothing else locks. */
const MIGRATION_LOCK = 7_262_585_862
/**
 * Whoever waits to lock a table has everybody who comes after wait too: a dump or a report that reads it for
 * an hour would stop all payments for as long.
 */
const LOCK_TIMEOUT = '2s'
/** In which those who had to wait get their turn. */
const LOCK_PAUSE_MS = 5_000
/** Some 10 minutes; then somebody has to look. */
const LOCK_TRIES_MAX = 90
const LOCK_NOT_AVAILABLE = '55P03'
/** Nothing of a role's own may cut a migration short, or end the turn of who migrates. */
const TIMEOUTS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
const WITHOUT_TIMEOUTS = TIMEOUTS.map((name) => `set local ${name} = 0`).join('; ')

/** The database cannot be used by this version of the gateway; the message says what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

type Migration = { number: number; name: string; sql: string }

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => ({
      number: Number.parseInt(name, 10),
      name,
      sql: await readFile(`${folder}/${name}`, 'utf8'),
    })),
  )
}

/** Who is told that a migration waits, and how it does. */
export type MigrationWait = {
  log?: { warn(fields: object, text: string): void }
  pause?: (ms: number) => Promise<unknown>
}

/** Brings the database at `url` up to date; returns the names of the migrations that it applied. */
export async function migrateDatabase(
  url: string,
  folder: string = FOLDER,
  wait: MigrationWait = {},
): Promise<string[]> {
  return withClient(url, (turn) =>
    withClient(url, async (client) => {
      // A transaction's, in one that does nothing else: behind a pooler a session outlives its client.
      await turn.query(`begin; ${WITHOUT_TIMEOUTS}`)
      await turn.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
      const applied = await migrate(client, await readMigrations(folder), wait)
      await settleIn(client)
      await turn.query('commit')
      return applied
    }),
  )
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'sukuma-migrate' })
  // Its next statement says so.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function migrate(client: pg.Client, migrations: Migration[], wait: MigrationWait): Promise<string[]> {
  await refuseOldServer(client)
  await client.query(`create table if not exists schema_migrations (
    number integer primary key, name text not null, applied_at timestamptz not null default now())`)
  await refuseNewerSchema(client, migrations)
  const applied: string[] = []
  for (const migration of migrations) {
    if (await applyInTurn(client, migration, wait)) applied.push(migration.name)
  }
  return applied
}

/** Tried again while others hold what it has to lock: all of its transaction is undone each time. */
async function applyInTurn(
  client: pg.Client,
  migration: Migration,
  { log, pause = sleep }: MigrationWait,
): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await apply(client, migration)
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error
      const holders = await readLockHolders(client)
      if (tries === LOCK_TRIES_MAX) {
        throw new MigrationError(
          `Migration ${migration.name} cannot lock its tables; these hold them: ${holders.join(', ')}. ` +
            'End them, or start again when they are done.',
        )
      }
      log?.warn({ migration: migration.name, holders }, 'a migration waits for who holds its tables')
      await pause(LOCK_PAUSE_MS)
    }
  }
}

/** Who has had locks on tables of this database for a while, the longest first. */
async function readLockHolders(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ holder: string }>(`
    select format('%s (pid %s)', coalesce(nullif(a.application_name, ''), 'unnamed'), a.pid) as holder
    from pg_stat_activity a
    where a.datname = current_database() and a.pid <> pg_backend_pid()
      and (a.xact_start is null or a.xact_start < clock_timestamp() - interval '1 second')
      and exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'relation' and l.granted)
    order by a.xact_start limit 5`)
  return rows.map(({ holder }) => holder)
}

async function apply(client: pg.Client, migration: Migration): Promise<boolean> {
  await client.query(`begin; ${WITHOUT_TIMEOUTS}; set local lock_timeout = '${LOCK_TIMEOUT}'`)
  try {
    // Inserted first: should the lock ever be lost, a second migrator still stops here.
    const inserted = await client.query(
      'insert into schema_migrations (number, name) values ($1, $2) on conflict do nothing',
      [migration.number, migration.name],
    )
    if (inserted.rowCount === 1) await client.query(migration.sql)
    await client.query('commit')
    return inserted.rowCount === 1
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

const INSUFFICIENT_PRIVILEGE = '42501'

/**
 * After a restore into another server, transaction ids of the former one mean nothing. Events keep theirs, so
 * that positions in the feed do: what this server writes gets places behind them all. Merchants whose change
 * has an id that is yet to come would count as changed at every look until then: such changes go, since no
 * process remembers anything of before the restore. Cut short, all of it is done again at the next start.
 */
async function settleIn(client: pg.Client): Promise<void> {
  const server = await readSystemIdentifier(client)
  if (server === null || (await hasTable(client, 'installation')) === false) return
  const known = await client.query<{ id: string }>('select system_identifier as id from installation')
  if (known.rows[0]?.id === server) return
  if (known.rows.length > 0) {
    await continueFeed(client)
    await client.query(`delete from merchant_changes where tx > pg_snapshot_xmax(pg_current_snapshot())`)
  }
  await client.query(
    `insert into installation (system_identifier) values ($1)
     on conflict (only_row) do update set system_identifier = excluded.system_identifier`,
    [server],
  )
}

/**
 * The feed's places go on from the microseconds since 1970. No server writes a million transactions a second
 * all the time, so that these are ahead of every cursor ever given: also of one behind events that the backup
 * lacks, or of another server that the same backup was restored into before. Should a clock have been wrong,
 * they are ahead of every event at least, for which all events are read once.
 */
async function continueFeed(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ distance: string }>(`
    select greatest(extract(epoch from clock_timestamp()) * 1000000,
        (select max(tx)::text::numeric + 1 from events))::bigint
      - pg_snapshot_xmin(pg_current_snapshot())::text::bigint as distance`)
  await client.query(`
    create or replace function feed_tx(own xid8) returns xid8 language sql stable parallel safe
    as $$ select (own::text::bigint + ${BigInt(rows[0]?.distance ?? 0)})::text::xid8 $$`)
}

/** Null where the server does not tell; such a one is somebody's service, which restores as a whole. */
async function readSystemIdentifier(client: pg.Client): Promise<string | null> {
  try {
    const found = await client.query<{ id: string }>(
      'select system_identifier::text as id from pg_control_system()',
    )
    return found.rows[0]?.id ?? null
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE) return null
    throw error
  }
}

async function hasTable(client: pg.Client, name: string): Promise<boolean> {
  const found = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [name])
  return found.rows[0]?.there === true
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const found = await client.query<{ version: string }>('select current_setting($1) as version', [
    'server_version_num',
  ])
  const version = Number(found.rows[0]?.version)
  if (!(version >= SERVER_VERSION_MIN)) {
    throw new MigrationError(`PostgreSQL 15 or later is needed; this server is ${version}. Upgrade it.`)
  }
}

async function refuseNewerSchema(client: pg.Client, migrations: Migration[]): Promise<void> {
  const newest = migrations.at(-1)?.number ?? 0
  const found = await client.query<{ number: number }>('select max(number) as number from schema_migrations')
  const present = found.rows[0]?.number ?? 0
  if (present > newest) {
    throw new MigrationError(
      `The database is at migration ${present}, this version knows ${newest}: start a newer Sukuma.`,
    )
  }
}

/**
 * True when every migration of this version is in the database that `query` reaches. A newer version may have
 * added some since: what runs goes on until it is replaced.
 */
export async function isMigrated(
  db: { query(text: string): Promise<{ rows: { number: number }[] }> },
  folder: string = FOLDER,
): Promise<boolean> {
  const newest = (await readMigrations(folder)).at(-1)?.number ?? 0
  const found = await db.query('select coalesce(max(number), 0) as number from schema_migrations')
  return (found.rows[0]?.number ?? 0) >= newest
}
