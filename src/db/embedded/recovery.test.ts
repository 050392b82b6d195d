import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type GatewayChild, startGatewayChild } from '../../../test/support/gateway-child.ts'
import { createTemporaryFolder } from '../../../test/support/temporary-folder.ts'
import { silentLogger } from '../../log.ts'
import { locateBinaries, prepareBinaries } from './binaries.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { ownerOf } from './os-account.ts'
import { commandNames, isServerOf, readPostmasterFile } from './postmaster.ts'
import { parseRunning } from './running-postgres.ts'

const deps = { log: silentLogger }
const WAIT_LIMIT_MS = 20_000

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const limitMs = Date.now() + WAIT_LIMIT_MS
  while (!(await condition())) {
    assert.ok(Date.now() < limitMs, `waited in vain for ${what}`)
    await delay(5)
  }
}

async function runningIn(child: GatewayChild): Promise<{ url: string; pid: number }> {
  const line = `${await child.nextLine()}`
  const running = parseRunning(line.replace('}', ',"port":0}'))
  assert.ok(running, line)
  return running
}

/** A long-lived program that runs as PostgreSQL's user, or the server itself. */
async function spawnAsServerUser(clusterDir: string, file: string, args: string[]): Promise<ChildProcess> {
  const owner = await ownerOf(clusterDir)
  assert.ok(owner)
  const asOwner = owner.uid === process.geteuid?.() ? {} : owner
  const child = spawn(file, args, { cwd: '/', stdio: 'ignore', detached: true, ...asOwner })
  await once(child, 'spawn')
  return child
}

test('after the gateway is killed the next start finds every committed row', async () => {
  await using folder = await createTemporaryFolder(0o755)
  await using child = startGatewayChild({ dataDir: folder.path })
  const running = await runningIn(child)
  const client = new pg.Client({ connectionString: running.url })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('create table kept as select 42 as answer')
  await child.kill()
  await using postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  const again = new pg.Client({ connectionString: postgres.url })
  await again.connect()
  assert.deepEqual((await again.query('select answer from kept')).rows, [{ answer: 42 }])
  await again.end()
})

test('a killed gateway takes its database server down with it', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const clusterDir = join(folder.path, 'postgres', 'cluster')
  await using child = startGatewayChild({ dataDir: folder.path })
  const { pid } = await runningIn(child)
  assert.equal(await isServerOf(pid, clusterDir), true)
  await child.kill()
  await until(async () => !(await isServerOf(pid, clusterDir)), 'the server to end')
  await until(async () => (await readPostmasterFile(clusterDir)) === null, 'a clean shutdown')
})

test('a server that was left running is ended, and the database started anew', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const clusterDir = join(folder.path, 'postgres', 'cluster')
  const first = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  await first.stop()
  const account = await ownerOf(clusterDir)
  const { dir } = await prepareBinaries(deps, { account, stageDir: folder.path })
  const orphan = await spawnAsServerUser(clusterDir, join(dir, 'bin', 'postgres'), [
    ...['-D', clusterDir, '-p', new URL(first.url).port, '-c', 'unix_socket_directories='],
  ])
  const ended = once(orphan, 'exit')
  await until(async () => (await readPostmasterFile(clusterDir))?.ready === true, 'the orphan to be ready')
  await using postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  assert.deepEqual(await ended, [0, null], 'a clean shutdown')
  assert.notEqual(postgres.pid, orphan.pid)
})

test('a server that was killed itself is started again, its memory left behind or not', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const first = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  process.kill(first.pid, 'SIGKILL')
  await first.ended
  await first.stop()
  await using second = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  assert.notEqual(second.pid, first.pid)
})

test('a pid file whose number now belongs to another program harms neither', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const clusterDir = join(folder.path, 'postgres', 'cluster')
  const first = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  const pidFile = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8')
  await first.stop()
  const stranger = await spawnAsServerUser(clusterDir, '/bin/sleep', ['600'])
  const ended = once(stranger, 'exit')
  await writeFile(
    join(clusterDir, 'postmaster.pid'),
    pidFile.replace(String(first.pid), String(stranger.pid)),
  )
  await using postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  assert.notEqual(postgres.pid, stranger.pid)
  assert.equal(stranger.exitCode, null)
  assert.equal(stranger.signalCode, null)
  stranger.kill('SIGTERM')
  await ended
})

test('what an interrupted first start left behind is cleared away', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const home = join(folder.path, 'postgres')
  await mkdir(join(home, 'new-0123456789ab', 'cluster', 'base'), { recursive: true })
  await writeFile(join(home, 'new-0123456789ab', 'cluster', 'PG_VERSION'), '18\n')
  await using _postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  assert.deepEqual(
    (await readdir(home)).filter((name) => name.startsWith('new-')),
    [],
  )
})

test('a gateway killed while it makes the database is no obstacle to the next', async () => {
  await using folder = await createTemporaryFolder(0o755)
  const home = join(folder.path, 'postgres')
  const child = startGatewayChild({ dataDir: folder.path })
  const initialising = async () =>
    (await readdir(home).catch(() => [])).some((name) => name.startsWith('new-'))
  await until(initialising, 'initdb to begin')
  await child.kill()
  assert.equal(await stat(join(home, 'cluster')).catch(() => null), null, 'killed before it was complete')
  await using postgres = await startEmbeddedPostgres(deps, { dataDir: folder.path })
  assert.ok(await isServerOf(postgres.pid, join(home, 'cluster')))
})

test('a damaged pid file reads as none', async () => {
  await using folder = await createTemporaryFolder()
  for (const text of ['', 'abc\n', '-12\n', '1\n', '\n\n\n']) {
    await writeFile(join(folder.path, 'postmaster.pid'), text)
    assert.equal(await readPostmasterFile(folder.path), null, JSON.stringify(text))
  }
})

test('only a server of the very folder is taken for one', async () => {
  const { dir } = await locateBinaries()
  assert.equal(await isServerOf(process.pid, process.cwd()), false)
  assert.equal(commandNames(`${dir}/bin/postgres -D /srv/data/cluster -c port=1`, '/srv/data/cluster'), true)
  assert.equal(commandNames('/usr/bin/vim /srv/data/cluster/postgres', '/srv/data/cluster'), false)
  assert.equal(commandNames('postgres -D /srv/other', '/srv/data/cluster'), false)
})
