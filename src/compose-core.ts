// The core of one process, wired: payments, webhooks, merchants and Daraja over one database.
import { setTimeout as sleep } from 'node:timers/promises'
import { type AuditLog, createAuditLog } from './audit/audit-log.ts'
import type { Clock } from './clock.ts'
import { createInsight, type Insight } from './compose-insight.ts'
import { createStatements } from './compose-statements.ts'
import type { Config } from './config.ts'
import { createDarajaClient } from './daraja/client.ts'
import { createTokenStore, type TokenSeal } from './daraja/token-store.ts'
import { type Database, isDatabaseUnavailable } from './db/database.ts'
import { untilAvailable } from './db/until-available.ts'
import { bindPaymentTrails } from './http/v1/payment-trails.ts'
import {
  bindApiKeySettings,
  bindShortcodeSettings,
  bindWebhookSettings,
  type V1Deps,
} from './http/v1/v1-deps.ts'
import { createUuidSource, type UuidSource } from './ids.ts'
import type { Logger } from './log.ts'
import { createMailer, type Mailer } from './mail/mailer.ts'
import { createNoteKeyUse } from './merchants/api-key-store.ts'
import { type CallbackTokens, createCallbackTokens } from './merchants/callback-token.ts'
import { type ChangeFeed, createChangeFeed } from './merchants/change-feed.ts'
import { createTrimMerchantChanges, readMerchantChanges } from './merchants/change-feed-store.ts'
import { changeMerchantSettings } from './merchants/change-settings.ts'
import { type CredentialHealth, createCredentialHealth } from './merchants/credential-health.ts'
import { createKeyAuthenticator, type KeyAuthenticator } from './merchants/key-authenticator.ts'
import { readMerchantSettings } from './merchants/merchant-settings-store.ts'
import { createReadCache, followed } from './merchants/read-cache.ts'
import { createSealer, type Sealer } from './merchants/sealed.ts'
import { createShortcodeDirectory, type ShortcodeDirectory } from './merchants/shortcode-directory.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { findLane } from './payments/lane-name.ts'
import { createNetworkWatch, NETWORK_WINDOW_MS, type NetworkWatch } from './payments/network.ts'
import type { PaymentObserver } from './payments/payment-deps.ts'
import { readPayments } from './payments/payment-read-store.ts'
import { createPaymentService, type PaymentService } from './payments/payment-service.ts'
import { createPaymentStore } from './payments/payment-store.ts'
import { createQueryBudget } from './payments/query-budget.ts'
import { createQueryBudgetStore, trimQueryBudgets } from './payments/query-budget-store.ts'
import type { StatementService } from './payments/statement-service.ts'
import { createStatementStore } from './payments/statement-store.ts'
import { createWaiters } from './payments/waiters.ts'
import { createAttempter } from './webhooks/attempt.ts'
import { ATTEMPT_TIMEOUT_MS, DELIVERY_LEASE_MS } from './webhooks/delivery.ts'
import { readDeliveryBacklog } from './webhooks/delivery-backlog-store.ts'
import { createRecordDelivery } from './webhooks/delivery-record-store.ts'
import { createDeliveryWorker, type DeliveryWorker } from './webhooks/delivery-worker.ts'
import {
  createEndpointDirectory,
  type EndpointCache,
  type EndpointDirectory,
} from './webhooks/endpoint-directory.ts'
import { createFindPublicKeys } from './webhooks/endpoint-keys.ts'
import type { EndpointDeps } from './webhooks/endpoints.ts'
import { privateReachOf } from './webhooks/private-reach.ts'

/** For the last statements; a database that is away has leases to fall back on. */
const RECORD_GRACE_MS = 300

/** What the core is made of and where it is. */
export type CoreParts = {
  config: Config
  clock: Clock
  log: Logger
  db: Database
  /** The same database for requests: it says no in time. */
  asked: Database
  secretKeys: readonly Buffer[]
  simulatorUrl: string | null
  /** Asked at each push: with port 0 it is known only once the server listens. */
  publicUrl: () => string
}

/** The core of one process. */
export type Core = {
  clock: Clock
  newUuid: UuidSource
  sealer: Sealer
  metrics: Metrics
  payments: PaymentService
  deliveries: DeliveryWorker
  authenticator: KeyAuthenticator
  callbackTokens: CallbackTokens
  shortcodes: ShortcodeDirectory
  credentialHealth: CredentialHealth
  statements: StatementService
  daraja: ReturnType<typeof createDarajaClient>
  /** What merchants may change over HTTP. */
  settings: Omit<V1Deps, 'payments' | 'publicUrl'>
  audit: AuditLog
  mailer: Mailer
  networkWatch: NetworkWatch
  /** Deletes the allowances of apps that are no longer used; how many. */
  trimQueryBudgets(): Promise<number>
  /** Deletes what was heard of by every process at its last call; how many. */
  trimMerchantChanges(): Promise<number>
  endpointDeps: EndpointDeps
  endpointDirectory: EndpointDirectory
  /** See `Insight.forgetPhones`. */
  forgetPhones: Insight['forgetPhones']
  /** Lets every waiting answer go out now. */
  endWaiting(): void
  /** Ends pushes and deliveries; the pool is the caller's. */
  close(): Promise<void>
}

