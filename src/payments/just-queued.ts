// Payments for which there was no room at the very moment they came. The lease of their insert keeps every
// sweep off for a while; this process knows that they are committed, and gives them to the sweeps as soon as
// it has room.
import type { Uuid } from '../ids.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'

/** The payments that this process has queued a moment ago. */
export type JustQueued = {
  /** Notes a payment that is committed, leased until then. */
  add(payment: Pick<Payment, 'merchantId' | 'id'>, leasedUntil: Date): void
  /** A push has ended, so that another may begin. */
  roomCame(): void
}

/** What is forgotten waits for the end of its lease. */
const REMEMBERED_MAX = 2_000
/** Places come free in flurries: those whom they are for are released together. */
const GATHER_MS = 10

/** Nothing is queued yet; `onReleased` is told when a sweep would find something. */
export function createJustQueued(
  deps: Pick<PaymentDeps, 'clock' | 'process' | 'pause' | 'store'>,
  onReleased: () => void,
): JustQueued {
  /** The oldest comes first. */
  const waiting = new Map<Uuid, { merchantId: Uuid; leasedUntil: Date }>()
  let rooms = 0
  let isServing = false

  function takeOldest(count: number) {
    const now = new Date(deps.clock.now())
    const taken: Parameters<typeof deps.store.releaseQueued>[0][] = []
    for (const [paymentId, lease] of waiting) {
      if (taken.length === count) break
      waiting.delete(paymentId)
      // A sweep finds what is no longer leased by itself.
      if (lease.leasedUntil > now) taken.push({ paymentId, ...lease, leasedBy: deps.process, at: now })
    }
    return taken
  }

  async function serve(): Promise<void> {
    while (rooms > 0 && waiting.size > 0) {
      await deps.pause(GATHER_MS)
      const taken = takeOldest(rooms)
      rooms = 0
      const released = await Promise.all(taken.map((each) => deps.store.releaseQueued(each)))
      if (released.includes(true)) onReleased()
    }
  }

  return {
    add({ merchantId, id }, leasedUntil) {
      if (waiting.size < REMEMBERED_MAX) waiting.set(id, { merchantId, leasedUntil })
    },
    roomCame() {
      if (waiting.size === 0) return
      rooms += 1
      if (isServing) return
      isServing = true
      serve()
        // While the database is away, the leases end by themselves.
        .catch(() => undefined)
        .finally(() => {
          isServing = false
          rooms = 0
        })
    },
  }
}
