import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPool, type Database, DatabaseUnavailableError } from './database.ts'
import { createGroupedStatement, type StatementSpec } from './grouped-statement.ts'
import { holdLock } from './testing/lock-holder.ts'
import { createGate, watchedDatabase } from './testing/watched-database.ts'

/** A row that the table refuses when its amount is not positive. */
type Row = { id: number; amount: number }

const INSERT: StatementSpec<Row, string> = {
  name: 'insert',
  text: `insert into things (id, amount) select * from unnest($1::integer[], $2::integer[])
    on conflict do nothing returning id, 'row ' || id as said`,
  values: (row) => [row.id, row.amount],
  key: (row) => String(row.id),
  read: (row) => ({ key: String(row.id), found: String(row.said) }),
}

const COUNT_UP: StatementSpec<Row, number> = {
  ...INSERT,
  name: 'count_up',
  text: `update things t set amount = t.amount + x.by
    from unnest($1::integer[], $2::integer[]) as x (id, by) where t.id = x.id returning t.id, t.amount`,
  read: (row) => ({ key: String(row.id), found: Number(row.amount) }),
}

const SAY: StatementSpec<Row, string> = {
  ...INSERT,
  name: 'say',
  text: `select id, 'served' as said from unnest($1::integer[], $2::integer[]) as x (id, amount)`,
}

const RETURN_ALL: StatementSpec<Row, number> = {
  ...COUNT_UP,
  name: 'return_all',
  text: 'insert into wide select * from unnest($1::integer[], $2::integer[]) returning *',
}

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
  await database.pool.query('create table things (id integer primary key, amount integer check (amount > 0))')
})
after(() => database[Symbol.asyncDispose]())
beforeEach(() => database.pool.query('delete from things'))

const rows = (count: number): Row[] => Array.from({ length: count }, (_, id) => ({ id, amount: 1 }))

async function storedIds(): Promise<number[]> {
  const { rows } = await database.pool.query<{ id: number }>('select id from things order by id')
  return rows.map(({ id }) => id)
}

test('one call alone is one statement of one row', async () => {
  const watched = watchedDatabase(database.pool)
  const insert = createGroupedStatement({ db: watched.db }, INSERT)
  assert.equal(await insert({ id: 1, amount: 5 }), 'row 1')
  assert.deepEqual(watched.sizes, [1])
})

test('a burst is committed in a few statements of at most 250 rows, one at a time', async () => {
  const watched = watchedDatabase(database.pool)
  const observed: number[] = []
  const observe = (_name: string, count: number) => observed.push(count)
  const insert = createGroupedStatement({ db: watched.db, observe }, INSERT)
  const found = await Promise.all(rows(1_100).map(insert))
  assert.deepEqual(
    found,
    rows(1_100).map(({ id }) => `row ${id}`),
  )
  assert.deepEqual(watched.sizes, [250, 250, 250, 250, 100])
  assert.deepEqual(observed.toSorted(), [100, 250, 250, 250, 250])
  assert.equal(watched.runningMax, 1)
  assert.equal((await storedIds()).length, 1_100)
})

test('calls that come while a statement runs share the next one', async () => {
  const gate = createGate()
  const watched = watchedDatabase(database.pool, gate.passed)
  const insert = createGroupedStatement({ db: watched.db }, INSERT)
  const calls = [insert({ id: 1, amount: 1 })]
  await gate.reachedBy(1)
  for (let id = 2; id <= 40; id += 1) {
    calls.push(insert({ id, amount: 1 }))
    await Promise.resolve()
  }
  assert.deepEqual(watched.sizes, [1])
  gate.open()
  await Promise.all(calls)
  assert.deepEqual(watched.sizes, [1, 39])
})

test('a busy statement gathers rows until as many wait as went before', async () => {
  const watched = watchedDatabase(database.pool)
  const insert = createGroupedStatement({ db: watched.db }, { ...INSERT, gatherMs: 60_000 })
  await Promise.all(rows(40).map(insert))
  const calls: Promise<unknown>[] = []
  for (let id = 100; id < 140; id += 1) {
    assert.deepEqual(watched.sizes, [40])
    calls.push(insert({ id, amount: 1 }))
    await nextTurn()
  }
  await Promise.all(calls)
  assert.deepEqual(watched.sizes, [40, 40])
})

for (const { earlier, told } of [
  { earlier: 40, told: 20 },
  { earlier: 10, told: 50 },
]) {
  test(`a busy statement gathers ${told} rows when told to, though ${earlier} went before`, async () => {
    const watched = watchedDatabase(database.pool)
    const spec = { ...INSERT, gatherMs: 60_000, gatherRows: told }
    const insert = createGroupedStatement({ db: watched.db }, spec)
    await Promise.all(rows(earlier).map(insert))
    const calls: Promise<unknown>[] = []
    for (let id = 100; id < 100 + told; id += 1) {
      assert.deepEqual(watched.sizes, [earlier])
      calls.push(insert({ id, amount: 1 }))
      await nextTurn()
    }
    await Promise.all(calls)
    assert.deepEqual(watched.sizes, [earlier, told])
  })
}

