// The embedded database dies under the gateway: the gateway says so and ends, and the next start has it all.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { until } from '../support/gateway.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
/** PostgreSQL runs as another user when this is root, and must be able to enter. */
const FOLDER_MODE = 0o755

type Demo = { base_url: string; api_key: string }

async function start(dataDir: string): Promise<{ child: ChildProcess; demo: Demo }> {
  const env = {
    SUKUMA_DATA_DIR: dataDir,
    PORT: '0',
    SIMULATOR_PORT: '0',
    METRICS_PORT: 'off',
    LOG_LEVEL: 'silent',
    SIMULATOR_SPEED: '50',
  }
  const child = spawn(process.execPath, [CLI, 'start', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  // It prints once it is ready, and by then demo.json is true.
  await once(child.stdout, 'data')
  return { child, demo: JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as Demo }
}

async function ask(demo: Demo, path: string, body?: object): Promise<Record<string, unknown>> {
  const headers = { 'x-api-key': demo.api_key, 'content-type': 'application/json' }
  const init = body === undefined ? { headers } : { method: 'POST', body: JSON.stringify(body), headers }
  return (await (await fetch(`${demo.base_url}${path}`, init)).json()) as Record<string, unknown>
}

test('a database killed under the gateway ends it, and the next start has every payment', async () => {
  await using cleanUp = new AsyncDisposableStack()
  const folder = cleanUp.use(await createTemporaryFolder(FOLDER_MODE))
  const dataDir = join(folder.path, 'data')
  const first = await start(dataDir)
  cleanUp.defer(() => void first.child.kill('SIGKILL'))
  const payment = { phone: '254700000000', amount: 10, reference: 'R', wait: 30 }
  const paid = await ask(first.demo, '/v1/payments', payment)
  assert.equal(paid.status, 'succeeded')
  const { pid } = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8')) as { pid: number }
  process.kill(pid, 'SIGKILL')
  const [exitCode] = await once(first.child, 'exit')
  assert.equal(exitCode, 1)
  const second = await start(dataDir)
  cleanUp.defer(async () => {
    second.child.kill('SIGTERM')
    await once(second.child, 'exit')
  })
  await until('the payment', async () => {
    const found = await ask(second.demo, `/v1/payments/${paid.id}`)
    return found.receipt === paid.receipt
  })
})
