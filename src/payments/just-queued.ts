// Payments for which there was no room at the very moment they came. The lease of their insert keeps every
// sweep off for a while; this process knows that they are committed, and gives them to the sweeps as soon as
// it has room.
import type { Uuid } from '../ids.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { PaymentStore } from './payment-store.ts'
import { type LaneName, laneKey } from './push-lane.ts'

/** The payments that this process has queued a moment ago. */
export type JustQueued = {
  /** Notes a payment that is committed, leased until then, and whose push goes through `lane`. */
  add(lane: LaneName, payment: Pick<Payment, 'merchantId' | 'id'>, leasedUntil: Date): void
  /** A push of `lane` has ended, so that another may begin. */
  roomCame(lane: LaneName): void
}

/** What is forgotten waits for the end of its lease. */
const REMEMBERED_MAX = 2_000
/** Places come free in flurries: those whom they are for are released together. */
const GATHER_MS = 10

type Waiting = { lane: string; merchantId: Uuid; leasedUntil: Date }

/** Nothing is queued yet; `onReleased` is told when a sweep would find something. */
export function createJustQueued(
  deps: Pick<PaymentDeps, 'clock' | 'process' | 'pause'> & { store: Pick<PaymentStore, 'releaseQueued'> },
  onReleased: () => void,
): JustQueued {
  /** The oldest comes first, and so does the end of its lease, but for those of one moment. */
  const waiting = new Map<Uuid, Waiting>()
  /** Pushes that have ended, by lane. */
  const rooms = new Map<string, number>()
  let isServing = false

  /** A sweep finds what is no longer leased by itself. */
  function forgetLapsed(now: Date): void {
    for (const [paymentId, { leasedUntil }] of waiting) {
      if (leasedUntil > now) return
      waiting.delete(paymentId)
    }
  }

  /** As many as there is room for: of each lane that has some, and what is left over is for any. */
  function takeOldest() {
    const now = new Date(deps.clock.now())
    forgetLapsed(now)
    const taken: Parameters<typeof deps.store.releaseQueued>[0][] = []
    const takeWhere = (hasRoom: (lane: string) => boolean) => {
      for (const [paymentId, { lane, ...lease }] of waiting) {
        if (!hasRoom(lane)) continue
        waiting.delete(paymentId)
        taken.push({ paymentId, ...lease, leasedBy: deps.process, at: now })
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

  async function serve(): Promise<void> {
    while (rooms.size > 0 && waiting.size > 0) {
      await deps.pause(GATHER_MS)
      const released = await Promise.all(takeOldest().map((each) => deps.store.releaseQueued(each)))
      if (released.includes(true)) onReleased()
    }
  }

  return {
    add(lane, { merchantId, id }, leasedUntil) {
      forgetLapsed(new Date(deps.clock.now()))
      if (waiting.size < REMEMBERED_MAX) waiting.set(id, { lane: laneKey(lane), merchantId, leasedUntil })
    },
    roomCame(lane) {
      if (waiting.size === 0) return
      const key = laneKey(lane)
      rooms.set(key, (rooms.get(key) ?? 0) + 1)
      if (isServing) return
      isServing = true
      serve()
        // While the database is away, the leases end by themselves.
        .catch(() => undefined)
        .finally(() => {
          isServing = false
          rooms.clear()
        })
    },
  }
}

function takeRoom(rooms: Map<string, number>, lane: string): boolean {
  const left = rooms.get(lane) ?? 0
  if (left > 0) rooms.set(lane, left - 1)
  return left > 0
}
