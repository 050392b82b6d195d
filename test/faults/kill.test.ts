// Killed at any moment, the gateway loses no acknowledged payment and sends no second prompt.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../src/clock.ts'
import { createUuidSource } from '../../src/ids.ts'
import { silentLogger } from '../../src/log.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { createMerchant } from '../../src/merchants/merchants.ts'
import { createSealer } from '../../src/merchants/sealed.ts'
import { createShortcode } from '../../src/merchants/shortcodes.ts'
import { SANDBOX_PASSKEY } from '../../src/simulator/credentials.ts'
import { type LedgerEntry, type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/gateway.ts'
import { makeTcpDoor, type TcpDoor } from '../support/tcp-door.ts'

const KILLS = 5
const MERCHANTS_AT_ONCE = 8
/** Payments acknowledged between one kill and the next. */
const PAYMENTS_PER_LIFE = 40
const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

async function makeKey(db: TestDatabase, secret: Buffer): Promise<string> {
  const sealer = createSealer([secret])
  const deps = { db: db.pool, clock: systemClock, newUuid: createUuidSource(systemClock), sealer }
  const made = await createMerchant(deps, { name: 'drill' })
  if (made.code !== 'created') throw new Error(made.code)
  const merchantId = made.merchant.id
  const credentials = {
    consumerKey: 'simulator',
    consumerSecret: 'simulator-secret',
    passkey: SANDBOX_PASSKEY,
  }
  await createShortcode(deps, {
    merchantId,
    environment: 'sandbox',
    kind: 'paybill',
    number: '174379',
    credentials,
  })
  const key = await createApiKey(deps, { merchantId, live: false, name: 'drill' })
  if (key.code !== 'created') throw new Error(key.code)
  return key.text
}

type Drill = {
  db: TestDatabase
  simulator: Simulator
  key: string
  /** Where the gateway is for everybody, whichever port its present life has. */
  door: TcpDoor
  env: NodeJS.ProcessEnv
  children: Set<ChildProcess>
}

/** Starts the gateway as a process of its own; resolves once it says where it is. */
async function startProcess(drill: Drill): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CLI, 'start', '--json'], {
    env: drill.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  drill.children.add(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const said = await lines.next()
  if (said.done === true) throw new Error(`the gateway ended with ${child.exitCode}`)
  drill.door.open(Number(new URL(JSON.parse(said.value).url).port))
  return child
}

async function killProcess(drill: Drill, child: ChildProcess): Promise<void> {
  drill.children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  // Its port may soon be somebody else's.
  drill.door.shut()
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Pays until told to stop; keeps what was acknowledged by the reference that the ledger shows. */
async function payOn(drill: Drill, acknowledged: Map<string, string>, next: () => number, stop: AbortSignal) {
  while (!stop.aborted) {
    const n = next()
    const reference = `R${n}`
    const body = JSON.stringify({ phone: `2547${String(10_000_000 + n)}`, amount: 1 + (n % 9), reference })
    const headers = { 'x-api-key': drill.key, 'content-type': 'application/json' }
    const url = `${drill.door.url}/api/stk-push`
    const answer = await fetch(url, { method: 'POST', body, headers }).catch(() => null)
    if (answer?.status !== 202) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      continue
    }
    const made = (await answer.json().catch(() => null)) as { tracking_id?: string } | null
    if (made?.tracking_id !== undefined) acknowledged.set(made.tracking_id, reference)
  }
}

type Kept = { id: string; state: string; receipt: string | null; checkout_request_id: string | null }

async function audit(drill: Drill, acknowledged: Map<string, string>): Promise<void> {
  const pushes = new Map<string, LedgerEntry[]>()
  for (const entry of drill.simulator.ledger()) {
    pushes.set(entry.reference, [...(pushes.get(entry.reference) ?? []), entry])
  }
  for (const [reference, entries] of pushes)
    assert.equal(entries.length, 1, `${reference} was prompted twice`)
  const found = await drill.db.pool.query<Kept>(
    'select id, state, receipt, checkout_request_id from payments',
  )
  const kept = new Map(found.rows.map((row) => [row.id, row]))
  for (const [id, reference] of acknowledged) {
    const payment = kept.get(id)
    assert.ok(payment !== undefined, `${reference} was acknowledged and is lost`)
    const [truth] = pushes.get(reference) ?? []
    if (payment.state === 'succeeded') {
      assert.equal(truth?.resultCode, '0', reference)
      assert.equal(truth?.receipt, payment.receipt, reference)
    }
    if (payment.state === 'failed') assert.notEqual(truth?.resultCode, '0', reference)
    // A callback that came while nobody listened is lost, and the payment open until M-Pesa is asked; one
    // that was acknowledged has settled its payment.
    const told = truth !== undefined && truth.callbacksAnswered > 0
    if (!told) continue
    assert.equal(payment.state, 'succeeded', `${reference}: acknowledged and not settled`)
    assert.notEqual(payment.receipt, null, `${reference}: acknowledged and its receipt is lost`)
  }
}

/** What the dead held comes due now rather than in a minute and a half. */
async function endLeases(db: TestDatabase): Promise<void> {
  await db.pool.query(
    `update payments set leased_until = now() - interval '1 s', due_at = now() - interval '1 s'
     where state = 'sending'`,
  )
}

async function prepare(db: TestDatabase, simulator: Simulator, door: TcpDoor): Promise<Drill> {
  const secret = randomBytes(32)
  const key = await makeKey(db, secret)
  const env = {
    PORT: '0',
    PUBLIC_URL: door.url,
    DATABASE_URL: db.url,
    SUKUMA_SECRET: secret.toString('base64'),
    SIMULATOR_PORT: 'off',
    METRICS_PORT: 'off',
    LOG_LEVEL: 'silent',
    DARAJA_SANDBOX_URL: simulator.url,
  }
  return { db, simulator, key, door, env, children: new Set() }
}

test('killed five times under load, it loses nothing and prompts nobody twice', async () => {
  await using cleanUp = new AsyncDisposableStack()
  const db = cleanUp.use(await createTestDatabase())
  const simulator = await startSimulator(
    { clock: systemClock, log: silentLogger },
    { host: '127.0.0.1', port: 0, speed: 50 },
  )
  cleanUp.defer(() => simulator.close())
  const drill = await prepare(db, simulator, cleanUp.use(await makeTcpDoor()))
  cleanUp.defer(async () => {
    for (const child of drill.children) await killProcess(drill, child)
  })
  const acknowledged = new Map<string, string>()
  const stop = new AbortController()
  cleanUp.defer(() => stop.abort())
  let made = 0
  let child = await startProcess(drill)
  const payers = Array.from({ length: MERCHANTS_AT_ONCE }, () =>
    payOn(drill, acknowledged, () => (made += 1), stop.signal),
  )
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await until('enough payments', async () => acknowledged.size >= kill * PAYMENTS_PER_LIFE)
    await killProcess(drill, child)
    child = await startProcess(drill)
  }
  stop.abort()
  await Promise.all(payers)
  const ended = async () => simulator.ledger().every((entry) => entry.endedAtMs !== null)
  await until('the last callbacks', ended)
  await endLeases(db)
  await until('the end of the queue', async () => {
    const waiting = `select count(*) as count from payments where state in ('queued', 'sending')`
    return (await db.pool.query<{ count: string }>(waiting)).rows[0]?.count === '0'
  })
  await audit(drill, acknowledged)
})
