// Delivers webhooks: at once and from memory what this process has just committed, and by sweeps whatever
// else is due. The row in the database is the job; memory only ever holds what a lease vouches for.
import type { Uuid } from '../ids.ts'
import type { PaymentEvent } from '../payments/payment.ts'
import { machinePace, type PaceDeps } from './backlog-pace.ts'
import { ATTEMPT_TIMEOUT_MS, DELIVERY_LEASE_MS, type DeliveryJob } from './delivery.ts'
import { type DeliveryDeps, NOT_PERFORMED, performDelivery } from './delivery-attempt.ts'
import {
  claimDeliveries,
  type EndpointCursor,
  type EndpointQuota,
  FIRST_ENDPOINT,
  findDueEndpoints,
  releaseDeliveries,
} from './delivery-claim-store.ts'
import { createEndpointLanes, type EndpointLanes, type JobAge, type LaneOutcome } from './endpoint-lanes.ts'
import { shareSweep } from './sweep-shares.ts'
import { paymentWebhookEvent } from './webhook-event.ts'

/** The delivery side of a process. */
export type DeliveryWorker = {
  /**
   * Takes over deliveries that were committed under this process's lease of `DELIVERY_LEASE_MS`. Never throws
   * and never waits; what memory has no room for is given back, and left to the sweeps.
   */
  deliverNow(event: PaymentEvent, deliveries: readonly { id: Uuid; endpointId: Uuid }[]): void
  /**
   * Takes and starts what is due; resolves to how many, before they are done. Rejects if the database
   * fails.
   */
  sweep(): Promise<number>
  /** Attempts under way, and those that are not recorded yet. */
  inFlight(): number
  /** Stops taking, gives back what waits, lets attempts end for a moment, then cuts them off. */
  close(): Promise<void>
}

/** For looking up the endpoint and recording the result. */
const ATTEMPT_MARGIN_MS = 5_000
/** A Ctrl-C should end everything within 5 s. */
const CLOSE_GRACE_MS = 3_000
/** Endpoints a sweep looks at; the next one goes on behind them. */
const SWEEP_ENDPOINTS_MAX = 1_000
/** Deliveries a sweep takes: a few megabytes with their events. */
const SWEEP_ROWS_MAX = 500
/** And while new work comes in: to read more than these takes so long that new answers are late by it. */
const SWEEP_ROWS_BESIDE_NEW_MAX = 100
/** Of these, one in so many is for endpoints that have not proven themselves, at the least. */
const SWEEP_UNPROVEN_EVERY = 5
/**
 * Attempts that may wait to be recorded while their places are used again: all of them are made once more
 * should the process die, and a database that is slow must slow the sending.
 */
const UNRECORDED_MAX = 512
type DeliveryKey = Pick<DeliveryJob, 'merchantId' | 'id'>

type State = {
  lanes: EndpointLanes<DeliveryJob>
  /** What is in memory, so that a sweep that takes it again only renews its lease. */
  held: Map<Uuid, DeliveryJob>
  /** Attempts until they are recorded. */
  running: Set<Promise<void>>
  cursor: EndpointCursor
  /** Endpoints of which sweeps have left something in the database; who was asked last comes last. */
  more: Set<Uuid>
  /** To be given back together, once the release that runs has ended. */
  toRelease: DeliveryKey[]
  releasing: Promise<void> | null
  sweeping: Promise<number> | null
  isClosed: boolean
}

/** Starts nothing by itself: the composition root calls `sweep` about once a second. */
export function createDeliveryWorker(
  deps: DeliveryDeps,
  options: { closeGraceMs?: number; pace?: PaceDeps } = {},
): DeliveryWorker {
  const state: State = {
    lanes: createEndpointLanes({
      clock: deps.clock,
      pace: options.pace ?? machinePace,
      run: (job) => run(deps, state, job),
      drop: (jobs) => drop(deps, state, jobs),
    }),
    held: new Map(),
    running: new Set(),
    cursor: FIRST_ENDPOINT,
    more: new Set(),
    toRelease: [],
    releasing: null,
    sweeping: null,
    isClosed: false,
  }
  return {
    deliverNow: (event, deliveries) => deliverNow(deps, state, event, deliveries),
    sweep: () => sweep(deps, state),
    inFlight: () => state.running.size,
    close: () => close(deps, state, options.closeGraceMs ?? CLOSE_GRACE_MS),
  }
}

