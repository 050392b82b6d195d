import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../support/gateway.ts'
import { type Checkout, createCheckout, end, writePackages } from './checkout.ts'

/** A gateway that runs until it is told to end; any other command ends by itself. */
const MAIN = `
  process.stdout.write(process.pid + '\\n')
  process.once('SIGTERM', () => process.exit(0))
  if (process.argv[2] === 'start') setInterval(() => {}, 1000)
`
const LEFT = { 'node_modules/left': { version: '1.0.0', integrity: 'sha512-a' } }
const NEWER = { 'node_modules/left': { version: '1.0.1', integrity: 'sha512-b' } }
const TOOL = { 'node_modules/tool': { version: '1.0.0', dev: true } }

const notesOf = ({ path }: Checkout) => join(path, 'node_modules', '.cache', 'running')

type Started = AsyncDisposable & { pid: string; end(): Promise<number | null> }

/** A gateway whose packages have been installed. */
async function startGateway(checkout: Checkout): Promise<Started> {
  const launcher = checkout.start('sukuma.mjs', ['start'])
  await using starting = new AsyncDisposableStack()
  const stop = async () => {
    launcher.kill('SIGTERM')
    return (await ended).code
  }
  starting.defer(async () => void (await stop()))
  assert.ok(launcher.stdout)
  const saying = once(launcher.stdout, 'data')
  const ended = end(launcher)
  const [said] = await saying
  await until('the note', async () => (await readdir(notesOf(checkout)).catch(() => [])).length === 1)
  const started = starting.move()
  return { pid: String(said).trim(), end: stop, [Symbol.asyncDispose]: () => started.disposeAsync() }
}

test('no command replaces packages while a gateway runs with them, and says which one', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  await using gateway = await startGateway(checkout)
  assert.equal((await checkout.run('sukuma.mjs', ['keys', 'list'])).code, 0)
  await writePackages(checkout.path, NEWER)
  for (const args of [['keys', 'list'], ['start']]) {
    const { code, stdout, stderr } = await checkout.run('sukuma.mjs', args)
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(
      stderr,
      new RegExp(`^sukuma: packages must be installed .*\\(process ${gateway.pid}\\): end it`),
    )
  }
  assert.equal((await checkout.npmCalls()).length, 1)
  assert.equal(await gateway.end(), 0)
  assert.deepEqual(await readdir(notesOf(checkout)), [])
  assert.equal((await checkout.run('sukuma.mjs', ['keys', 'list'])).code, 0)
  assert.equal((await checkout.npmCalls()).length, 2)
})

test('nor do tests that lack their tools', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  await using gateway = await startGateway(checkout)
  await writePackages(checkout.path, { ...LEFT, ...TOOL })
  const refused = await checkout.run('run.mjs', ['src/cli/main.ts'])
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /a gateway runs with those that they would replace/)
  assert.equal((await checkout.run('sukuma.mjs', ['keys', 'list'])).code, 0)
  await gateway.end()
  assert.equal((await checkout.run('run.mjs', ['src/cli/main.ts'])).code, 0)
})

test('a gateway that was killed, with all that could have told of it, holds up nobody', async () => {
  await using checkout = await createCheckout({ main: MAIN })
  await checkout.run('sukuma.mjs', [])
  await mkdir(notesOf(checkout), { recursive: true })
  // No process has a number as high as this; a full disk may leave a note with nothing in it.
  await writeFile(join(notesOf(checkout), 'dead.json'), JSON.stringify({ pid: 2 ** 30, began: null }))
  await writeFile(join(notesOf(checkout), 'empty.json'), '')
  await writePackages(checkout.path, NEWER)
  assert.equal((await checkout.run('sukuma.mjs', [])).code, 0)
  assert.equal((await checkout.npmCalls()).length, 2)
})
