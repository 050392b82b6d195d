// What the gateway counts, in Prometheus' format, on an address of its own: never on the public port.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { GroupObserver } from './db/grouped-statement.ts'
import { REPLACED_MONITOR_EVERY_MS, registerEventLoopLag } from './event-loop-lag.ts'
import { httpUrl } from './http-url.ts'
import type { Payment } from './payments/payment.ts'
import type { PaymentObserver } from './payments/payment-deps.ts'
import type { Backlog } from './payments/payment-due-store.ts'
import type { LaneSnapshot } from './payments/push-lane.ts'

// An import would read all that node:http has, WebSocket too, for which Node loads its fetch: 6 MB.
const { createServer } = process.getBuiltinModule('node:http')

/** The counters, and the observers that feed them. */
export type Metrics = {
  payments: PaymentObserver
  groups: GroupObserver
  /** One attempt at a delivery. */
  delivered(attempt: { ok: boolean; status: number | null; durationMs: number }): void
  /** One pull of a statement. */
  pulled(outcome: string): void
  /** Read at every scrape. */
  setBacklogReader(read: () => Promise<{ payments: Backlog[]; deliveries: DeliveryBacklog }>): void
  /** Read at every scrape. */
  setLaneReader(read: () => LaneSnapshot[]): void
  /** Everything counted, to be summed with what other processes have. */
  snapshot(): Promise<MetricsSnapshot>
  /** The text of a scrape. */
  render(): Promise<{ contentType: string; text: string }>
}

/** The counters of one process, as they can be sent to another. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** Deliveries that wait, and since when the oldest is due. */
export type DeliveryBacklog = { count: number; oldest: Date | null }

const EXCHANGE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const VERDICT_SECONDS = [1, 2, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 3_600, 86_400]
/** Callbacks come in seconds, verdicts by query in minutes; the schedule reaches hours. */
const CERTAINTY_SECONDS = [
  1, 2, 5, 10, 15, 20, 30, 45, 60, 75, 90, 120, 180, 300, 600, 1_200, 2_400, 3_600, 7_200, 10_800,
]
const DATABASE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 10]
const GROUP_ROWS = [1, 2, 5, 10, 25, 50, 100, 250]
/** Codes come from outside: beyond this many different ones they are counted together. */
const CODES_MAX = 100

/** Metrics in a registry of their own. */
export function createMetrics(clock: { now(): number }): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: REPLACED_MONITOR_EVERY_MS })
  registerEventLoopLag(register)
  const delivery = histogram(
    register,
    'sukuma_delivery_seconds',
    'Webhook attempts',
    'result',
    EXCHANGE_SECONDS,
  )
  const rows = histogram(register, 'sukuma_group_rows', 'Rows a grouped statement', 'statement', GROUP_ROWS)
  const database = histogram(
    register,
    'sukuma_database_seconds',
    'Time of grouped statements',
    'statement',
    DATABASE_SECONDS,
  )
  const backlog = createBacklogGauges(register, clock)
  const lanes = createLaneGauges(register)
  const pulls = counter(register, 'sukuma_statements_total', 'Statements of shortcodes by outcome', [
    'outcome',
  ])
  const update = async () => {
    lanes.update()
    await backlog.update()
  }
  return {
    payments: createPaymentObserver(register),
    groups(name, count, durationMs) {
      rows.observe({ statement: name }, count)
      database.observe({ statement: name }, durationMs / 1_000)
    },
    delivered({ ok, status, durationMs }) {
      const result = ok ? 'delivered' : status === null ? 'no_answer' : `${Math.floor(status / 100)}xx`
      delivery.observe({ result }, durationMs / 1_000)
    },
    pulled: (outcome) => pulls.inc({ outcome }),
    setBacklogReader: backlog.setReader,
    setLaneReader: lanes.setReader,
    async snapshot() {
      await update()
      return register.getMetricsAsJSON()
    },
    async render() {
      await update()
      return { contentType: register.contentType, text: await register.metrics() }
    },
  }
}

function createPaymentObserver(register: Registry): PaymentObserver {
  const boundedCode = createCodeBound()
  const created = counter(register, 'sukuma_payments_created_total', 'Payments committed', ['environment'])
  const settled = counter(register, 'sukuma_payments_settled_total', 'Payments by outcome and result code', [
    'environment',
    'state',
    'outcome',
    'code',
    'source',
  ])
  const callbacks = counter(register, 'sukuma_callbacks_total', 'Callbacks by what became of them', [
    'result',
  ])
  const callback = histogram(
    register,
    'sukuma_callback_seconds',
    'From a callback to the commit of what it changed',
    'result',
    DATABASE_SECONDS,
  )
  const push = histogram(register, 'sukuma_push_seconds', 'STK pushes', 'outcome', EXCHANGE_SECONDS)
  const query = histogram(register, 'sukuma_query_seconds', 'STK queries', 'outcome', EXCHANGE_SECONDS)
  const verdict = histogram(
    register,
    'sukuma_time_to_verdict_seconds',
    'From the accepted push to the verdict',
    'source',
    VERDICT_SECONDS,
  )
  const observeCertainty = createCertaintyHistogram(register)
  return {
    created: (payment) => created.inc({ environment: payment.environment }),
    pushed: (kind, durationMs) => push.observe({ outcome: kind }, durationMs / 1_000),
    queried: (kind, durationMs) => query.observe({ outcome: kind }, durationMs / 1_000),
    callback(kind, durationMs) {
      callbacks.inc({ result: kind })
      callback.observe({ result: kind }, durationMs / 1_000)
    },
    settled(payment, sincePromptMs) {
      const source = payment.evidence?.source ?? 'none'
      settled.inc({
        environment: payment.environment,
        state: payment.state,
        outcome: payment.outcome ?? 'none',
        code: boundedCode(payment.resultCode ?? 'none'),
        source,
      })
      if (sincePromptMs !== null) verdict.observe({ source }, sincePromptMs / 1_000)
      observeCertainty(payment)
    },
  }
}

