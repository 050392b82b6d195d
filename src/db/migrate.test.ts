import assert from 'node:assert/strict'
import { copyFile, readdir, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createTemporaryFolder } from '../../test/support/temporary-folder.ts'
import { isMigrated, MigrationError, migrateDatabase } from './migrate.ts'
import { holdLock } from './testing/lock-holder.ts'

const FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url))
const NAMES = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()

async function createEmptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  await database.pool.query('drop schema public cascade')
  await database.pool.query('create schema public')
  return database
}

/** Everything that migrations make, as text: two databases with the same schema give the same. */
async function describeSchema({ pool }: TestDatabase): Promise<unknown[]> {
  const { rows } = await pool.query(`
    select 'column' as kind, format('%s.%s', table_name, column_name) as name,
      concat_ws(' ', data_type, is_nullable, column_default) as what
    from information_schema.columns where table_schema = 'public'
    union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
    union all select 'constraint', format('%s.%s', conrelid::regclass, conname), pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all select 'function', proname, pg_get_functiondef(oid)
    from pg_proc where pronamespace = 'public'::regnamespace
    union all select 'migration', number::text, name from schema_migrations
    order by kind, name, what`)
  return rows
}

test('the migrations are numbered from 1 without a gap', () => {
  assert.deepEqual(
    NAMES.map((name) => Number.parseInt(name, 10)),
    NAMES.map((_, index) => index + 1),
  )
})

test('an empty database gets every migration, and a second run finds nothing to do', async () => {
  await using database = await createEmptyDatabase()
  assert.deepEqual(await migrateDatabase(database.url), NAMES)
  const schema = await describeSchema(database)
  assert.deepEqual(await migrateDatabase(database.url), [])
  assert.deepEqual(await describeSchema(database), schema)
})

test('processes that start at once migrate once between them', async () => {
  await using database = await createEmptyDatabase()
  const applied = await Promise.all(Array.from({ length: 6 }, () => migrateDatabase(database.url)))
  assert.deepEqual(
    applied.filter((names) => names.length > 0),
    [NAMES],
  )
  assert.equal(await isMigrated(database.pool), true)
})

test('a database that stopped at any earlier migration comes to the same schema', async () => {
  await using whole = await createEmptyDatabase()
  await migrateDatabase(whole.url)
  const expected = await describeSchema(whole)
  for (let length = 0; length <= NAMES.length; length += 1) {
    await using folder = await createTemporaryFolder()
    for (const name of NAMES.slice(0, length)) await copyFile(join(FOLDER, name), join(folder.path, name))
    await using database = await createEmptyDatabase()
    assert.deepEqual(await migrateDatabase(database.url, folder.path), NAMES.slice(0, length))
    assert.equal(await isMigrated(database.pool), length === NAMES.length)
    assert.deepEqual(await migrateDatabase(database.url), NAMES.slice(length))
    assert.deepEqual(await describeSchema(database), expected)
  }
})

test('a migration that fails leaves nothing behind, and those before it stay', async () => {
  await using folder = await createTemporaryFolder()
  await writeFile(join(folder.path, '0001-good.sql'), 'create table good (id integer);')
  const second = join(folder.path, '0002-bad.sql')
  await writeFile(second, 'create table half (id integer); create table good (id integer);')
  await using database = await createEmptyDatabase()
  await assert.rejects(migrateDatabase(database.url, folder.path), /"good" already exists/)
  const found = await database.pool.query(`select to_regclass('good') as good, to_regclass('half') as half`)
  assert.deepEqual(found.rows, [{ good: 'good', half: null }])
  assert.equal(await isMigrated(database.pool, folder.path), false)
  await writeFile(second, 'create table half (id integer);')
  assert.deepEqual(await migrateDatabase(database.url, folder.path), ['0002-bad.sql'])
})

test('a database that a newer version has migrated is refused, and not touched', async () => {
  await using database = await createTestDatabase()
  await database.pool.query(`insert into schema_migrations (number, name) values (9999, '9999-future.sql')`)
  const schema = await describeSchema(database)
  await assert.rejects(migrateDatabase(database.url), (error) => {
    assert.ok(error instanceof MigrationError)
    assert.match(error.message, /at migration 9999, .* start a newer Sukuma/)
    return true
  })
  assert.deepEqual(await describeSchema(database), schema)
  // A process that was running before goes on until it is replaced.
  assert.equal(await isMigrated(database.pool), true)
})