/** One at a time: who asks while one runs waits for that one. */
function sweep(deps: DeliveryDeps, state: State): Promise<number> {
  if (state.isClosed) return Promise.resolve(0)
  state.sweeping ??= sweepOnce(deps, state).finally(() => {
    state.sweeping = null
  })
  return state.sweeping
}

function deliverNow(
  deps: DeliveryDeps,
  state: State,
  event: PaymentEvent,
  deliveries: readonly { id: Uuid; endpointId: Uuid }[],
): void {
  const { merchantId } = event
  // Whether earlier events of the payment are still on their way only the database knows.
  if (event.sequence > 1) {
    for (const { id } of deliveries) giveBack(deps, state, { merchantId, id })
    return
  }
  const leasedUntilMs = deps.clock.now() + DELIVERY_LEASE_MS
  const webhookEvent = paymentWebhookEvent(event)
  for (const { id, endpointId } of deliveries) {
    const job = { merchantId, id, endpointId, event: webhookEvent, attempts: 0, leasedUntilMs }
    // One that rests is in no hurry: its lease may run out.
    if (take(state, job, 'new') || state.isClosed || state.lanes.isResting(endpointId)) continue
    // Crowded out, it would otherwise lie under its lease for a minute.
    giveBack(deps, state, job)
    state.more.add(endpointId)
  }
}

/** Gives back what comes while a release runs in one statement after it. */
function giveBack(deps: DeliveryDeps, state: State, { merchantId, id }: DeliveryKey): void {
  state.toRelease.push({ merchantId, id })
  state.releasing ??= releaseAll(deps, state).finally(() => {
    state.releasing = null
  })
}

async function releaseAll(deps: DeliveryDeps, state: State): Promise<void> {
  while (state.toRelease.length > 0) {
    // What waited until its lease ran out may have been taken again meanwhile, and is then being attempted.
    await release(
      deps,
      state.toRelease.splice(0).filter(({ id }) => !state.held.has(id)),
    )
  }
}

/** False when there is no room. What is held already is not taken twice. */
function take(state: State, job: DeliveryJob, age: JobAge): boolean {
  if (state.held.has(job.id)) return true
  // Before the offer, which may run it at once.
  state.held.set(job.id, job)
  if (state.lanes.offer(job.endpointId, job, age)) return true
  state.held.delete(job.id)
  return false
}

/** A place in a lane is for an attempt; what it came to is recorded after it, together with others. */
async function run(deps: DeliveryDeps, state: State, job: DeliveryJob): Promise<LaneOutcome> {
  const timeLeftMs = job.leasedUntilMs - deps.clock.now()
  // An attempt must end before its lease does, or another process makes it as well.
  const hasTime = timeLeftMs >= ATTEMPT_TIMEOUT_MS + ATTEMPT_MARGIN_MS
  const performed = hasTime ? performDelivery(deps, job) : Promise.resolve(NOT_PERFORMED)
  const done = performed
    .then(({ recorded }) => recorded)
    .then(() => {
      state.running.delete(done)
      state.held.delete(job.id)
    })
  state.running.add(done)
  const { outcome } = await performed
  if (state.running.size - state.lanes.inFlight() >= UNRECORDED_MAX) await done
  if (outcome.said === 'ok') refill(deps, state, job.endpointId)
  return outcome
}

/**
 * A backlog is worked off as fast as its endpoint answers: the next sweep comes when little of the last one's
 * waits, and not when its time has come. Only a success asks for it: what fails is tried no faster.
 */
function refill(deps: DeliveryDeps, state: State, endpointId: Uuid): void {
  if (state.sweeping !== null || !state.more.has(endpointId) || state.lanes.room(endpointId) === 0) return
  // Put back by the sweep, should it still be so.
  state.more.delete(endpointId)
  // The sweep that comes by itself reports why.
  sweep(deps, state).catch(() => undefined)
}