/** Wires the core. Nothing runs by itself but what it is asked for. */
export function createCore(parts: CoreParts): Core {
  const { config, clock, log, db, asked } = parts
  const shared = createShared(parts)
  const { newUuid, process, metrics, sealer, feed } = shared
  const networkWatch = createNetworkWatch({ clock, process, db: asked })
  const audit = createAuditLog({ db: asked, clock, newUuid, log })
  const webhooks = createWebhooks(shared)
  const callbackTokens = createCallbackTokens(parts.secretKeys)
  const urls = darajaUrls(parts)
  const shortcodes = createShortcodeDirectory({ db: asked, clock, sealer, urls, feed })
  const tokenStore = createTokenStore({ db, seal: sealTokens(sealer), log })
  const credentialHealth = createCredentialHealth({ db: asked, clock, log }, () => ({
    credentialOf: shortcodes.credentialOf,
    probe: daraja.probe,
  }))
  const daraja = createDarajaClient({ clock, log, tokenStore, onVerdict: credentialHealth.note })
  const insight = createInsight({ ...parts, shortcodes, audit })
  const { payments, waiters, moving } = createPayments(
    { ...shared, networkWatch, insight },
    { webhooks, shortcodes, daraja, callbackTokens },
  )
  const statements = createStatements({ ...shared, ...moving, daraja, shortcodes, onPull: metrics.pulled })
  metrics.setLaneReader(payments.pushLanes)
  metrics.setBacklogReader(() => readBacklog(payments, asked))
  return {
    clock,
    newUuid,
    sealer,
    metrics,
    payments,
    deliveries: webhooks.worker,
    authenticator: createKeyAuthenticator({ ...shared, db: asked, noteKeyUse: createNoteKeyUse(shared) }),
    callbackTokens,
    shortcodes,
    credentialHealth,
    statements,
    daraja,
    settings: bindSettings({
      ...shared,
      insight,
      audit,
      webhooks,
      networkWatch,
      payments,
      shortcodes,
      daraja,
      urls,
    }),
    audit,
    mailer: createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom, log }),
    networkWatch,
    trimQueryBudgets: () => trimQueryBudgets({ db: asked, clock }),
    trimMerchantChanges: createTrimMerchantChanges({ db: asked }),
    endpointDeps: webhooks.endpointDeps,
    endpointDirectory: webhooks.directory,
    forgetPhones: insight.forgetPhones,
    endWaiting: waiters.close,
    async close() {
      feed.close()
      waiters.close()
      await Promise.all([webhooks.worker.close(), daraja.close()])
      // What became of the last pushes is known now, and is still to be written.
      await Promise.race([payments.idle(), sleep(RECORD_GRACE_MS)])
      const recorded = audit.idle().then(audit.sweep)
      await Promise.race([Promise.all([recorded, insight.close()]), sleep(RECORD_GRACE_MS)])
      await Promise.race([networkWatch.flush().catch(() => 0), sleep(RECORD_GRACE_MS)])
      await webhooks.attempter.close()
    },
  }
}

/** What merchants may change over HTTP, and look at. */
function bindSettings(
  deps: Shared & {
    insight: Insight
    audit: AuditLog
    webhooks: ReturnType<typeof createWebhooks>
    networkWatch: NetworkWatch
    payments: PaymentService
    shortcodes: ShortcodeDirectory
    daraja: Core['daraja']
    urls: ReturnType<typeof darajaUrls>
  },
): Core['settings'] {
  const { asked: db, clock, config, payments } = deps
  return {
    webhooks: bindWebhookSettings(deps.webhooks),
    shortcodes: bindShortcodeSettings({ ...deps, db }),
    apiKeys: bindApiKeySettings({ ...deps, db }),
    insight: deps.insight.insight,
    trails: bindPaymentTrails({ db, clock, statements: createStatementStore({ db }) }),
    audit: deps.audit,
    merchantSettings: {
      read: (merchantId) => readMerchantSettings({ db }, merchantId),
      change: (merchantId, change) => changeMerchantSettings({ db, clock }, merchantId, change),
      isSendingMail: config.smtpUrl !== null,
    },
    network: { windowMs: NETWORK_WINDOW_MS, read: deps.networkWatch.read, breakers: payments.pushLanes },
    readSending: (...source) => findLane(deps, payments.pushLanes(), source),
  }
}

async function readBacklog(payments: Pick<PaymentService, 'backlog'>, asked: Database) {
  return { payments: await payments.backlog(), deliveries: await readDeliveryBacklog({ db: asked }) }
}

function darajaUrls({ simulatorUrl, config }: CoreParts) {
  return {
    simulator: simulatorUrl,
    sandbox: config.darajaSandboxUrl,
    production: config.darajaProductionUrl,
  }
}