test('a server older than PostgreSQL 15 is refused before anything is made', async () => {
  await using database = await createEmptyDatabase()
  // This server says of itself what an older one would, to those who look in "public" first.
  await database.pool.query(`create function current_setting(text) returns text language sql
    as $$ select '140012' $$`)
  const url = new URL(database.url)
  url.searchParams.set('options', '-c search_path=public,pg_catalog')
  await assert.rejects(migrateDatabase(url.href), (error) => {
    assert.ok(error instanceof MigrationError)
    assert.match(error.message, /PostgreSQL 15 or later is needed; this server is 140012/)
    return true
  })
  const { rows } = await database.pool.query(`select to_regclass('schema_migrations') as made`)
  assert.deepEqual(rows, [{ made: null }])
})

const BEFORE_EVENTS_ARE_ALTERED = 15
const TELL = `
  insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
  values (gen_random_uuid(), gen_random_uuid(), false, 'payment.failed', gen_random_uuid(), 1, '{}', now())`

test('a migration that waits for who reads a table holds up nobody behind it for long', async () => {
  await using folder = await createTemporaryFolder()
  const known = NAMES.slice(0, BEFORE_EVENTS_ARE_ALTERED)
  for (const name of known) await copyFile(join(FOLDER, name), join(folder.path, name))
  await using database = await createEmptyDatabase()
  await migrateDatabase(database.url, folder.path)
  const dumpUrl = new URL(database.url)
  dumpUrl.searchParams.set('application_name', 'pg_dump')
  await using dump = await holdLock({ ...database, url: dumpUrl.href }, 'select from events')
  const told: object[] = []
  const [paused, released] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()]
  const pause = () => {
    paused.resolve()
    return released.promise
  }
  const log = { warn: (fields: object) => told.push(fields) }
  const migrating = migrateDatabase(database.url, FOLDER, { log, pause })
  await dump.untilOneWaits()
  // It waits behind the migration, which gives way; should it not, this statement ends with an error.
  await database.pool.query(TELL)
  await paused.promise
  released.resolve(await dump.release())
  assert.deepEqual(await migrating, NAMES.slice(BEFORE_EVENTS_ARE_ALTERED))
  const [{ migration, holders }] = told as [{ migration: string; holders: string[] }]
  assert.equal(migration, NAMES[BEFORE_EVENTS_ARE_ALTERED])
  assert.match(String(holders), /^pg_dump \(pid \d+\)/)
})

test('a migration whose tables are never free gives up, and says who has them', async () => {
  await using folder = await createTemporaryFolder()
  await writeFile(join(folder.path, '0001-good.sql'), 'create table good (id integer);')
  await using database = await createEmptyDatabase()
  await migrateDatabase(database.url, folder.path)
  const second = 'set local lock_timeout = 1; alter table good add column name text;'
  await writeFile(join(folder.path, '0002-alter.sql'), second)
  await using _reader = await holdLock(database, 'select from good')
  let pauses = 0
  const pause = async () => {
    pauses += 1
  }
  await assert.rejects(migrateDatabase(database.url, folder.path, { pause }), (error) => {
    assert.ok(error instanceof MigrationError)
    assert.match(error.message, /0002-alter.sql cannot lock its tables; these hold them/)
    return true
  })
  assert.equal(pauses, 89)
})

/** Keeps its connections to the server when clients leave, as a pooler does. */
async function startPooler(databaseUrl: string): Promise<AsyncDisposable & { url: string }> {
  const url = new URL(databaseUrl)
  const port = Number(url.port)
  const sockets: Socket[] = []
  const pooler = createServer((client) => {
    const server = connect(port, '127.0.0.1')
    sockets.push(client, server)
    client.on('data', (bytes: Buffer) => {
      // The last message of a client that leaves, and of no other.
      if (!bytes.equals(Buffer.from([0x58, 0, 0, 0, 4]))) server.write(bytes)
    })
    client.on('end', () => client.end())
    server.on('data', (bytes) => client.write(bytes))
    for (const socket of [client, server]) socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve))
  const address = pooler.address()
  url.port = String(typeof address === 'object' ? address?.port : address)
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => pooler.close(resolve))
    },
  }
}

test('what migrated by way of a pooler keeps nobody from migrating after it', async () => {
  await using database = await createEmptyDatabase()
  await using pooler = await startPooler(database.url)
  assert.deepEqual(await migrateDatabase(pooler.url), NAMES)
  const { rows } = await database.pool.query(`
    select count(*)::integer as held from pg_locks l join pg_database d on d.oid = l.database
    where l.locktype = 'advisory' and d.datname = current_database()`)
  assert.deepEqual(rows, [{ held: 0 }])
  assert.deepEqual(await migrateDatabase(pooler.url), [])
})
