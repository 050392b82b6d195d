// Payments for which there was no room at the very moment they came. The lease of their insert keeps every
// sweep off for as long as its answer may take; this process knows that they are committed, and gives them to
// the sweeps as soon as it has room, or a moment later in any case.
import type { Uuid } from '../ids.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { QueueRelease } from './payment-queue-store.ts'
import type { PaymentStore } from './payment-store.ts'
import { type LaneName, laneKey } from './push-lane.ts'

/** The payments that this process has queued a moment ago. */
export type JustQueued = {
  /**
   * Notes a payment that is committed, leased until then, and whose push goes through `lane`; null where it
   * waits for something else than room.
   */
  add(lane: LaneName | null, payment: Pick<Payment, 'merchantId' | 'id'>, leasedUntil: Date): void
  /** A push of `lane` has ended, so that another may begin. */
  roomCame(lane: LaneName): void
}

/** What is forgotten waits for the end of its lease. */
const REMEMBERED_MAX = 2_000
/** Places come free in flurries: those whom they are for are released together. */
const GATHER_MS = 10
/** Without room in this process for so long, another may have some; or a breaker or a phone is waited for. */
const RELEASED_AFTER_MS = 2_000

type Waiting = { lane: string | null; merchantId: Uuid; leasedUntil: Date }

/** The oldest comes first, and so does the end of its lease, but for those of one moment. */
type Remembered = Map<Uuid, Waiting>
type Released = Pick<QueueRelease, 'paymentId' | 'merchantId' | 'leasedUntil'>

/** Nothing is queued yet; `onReleased` is told when a sweep would find something. */
export function createJustQueued(
  deps: Pick<PaymentDeps, 'clock' | 'process' | 'pause'> & { store: Pick<PaymentStore, 'releaseQueued'> },
  onReleased: () => void,
): JustQueued {
  const waiting: Remembered = new Map()
  /** Pushes that have ended, by lane. */
  const rooms = new Map<string, number>()
  let isServing = false

  async function release(taken: Released[]): Promise<void> {
    const by = { leasedBy: deps.process, at: new Date(deps.clock.now()) }
    const released = await Promise.all(taken.map((each) => deps.store.releaseQueued({ ...each, ...by })))
    if (released.includes(true)) onReleased()
  }

  async function serve(): Promise<void> {
    while (rooms.size > 0 && waiting.size > 0) {
      await deps.pause(GATHER_MS)
      forgetLapsed(waiting, deps.clock.now())
      await release(takeOldest(waiting, rooms))
    }
  }

  /** Those of about one moment share the run of a grouped statement. */
  async function releaseLater(paymentId: Uuid): Promise<void> {
    const fromMs = deps.clock.now() + RELEASED_AFTER_MS
    await deps.pause(RELEASED_AFTER_MS + GATHER_MS)
    const lease = waiting.get(paymentId)
    // A clock that was set back leaves it to the end of its lease.
    if (lease === undefined || deps.clock.now() < fromMs) return
    waiting.delete(paymentId)
    const { merchantId, leasedUntil } = lease
    await release([{ paymentId, merchantId, leasedUntil }])
  }

  return {
    add(lane, { merchantId, id }, leasedUntil) {
      forgetLapsed(waiting, deps.clock.now())
      if (waiting.size >= REMEMBERED_MAX) return
      waiting.set(id, { lane: lane === null ? null : laneKey(lane), merchantId, leasedUntil })
      releaseLater(id).catch(leftToLease)
    },
    roomCame(lane) {
      if (waiting.size === 0) return
      const key = laneKey(lane)
      rooms.set(key, (rooms.get(key) ?? 0) + 1)
      if (isServing) return
      isServing = true
      serve()
        .catch(leftToLease)
        .finally(() => {
          isServing = false
          rooms.clear()
        })
    },
  }
}

/** While the database is away, the leases end by themselves. */
const leftToLease = () => undefined

/** A sweep finds what is no longer leased by itself. */
function forgetLapsed(waiting: Remembered, nowMs: number): void {
  for (const [paymentId, { leasedUntil }] of waiting) {
    if (leasedUntil.getTime() > nowMs) return
    waiting.delete(paymentId)
  }
}

/** As many as there is room for: of each lane that has some, and what is left over is for any. */
function takeOldest(waiting: Remembered, rooms: Map<string, number>): Released[] {
  const taken: Released[] = []
  const takeWhere = (hasRoom: (lane: string) => boolean) => {
    for (const [paymentId, { lane, ...lease }] of waiting) {
      if (lane === null || !hasRoom(lane)) continue
      waiting.delete(paymentId)
      taken.push({ paymentId, ...lease })
    }
  }
  takeWhere((lane) => takeRoom(rooms, lane))
  let left = [...rooms.values()].reduce((sum, count) => sum + count, 0)
  rooms.clear()
  takeWhere(() => {
    left -= 1
    return left >= 0
  })
  return taken
}

function takeRoom(rooms: Map<string, number>, lane: string): boolean {
  const left = rooms.get(lane) ?? 0
  if (left > 0) rooms.set(lane, left - 1)
  return left > 0
}