test('after a run of a few rows nobody waits', async () => {
  const watched = watchedDatabase(database.pool)
  const insert = createGroupedStatement({ db: watched.db }, { ...INSERT, gatherMs: 60_000 })
  await Promise.all(rows(3).map(insert))
  await insert({ id: 100, amount: 1 })
  assert.deepEqual(watched.sizes, [3, 1])
})

test('whichever rows are bad, they alone fail and all others are committed', async () => {
  const insert = createGroupedStatement({ db: database.pool }, INSERT)
  const badIds = fc.uniqueArray(fc.nat(59), { maxLength: 12 })
  const property = fc.asyncProperty(badIds, async (bad) => {
    await database.pool.query('delete from things')
    const wishes = rows(60).map((row) => (bad.includes(row.id) ? { ...row, amount: -1 } : row))
    const results = await Promise.allSettled(wishes.map(insert))
    const failed = results.flatMap((result, id) => (result.status === 'rejected' ? [id] : []))
    assert.deepEqual(
      failed,
      bad.toSorted((a, b) => a - b),
    )
    for (const result of results) {
      if (result.status === 'rejected') assert.equal(result.reason.code, '23514')
    }
    assert.deepEqual(
      await storedIds(),
      rows(60)
        .map(({ id }) => id)
        .filter((id) => !bad.includes(id)),
    )
  })
  await fc.assert(property, { numRuns: 12, examples: [[[]], [[0]], [[59]], [rows(60).map(({ id }) => id)]] })
})

test('a value that cannot even be sent fails its own row', async () => {
  const insert = createGroupedStatement({ db: database.pool }, INSERT)
  const wishes = [1, Number.NaN, 2, 3e9, 4].map((id) => insert({ id, amount: 1 }))
  const results = await Promise.allSettled(wishes)
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(await storedIds(), [1, 2, 4])
})

test('calls with the same key never share a statement: every one of them counts', async () => {
  const watched = watchedDatabase(database.pool)
  const insert = createGroupedStatement({ db: database.pool }, INSERT)
  await Promise.all(rows(5).map(insert))
  const countUp = createGroupedStatement({ db: watched.db }, COUNT_UP)
  const calls = Array.from({ length: 50 }, (_, index) => countUp({ id: index % 5, amount: 1 }))
  const found = await Promise.all(calls)
  for (const ids of watched.firstColumns) assert.equal(new Set(ids).size, ids.length)
  for (const id of [0, 1, 2, 3, 4]) {
    const amounts = found.filter((_, index) => index % 5 === id).map(Number)
    assert.deepEqual(
      amounts.toSorted((a, b) => a - b),
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    )
  }
})

test('each caller gets its own row in whatever order they come, and undefined when none does', async () => {
  await database.pool.query('insert into things select n, 1 from generate_series(0, 9) as n where n <> 4')
  const backwards: StatementSpec<Row, number> = {
    ...COUNT_UP,
    text: `with done as (${COUNT_UP.text}) select * from done order by id desc`,
  }
  const countUp = createGroupedStatement({ db: database.pool }, backwards)
  const found = await Promise.all(rows(10).map((row) => countUp({ id: row.id, amount: 10 * (row.id + 1) })))
  assert.deepEqual(found, [11, 21, 31, 41, undefined, 61, 71, 81, 91, 101])
})

test('when the database cannot be reached every call fails as unavailable', async () => {
  const pool = createPool('postgres://nobody@127.0.0.1:1/none')
  const insert = createGroupedStatement({ db: pool }, INSERT)
  const results = await Promise.allSettled(rows(600).map(insert))
  for (const result of results) {
    assert.equal(result.status, 'rejected')
    assert.ok(result.status === 'rejected' && result.reason instanceof DatabaseUnavailableError)
    assert.equal(result.reason.message, 'insert: did not complete')
    assert.ok(result.reason.cause instanceof Error)
  }
  await pool.end()
})

test('a connection cut off in the middle fails its calls as unavailable, the next ones work', async () => {
  const insert = createGroupedStatement({ db: database.pool }, INSERT)
  await using holder = await holdLock(database, 'lock table things in access exclusive mode')
  const calls = Promise.allSettled(rows(20).map(insert))
  await holder.cutOffWaiting()
  for (const result of await calls) {
    assert.ok(result.status === 'rejected' && result.reason instanceof DatabaseUnavailableError)
  }
  await holder.release()
  assert.deepEqual(await storedIds(), [])
  assert.equal(await insert({ id: 7, amount: 1 }), 'row 7')
})

