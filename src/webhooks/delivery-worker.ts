// Delivers webhooks: at once and from memory what this process has just committed, and by sweeps whatever
// else is due. The row in the database is the job; memory only ever holds what a lease vouches for.
import type { Uuid } from '../ids.ts'
import type { PaymentEvent } from '../payments/payment.ts'
import { DELIVERY_LEASE_MS, type DeliveryJob } from './delivery.ts'
import { type DeliveryDeps, performDelivery } from './delivery-attempt.ts'
import {
  claimDeliveries,
  type EndpointCursor,
  FIRST_ENDPOINT,
  findDueEndpoints,
  releaseDeliveries,
} from './delivery-claim-store.ts'
import { createEndpointLanes, type LaneOutcome } from './endpoint-lanes.ts'
import { paymentWebhookEvent } from './webhook-event.ts'

/** The delivery side of a process. */
export type DeliveryWorker = {
  /**
   * Takes over deliveries that were committed under this process's lease of `DELIVERY_LEASE_MS`. Never throws
   * and never waits; what memory has no room for is left to a sweep when its lease runs out.
   */
  deliverNow(event: PaymentEvent, deliveries: readonly { id: Uuid; endpointId: Uuid }[]): void
  /** Takes and starts what is due; resolves to how many, before they are done. Rejects if the database fails. */
  sweep(): Promise<number>
  /** Attempts under way. */
  inFlight(): number
  /** Stops taking, gives back what waits, lets attempts end for a moment, then cuts them off. */
  close(): Promise<void>
}

/** The longest that one attempt may take; part of the promise to merchants. */
export const ATTEMPT_TIMEOUT_MS = 15_000
/** For looking up the endpoint and recording the result. */
const ATTEMPT_MARGIN_MS = 5_000
/** A Ctrl-C should end everything within 5 s. */
const CLOSE_GRACE_MS = 3_000
/** Endpoints a sweep looks at; the next one goes on behind them. */
const SWEEP_ENDPOINTS_MAX = 1_000
/** Deliveries a sweep takes: a few megabytes with their events. */
const SWEEP_ROWS_MAX = 500

/** Starts nothing by itself: the composition root calls `sweep` about once a second. */
export function createDeliveryWorker(
  deps: DeliveryDeps,
  options: { closeGraceMs?: number } = {},
): DeliveryWorker {
  // What is in memory, so that a sweep that takes it again only renews its lease.
  const held = new Map<Uuid, DeliveryJob>()
  const lanes = createEndpointLanes<DeliveryJob>({ clock: deps.clock, run, drop })
  const running = new Set<Promise<LaneOutcome>>()
  let cursor: EndpointCursor = FIRST_ENDPOINT
  let sweeping: Promise<number> | null = null
  let isClosed = false

  function run(job: DeliveryJob): Promise<LaneOutcome> {
    const done = hasTime(job) ? performDelivery(deps, job) : Promise.resolve(OUT_OF_TIME)
    running.add(done)
    return done.finally(() => {
      running.delete(done)
      held.delete(job.id)
    })
  }

  /** Whether an attempt that starts now ends before its lease does. */
  function hasTime(job: DeliveryJob): boolean {
    return job.leasedUntilMs - deps.clock.now() >= ATTEMPT_TIMEOUT_MS + ATTEMPT_MARGIN_MS
  }

  function take(job: DeliveryJob): boolean {
    // Before the offer, which may run it at once.
    held.set(job.id, job)
    if (lanes.offer(job.endpointId, job)) return true
    held.delete(job.id)
    return false
  }

  function drop(jobs: DeliveryJob[]): void {
    for (const job of jobs) held.delete(job.id)
    void release(jobs)
  }

  /** A release that fails costs only time: the leases run out by themselves. */
  async function release(jobs: Pick<DeliveryJob, 'merchantId' | 'id'>[]): Promise<void> {
    try {
      await releaseDeliveries(deps, deps.process, jobs)
    } catch (error) {
      deps.log.warn({ err: error, count: jobs.length }, 'webhook deliveries not given back')
    }
  }

  async function sweepOnce(): Promise<number> {
    const now = new Date(deps.clock.now())
    const look = await findDueEndpoints(deps, cursor, { limit: SWEEP_ENDPOINTS_MAX, now })
    cursor = look.next
    const quotas = look.due.map((key) => ({ ...key, quota: lanes.room(key.endpointId) }))
    const wanted = quotas.filter((each) => each.quota > 0)
    if (wanted.length === 0) return 0
    const jobs = await claimDeliveries(deps, wanted, {
      now,
      holder: deps.process,
      leaseUntil: new Date(now.getTime() + DELIVERY_LEASE_MS),
      rowsMax: SWEEP_ROWS_MAX,
    })
    const refused = jobs.filter((job) => {
      const present = held.get(job.id)
      if (present === undefined) return !take(job)
      present.leasedUntilMs = job.leasedUntilMs
      return false
    })
    await release(refused)
    return jobs.length - refused.length
  }

  return {
    deliverNow(event, deliveries) {
      const { merchantId } = event
      // Whether earlier events of the payment are still on their way only the database knows.
      if (event.sequence > 1) {
        void release(deliveries.map(({ id }) => ({ merchantId, id })))
        return
      }
      const leasedUntilMs = deps.clock.now() + DELIVERY_LEASE_MS
      const webhookEvent = paymentWebhookEvent(event)
      for (const { id, endpointId } of deliveries) {
        take({ merchantId, id, endpointId, event: webhookEvent, attempts: 0, leasedUntilMs })
      }
    },
    sweep() {
      if (isClosed) return Promise.resolve(0)
      sweeping ??= sweepOnce().finally(() => {
        sweeping = null
      })
      return sweeping
    },
    inFlight: () => lanes.inFlight(),
    async close() {
      isClosed = true
      const given = lanes.stop()
      // A sweep that is under way finds the lanes stopped, and gives back what it takes.
      await Promise.allSettled([sweeping, release(given)])
      await settledWithin([...running], options.closeGraceMs ?? CLOSE_GRACE_MS)
      await deps.attempter.close()
      // Cut off, they are recorded as such; only a database that does not answer holds them longer.
      await settledWithin([...running], options.closeGraceMs ?? CLOSE_GRACE_MS)
    },
  }
}

const OUT_OF_TIME: LaneOutcome = { said: 'unknown', durationMs: 0 }

async function settledWithin(promises: Promise<unknown>[], timeoutMs: number): Promise<void> {
  if (promises.length === 0) return
  const { promise: timeout, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, timeoutMs)
  await Promise.race([Promise.allSettled(promises), timeout])
  clearTimeout(timer)
}
