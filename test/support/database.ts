// A migrated database of its own for a test, on the server that `npm test` starts for the whole run.
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { createPool } from '../../src/db/database.ts'

/** Dispose of it (`await using`), which drops it, and throws when a connection to it was left open. */
export type TestDatabase = AsyncDisposable & {
  url: string
  name: string
  /** Ended on disposal; a test need not end it. */
  pool: pg.Pool
}

/** How the runner tells test files where the server is, and which database is the migrated template. */
export const SERVER_URL_VARIABLE = 'TEST_SERVER_URL'
export const TEMPLATE_VARIABLE = 'TEST_TEMPLATE'

/** Held while a database is copied: a template can be copied by one session at a time. */
const COPY_LOCK = 7_262_585_863
/** Servers notice closed connections a moment later; one still there after this long was left open. */
const LEAK_WAIT_MS = 2_000
const LEAK_POLL_MS = 5

/** Makes an empty, migrated database. Needs `npm test`: a file run by itself is told how. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { serverUrl, template } = readServer()
  const name = `${template}_${randomBytes(6).toString('hex')}`
  await withAdmin(serverUrl, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [COPY_LOCK])
    await admin.query(`create database ${name} template ${template}`)
  })
  const url = databaseUrl(serverUrl, name)
  const pool = createPool(url)
  let disposal: Promise<void> | undefined
  const dispose = () => {
    disposal ??= drop(serverUrl, name, pool)
    return disposal
  }
  return { url, name, pool, [Symbol.asyncDispose]: dispose }
}

/** `serverUrl` with another database. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Runs `action` with a connection to the server's own database, and closes it. */
export async function withAdmin<T>(serverUrl: string, action: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: serverUrl, application_name: 'sukuma-test-admin' })
  await admin.connect()
  try {
    return await action(admin)
  } finally {
    await admin.end()
  }
}

async function drop(serverUrl: string, name: string, pool: pg.Pool): Promise<void> {
  await pool.end()
  const left = await withAdmin(serverUrl, async (admin) => {
    const open = await connectionsLeft(admin, name)
    await admin.query(`drop database if exists ${name} with (force)`)
    return open
  })
  if (left.length > 0)
    throw new Error(`connections to the test's database were left open: ${left.join('; ')}`)
}

async function connectionsLeft(admin: pg.Client, name: string): Promise<string[]> {
  for (let waitedMs = 0; ; waitedMs += LEAK_POLL_MS) {
    const { rows } = await admin.query<{ application_name: string; query: string }>(
      `select application_name, query from pg_stat_activity
       where datname = $1 and backend_type = 'client backend'`,
      [name],
    )
    const found = rows.map((row) => `${row.application_name || 'unnamed'}: ${row.query}`)
    if (found.length === 0 || waitedMs >= LEAK_WAIT_MS) return found
    await delay(LEAK_POLL_MS)
  }
}

function readServer(): { serverUrl: string; template: string } {
  const serverUrl = process.env[SERVER_URL_VARIABLE]
  const template = process.env[TEMPLATE_VARIABLE]
  if (serverUrl !== undefined && template !== undefined) return { serverUrl, template }
  throw new Error('this test needs a database: run it with "npm test -- <file>", which starts one')
}
