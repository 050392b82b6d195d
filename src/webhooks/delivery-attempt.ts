// One job of the delivery worker: find the endpoint, build and sign the body, attempt, record, and let the
// endpoint feel what it has answered.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { prefixedId, type Uuid, type UuidSource } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { Attempter, AttemptResult } from './attempt.ts'
import { ATTEMPT_TIMEOUT_MS, type AttemptEntry, type DeliveryJob, type DeliveryState } from './delivery.ts'
import type { RecordDelivery } from './delivery-record-store.ts'
import { paymentHeader } from './delivery-request.ts'
import type { WebhookEndpoint } from './endpoint.ts'
import type { EndpointDirectory, SigningEndpoint } from './endpoint-directory.ts'
import { clearFailing, disableEndpoint, markFailing } from './endpoint-health-store.ts'
import { type LaneOutcome, NOT_ATTEMPTED } from './endpoint-lanes.ts'
import { eventBody } from './event-body.ts'
import type { PrivateReach } from './private-reach.ts'
import { nextAttempt } from './schedule.ts'
import { signHeaders } from './signature.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** An attempt as metrics see it. `attempt` counts from 1. */
export type AttemptObservation = {
  endpointId: Uuid
  ok: boolean
  status: number | null
  durationMs: number
  attempt: number
}

/** What performing a delivery takes. */
export type DeliveryDeps = {
  clock: Clock
  log: Logger
  newUuid: UuidSource
  /** 0 to 1, for the jitter of the schedule. */
  random: () => number
  db: Database
  /** This process, as leases name it. */
  process: Uuid
  record: RecordDelivery
  directory: EndpointDirectory
  attempter: Attempter
  privateReach: PrivateReach
  onAttempt?: (observation: AttemptObservation) => void
}

const HTTP_GONE = 410
const SECOND_MS = 1_000
/** Nothing but failures for this long switches an endpoint off: longer than any one delivery is tried. */
const FAILING_MAX_MS = 5 * 86_400 * SECOND_MS

/** What an attempt said of its endpoint, and when that was written; `recorded` never rejects. */
export type PerformedDelivery = { outcome: LaneOutcome; recorded: Promise<void> }

/** No attempt was made. */
export const NOT_PERFORMED: PerformedDelivery = { outcome: NOT_ATTEMPTED, recorded: Promise.resolve() }

/**
 * Attempts a delivery once, resolves, and goes on to record it. Never rejects: what cannot be recorded keeps
 * its lease until it runs out, and is then sent again.
 */
export async function performDelivery(deps: DeliveryDeps, job: DeliveryJob): Promise<PerformedDelivery> {
  try {
    const found = await deps.directory.find(job.merchantId, job.endpointId)
    // Found late, by a database that is slow: the lease would end during the attempt, and a newer event of
    // the payment might overtake it.
    if (job.leasedUntilMs - deps.clock.now() < ATTEMPT_TIMEOUT_MS) return NOT_PERFORMED
    if (found !== null && found.endpoint.disabledAt === null) return await deliver(deps, job, found)
    await cancel(deps, job, found === null ? 'endpoint deleted' : 'endpoint disabled')
  } catch (error) {
    deps.log.error({ err: error, delivery: prefixedId('wd', job.id) }, 'webhook delivery put off')
  }
  return NOT_PERFORMED
}

async function deliver(
  deps: DeliveryDeps,
  job: DeliveryJob,
  found: SigningEndpoint,
): Promise<PerformedDelivery> {
  const startedAt = new Date(deps.clock.now())
  const result = await attempt(deps, job, found, startedAt)
  deps.onAttempt?.(observationOf(job, result))
  const recorded = keep(deps, job, found, { startedAt, result })
  const outcome: LaneOutcome = result.interrupted
    ? NOT_ATTEMPTED
    : { said: result.ok ? 'ok' : 'failed', durationMs: result.durationMs }
  return { outcome, recorded }
}

async function keep(
  deps: DeliveryDeps,
  job: DeliveryJob,
  found: SigningEndpoint,
  { startedAt, result }: { startedAt: Date; result: AttemptResult },
): Promise<void> {
  try {
    await record(deps, job, startedAt, result)
    await judgeEndpoint(deps, found, result)
  } catch (error) {
    const delivery = prefixedId('wd', job.id)
    deps.log.error({ err: error, delivery }, 'webhook attempt not recorded; it may be sent again')
  }
}

async function attempt(
  deps: DeliveryDeps,
  job: DeliveryJob,
  { endpoint, signers }: SigningEndpoint,
  at: Date,
): Promise<AttemptResult> {
  if (signers.length === 0) return unsent("the endpoint's secret cannot be read: rotate it")
  try {
    const body = eventBody(job.event, endpoint.format)
    const id = prefixedId('evt', job.event.id)
    const timestampSeconds = Math.floor(at.getTime() / SECOND_MS)
    return await deps.attempter.attempt({
      url: endpoint.url,
      headers: { ...signHeaders({ id, timestampSeconds, body }, signers), ...paymentHeader(job.event) },
      body,
      allowPrivate: mayBePrivate(deps.privateReach, job.event),
    })
  } catch (error) {
    // Counted as an attempt like any other, so that what can never be sent is not tried for ever.
    deps.log.error({ err: error, delivery: prefixedId('wd', job.id) }, 'webhook could not be built')
    return unsent('the gateway could not build this webhook')
  }
}

