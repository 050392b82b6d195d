import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { createTemporaryFolder } from '../../../test/support/temporary-folder.ts'
import { silentLogger } from '../../log.ts'
import { locateBinaries, prepareBinaries, restoreLinks } from './binaries.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { accountNamed, isRoot } from './os-account.ts'

const deps = { log: silentLogger }
const NOBODY = { uid: 65_534, gid: 65_534 }

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** A tree like npm's package, small, with one link that is missing. */
async function makePrograms(packageDir: string): Promise<{ dir: string; version: string }> {
  const dir = join(packageDir, 'native')
  for (const path of ['bin', 'lib', 'share/postgresql']) await mkdir(join(dir, path), { recursive: true })
  for (const path of ['bin/initdb', 'bin/postgres']) {
    await writeFile(join(dir, path), 'program', { mode: 0o700 })
  }
  for (const path of ['lib/libpq.so.5.18', 'share/postgresql/postgres.bki']) {
    await writeFile(join(dir, path), 'content', { mode: 0o600 })
  }
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  await writeFile(join(dir, 'pg-symlinks.json'), JSON.stringify(links))
  return { dir, version: '18.0.0' }
}

test('the library links that npm leaves out are restored', async () => {
  await using folder = await createTemporaryFolder()
  const { dir } = await makePrograms(folder.path)
  assert.equal(await restoreLinks(dir), true)
  assert.equal(await readFile(join(dir, 'lib', 'libpq.so.5'), 'utf8'), 'content')
  assert.equal(await restoreLinks(dir), true, 'a second time')
})

test('a platform without a PostgreSQL package is told to use DATABASE_URL', async () => {
  await assert.rejects(locateBinaries('plan9-mips'), {
    code: 'binaries_missing',
    message: /plan9-mips.*npm ci.*DATABASE_URL/,
  })
})

test('accounts are read from the password file, and root is never one of them', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\npostgres:x:70:71::/var/lib:/bin/sh\nnobody:*:-2:-2::/:/x\n'
  assert.deepEqual(accountNamed(passwd, 'postgres'), { uid: 70, gid: 71 })
  assert.deepEqual(accountNamed(passwd, 'nobody'), { uid: 4_294_967_294, gid: 4_294_967_294 })
  assert.equal(accountNamed(passwd, 'root'), null)
  assert.equal(accountNamed(passwd, 'daemon'), null)
  assert.equal(accountNamed('postgres:x\n', 'postgres'), null)
})

if (isRoot()) {
  test('below a folder that others cannot enter, the database is where its user can reach it', async () => {
    await using folder = await createTemporaryFolder()
    await using system = await createTemporaryFolder(0o755)
    const options = { dataDir: join(folder.path, 'data'), systemHome: join(system.path, 'sukuma') }
    const first = await startEmbeddedPostgres(deps, options)
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    const home = (await readFile(join(options.dataDir, 'postgres-location'), 'utf8')).trim()
    assert.ok(home.startsWith(options.systemHome))
    const second = await startEmbeddedPostgres(deps, options)
    assert.deepEqual(await query(second.url, 'select answer from kept'), [{ answer: 42 }])
    await second.stop()

    await chmod(folder.path, 0o755)
    const opened = await startEmbeddedPostgres(deps, options)
    assert.deepEqual(await query(opened.url, 'select answer from kept'), [{ answer: 42 }], 'it stays there')
    await opened.stop()

    await rm(home, { recursive: true })
    await assert.rejects(startEmbeddedPostgres(deps, options), { code: 'files_missing' })
  })

  test('a database that its user can no longer reach is not replaced by an empty one', async () => {
    await using folder = await createTemporaryFolder(0o755)
    const dataDir = join(folder.path, 'data')
    const first = await startEmbeddedPostgres(deps, { dataDir })
    await first.stop()
    await chmod(folder.path, 0o700)
    const refused = { code: 'folder_unusable', message: /chmod o\+x/ }
    await assert.rejects(startEmbeddedPostgres(deps, { dataDir }), refused)
  })

  test('a data folder that was deleted begins anew, and the database it had is set aside', async () => {
    await using folder = await createTemporaryFolder()
    await using system = await createTemporaryFolder(0o755)
    const options = { dataDir: join(folder.path, 'data'), systemHome: join(system.path, 'sukuma') }
    const first = await startEmbeddedPostgres(deps, options)
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    await rm(options.dataDir, { recursive: true })
    await using second = await startEmbeddedPostgres(deps, options)
    assert.deepEqual(await query(second.url, "select to_regclass('kept') as found"), [{ found: null }])
  })

  test('programs that their user cannot reach are copied, and copied again when incomplete', async () => {
    await using folder = await createTemporaryFolder()
    await using system = await createTemporaryFolder(0o755)
    const programs = await makePrograms(folder.path)
    const options = { account: NOBODY, stageDir: system.path, programs }
    const staged = await prepareBinaries(deps, options)
    assert.ok(staged.dir.startsWith(system.path))
    assert.equal((await stat(join(staged.dir, 'bin', 'postgres'))).mode & 0o777, 0o755)
    assert.equal((await stat(join(staged.dir, 'lib', 'libpq.so.5'))).mode & 0o777, 0o644)
    await rm(join(staged.dir, 'lib', 'libpq.so.5.18'))
    const [again] = await Promise.all([prepareBinaries(deps, options), prepareBinaries(deps, options)])
    assert.equal(again.dir, staged.dir)
    assert.equal(await readFile(join(again.dir, 'lib', 'libpq.so.5'), 'utf8'), 'content')
    const newer = await prepareBinaries(deps, { ...options, programs: { ...programs, version: '18.0.1' } })
    assert.notEqual(newer.dir, staged.dir)
  })
}
