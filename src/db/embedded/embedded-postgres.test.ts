import assert from 'node:assert/strict'
import { chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { startGatewayChild } from '../../../test/support/gateway-child.ts'
import { createTemporaryFolder } from '../../../test/support/temporary-folder.ts'
import { silentLogger } from '../../log.ts'
import { locateBinaries, prepareBinaries } from './binaries.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { isRoot } from './os-account.ts'
import { findRunningEmbeddedPostgres, parseRunning } from './running-postgres.ts'

const deps = { log: silentLogger }
const NOBODY = 65_534

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('the database is made on a first start and kept for the next', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const dataDir = join(folder.path, 'data')
  const first = await startEmbeddedPostgres(deps, { dataDir })
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  await using second = await startEmbeddedPostgres(deps, { dataDir })
  assert.deepEqual(await query(second.url, 'select answer from kept'), [{ answer: 42 }])
})

test('what keeps data safe cannot be switched off, other settings can be chosen', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '33' }
  await using postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path, settings })
  const rows = await query(
    postgres.url,
    `select name, setting from pg_settings where name in
       ('fsync', 'synchronous_commit', 'full_page_writes', 'max_connections', 'server_encoding',
        'data_checksums')
     order by name`,
  )
  assert.deepEqual(
    rows.map((row) => `${row.name}=${row.setting}`),
    [
      'data_checksums=on',
      'fsync=on',
      'full_page_writes=on',
      'max_connections=33',
      'server_encoding=UTF8',
      'synchronous_commit=on',
    ],
  )
})

test('nobody gets in without the password, which only the owner can read', async () => {
  await using folder = await createTemporaryFolder(0o755)
  await using postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  const url = new URL(postgres.url)
  url.password = 'guessed'
  await assert.rejects(query(url.href, 'select 1'), /password authentication failed/)
  url.password = ''
  await assert.rejects(query(url.href, 'select 1'))
  for (const path of ['postgres.json', 'postgres/password', 'postgres/postgres.log']) {
    assert.equal((await stat(join(folder.path, path))).mode & 0o777, 0o600, path)
  }
  const log = await readFile(join(folder.path, 'postgres/postgres.log'), 'utf8')
  assert.match(log, /password authentication failed/)
  assert.ok(!log.includes('guessed'))
})

test('a data folder is made for its owner alone; if that is root, for others to pass through', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const dataDir = join(folder.path, 'data')
  const usual = process.umask(0)
  try {
    await using _postgres = await startEmbeddedPostgres(deps, { dataDir })
    assert.equal((await stat(dataDir)).mode & 0o777, isRoot() ? 0o755 : 0o700)
  } finally {
    process.umask(usual)
  }
})

test('the command line finds the database of a running gateway, and none that has stopped', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const file = join(folder.path, 'postgres.json')
  assert.equal(await findRunningEmbeddedPostgres(folder.path), null)
  const postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  const announced = await readFile(file, 'utf8')
  assert.deepEqual(await findRunningEmbeddedPostgres(folder.path), { url: postgres.url })
  assert.equal(parseRunning(announced)?.pid, postgres.pid)
  await postgres.stop()
  assert.equal(await findRunningEmbeddedPostgres(folder.path), null)
  await writeFile(file, announced)
  assert.equal(await findRunningEmbeddedPostgres(folder.path), null, 'a file left by a killed gateway')
  await writeFile(file, '{"url":')
  assert.equal(await findRunningEmbeddedPostgres(folder.path), null, 'a file that is not complete')
})

test('a second gateway on the same data folder is refused, and the first goes on', async () => {
  await using folder = await createTemporaryFolder(0o755)
  await using postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  await assert.rejects(startEmbeddedPostgres(deps, { dataDir: folder.path }), {
    code: 'in_use',
    message: /another gateway is running on the data folder .*SUKUMA_DATA_DIR/,
  })
  await using other = startGatewayChild({ dataDir: folder.path })
  assert.equal(await other.nextLine(), 'failed in_use')
  assert.deepEqual(await query(postgres.url, 'select 1 as one'), [{ one: 1 }])
})

test('a chosen port is used, and a port that is taken is told', async () => {
  await using folder = await createTemporaryFolder(0o755)
  await using taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  assert.ok(typeof address === 'object' && address !== null)
  const options = { dataDir: folder.path, port: address.port }
  await assert.rejects(startEmbeddedPostgres(deps, options), {
    code: 'start_failed',
    message: /Address already in use.*DATABASE_URL/s,
  })
  await taken[Symbol.asyncDispose]()
  await using postgres = await startEmbeddedPostgres(deps, options)
  assert.equal(new URL(postgres.url).port, String(address.port))
})

test('a server that is stopped from outside is noticed', async () => {
  await using folder = await createTemporaryFolder(0o755)
  await using postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  process.kill(postgres.pid, 'SIGINT')
  await postgres.ended
})

test('a data folder that cannot be made is named with its remedy', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const file = join(folder.path, 'file')
  await writeFile(file, '')
  await assert.rejects(startEmbeddedPostgres(deps, { dataDir: join(file, 'data') }), {
    code: 'folder_unusable',
    message: /SUKUMA_DATA_DIR/,
  })
})

if (isRoot()) {
  test('an ordinary user runs it too, with every file in the data folder', async () => {
    await using folder = await createTemporaryFolder(0o755)
    const dataDir = join(folder.path, 'data')
    await mkdir(dataDir)
    await chown(dataDir, NOBODY, NOBODY)
    const source = await locateBinaries()
    const account = { uid: NOBODY, gid: NOBODY }
    const programs = await prepareBinaries(deps, { account, stageDir: folder.path, programs: source })
    await using child = startGatewayChild({ dataDir, programs }, NOBODY)
    const running = parseRunning(`${await child.nextLine()}`.replace('}', ',"port":0}'))
    assert.ok(running)
    assert.deepEqual(await query(running.url, 'select 1 as one'), [{ one: 1 }])
    assert.equal((await stat(join(dataDir, 'postgres', 'cluster'))).uid, NOBODY)
  })
}