test('callers are refused at once when too many wait, and those who wait are served', async () => {
  const gate = createGate()
  const { db } = watchedDatabase(database.pool, gate.passed)
  const insert = createGroupedStatement({ db }, SAY)
  const served = rows(250).map(insert)
  await gate.reachedBy(1)
  served.push(...Array.from({ length: 20_000 }, (_, n) => insert({ id: 250 + n, amount: 1 })))
  await assert.rejects(insert({ id: -1, amount: 1 }), DatabaseUnavailableError)
  gate.open()
  assert.deepEqual(new Set(await Promise.all(served)), new Set(['served']))
  assert.equal(await insert({ id: -1, amount: 1 }), 'served')
})

test('a statement that lost against another transaction is run once more', async () => {
  await database.pool.query('insert into things values (1, 1), (2, 1)')
  const strict = new pg.Pool({
    connectionString: database.url,
    options: '-c default_transaction_isolation=repeatable\\ read',
  })
  const watched = watchedDatabase(strict)
  const countUp = createGroupedStatement({ db: watched.db }, COUNT_UP)
  await using holder = await holdLock(database, 'update things set amount = 100 where id = 2')
  const calls = Promise.all([countUp({ id: 1, amount: 1 }), countUp({ id: 2, amount: 1 })])
  await holder.untilOneWaits()
  await holder.release()
  assert.deepEqual(await calls, [2, 101])
  assert.deepEqual(watched.sizes, [2, 2])
  await strict.end()
})

test('a column that is added under a running process breaks none of its statements', async () => {
  const one = new pg.Pool({ connectionString: database.url, max: 1 })
  await database.pool.query('create table wide (id integer, amount integer)')
  const insert = createGroupedStatement({ db: one }, RETURN_ALL)
  assert.equal(await insert({ id: 1, amount: 1 }), 1)
  await database.pool.query('alter table wide add column later integer')
  assert.equal(await insert({ id: 2, amount: 2 }), 2)
  assert.equal(await insert({ id: 3, amount: 3 }), 3)
  await one.end()
})

test('a statement that its connection has forgotten is run all the same', async (t) => {
  const pool = createPool(database.url)
  t.after(() => pool.end())
  const insert = createGroupedStatement({ db: pool }, INSERT)
  assert.equal(await insert({ id: 1, amount: 1 }), 'row 1')
  await pool.query('deallocate all')
  assert.equal(await insert({ id: 2, amount: 1 }), 'row 2')
  assert.deepEqual(await storedIds(), [1, 2])
})

test('a row that keeps losing against others is one to come back with, and was not committed', async () => {
  const lost = Object.assign(new Error('deadlock detected'), { code: '40P01' })
  const db: Database = { query: () => Promise.reject(lost) }
  const watched = watchedDatabase(db)
  const insert = createGroupedStatement({ db: watched.db }, INSERT)
  const results = await Promise.allSettled(rows(2).map(insert))
  for (const result of results) {
    assert.ok(result.status === 'rejected' && result.reason instanceof DatabaseUnavailableError)
    assert.equal(result.reason.didNotRun, true)
    assert.equal(result.reason.cause, lost)
  }
  assert.deepEqual(watched.sizes, [2, 2, 1, 1, 1, 1])
})

/** For rows whose callers wait for so long and no longer. */
const IMPATIENT: StatementSpec<Row, string> = { ...INSERT, patienceMs: 100 }

async function rejectionOf(call: Promise<unknown>): Promise<DatabaseUnavailableError> {
  const error = await call.then(
    () => assert.fail('it was served'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof DatabaseUnavailableError)
  return error
}

test('callers with little patience are refused while a run hangs, and who never ran knows it', async () => {
  const gate = createGate()
  const { db } = watchedDatabase(database.pool, gate.passed)
  const ended = Promise.withResolvers<void>()
  const insert = createGroupedStatement({ db, observe: () => ended.resolve() }, IMPATIENT)
  const inRun = insert({ id: 1, amount: 1 })
  await gate.reachedBy(1)
  const waiting = insert({ id: 2, amount: 1 })
  assert.equal((await rejectionOf(inRun)).didNotRun, false)
  assert.equal((await rejectionOf(waiting)).didNotRun, true)
  // The run before it still hangs: no use in waiting at all.
  const late = insert({ id: 3, amount: 1 })
  assert.equal((await rejectionOf(late)).didNotRun, true)
  gate.open()
  await ended.promise
  await nextTurn()
  assert.equal(await insert({ id: 4, amount: 1 }), 'row 4')
  assert.deepEqual(await storedIds(), [1, 4])
})

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
