// The composition root: config → database → core → surfaces, sweep, simulator. The `compose-*.ts` beside it
// make the parts; they are put together here, and end here in the opposite order.
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { type Clock, systemClock } from './clock.ts'
import { createAccounts, trimAccounts } from './compose-accounts.ts'
import { startAlerts } from './compose-alerts.ts'
import { type Core, createCore } from './compose-core.ts'
import { ensureDemo, makeDemoSignInUrl } from './compose-demo.ts'
import {
  type Closers,
  closeAll,
  type Fail,
  startEmbedded,
  startSimulatorIfWanted,
} from './compose-machine.ts'
import { readDashboard } from './compose-pages.ts'
import type { Config } from './config.ts'
import { type Database, isDatabaseUnavailable } from './db/database.ts'
import { migrateDatabase } from './db/migrate.ts'
import { type OpenDatabase, openDatabase } from './db/open-database.ts'
import { tellLostSettings } from './db/session-settings-store.ts'
import { type Sweep, startNeededSweep, startSweep } from './db/sweep.ts'
import { createAddressList } from './http/address-list.ts'
import { createServer } from './http/server.ts'
import { httpUrl } from './http-url.ts'
import { createLogger, type Logger } from './log.ts'
import type { DemoAccount } from './merchants/demo.ts'
import { loadOrCreateSecret } from './merchants/secret-file.ts'
import { type MetricsSnapshot, serveMetrics } from './metrics.ts'

/** A running gateway, of one process or several. */
export type Gateway = {
  /** Where it listens, as `http://host:port`. */
  url: string
  simulatorUrl: string | null
  metricsUrl: string | null
  /** Set when the database is the embedded one. */
  demo: DemoAccount | null
  /** Signs in the demo user of the embedded database, once; null where there is none. */
  signInUrl: string | null
  /** What this process has counted. */
  metrics(): Promise<MetricsSnapshot>
  /** Resolves, to what is to be told, when it can go on no longer: its embedded database has ended. */
  failed: Promise<string>
  /** Ends everything within 5 s: what is under way is finished or left to its lease. */
  close(): Promise<void>
}

/** What tests, and the process above several gateways of a machine, put in place of a gateway's own. */
export type GatewayOverrides = {
  clock?: Clock
  log?: Logger
  /** An embedded database that another process has started. */
  embeddedUrl?: string
  /** A simulator in another process, for simulator shortcodes. */
  simulatorUrl?: string
}

/** What `GET /v1/network` shows is about as old. */
const COUNTS_EVERY_MS = 3_000
/** Allowances of apps that are no longer used are deleted this often. */
const TRIM_EVERY_MS = 3_600_000
/** A claim of this size says that more is waiting. */
const FULL_BATCH = 100
/** Requests under way get this long at the end; pushes and webhooks get 3 s more: below the promised 5 s. */
const REQUEST_GRACE_MS = 1_000
/** For the last statements of sweeps; one that hangs keeps nothing else from ending. */
const SWEEP_GRACE_MS = 300

