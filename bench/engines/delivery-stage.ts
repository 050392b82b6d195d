// What deliveries are measured with: PostgreSQL, a gateway, Daraja, the merchants and their receiver,
// and one payment made for real, of which an outage's deliveries are copies.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { EmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts'
import { type BenchChild, startBenchChild } from '../child-process.ts'
import { type GatewayProcess, startGatewayProcess } from '../gateway-process.ts'
import { countPendingDeliveries } from '../outage-store.ts'
import { makeShops, type Shop } from '../shops.ts'
import { makeMigratedDatabase, openPool, startPostgres } from '../stage.ts'
import type { Example } from './receiver-process.ts'

/** The running parts. */
export type DeliveryStage = {
  postgres: EmbeddedPostgres
  db: pg.Pool
  gateway: GatewayProcess
  receiver: BenchChild
  daraja: BenchChild
  shops: Shop[]
  /** Where the webhooks of every endpoint go. */
  receiverUrl: string
  /** The webhook of the payment that was made, as it came. */
  example: Example
}

/** How many merchants there are, and endpoints of each; how the gateway is started. */
export type DeliveryWish = { merchants: number; endpoints: number; profileDir: string | null }

const POLL_MS = 25
const SETTLE_LIMIT_MS = 60_000
const RECEIVE_LIMIT_MS = 20_000
const ACCEPTED = 202

/** Starts all parts below `dir`; they end with `stack`. */
export async function setDeliveryStage(
  stack: AsyncDisposableStack,
  dir: string,
  wish: DeliveryWish,
): Promise<DeliveryStage> {
  const postgres = await startPostgres(stack, dir)
  const databaseUrl = await makeMigratedDatabase(postgres.url, 'bench_gateway')
  const db = openPool(stack, databaseUrl)
  const daraja = startBenchChild(stack, 'daraja-process.ts')
  const receiver = startBenchChild(stack, 'engines/receiver-process.ts')
  const receiverUrl = String(await receiver.call('url'))
  const secret = randomBytes(32)
  const sinkUrls = Array.from({ length: wish.endpoints }, (_, index) => `${receiverUrl}/${index}`)
  const shops = await makeShops(db, secret, { count: wish.merchants, sinkUrls })
  for (const each of shops.flatMap((shop) => shop.webhookSecrets)) await receiver.call('trust', each)
  const settings = {
    ...{ DATABASE_URL: databaseUrl, SUKUMA_SECRET: secret.toString('base64') },
    ...{ SUKUMA_DATA_DIR: join(dir, 'gateway'), SIMULATOR_PORT: 'off', METRICS_PORT: '0' },
    DARAJA_SANDBOX_URL: String(await daraja.call('url')),
    WEBHOOK_ALLOW_PRIVATE: 'true',
  }
  const execArgv = wish.profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${wish.profileDir}`]
  const gateway = await startGatewayProcess(stack, settings, { logFile: join(dir, 'gateway.log'), execArgv })
  const parts = { postgres, db, gateway, receiver, daraja, shops, receiverUrl }
  return { ...parts, example: await payOnce(parts) }
}

async function payOnce({ gateway, receiver, db, shops }: Omit<DeliveryStage, 'example'>): Promise<Example> {
  const [shop] = shops
  const answer = await fetch(`${gateway.url}/api/stk-push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': shop?.apiKey ?? '' },
    body: JSON.stringify({ phone: '254712345678', amount: 10, reference: 'MODEL' }),
  })
  if (answer.status !== ACCEPTED) throw new Error(`the gateway answered ${answer.status}`)
  await receiver.call('until', { count: 1, limitMs: RECEIVE_LIMIT_MS })
  await untilDelivered(db)
  return readExample(await receiver.call('example'))
}

/** Resolves once every delivery is recorded. */
export async function untilDelivered(db: pg.Pool): Promise<void> {
  await untilNone(() => countPendingDeliveries(db), 'deliveries')
}

/** Resolves once `count` finds nothing. */
export async function untilNone(count: () => Promise<number>, what: string): Promise<void> {
  const giveUpAt = performance.now() + SETTLE_LIMIT_MS
  for (let left = await count(); left > 0; left = await count()) {
    if (performance.now() > giveUpAt) throw new Error(`${left} ${what} were still left after a minute`)
    await delay(POLL_MS)
  }
}

/** From the receiver's process, which is of this folder. */
function readExample(value: unknown): Example {
  return value as Example
}
