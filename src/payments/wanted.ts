// A merchant that asks about an open payment makes its answer worth more (`question-rank.ts`); it never makes
// a question due. Noted seldom, so that a client that polls writes next to nothing.
import type { Clock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import { firstQuestionAt } from './ask-schedule.ts'
import type { Payment } from './payment.ts'
import type { PaymentStore } from './payment-store.ts'

/** A payment is noted this often at most, by each process. */
const NOTED_EVERY_MS = 60_000
/** Payments remembered as noted; beyond it the oldest are forgotten, and noted again. */
const REMEMBERED_MAX = 10_000

/** Notes that `payment` was asked about, and returns it as it is. Neither waits nor throws. */
export type NoteWanted = <P extends Payment | null>(payment: P) => P

/** A note-taker with a memory of its own. */
export function createNoteWanted(deps: {
  clock: Clock
  log: Logger
  store: Pick<PaymentStore, 'markWanted'>
}): NoteWanted {
  const notedAtMs = new Map<Uuid, number>()

  function isDue(payment: Payment, nowMs: number): boolean {
    if (payment.state !== 'pending' && payment.state !== 'uncertain') return false
    // Before its first question its callback is likely to come: on the happy path nothing is written.
    if (payment.promptedAt === null || nowMs < firstQuestionAt(payment.promptedAt).getTime()) return false
    const notedMs = notedAtMs.get(payment.id)
    return notedMs === undefined || nowMs - notedMs >= NOTED_EVERY_MS
  }

  return (payment) => {
    const nowMs = deps.clock.now()
    if (payment === null || !isDue(payment, nowMs)) return payment
    notedAtMs.delete(payment.id)
    notedAtMs.set(payment.id, nowMs)
    for (const oldest of notedAtMs.keys()) {
      if (notedAtMs.size <= REMEMBERED_MAX) break
      notedAtMs.delete(oldest)
    }
    deps.store
      .markWanted({ merchantId: payment.merchantId, paymentId: payment.id, at: new Date(nowMs) })
      .catch((error: unknown) => deps.log.warn({ payment: payment.id, err: error }, 'a wish was not noted'))
    return payment
  }
}