type Shared = CoreParts & {
  newUuid: UuidSource
  process: ReturnType<UuidSource>
  metrics: Metrics
  sealer: Sealer
  feed: ChangeFeed
  observe: Metrics['groups']
}

function createShared(parts: CoreParts): Shared {
  const { clock, log, asked } = parts
  const newUuid = createUuidSource(clock)
  const metrics = createMetrics(clock)
  const feed = createChangeFeed({
    ...{ clock, log },
    read: (since, limit) => readMerchantChanges({ db: asked }, since, limit),
    pause: (ms, signal) => sleep(ms, undefined, { signal }),
  })
  const sealer = createSealer(parts.secretKeys)
  return { ...parts, newUuid, process: newUuid(), metrics, sealer, feed, observe: metrics.groups }
}

/** Tokens are texts; their store speaks of bytes. */
function sealTokens(sealer: Sealer): TokenSeal {
  return {
    seal: (plaintext, context) => sealer.seal(plaintext, context),
    open: (sealed, context) => Buffer.from(sealer.open(sealed, context)),
  }
}

function createWebhooks(shared: Shared) {
  const { clock, log, db, asked, newUuid, sealer, config } = shared
  // Not by SIMULATOR_PORT: of several processes only the one above them has it.
  const privateReach = privateReachOf(config.webhookAllowPrivate, shared.simulatorUrl !== null)
  const cache: EndpointCache = createReadCache({
    clock,
    ...followed(shared.feed, ({ merchantId }) => merchantId),
  })
  const directory = createEndpointDirectory({ db, log, clock, sealer, cache })
  const attempter = createAttempter({ clock }, { timeoutMs: ATTEMPT_TIMEOUT_MS })
  const worker = createDeliveryWorker({
    clock,
    log,
    newUuid,
    random: Math.random,
    db,
    process: shared.process,
    record: createRecordDelivery(shared),
    directory,
    attempter,
    privateReach,
    onAttempt: shared.metrics.delivered,
  })
  const wake = () => void worker.sweep().catch((error: unknown) => log.warn({ err: error }, 'a sweep failed'))
  const endpointDeps: EndpointDeps = {
    clock,
    newUuid,
    db: asked,
    sealer,
    directory,
    privateReach,
    // A process without the worker role leaves a wish made over HTTP to the sweep of one that has it.
    ...(config.roles.has('worker') ? { wake } : {}),
  }
  const findPublicKeys = createFindPublicKeys({ ...endpointDeps, cache: createReadCache({ clock }) })
  return { worker, attempter, directory, endpointDeps, findPublicKeys }
}

function createPayments(
  shared: Shared & { networkWatch: NetworkWatch; insight: Pick<Insight, 'observe'> },
  parts: {
    webhooks: { worker: DeliveryWorker }
    shortcodes: ShortcodeDirectory
    daraja: ReturnType<typeof createDarajaClient>
    callbackTokens: CallbackTokens
  },
) {
  const { db, asked, log, config } = shared
  const waiters = createWaiters({
    readPayments: (keys) => readPayments({ db }, keys),
    onError(error) {
      if (!isDatabaseUnavailable(error)) log.warn({ err: error }, 'those who wait could not be looked up')
    },
  })
  const deliver = config.roles.has('worker')
    ? { leaseMs: DELIVERY_LEASE_MS, now: parts.webhooks.worker.deliverNow }
    : null
  const observe = observeAll(shared.metrics.payments, shared.networkWatch.observe, shared.insight.observe)
  const payments = createPaymentService({
    clock: shared.clock,
    log,
    newUuid: shared.newUuid,
    process: shared.process,
    processes: config.processes,
    db: asked,
    store: createPaymentStore(shared),
    daraja: parts.daraja,
    budget: createQueryBudget({ clock: shared.clock, store: createQueryBudgetStore({ db }) }),
    shortcodes: parts.shortcodes,
    callbackUrl: ({ merchantId, id }) =>
      `${shared.publicUrl()}/hooks/stk-push/${parts.callbackTokens.tokenOf(merchantId, id)}`,
    deliver,
    waiters,
    observe,
    untilAvailable,
    random: Math.random,
    pause: sleep,
  })
  return { payments, waiters, moving: { deliver, waiters, observe, untilAvailable } }
}

/** The metrics are told of everything, the watch over M-Pesa and the totals of what they count. */
function observeAll(
  metrics: PaymentObserver,
  watch: NetworkWatch['observe'],
  totals: Insight['observe'],
): PaymentObserver {
  return {
    ...metrics,
    pushed(kind, durationMs, payment) {
      metrics.pushed(kind, durationMs, payment)
      watch.pushed(kind, durationMs, payment)
    },
    settled(payment, sincePromptMs) {
      metrics.settled(payment, sincePromptMs)
      watch.settled(payment, sincePromptMs)
      totals.settled(payment, sincePromptMs)
    },
  }
}
