// Several gateway processes by one setting: they share a port, one that dies is soon back, and none outlives
// the one above them.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { isAlive, type StartedProcesses, startProcesses } from '../support/started-processes.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const BATCH = 20
/** As every client must have some. */
const PATIENCE_MS = 5_000

/** Its database, merchant and key; the gateway itself is ended. */
let bed: TestGateway
before(async () => {
  bed = await startTestGateway()
  await bed.gateway.close()
})
after(() => bed[Symbol.asyncDispose]())

const start = (more = {}) => startProcesses({ DATABASE_URL: bed.db.url, SUKUMA_SECRET: bed.secret, ...more })

/** A customer each: one who has a prompt up gets no second one. */
function* phones(): Generator<string, never> {
  for (let number = 254_712_000_000; ; number += 1) yield `${number}`
}
const customers = phones()

/** Makes a payment on a connection of its own; resolves to its id, or null when the connection broke. */
function pay(url: string, key: string): Promise<string | null> {
  const headers = { 'x-api-key': key, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/stk-push`, { method: 'POST', headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('error', () => resolve(null))
      response.on('end', () => {
        if (response.statusCode === 202) resolve(JSON.parse(text).tracking_id)
        else reject(new Error(`${response.statusCode} ${text}`))
      })
    })
    sent.on('error', () => resolve(null))
    // One that was just being handed to a process that died is answered by nobody.
    sent.setTimeout(PATIENCE_MS, () => sent.destroy())
    sent.end(JSON.stringify({ phone: customers.next().value, amount: 10, reference: 'R' }))
  })
}

/** Which of the processes have written a payment down. */
function creators({ logged }: StartedProcesses): Set<unknown> {
  return new Set(logged.filter(({ step }) => step === 'create').map((line) => line.process))
}

async function scrape({ metricsUrl }: StartedProcesses, name: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text()
  const values = text.split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line))
  return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

async function count(condition: string, values: unknown[] = []): Promise<number> {
  const text = `select count(*)::integer as count from payments where ${condition}`
  const { rows } = await bed.db.pool.query<{ count: number }>(text, values)
  return rows[0]?.count ?? 0
}

test('two processes take payments on one port, and their metrics are one sum', async () => {
  await using started = await start()
  const before = await count('true')
  const made = await Promise.all(Array.from({ length: BATCH }, () => pay(started.url, bed.merchant.key)))
  assert.ok(made.every((id) => id !== null))
  await until('both to have taken some', async () => creators(started).size === 2)
  await until('all to be paid', async () => (await count(`state <> 'succeeded'`)) === 0)
  assert.equal(await count('true'), before + BATCH)
  assert.equal(await scrape(started, 'sukuma_payments_created_total'), BATCH)
  assert.equal(await scrape(started, 'sukuma_time_to_certainty_seconds_count'), BATCH)
  assert.equal(await scrape(started, 'sukuma_payments_open'), 0)
  assert.equal(await scrape(started, 'sukuma_processes'), 2)
})

test('they listen on an address of IPv6 as on any other, and say where', async () => {
  await using started = await start({ HOST: '::1', METRICS_HOST: '::1' })
  assert.equal((await fetch(`${started.url}/readyz`)).status, 200)
  assert.equal(await scrape(started, 'sukuma_processes'), 2)
})

test('a process that is killed among requests costs no acknowledged payment, and comes back', async () => {
  await using started = await start()
  const victim = started.pids().get(1)
  assert.ok(victim !== undefined)
  const acknowledged: string[] = []
  const payOn = async (isEnough: () => boolean) => {
    while (!isEnough()) {
      const id = await pay(started.url, bed.merchant.key)
      if (id !== null) acknowledged.push(id)
    }
  }
  const isBack = () => started.pids().get(1) !== victim
  const payers = Array.from({ length: 4 }, () => payOn(isBack))
  await until('some payments', async () => acknowledged.length > BATCH)
  const counted = await scrape(started, 'sukuma_payments_created_total')
  process.kill(victim, 'SIGKILL')
  await Promise.all(payers)
  assert.equal(await count('id = any($1)', [acknowledged]), acknowledged.length)
  const sum = await scrape(started, 'sukuma_payments_created_total')
  assert.ok(sum >= counted, 'no counter goes back')
  assert.equal(await scrape(started, 'sukuma_process_losses_total'), 1)
  const pid = started.pids().get(1)
  await until('the new one to take payments', async () => {
    await pay(started.url, bed.merchant.key)
    const at = started.logged.findLastIndex((line) => line.pid === pid)
    return started.logged.slice(at).some((line) => line.process === 1 && line.step === 'create')
  })
})

test('SIGTERM ends all of them cleanly', async () => {
  await using started = await start()
  const pids = [...started.pids().values()]
  assert.equal(pids.filter(isAlive).length, 2)
  started.child.kill('SIGTERM')
  assert.deepEqual(await started.exit, [0, null])
  assert.deepEqual(pids.filter(isAlive), [])
})

test('none outlives the process above them, also when that one is killed', async () => {
  await using started = await start()
  const pids = [...started.pids().values()]
  started.child.kill('SIGKILL')
  await started.exit
  await until('their end', async () => !pids.some(isAlive))
})

test('a port that is taken is told, and nothing is left running', async () => {
  await using started = await start()
  const settings = { DATABASE_URL: bed.db.url, SUKUMA_SECRET: bed.secret, PORT: new URL(started.url).port }
  await assert.rejects(startProcesses(settings), /EADDRINUSE.*set PORT/)
})

test('they share an embedded database and its demo merchant', async () => {
  await using folder = await createTemporaryFolder(0o755)
  await using started = await startProcesses({ SUKUMA_DATA_DIR: folder.path })
  assert.ok(started.apiKey !== null)
  assert.ok((await pay(started.url, started.apiKey)) !== null)
  started.child.kill('SIGTERM')
  assert.deepEqual(await started.exit, [0, null])
})
