import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import type pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { type PostgresProxy, startPostgresProxy } from '../../test/support/postgres-proxy.ts'
import { silentLogger } from '../log.ts'
import {
  createPool,
  createPools,
  DatabaseEndedError,
  DatabaseUnavailableError,
  isDatabaseUnavailable,
} from './database.ts'
import { createGroupedStatement } from './grouped-statement.ts'
import { type GuardedDatabase, guardDatabase } from './guarded-database.ts'
import { createOutageWatch } from './outage.ts'

const PATIENCE_MS = 300
/** As many as the guard holds at a time. */
const HELD_MAX = 5_000

let cleanUp: AsyncDisposableStack
let database: TestDatabase
let proxy: PostgresProxy
let pool: pg.Pool
let guarded: GuardedDatabase
beforeEach(async () => {
  cleanUp = new AsyncDisposableStack()
  database = cleanUp.use(await createTestDatabase())
  proxy = cleanUp.use(await startPostgresProxy())
  pool = createPool(proxy.through(database.url))
  cleanUp.defer(() => (pool.ended || pool.ending ? undefined : pool.end()))
  guarded = guardDatabase(
    { pool, plannedPool: pool, watch: createOutageWatch({ log: silentLogger }) },
    { patienceMs: PATIENCE_MS },
  )
  await guarded.work.query('create table things (id integer primary key)')
})
afterEach(() => cleanUp.disposeAsync())

async function errorOf(work: Promise<unknown>): Promise<DatabaseUnavailableError> {
  const error = await work.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof DatabaseUnavailableError, String(error))
  return error
}

test('who asks a database that hangs is refused in time, and so many at the most are held', async () => {
  proxy.set({ kind: 'stall' })
  const asked = Array.from({ length: HELD_MAX + 1_000 }, () => errorOf(guarded.asked.query('select 1')))
  assert.equal(guarded.held(), HELD_MAX)
  const errors = await Promise.all(asked)
  assert.equal(errors.filter((error) => error.didNotRun).length, 1_000)
  assert.ok(guarded.held() <= HELD_MAX)
  // Those who are given up leave nothing behind once it answers again.
  proxy.set({ kind: 'none' })
  await until('an answer', () =>
    guarded.asked.query('select 1').then(
      () => true,
      () => false,
    ),
  )
  await until('the end of what was held', async () => guarded.held() === 0)
})

test('work waits for a database that hangs', async () => {
  proxy.set({ kind: 'stall' })
  const work = guarded.work.query<{ one: number }>('select 1 as one')
  await errorOf(guarded.asked.query('select 1'))
  proxy.set({ kind: 'none' })
  assert.deepEqual((await work).rows, [{ one: 1 }])
})

const insert = { name: 'insert_thing', text: 'insert into things values ($1)' }

test('a statement that the server refused certainly did not run', async () => {
  await guarded.work.query({ ...insert, values: [1] })
  proxy.set({ kind: 'error', statement: insert.name, state: '53100', text: 'could not extend file' })
  assert.equal((await errorOf(guarded.work.query({ ...insert, values: [2] }))).didNotRun, true)
  const off = 'begin read only; insert into things values (3)'
  assert.equal((await errorOf(guarded.work.query(off))).didNotRun, true)
})

test('nor did one for which there was no connection', async () => {
  proxy.set({ kind: 'refuse' })
  proxy.cutAll()
  await until('the loss of the idle ones', async () => pool.totalCount === 0)
  assert.equal((await errorOf(guarded.work.query({ ...insert, values: [1] }))).didNotRun, true)
})

test('whether one that was cut off has run is not known', async () => {
  for (const kind of ['cut_before', 'cut_after'] as const) {
    proxy.set({ kind, statement: insert.name })
    assert.equal((await errorOf(guarded.work.query({ ...insert, values: [1] }))).didNotRun, false, kind)
  }
  proxy.set({ kind: 'none' })
  assert.deepEqual((await guarded.work.query('select id from things')).rows, [{ id: 1 }])
})

test('an error of the statement itself is thrown as it is', async () => {
  await guarded.work.query({ ...insert, values: [1] })
  const error = await guarded.asked.query({ ...insert, values: [1] }).catch((reason: unknown) => reason)
  assert.equal(isDatabaseUnavailable(error), false)
  assert.ok(error instanceof Error && 'code' in error && error.code === '23505')
})

test('once the pool has ended nothing is tried again', async () => {
  await pool.end()
  assert.ok((await errorOf(guarded.work.query('select 1'))) instanceof DatabaseEndedError)
})

test('a grouped statement is planned once, however small its groups, and apart from all others', async () => {
  const { pool: reads, plannedPool } = createPools(database.url, () => undefined, 1)
  cleanUp.defer(() => Promise.all([reads.end(), plannedPool.end()]).then(() => undefined))
  const watch = createOutageWatch({ log: silentLogger })
  const { work: db } = guardDatabase({ pool: reads, plannedPool, watch })
  const add = createGroupedStatement<number, true>(
    { db },
    {
      name: 'add_thing',
      text: 'insert into things select * from unnest($1::integer[]) returning id',
      values: (id) => [id],
      key: String,
      read: (row) => ({ key: String(row.id), found: true }),
    },
  )
  for (let id = 0; id < 20; id += 1) assert.equal(await add(id), true)
  assert.deepEqual([reads.totalCount, plannedPool.totalCount], [0, 1])
  // Asked on the one connection that ran it.
  const { rows } = await plannedPool.query(
    `select custom_plans::integer, generic_plans::integer from pg_prepared_statements
     where name = 'add_thing'`,
  )
  assert.deepEqual(rows, [{ custom_plans: 0, generic_plans: 20 }])
})

test('processes share what PostgreSQL takes, and each has some connections of either kind', async () => {
  for (const [processes, most] of [
    [1, 20],
    [8, 10],
    [20, 4],
    [40, 4],
  ] as const) {
    const pools = createPools(database.url, () => undefined, processes)
    const [mixed = 0, grouped = 0] = [pools.pool.options.max, pools.plannedPool.options.max]
    assert.ok(Math.min(mixed, grouped) >= 2, `${mixed}, ${grouped}`)
    assert.equal(mixed + grouped, most, `of each of ${processes}`)
    await Promise.all([pools.pool.end(), pools.plannedPool.end()])
  }
})
