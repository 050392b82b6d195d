import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { startPostgresProxy } from '../../test/support/postgres-proxy.ts'
import {
  createPool,
  isDatabaseUnavailable,
  isPreparedStatementStale,
  isRolledBackByContention,
} from './database.ts'
import { holdLock } from './testing/lock-holder.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
  await database.pool.query('create table things (id integer primary key)')
})
after(() => database[Symbol.asyncDispose]())

/** The error that `work` rejects with. */
async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => assert.fail('it did not fail'),
    (error: unknown) => error,
  )
}

test('errors of a statement or of its values are not the database being away', async () => {
  const statements = [
    'select 1/0',
    'select no_such_column',
    `select 'x'::integer`,
    `select chr(0)`,
    `select '\\ud800'::jsonb`,
    'insert into things values (1), (1)',
    `select 'connection timeout'::integer`,
  ]
  for (const statement of statements) {
    const error = await errorOf(database.pool.query(statement))
    assert.equal(isDatabaseUnavailable(error), false, statement)
    assert.equal(isRolledBackByContention(error), false, statement)
  }
})

test('a server that cannot be reached is the database being away', async () => {
  const urls = [
    'postgres://127.0.0.1:1/none',
    // Two addresses, and so one error of two, which says nothing itself.
    'postgres://localhost:1/none',
    'postgres://nobody.invalid/none',
    'postgres:///none?host=/nowhere',
  ]
  for (const url of urls) {
    const pool = createPool(url)
    assert.equal(isDatabaseUnavailable(await errorOf(pool.query('select 1'))), true, url)
    await pool.end()
    assert.equal(isDatabaseUnavailable(await errorOf(pool.query('select 1'))), true, 'ended')
  }
  for (const code of ['ETIMEDOUT', 'EPIPE', 'EAI_AGAIN']) {
    const error = Object.assign(new Error(`read ${code}`), { code })
    assert.equal(isDatabaseUnavailable(error), true, code)
  }
})

test('a cut connection and a stuck statement are the database being away', async () => {
  const idleErrors: Error[] = []
  const pool = createPool(database.url, (error) => idleErrors.push(error))
  const cut = await errorOf(pool.query('select pg_terminate_backend(pg_backend_pid())'))
  assert.equal(isDatabaseUnavailable(cut), true)
  const strict = new pg.Pool({ connectionString: database.url, statement_timeout: 50 })
  await using holder = await holdLock(database, 'lock table things in access exclusive mode')
  const stuck = await errorOf(strict.query('select * from things'))
  assert.equal(isDatabaseUnavailable(stuck), true)
  await holder.release()
  await Promise.all([strict.end(), pool.end()])
})

test('the server gives up a statement after 10 s, and a transaction that nobody goes on with', async (t) => {
  const pool = createPool(database.url)
  t.after(() => pool.end())
  const { rows } = await pool.query(
    `select current_setting('statement_timeout') as statement,
       current_setting('idle_in_transaction_session_timeout') as idle`,
  )
  assert.deepEqual(rows, [{ statement: '10s', idle: '10s' }])
})

test('a server that has stopped answering is given up 15 s after the statement', async (t) => {
  await using proxy = await startPostgresProxy()
  const pool = createPool(proxy.through(database.url))
  const client = await pool.connect()
  t.after(() => {
    client.release(true)
    return pool.end()
  })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  proxy.set({ kind: 'stall' })
  let isOver = false
  const stuck = errorOf(client.query('select 1')).finally(() => {
    isOver = true
  })
  t.mock.timers.tick(14_999)
  await nextTurn()
  assert.equal(isOver, false)
  t.mock.timers.tick(1)
  await nextTurn()
  assert.equal(isOver, true)
  assert.equal(isDatabaseUnavailable(await stuck), true)
})

test('the system looks whether the other side of a silent connection is still there', async (t) => {
  const setKeepAlive = t.mock.method(Socket.prototype, 'setKeepAlive')
  const pool = createPool(database.url)
  t.after(() => pool.end())
  await pool.query('select 1')
  assert.deepEqual(
    setKeepAlive.mock.calls.map((call) => call.arguments),
    [[true, 5_000]],
  )
})

test('a statement that its connection does not know, behind a pooler, is stale and no outage', async (t) => {
  const pool = createPool(database.url)
  t.after(() => pool.end())
  const named = { name: 'one', text: 'select 1 as one', values: [] }
  await pool.query(named)
  await pool.query('deallocate all')
  const stale = await errorOf(pool.query(named))
  assert.deepEqual([isPreparedStatementStale(stale), isDatabaseUnavailable(stale)], [true, false])
})

test('a connection lost just as it is handed out fails its statement, not the process', async () => {
  const pool = createPool(database.url)
  const client = await pool.connect()
  const lost = new Error('terminating connection due to administrator command')
  assert.doesNotThrow(() => client.emit('error', lost))
  client.release(lost)
  await pool.end()
})

test('a read-only server is the database being away', async () => {
  const readOnly = new pg.Pool({
    connectionString: database.url,
    options: '-c default_transaction_read_only=on',
  })
  const error = await errorOf(readOnly.query('insert into things values (2)'))
  assert.equal(isDatabaseUnavailable(error), true)
  await readOnly.end()
})