/** Simulator payments are made on developers' machines; events without a payment go by their side. */
function mayBePrivate(reach: PrivateReach, event: WebhookEvent): boolean {
  if (reach !== 'simulator') return reach === 'all'
  if (event.subject.kind === 'payment') return event.subject.payment.environment === 'simulator'
  return !event.live
}

function unsent(error: string): AttemptResult {
  return {
    ok: false,
    status: null,
    error,
    retryAfterMs: null,
    response: null,
    durationMs: 0,
    interrupted: false,
  }
}

async function record(
  deps: DeliveryDeps,
  job: DeliveryJob,
  startedAt: Date,
  result: AttemptResult,
): Promise<void> {
  const attemptsMade = job.attempts + 1
  const nowMs = deps.clock.now()
  const next = stateAfter(deps, attemptsMade, nowMs, result)
  const entry: AttemptEntry = {
    at: startedAt.toISOString(),
    status: result.status,
    error: result.error,
    duration_ms: result.durationMs,
    response: result.response,
  }
  const recorded = await deps.record({
    merchantId: job.merchantId,
    deliveryId: job.id,
    holder: deps.process,
    ...next,
    attempt: entry,
    isCounted: !result.interrupted,
    attemptsBefore: job.attempts,
    error: result.error,
    at: new Date(nowMs),
  })
  deps.log.info(
    {
      delivery: prefixedId('wd', job.id),
      endpoint: prefixedId('we', job.endpointId),
      event: prefixedId('evt', job.event.id),
      type: job.event.type,
      attempt: attemptsMade,
      status: result.status,
      error: result.error,
      duration_ms: result.durationMs,
      // Undefined: the lease ran out during the attempt and another process has taken it over.
      state: recorded?.state ?? 'taken_over',
      next_attempt_at: next.dueAt?.toISOString() ?? null,
    },
    'webhook attempt',
  )
}

function stateAfter(
  deps: DeliveryDeps,
  attemptsMade: number,
  nowMs: number,
  result: AttemptResult,
): { state: DeliveryState; dueAt: Date | null } {
  if (result.ok) return { state: 'delivered', dueAt: null }
  // Any other process, or this one once it is back, makes it again.
  if (result.interrupted) return { state: 'pending', dueAt: new Date(nowMs) }
  const dueAtMs = nextAttempt(deps, { attemptsMade, nowMs, retryAfterMs: result.retryAfterMs })
  if (dueAtMs === null) return { state: 'failed', dueAt: null }
  return { state: 'pending', dueAt: new Date(dueAtMs) }
}

async function cancel(deps: DeliveryDeps, job: DeliveryJob, reason: string): Promise<void> {
  await deps.record({
    merchantId: job.merchantId,
    deliveryId: job.id,
    holder: deps.process,
    state: 'cancelled',
    dueAt: null,
    attempt: null,
    isCounted: false,
    attemptsBefore: job.attempts,
    error: reason,
    at: new Date(deps.clock.now()),
  })
}

/** Keeps `failing_since` true, and switches off what is gone or has failed for days. */
async function judgeEndpoint(
  deps: DeliveryDeps,
  { endpoint }: SigningEndpoint,
  result: AttemptResult,
): Promise<void> {
  if (result.interrupted) return
  const { failingSince } = endpoint
  if (result.ok) {
    if (failingSince === null) return
    await clearFailing(deps, endpoint)
  } else if (result.status === HTTP_GONE) {
    await disable(deps, endpoint, 'gone', null)
  } else if (failingSince === null) {
    await markFailing(deps, endpoint, new Date(deps.clock.now()))
  } else {
    const failingSinceAtMost = new Date(deps.clock.now() - FAILING_MAX_MS)
    if (failingSince > failingSinceAtMost) return
    await disable(deps, endpoint, 'failing', failingSinceAtMost)
  }
  deps.directory.forget(endpoint.merchantId)
}

async function disable(
  deps: DeliveryDeps,
  endpoint: WebhookEndpoint,
  reason: 'gone' | 'failing',
  failingSinceAtMost: Date | null,
): Promise<void> {
  const at = new Date(deps.clock.now())
  const eventId = deps.newUuid()
  const isOff = await disableEndpoint(deps, endpoint, { eventId, at, reason, failingSinceAtMost })
  if (isOff) {
    deps.log.warn({ endpoint: prefixedId('we', endpoint.id), reason }, 'webhook endpoint disabled')
  } else if (reason === 'failing') {
    // It delivered something after its failures began, unnoticed by their record: they count from anew.
    await clearFailing(deps, endpoint)
  }
}

function observationOf(job: DeliveryJob, result: AttemptResult): AttemptObservation {
  return {
    endpointId: job.endpointId,
    ok: result.ok,
    status: result.status,
    durationMs: result.durationMs,
    attempt: job.attempts + 1,
  }
}
