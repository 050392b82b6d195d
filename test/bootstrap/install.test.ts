import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Checkout, createCheckout, type Ended, end, writePackages } from './checkout.ts'

const MAIN =
  "process.stdout.write(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }) + '\\n')"

test('the first command installs, says so beside its output, and goes on in the project folder', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  const first = await checkout.run('sukuma.mjs', ['keys', 'list', '--json'])
  assert.deepEqual(JSON.parse(first.stdout), { args: ['keys', 'list', '--json'], cwd: checkout.path })
  assert.match(first.stderr, /^Installing packages/)
  const second = await checkout.run('sukuma.mjs', ['start'])
  assert.equal(second.stderr, '')
  const calls = await checkout.npmCalls()
  assert.equal(calls.length, 1)
  assert.match(calls[0] ?? '', new RegExp(`^${checkout.path} ci .*--ignore-scripts`))
})

test('commands that start at once install once', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  const all = await Promise.all([1, 2, 3].map(() => checkout.run('sukuma.mjs', ['start'])))
  for (const { code, stderr } of all) assert.equal(code, 0, stderr)
  assert.equal((await checkout.npmCalls()).length, 1)
})

test('a changed lock file is installed anew, and packages for other platforms may be absent', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  await checkout.run('sukuma.mjs', [])
  const changed = { 'node_modules/left': { version: '1.0.1', integrity: 'sha512-b' } }
  await writePackages(checkout.path, changed)
  await checkout.run('sukuma.mjs', [])
  assert.equal((await checkout.npmCalls()).length, 2)
  await writePackages(checkout.path, { ...changed, 'node_modules/mac': { version: '1.0.0', optional: true } })
  await checkout.run('sukuma.mjs', [])
  assert.equal((await checkout.npmCalls()).length, 2)
})

test('development tools are installed for tests only, whatever NODE_ENV and npm say', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  await checkout.run('sukuma.mjs', [])
  const tool = { 'node_modules/tool': { version: '1.0.0', dev: true } }
  const packages = { 'node_modules/left': { version: '1.0.0', integrity: 'sha512-a' }, ...tool }
  await writePackages(checkout.path, packages)
  await checkout.run('sukuma.mjs', [])
  assert.equal((await checkout.npmCalls()).length, 1)
  const environment = { NODE_ENV: 'production', npm_config_omit: 'dev', npm_lifecycle_event: 'test' }
  const ran = await checkout.run('run.mjs', ['src/cli/main.ts', 'one'], environment)
  assert.deepEqual(JSON.parse(ran.stdout).args, ['one'])
  assert.match((await checkout.npmCalls())[1] ?? '', /--include=dev omit=$/)
})

test('a failed install shows what npm said, and fails', async () => {
  await using checkout = await createCheckout({ main: MAIN, npm: 'echo "npm error network" >&2; exit 1' })
  const { code, stdout, stderr } = await checkout.run('sukuma.mjs', ['start'])
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /npm error network\nsukuma: "npm ci" failed in .*try again/)
})

test('the lock of a process that died is taken over', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  const lock = join(checkout.path, '.install-lock')
  await mkdir(lock)
  // No process has a number as high as this.
  const dead = { token: 'dead', pid: 2 ** 30, host: hostname() }
  await writeFile(join(lock, 'owner.json'), JSON.stringify(dead))
  assert.equal((await checkout.run('sukuma.mjs', [])).code, 0)
  assert.equal((await checkout.npmCalls()).length, 1)
  assert.equal(await stat(lock).catch(() => null), null)
})

/** Runs a command that is to wait for nobody: one that does is killed. */
async function runAtOnce(checkout: Checkout, first?: string): Promise<Ended> {
  const child = checkout.start('sukuma.mjs', [], {}, first)
  child.stderr?.on('data', (chunk) => {
    if (String(chunk).includes('Waiting for another process')) child.kill('SIGKILL')
  })
  return end(child)
}

test('nor is the lock of a process believed whose number another one has by now', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  const lock = join(checkout.path, '.install-lock')
  const dead = { token: 'dead', host: hostname() }
  await mkdir(lock)
  await writeFile(join(lock, 'owner.json'), JSON.stringify({ ...dead, pid: process.pid, began: '1' }))
  // Without /proc nothing tells this process from the one that had its number.
  const isTold = existsSync('/proc/self/stat')
  assert.equal((await runAtOnce(checkout)).signal, isTold ? null : 'SIGKILL')
  assert.equal((await checkout.npmCalls()).length, isTold ? 1 : 0)
})

test('nor is a lock with the number of the very process that looks', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  const lock = join(checkout.path, '.install-lock')
  await mkdir(lock)
  const owner = `'{"token":"dead","host":"${hostname()}","pid":'$$'}'`
  const { code, stderr } = await runAtOnce(checkout, `echo ${owner} > '${lock}/owner.json'`)
  assert.equal(code, 0, stderr)
  assert.equal((await checkout.npmCalls()).length, 1)
})

test('a lock that cannot be written is told in words, and left to nobody', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  // No byte fits any file, as on a full disk.
  const { code, stderr } = await checkout.run('sukuma.mjs', [], {}, 'ulimit -f 0')
  assert.equal(code, 1)
  assert.match(stderr, /^sukuma: cannot write in .* make room there, then try again\n$/)
  assert.equal(await stat(join(checkout.path, '.install-lock')).catch(() => null), null)
})

test('a damaged lock file and an unknown tool are named', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  assert.match((await checkout.run('run.mjs', ['--tool', 'nothing'])).stderr, /no tool named "nothing"/)
  assert.match((await checkout.run('run.mjs', [])).stderr, /^sukuma: usage/)
  await writeFile(join(checkout.path, 'package-lock.json'), '{')
  const { code, stderr } = await checkout.run('sukuma.mjs', [])
  assert.equal(code, 1)
  assert.match(stderr, /package-lock\.json is missing or damaged/)
})

test('the command can be run by itself', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  const command = join(checkout.path, 'bin', 'sukuma.mjs')
  assert.ok((await stat(command)).mode & 0o100)
  assert.match(await readFile(command, 'utf8'), /^#!\/usr\/bin\/env node\n/)
})
