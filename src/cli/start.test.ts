import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { readEnvironment } from '../config.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const REPORT_LOADED = new URL('testing/report-loaded.ts', import.meta.url).href
const OK = 0
const FAILED = 1

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

/** What takes megabytes, and is loaded at its first use. */
const UNNEEDED = [
  /node_modules\/(better-auth|nodemailer|@scalar|ajv|@fastify\/ajv-compiler)\//,
  /src\/(simulator\/|db\/embedded\/embedded-postgres\.ts)/,
  /node_modules\/undici\/(index\.js|lib\/(web|mock|cache|interceptor)\/)/,
  // Node's own fetch, which an import of node:http loads.
  /internal\/deps\/undici/,
]

type Started = AsyncDisposable & {
  child: ChildProcess
  url: string
  exit: Promise<unknown[]>
  errors(): string
}

function launch(settings: Record<string, string>, preloaded: string[] = []) {
  const env = {
    PATH: readEnvironment().PATH,
    DATABASE_URL: database.url,
    SUKUMA_SECRET: Buffer.alloc(32, 3).toString('base64'),
    PORT: '0',
    SIMULATOR_PORT: '0',
    METRICS_PORT: 'off',
    LOG_LEVEL: 'silent',
    ...settings,
  }
  const child = spawn(process.execPath, [...preloaded, MAIN, 'start', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let text = ''
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  return { child, exit: once(child, 'exit'), errors: () => text }
}

/** A gateway in a process of its own, once it has said where it is. */
async function startProcess(
  settings: Record<string, string> = {},
  preloaded: string[] = [],
): Promise<Started> {
  const { child, exit, errors } = launch(settings, preloaded)
  assert.ok(child.stdout)
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([once(lines, 'line'), exit])
  const [said] = line
  assert.equal(typeof said, 'string', errors())
  const dispose = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exit
  }
  return { child, url: JSON.parse(String(said)).url, exit, errors, [Symbol.asyncDispose]: dispose }
}

describe('a gateway that was started', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`answers, and ends cleanly on ${signal}`, async () => {
      await using gateway = await startProcess()
      assert.equal((await fetch(`${gateway.url}/healthz`)).status, 200)
      gateway.child.kill(signal)
      assert.deepEqual(await gateway.exit, [OK, null], gateway.errors())
    })
  }

  it('ends with the process that launched it', async () => {
    await using gateway = await startProcess()
    gateway.child.disconnect()
    assert.deepEqual(await gateway.exit, [OK, null], gateway.errors())
  })

  it('has loaded nothing that only some gateways or a few requests need', async () => {
    const preloaded = ['--import', REPORT_LOADED]
    await using gateway = await startProcess({ SIMULATOR_PORT: 'off', METRICS_PORT: '0' }, preloaded)
    assert.equal((await fetch(`${gateway.url}/readyz`)).status, 200)
    gateway.child.kill('SIGTERM')
    await gateway.exit
    const { loaded } = JSON.parse(gateway.errors().trim().split('\n').at(-1) ?? '')
    const has = (part: RegExp) => loaded.filter((address: string) => part.test(address))
    assert.notDeepEqual(has(/src\/main\.ts$/), [])
    for (const part of UNNEEDED) assert.deepEqual(has(part), [], `${part}`)
  })

  it('says which port is taken and what to set', async () => {
    await using gateway = await startProcess()
    const second = launch({ PORT: new URL(gateway.url).port })
    assert.deepEqual(await second.exit, [FAILED, null])
    assert.match(second.errors(), /EADDRINUSE.*set PORT/)
  })

  it('is not started at all with wrong settings, each of which is told', async () => {
    const { exit, errors } = launch({ QUEUE_CONNECTION: 'redis', SUKUMA_SECRET: 'short', HOST: '?' })
    assert.deepEqual(await exit, [FAILED, null])
    for (const name of ['QUEUE_CONNECTION', 'SUKUMA_SECRET', 'HOST']) assert.match(errors(), new RegExp(name))
  })
})