/** The figure that the gateway is measured by: how long until it is certain what became of a payment. */
function createCertaintyHistogram(register: Registry): (payment: Payment) => void {
  const certainty = new Histogram({
    name: 'sukuma_time_to_certainty_seconds',
    help: 'From the push to the verdict of M-Pesa',
    labelNames: ['source', 'outcome'],
    buckets: CERTAINTY_SECONDS,
    registers: [register],
  })
  return ({ sentAt, settledAt, outcome, evidence }) => {
    if (sentAt === null || settledAt === null || (outcome !== 'paid' && outcome !== 'declined')) return
    const seconds = (settledAt.getTime() - sentAt.getTime()) / 1_000
    certainty.observe({ source: evidence?.source ?? 'none', outcome }, seconds)
  }
}

function counter(register: Registry, name: string, help: string, labelNames: string[]): Counter<string> {
  return new Counter({ name, help, labelNames, registers: [register] })
}

function histogram(
  register: Registry,
  name: string,
  help: string,
  label: string,
  buckets: number[],
): Histogram<string> {
  return new Histogram({ name, help, labelNames: [label], buckets, registers: [register] })
}

function createCodeBound(): (code: string) => string {
  const seen = new Set<string>()
  return (code) => {
    if (!seen.has(code) && seen.size >= CODES_MAX) return 'other'
    seen.add(code)
    return code
  }
}

function createBacklogGauges(register: Registry, clock: { now(): number }) {
  const registers = [register]
  // The database's, whichever process looks: several of them do not add up.
  const aggregator = 'max'
  const open = new Gauge({
    name: 'sukuma_payments_open',
    help: 'Open payments by state',
    labelNames: ['state'],
    registers,
    aggregator,
  })
  const age = new Gauge({
    name: 'sukuma_payments_open_oldest_seconds',
    help: 'Age of the oldest open payment by state',
    labelNames: ['state'],
    registers,
    aggregator,
  })
  const deliveries = new Gauge({
    name: 'sukuma_deliveries_pending',
    help: 'Deliveries not yet delivered',
    registers,
    aggregator,
  })
  const overdue = new Gauge({
    name: 'sukuma_deliveries_overdue_seconds',
    help: 'How long the oldest pending delivery has been due',
    registers,
    aggregator,
  })
  const ageOf = (time: Date | null) =>
    time === null ? 0 : Math.max(0, (clock.now() - time.getTime()) / 1_000)
  let read: (() => Promise<{ payments: Backlog[]; deliveries: DeliveryBacklog }>) | null = null
  return {
    setReader(reader: NonNullable<typeof read>) {
      read = reader
    },
    async update() {
      // A database that is away must not take the other figures with it.
      const found = await read?.().catch(() => null)
      if (found === undefined || found === null) return
      open.reset()
      age.reset()
      for (const { state, count, oldest } of found.payments) {
        open.set({ state }, count)
        age.set({ state }, ageOf(oldest))
      }
      deliveries.set(found.deliveries.count)
      overdue.set(ageOf(found.deliveries.oldest))
    },
  }
}

/** Whose shortcode it is stays out of the metrics: environments only. */
function createLaneGauges(register: Registry) {
  const registers = [register]
  const labelNames = ['environment', 'breaker']
  const help = 'Shortcodes by what their breakers are doing'
  const shortcodes = new Gauge({ name: 'sukuma_push_shortcodes', help, labelNames, registers })
  const flying = new Gauge({
    name: 'sukuma_pushes_in_flight',
    help: 'Pushes under way',
    labelNames: ['environment'],
    registers,
  })
  let read: () => LaneSnapshot[] = () => []
  return {
    setReader(reader: typeof read) {
      read = reader
    },
    update() {
      shortcodes.reset()
      flying.reset()
      for (const { environment, breaker, inFlight } of read()) {
        shortcodes.inc({ environment, breaker })
        flying.inc({ environment }, inFlight)
      }
    },
  }
}

/** Serves `metrics` at `/metrics` of an address of its own. */
export async function serveMetrics(
  metrics: Pick<Metrics, 'render'>,
  address: { host: string; port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    metrics.render().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await listen(server, address)
  const bound = server.address() as AddressInfo
  return {
    url: `${httpUrl(address.host, bound.port)}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, () => resolve())
  })
}
