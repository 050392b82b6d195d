// Sending what waits: the sweep takes what is due and has room, merchant by merchant in turns, and gives up
// what has expired.
import { SEND_LEASE_MS } from './create.ts'
import { CUSTOMER_BUSY, type Dispatcher, NOT_SENT_CODE } from './dispatch.ts'
import { createFairShare } from './fair-share.ts'
import { laneOf } from './lane-name.ts'
import type { LivePrompts } from './live-prompts.ts'
import { type MoveDeps, moveOpen } from './move.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { DuePayment } from './payment-due-store.ts'
import type { QueueSource } from './payment-queue-store.ts'
import type { Place, PushGovernor } from './push-governor.ts'
import type { LaneName } from './push-lane.ts'

/** The parts of the core that sending from the queue needs. */
export type QueueSweepDeps = MoveDeps &
  Pick<PaymentDeps, 'shortcodes'> & {
    dispatcher: Pick<Dispatcher, 'send' | 'holdBack'>
    governor: Pick<PushGovernor, 'enter'>
    livePrompts: Pick<LivePrompts, 'isBusy'>
    /** Whether the payment's merchant was told that it was not made. */
    isDisowned(payment: Pick<Payment, 'id'>): boolean
  }

/** Claimed at a time; each of them costs at most one exchange with Daraja. */
const BATCH_MAX = 100
/** Merchants looked at in one sweep; with more the next goes on where this one stopped. */
const SOURCES_MAX = 500
const EXPIRED_MAX = 250
/** Room that comes so soon is waited for by sweeping again at once. */
const SOON_MS = 500

type Waiting = { source: QueueSource; lane: LaneName; places: Place[] }

/**
 * The sweep of one process: starts to send one batch, without waiting for Daraja. Resolves to the size of
 * a full batch when it should come again at once, and to less when nothing more can be sent for now.
 */
export function createQueueSweep(deps: QueueSweepDeps): () => Promise<number> {
  const fair = createFairShare()
  let next: QueueSource | null = null

  async function findWaiting(): Promise<Waiting[]> {
    const page = { now: new Date(deps.clock.now()), after: next, limit: SOURCES_MAX }
    const found = await deps.store.findWaiting(page)
    next = found.next
    return Promise.all(
      found.sources.map(async (source) => ({ source, lane: await laneOf(deps, source), places: [] })),
    )
  }

  return async () => {
    const expired = await giveUpExpired(deps)
    const waiting = await findWaiting()
    let roomMs = Number.POSITIVE_INFINITY
    const shares = fair.shareOut(waiting, {
      keyOf: ({ source }) => keyOf(source),
      countMax: BATCH_MAX,
      take({ source, lane, places }) {
        const room = deps.governor.enter(lane, source.merchantId, 'queued')
        if (room.code === 'place') places.push(room.place)
        else roomMs = Math.min(roomMs, room.retryAfterMs)
        return room.code === 'place'
      },
    })
    const served = [...shares.keys()]
    const wasFull = served.length > 0 && (await sendFrom(deps, served))
    const isMoreWaiting = wasFull || next !== null || roomMs < SOON_MS || expired === EXPIRED_MAX
    return isMoreWaiting ? BATCH_MAX : 0
  }
}

/** Sends from each source as much as it has places. Resolves to whether any source had as much due. */
async function sendFrom(deps: QueueSweepDeps, served: Waiting[]): Promise<boolean> {
  const nowMs = deps.clock.now()
  const claimed: DuePayment[] = await deps.store
    .claimQueued({
      ...leaseOf(deps, nowMs),
      shares: served.map(({ source, places }) => ({ ...source, count: places.length })),
    })
    .catch((error: unknown) => {
      for (const { places } of served) leaveAll(places)
      throw error
    })
  const bySource = Map.groupBy(claimed, ({ payment }) => keyOf(payment))
  const rounds: { due: DuePayment; place: Place | undefined; round: number }[] = []
  let wasFull = false
  for (const { source, places } of served) {
    const found = bySource.get(keyOf(source)) ?? []
    wasFull ||= found.length === places.length
    for (const [round, due] of found.entries()) rounds.push({ due, place: places.pop(), round })
    leaveAll(places)
  }
  // Everybody's first before anybody's second.
  rounds.sort((a, b) => a.round - b.round)
  await Promise.all(rounds.map(({ due, place }) => take(deps, due, place)))
  return wasFull
}

function keyOf({ merchantId, shortcodeId }: QueueSource): string {
  return `${merchantId}/${shortcodeId}`
}

async function take(deps: QueueSweepDeps, due: DuePayment, place: Place | undefined): Promise<void> {
  const { payment } = due
  const isToSend = payment.state === 'sending' && !deps.isDisowned(payment)
  const isHeld = isToSend && deps.livePrompts.isBusy(payment, payment.id)
  if (isToSend && !isHeld && place !== undefined) {
    void deps.dispatcher.send(payment, 'soon', due.attempts, place)
    return
  }
  place?.leave(null)
  // Not waited for: a row that is locked must not keep the others.
  if (isToSend) void deps.dispatcher.holdBack(payment, due.attempts)
  else await giveUp(deps, payment)
}

/** Whether or not there is room: what expires while a breaker is open is told in time. */
async function giveUpExpired(deps: QueueSweepDeps): Promise<number> {
  const claim = { ...leaseOf(deps, deps.clock.now()), limit: EXPIRED_MAX }
  const expired = await deps.store.claimExpired(claim)
  await Promise.all(expired.map(({ payment }) => giveUp(deps, payment)))
  return expired.length
}

async function giveUp(deps: QueueSweepDeps, payment: Payment): Promise<void> {
  const isCustomerBusy =
    payment.resultCode === CUSTOMER_BUSY.resultCode || deps.livePrompts.isBusy(payment, payment.id)
  const key = { merchantId: payment.merchantId, paymentId: payment.id }
  await moveOpen(deps, key, 'given_up', {
    ...(isCustomerBusy ? CUSTOMER_BUSY : NOT_SENT_IN_TIME),
    evidence: { source: 'gateway', confidence: 'proven', token: null, ip: null, query: null },
  })
}

const NOT_SENT_IN_TIME = {
  resultCode: NOT_SENT_CODE,
  resultDesc: 'It could not be sent before it expired.',
}

function leaseOf(deps: QueueSweepDeps, nowMs: number) {
  return { now: new Date(nowMs), process: deps.process, leaseUntil: new Date(nowMs + SEND_LEASE_MS) }
}

function leaveAll(places: Place[]): void {
  for (const place of places.splice(0)) place.leave(null)
}
