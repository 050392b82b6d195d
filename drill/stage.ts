// Everything that a drill needs, each part in a process of its own: PostgreSQL, two gateways, Safaricom with
// its networks, and the merchant.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type pg from 'pg'
import { type BenchChild, startBenchChild } from '../bench/child-process.ts'
import { scaledClock } from '../src/clock.ts'
import { createPool } from '../src/db/database.ts'
import { migrateDatabase } from '../src/db/migrate.ts'
import { makeAccount, makeEndpoints } from './account.ts'
import { type DrilledDatabase, startDrilledDatabase } from './database.ts'
import { type Gateways, startGateways } from './gateways.ts'
import type { MerchantOrder } from './merchant-process.ts'
import type { Plan } from './plan.ts'
import type { SafaricomOrder, SafaricomPlace } from './simulator-process.ts'

/** The running parts. */
export type DrillStage = {
  database: DrilledDatabase
  gateways: Gateways
  safaricom: BenchChild
  merchant: BenchChild
  /** For looking on; its connections come and go with the server. */
  pool: pg.Pool
  /** The clock that everybody shares. */
  clock: { now(): number }
}

/** Pushes that were refused are remembered too, and each payment may have several. */
const LEDGER_PER_PAYMENT = 6
const LEDGER_MIN = 200_000

/** Starts all parts below `dir`; they end with `stack`. */
export async function setDrillStage(
  stack: AsyncDisposableStack,
  dir: string,
  plan: Plan,
  keepLogs: boolean,
): Promise<DrillStage> {
  const shared = { epochMs: Date.now(), clockFactor: plan.clockFactor }
  const clock = scaledClock(shared.epochMs, shared.clockFactor)
  const [databasePort, ...gatewayPorts] = await freePorts()
  const place = { dataDir: join(dir, 'postgres'), systemHome: join(dir, 'system') }
  const database = stack.use(await startDrilledDatabase({ ...place, port: databasePort }))
  await migrateDatabase(database.url)
  const pool = stack.adopt(createPool(database.url), (each) => each.end())
  const secret = randomBytes(32)
  const apiKey = await makeAccount(pool, clock, secret)
  const safaricom = startBenchChild(stack, '../drill/simulator-process.ts')
  const merchant = startBenchChild(stack, '../drill/merchant-process.ts')
  const order: SafaricomOrder = {
    ...shared,
    seed: plan.seed,
    gatewayPorts,
    ledgerCapacity: Math.max(LEDGER_MIN, plan.wishes.length * LEDGER_PER_PAYMENT),
  }
  const { darajaUrl, publicUrl } = readPlace(await safaricom.call('start', order))
  const receiverUrl = String(await merchant.call('listen', shared))
  const settings = {
    DATABASE_URL: database.url,
    SUKUMA_SECRET: secret.toString('base64'),
    SUKUMA_DATA_DIR: join(dir, 'gateway'),
    PUBLIC_URL: publicUrl,
    SIMULATOR_PORT: 'off',
    METRICS_PORT: 'off',
    LOG_LEVEL: keepLogs ? 'info' : 'error',
    WEBHOOK_ALLOW_PRIVATE: 'true',
  }
  const [first = 0, second = 0] = gatewayPorts
  const ports = [first, second] as const
  const gateways = stack.use(
    await startGateways({ ports, settings, shared: { ...shared, darajaUrl }, logDir: dir }),
  )
  await gateways.ready()
  const secrets = await makeEndpoints(gateways.urls[0] ?? '', apiKey, receiverUrl)
  const known: MerchantOrder = { gateways: gateways.urls, apiKey, secrets }
  await merchant.call('know', known)
  return { database, gateways, safaricom, merchant, pool, clock }
}

/** Three at a time, so that they differ. */
async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()]
  const ports: number[] = []
  for (const server of servers) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address === 'object' && address !== null) ports.push(address.port)
  }
  for (const server of servers) server.close()
  const [a, b, c] = ports
  if (a === undefined || b === undefined || c === undefined) throw new Error('the system gave no port')
  return [a, b, c]
}

/** From the simulator's process, which is of this folder. */
function readPlace(value: unknown): SafaricomPlace {
  return value as SafaricomPlace
}
