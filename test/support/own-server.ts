// PostgreSQL servers of a test's own, with real disks and real processes: to be restarted, killed, filled,
// made read-only, and doubled by a synchronous standby.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { createPool } from '../../src/db/database.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'
import { silentLogger } from '../../src/log.ts'
import { databaseUrl, type TestDatabase } from './database.ts'
import { until } from './gateway.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

const run = promisify(execFile)

/** PostgreSQL runs as another user when this is root, and must be able to enter. */
const FOLDER_MODE = 0o755

/** A server; disposing of it ends it and its standby, and removes their files. */
export type OwnServer = AsyncDisposable & {
  url(): string
  port(): number
  /** Runs one statement as the administrator, whatever the server's settings. */
  sql<R extends pg.QueryResultRow>(statement: string): Promise<R[]>
  /** A migrated database in it. */
  createDatabase(): Promise<TestDatabase>
  stop(): Promise<void>
  /** After `stop`; on another port. */
  start(): Promise<void>
  /** As if the machine had lost its power: the server and all its processes, at once. */
  kill(): Promise<void>
  /** Stops it for a moment to copy it; resolves once the copy follows and commits wait for it. */
  addStandby(): Promise<OwnServer>
}

type Settings = Record<string, string>

/** Makes and starts a server with `settings` beside the usual ones. */
export async function startOwnServer(settings: Settings = {}): Promise<OwnServer> {
  const folder = await createTemporaryFolder(FOLDER_MODE)
  return openServer(join(folder.path, 'data'), settings, folder)
}

async function openServer(dataDir: string, settings: Settings, folder: AsyncDisposable): Promise<OwnServer> {
  const start = () => startEmbeddedPostgres({ log: silentLogger }, { dataDir, settings })
  const state = { running: await start() }
  const standbys = new AsyncDisposableStack()
  const stop = () => state.running.stop()
  const restart = async () => {
    state.running = await start()
  }
  const server: OwnServer = {
    url: () => state.running.url,
    port: () => Number(new URL(state.running.url).port),
    sql: (statement) => runSql(state.running.url, statement),
    createDatabase: () => createDatabase(server),
    stop,
    start: restart,
    kill: () => killAll(state.running),
    async addStandby() {
      const copy = `${dataDir}-standby`
      await stop()
      // With its owner, who is not us when we are root.
      await run('cp', ['-a', dataDir, copy])
      await restart()
      await follow(copy, state.running.url)
      const standby = standbys.use(await openServer(copy, settings, new AsyncDisposableStack()))
      await waitForCommits(server)
      return standby
    },
    async [Symbol.asyncDispose]() {
      await standbys.disposeAsync()
      await stop()
      await folder[Symbol.asyncDispose]()
    },
  }
  return server
}

async function follow(dataDir: string, primaryUrl: string): Promise<void> {
  const { port, username, password } = new URL(primaryUrl)
  const cluster = join(dataDir, 'postgres', 'cluster')
  const primary = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=standby`
  await appendFile(join(cluster, 'postgresql.auto.conf'), `primary_conninfo = '${primary}'\n`)
  await writeFile(join(cluster, 'standby.signal'), '')
}

/** From now on a commit is answered once the standby has it on disk. */
async function waitForCommits(server: OwnServer): Promise<void> {
  await server.sql(`alter system set synchronous_standby_names = 'standby'`)
  await server.sql('select pg_reload_conf()')
  await until('the standby', async () => {
    const rows = await server.sql(`select 1 from pg_stat_replication where sync_state = 'sync'`)
    return rows.length === 1
  })
}

async function runSql<R extends pg.QueryResultRow>(url: string, statement: string): Promise<R[]> {
  const options = '-c default_transaction_read_only=off'
  const client = new pg.Client({ connectionString: url, application_name: 'test-admin', options })
  await client.connect()
  try {
    return (await client.query<R>(statement)).rows
  } finally {
    await client.end()
  }
}

async function createDatabase(server: OwnServer): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`
  await server.sql(`create database ${name}`)
  const url = databaseUrl(server.url(), name)
  await migrateDatabase(url)
  const pool = createPool(url)
  return { url, name, pool, [Symbol.asyncDispose]: () => pool.end() }
}

async function killAll(running: EmbeddedPostgres): Promise<void> {
  const listed = await run('ps', ['-A', '-o', 'pid=,ppid='])
  const processes = listed.stdout.trim().split('\n')
  const children = processes.map((line) => line.trim().split(/\s+/).map(Number))
  process.kill(running.pid, 'SIGKILL')
  for (const [pid, parent] of children) {
    if (pid === undefined || parent !== running.pid) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended between the look and the kill.
    }
  }
  await running.ended
}