/** Starts a gateway. Rejects, with nothing left running, when any part of it cannot start. */
export async function startGateway(config: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const clock = overrides.clock ?? systemClock
  const log = overrides.log ?? createLogger(config.logLevel)
  const closers: Closers = []
  const { promise: failed, resolve: fail } = Promise.withResolvers<string>()
  const close = () => closeAll(log, closers)
  try {
    return { ...(await start(config, { ...overrides, clock, log, closers, fail })), failed, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  config: Config,
  parts: GatewayOverrides & { clock: Clock; log: Logger; closers: Closers; fail: Fail },
): Promise<Omit<Gateway, 'close' | 'failed'>> {
  const { clock, log, closers, fail } = parts
  const secretKeys = config.secretKeys ?? (await loadOrCreateSecret(config.dataDir))
  const databaseUrl =
    config.databaseUrl ?? parts.embeddedUrl ?? (await startEmbedded(config, { log, closers, fail }))
  await migrateDatabase(databaseUrl, undefined, { log })
  const database = openDatabase({ log }, databaseUrl, config.processes)
  closers.push(database.close)
  await tellLostSettings({ log, db: database.work })
  const place = { publicUrl: config.publicUrl ?? `http://127.0.0.1:${config.port}`, port: config.port }
  const gatewayPort = () => place.port
  const simulatorUrl =
    parts.simulatorUrl ?? (await startSimulatorIfWanted(config, { clock, log, closers, gatewayPort }))
  const core = createCore({
    config,
    clock,
    log,
    db: database.work,
    asked: database.asked,
    secretKeys,
    simulatorUrl,
    publicUrl: () => place.publicUrl,
  })
  const publicUrl = () => place.publicUrl
  const sweeps = startSweeps(config, core, {
    ...{ log, publicUrl, db: database.work },
    trimEnded: () => trimAccounts({ core, asked: database.asked }),
  })
  closers.push(async () => {
    // A batch may wait for Daraja: the sweep is told to stop first, and has once the core cut that off.
    const swept = Promise.all(sweeps.map((sweep) => sweep.close()))
    await core.close()
    await Promise.race([swept, sleep(SWEEP_GRACE_MS)])
  })
  const { pool, asked } = database
  const accounts = createAccounts({ config, core, log, pool, asked, secretKeys, simulatorUrl, publicUrl })
  const app = await createHttp(config, core, {
    log,
    accounts,
    ready: database.ready,
    simulatorUrl,
    publicUrl,
  })
  closers.push(() => closeHttp(app, core))
  await app.listen({ host: config.host, port: config.port })
  const { port } = app.server.address() as AddressInfo
  place.publicUrl = config.publicUrl ?? `http://127.0.0.1:${port}`
  place.port = port
  const metricsUrl = await serveMetricsIfWanted(config, core, closers)
  const at = { baseUrl: place.publicUrl, simulatorUrl }
  const isEmbedded = config.databaseUrl === null
  const demo = isEmbedded ? await ensureDemo(config, core, pool, at) : null
  const signInUrl = isEmbedded ? await makeDemoSignInUrl(config, core, pool, at.baseUrl) : null
  const metrics = core.metrics.snapshot
  return { url: httpUrl(config.host, port), simulatorUrl, metricsUrl, demo, signInUrl, metrics }
}

function startSweeps(
  config: Config,
  core: Core,
  parts: { log: Logger; db: Database; publicUrl: () => string; trimEnded: () => Promise<number> },
): Sweep[] {
  const { log, trimEnded } = parts
  const options = {
    fullBatch: FULL_BATCH,
    onError(task: string, error: unknown) {
      // A database that is away is told of once, for all that it holds up.
      if (!isDatabaseUnavailable(error)) log.error({ task, err: error }, 'a sweep failed')
    },
  }
  const counts = { name: 'network counts', run: () => core.networkWatch.flush() }
  const budgets = { name: 'query budgets', run: () => core.trimQueryBudgets() }
  // Every process has its own counts to write.
  const entries = { name: 'audit entries', run: () => core.audit.sweep() }
  const watching = startSweep([counts, entries], { ...options, intervalMs: COUNTS_EVERY_MS })
  if (!config.roles.has('worker')) return [watching]
  const changes = { name: 'changes of merchants', run: () => core.trimMerchantChanges() }
  const ended = { name: 'ended sessions', run: trimEnded }
  const phones = { name: 'phone numbers', run: core.forgetPhones }
  const trimming = startSweep([budgets, changes, ended, phones], { ...options, intervalMs: TRIM_EVERY_MS })
  const working = startSweep(
    [
      { name: 'refused credentials', run: () => core.credentialHealth.sweep() },
      { name: 'deliveries', run: () => core.deliveries.sweep() },
    ],
    options,
  )
  const paying = startNeededSweep(
    { name: 'open payments', run: () => core.payments.lookForOpenWork() },
    {
      queued: { name: 'queued payments', run: () => core.payments.sweepQueued() },
      lapsed: { name: 'lapsed payments', run: () => core.payments.sweepLapsed() },
      askable: { name: 'questions', run: () => core.payments.sweepQuestions() },
      uncertain: { name: 'statements', run: () => core.statements.sweep() },
    },
    options,
  )
  core.payments.whenQueued(() => paying.wake('queued'))
  const alerting = startAlerts({ core, ...parts }, options)
  return [watching, trimming, working, paying, alerting]
}

async function createHttp(
  config: Config,
  core: Core,
  parts: {
    log: Logger
    ready: OpenDatabase['ready']
    accounts: ReturnType<typeof createAccounts>
    simulatorUrl: string | null
    publicUrl: () => string
  },
): Promise<FastifyInstance> {
  const { log, ready, accounts, simulatorUrl, publicUrl } = parts
  const files = await readDashboard(config)
  const allowed = createAddressList(config.callbackAllowlist)
  const httpLog = log.child({ part: 'http' })
  return createServer(
    {
      clock: core.clock,
      processes: config.processes,
      log: httpLog,
      authenticate: (key) => core.authenticator.authenticate(key),
      payments: core.payments,
      hooks: {
        receiveCallback: core.payments.receiveCallback,
        shedUnread: core.payments.shedUnread,
        readToken: core.callbackTokens.readToken,
        isAllowedAddress: allowed.includes,
      },
      v1: { ...core.settings, payments: core.payments, publicUrl },
      operations: { ready },
      ...(accounts === null ? {} : { accounts }),
      ...(files === undefined ? {} : { pages: { files, simulatorUrl, publicUrl } }),
    },
    {
      trustedProxies: config.trustedProxies,
      api: config.roles.has('api'),
      syncStkPush: config.queueConnection === 'sync',
      publicUrl,
      isPublicUrlSet: config.publicUrl !== null,
    },
  )
}

async function serveMetricsIfWanted(config: Config, core: Core, closers: Closers): Promise<string | null> {
  if (config.metricsPort === null) return null
  const address = { host: config.metricsHost, port: config.metricsPort }
  const served = await serveMetrics(core.metrics, address)
  closers.push(() => served.close())
  return served.url
}

/** Waiting answers go out at once; the others get a moment, and then their connections end. */
async function closeHttp(app: FastifyInstance, core: Core): Promise<void> {
  core.endWaiting()
  const closed = app.close()
  const timer = setTimeout(() => app.server.closeAllConnections(), REQUEST_GRACE_MS)
  await closed
  clearTimeout(timer)
}