function drop(deps: DeliveryDeps, state: State, jobs: DeliveryJob[]): void {
  for (const job of jobs) state.held.delete(job.id)
  void release(deps, jobs)
}

/** A release that fails costs only time: the leases run out by themselves. */
async function release(deps: DeliveryDeps, jobs: DeliveryKey[]): Promise<void> {
  try {
    await releaseDeliveries(deps, deps.process, jobs)
  } catch (error) {
    deps.log.warn({ err: error, count: jobs.length }, 'webhook deliveries not given back')
  }
}

async function sweepOnce(deps: DeliveryDeps, state: State): Promise<number> {
  const now = new Date(deps.clock.now())
  const look = await findDueEndpoints(deps, state.cursor, { limit: SWEEP_ENDPOINTS_MAX, now })
  state.cursor = look.next
  const rowsMax = state.lanes.hasNewWork() ? SWEEP_ROWS_BESIDE_NEW_MAX : SWEEP_ROWS_MAX
  const rooms = look.due.map((key) => ({ ...key, quota: state.lanes.room(key.endpointId) }))
  const quotas = shareSweep(rooms, rowsMax, state.more)
  const wanted = quotas.filter((each) => each.quota > 0)
  if (wanted.length === 0) {
    noteMore(state, quotas, { jobs: [], isFull: false })
    return 0
  }
  // Those that answer come first: behind many that do not, each with its oldest first, they would come last.
  const { proven = [], unproven = [] } = Object.groupBy(wanted, ({ endpointId }) =>
    state.lanes.isProven(endpointId) ? 'proven' : 'unproven',
  )
  const claim = { now, holder: deps.process, leaseUntil: new Date(now.getTime() + DELIVERY_LEASE_MS) }
  const jobs = await claimFor(deps, proven, { ...claim, rowsMax })
  const unprovenMax = Math.max(rowsMax - jobs.length, rowsMax / SWEEP_UNPROVEN_EVERY)
  jobs.push(...(await claimFor(deps, unproven, { ...claim, rowsMax: unprovenMax })))
  noteMore(state, quotas, { jobs, isFull: jobs.length >= rowsMax })
  const refused = jobs.filter((job) => {
    const present = state.held.get(job.id)
    if (present === undefined) return !take(state, job, 'old')
    present.leasedUntilMs = job.leasedUntilMs
    return false
  })
  await release(deps, refused)
  return jobs.length - refused.length
}

/** More is left of those that gave all they were asked for, which may be nothing, or less than they have. */
function noteMore(
  state: State,
  quotas: readonly EndpointQuota[],
  { jobs, isFull }: { jobs: readonly DeliveryJob[]; isFull: boolean },
): void {
  const taken = Map.groupBy(jobs, (job) => job.endpointId)
  for (const { endpointId, quota } of quotas) {
    if (quota > 0) state.more.delete(endpointId)
    if (isFull || (taken.get(endpointId)?.length ?? 0) >= quota) state.more.add(endpointId)
  }
}

async function claimFor(
  deps: DeliveryDeps,
  quotas: EndpointQuota[],
  claim: Parameters<typeof claimDeliveries>[2],
): Promise<DeliveryJob[]> {
  return quotas.length === 0 ? [] : claimDeliveries(deps, quotas, claim)
}

async function close(deps: DeliveryDeps, state: State, graceMs: number): Promise<void> {
  state.isClosed = true
  const waiting = release(deps, state.lanes.stop())
  // A sweep that is under way finds the lanes stopped, and gives back what it takes.
  await settledWithin([state.sweeping, state.releasing, waiting, ...state.running], graceMs)
  await deps.attempter.close()
  // Cut off, they are recorded as such; only a database that does not answer holds them longer.
  await settledWithin([...state.running], graceMs)
}

async function settledWithin(promises: (Promise<unknown> | null)[], timeoutMs: number): Promise<void> {
  if (promises.length === 0) return
  const { promise: timeout, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, timeoutMs)
  await Promise.race([Promise.allSettled(promises), timeout])
  clearTimeout(timer)
}
