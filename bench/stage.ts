// Everything that a run needs, each part in a process of its own: PostgreSQL, gateways, M-Pesa, and those who
// pay and are told.
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts'
import { migrateDatabase } from '../src/db/migrate.ts'
import { silentLogger } from '../src/log.ts'
import { type BenchChild, startBenchChild } from './child-process.ts'
import type { DarajaDelays } from './daraja-double.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { makeShops } from './shops.ts'
import { makeDatabase } from './totals-store.ts'

/** What stands around those who are measured. */
export type Bed = {
  postgres: EmbeddedPostgres
  daraja: BenchChild
  darajaUrl: string
  load: BenchChild
  sinkUrl: string
}

/** The gateways of one database, and their merchant, or the first of many. */
export type Stage = Bed & {
  gateways: GatewayProcess[]
  apiKey: string
  webhookSecret: string
  /** SUKUMA_SECRET. */
  secret: Buffer
  /** The gateways' database. */
  db: pg.Pool
  /** One key a merchant, if there are more than one. */
  apiKeys: string[]
  /** Starts one more gateway on the database. */
  startGateway(settings: Record<string, string>): Promise<GatewayProcess>
}

/** The bench looks at the database with one or two statements at a time. */
const CONNECTIONS_MAX = 8

/** How many gateways, with which settings beside those of the bench, and where profiles of them go. */
export type GatewayWish = {
  count?: number
  settings?: Record<string, string>
  profileDir?: string | null
  merchants?: number
}

/** Starts all but a subject, below `dir`; they end with `stack`, whatever happens. */
export async function makeBed(stack: AsyncDisposableStack, dir: string): Promise<Bed> {
  const postgres = await startPostgres(stack, dir)
  const daraja = startBenchChild(stack, 'daraja-process.ts')
  const load = startBenchChild(stack, 'load-process.ts')
  const darajaUrl = String(await daraja.call('url'))
  return { postgres, daraja, darajaUrl, load, sinkUrl: String(await load.call('sinkUrl')) }
}

/** Starts gateways on a database of their own, with a merchant. */
export async function setStage(
  stack: AsyncDisposableStack,
  dir: string,
  { count = 1, settings = {}, profileDir = null, merchants = 1 }: GatewayWish,
): Promise<Stage> {
  const bed = await makeBed(stack, dir)
  const databaseUrl = await makeMigratedDatabase(bed.postgres.url, 'bench_gateway')
  const db = openPool(stack, databaseUrl)
  const secret = randomBytes(32)
  const shops = await makeShops(db, secret, { count: merchants, sinkUrls: [bed.sinkUrl] })
  const [shop] = shops
  if (shop === undefined) throw new Error('no merchant was made')
  const profile = profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileDir)}`]
  const options = { logFile: join(dir, 'gateway.log'), execArgv: profile }
  const all = {
    DATABASE_URL: databaseUrl,
    SUKUMA_SECRET: secret.toString('base64'),
    SUKUMA_DATA_DIR: join(dir, 'gateway'),
    SIMULATOR_PORT: 'off',
    DARAJA_SANDBOX_URL: bed.darajaUrl,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    ...settings,
  }
  const startGateway = (own: Record<string, string>) =>
    startGatewayProcess(stack, { ...all, ...own }, options)
  const gateways: GatewayProcess[] = []
  while (gateways.length < count) gateways.push(await startGateway({}))
  const webhookSecret = shop.webhookSecrets[0] ?? ''
  const apiKeys = shops.map((each) => each.apiKey)
  return { ...bed, gateways, apiKey: shop.apiKey, apiKeys, webhookSecret, secret, db, startGateway }
}

/** From now on Daraja takes so long, and customers do. */
export async function setDelays({ daraja }: Bed, delays: DarajaDelays): Promise<void> {
  await daraja.call('delays', delays)
}

/** A PostgreSQL of its own, with the settings that the product gives the embedded one. */
export async function startPostgres(stack: AsyncDisposableStack, dir: string): Promise<EmbeddedPostgres> {
  const options = { dataDir: join(dir, 'postgres'), systemHome: join(dir, 'system') }
  const postgres = await startEmbeddedPostgres({ log: silentLogger }, options)
  // Cut off while it was starting: nobody else will end it.
  if (stack.disposed) await postgres.stop()
  return stack.use(postgres)
}

/** A migrated database on the server; resolves to its URL. */
export async function makeMigratedDatabase(serverUrl: string, name: string): Promise<string> {
  const url = await makeEmptyDatabase(serverUrl, name)
  await migrateDatabase(url)
  return url
}

/** A database without a table on the server; resolves to its URL. */
export async function makeEmptyDatabase(serverUrl: string, name: string): Promise<string> {
  await using own = new AsyncDisposableStack()
  await makeDatabase(openPool(own, serverUrl), name)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** A pool that ends with `stack`. Counting millions of rows takes longer than the gateway ever waits. */
export function openPool(stack: AsyncDisposableStack, url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS_MAX })
  pool.on('error', () => undefined)
  return stack.adopt(pool, () => pool.end())
}
