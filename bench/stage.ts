// Everything that a run needs, each part in a process of its own: PostgreSQL, gateway, simulator, baseline
// and those who pay and are told.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type pg from 'pg'
import { createPool } from '../src/db/database.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts'
import { migrateDatabase } from '../src/db/migrate.ts'
import { silentLogger } from '../src/log.ts'
import { type BenchChild, startBenchChild } from './child-process.ts'
import { makeAccount } from './gateway-account.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { makeDatabase } from './totals-store.ts'

/** The running parts. */
export type Stage = {
  gateway: GatewayProcess
  apiKey: string
  /** SUKUMA_SECRET. */
  secret: Buffer
  simulator: BenchChild
  load: BenchChild
  baseline: { child: BenchChild; url: string }
  /** The gateway's database. */
  db: pg.Pool
  postgresPid: number
}

/** Starts all parts below `dir`; they end with `stack`, whatever happens. */
export async function setStage(
  stack: AsyncDisposableStack,
  dir: string,
  profileDir: string | null,
): Promise<Stage> {
  const postgres = await startPostgres(stack, dir)
  const databaseUrl = await makeMigratedDatabase(postgres.url, 'bench_gateway')
  const db = openPool(stack, databaseUrl)
  const simulator = startBenchChild(stack, 'simulator-process.ts')
  const load = startBenchChild(stack, 'load-process.ts')
  const child = startBenchChild(stack, 'baseline-process.ts')
  const baselineUrl = await makeMigratedDatabase(postgres.url, 'bench_baseline')
  const baseline = { child, url: String(await child.call('start', baselineUrl)) }
  const secret = randomBytes(32)
  const apiKey = await makeAccount(db, secret, String(await load.call('sinkUrl')))
  const settings = {
    DATABASE_URL: databaseUrl,
    SUKUMA_SECRET: secret.toString('base64'),
    SUKUMA_DATA_DIR: join(dir, 'gateway'),
    SIMULATOR_PORT: 'off',
    METRICS_PORT: '0',
    DARAJA_SANDBOX_URL: String(await simulator.call('url')),
    WEBHOOK_ALLOW_PRIVATE: 'true',
  }
  const execArgv = profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]
  const logFile = join(dir, 'gateway.log')
  const gateway = await startGatewayProcess(stack, settings, { logFile, execArgv })
  return { gateway, apiKey, secret, simulator, load, baseline, db, postgresPid: postgres.pid }
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
  await using own = new AsyncDisposableStack()
  await makeDatabase(openPool(own, serverUrl), name)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await migrateDatabase(url.href)
  return url.href
}

/** A pool that ends with `stack`. */
export function openPool(stack: AsyncDisposableStack, url: string): pg.Pool {
  return stack.adopt(createPool(url), (pool) => pool.end())
}
