// Holding on to what Daraja has answered while the database is away: at first for whoever waits for it, and
// then without them, since nobody else knows of it.
import { DatabaseEndedError, isDatabaseUnavailable } from '../db/database.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'

/**
 * Runs `work` until it is committed, by `untilMs` of the clock at the latest. Resolves to the payment as it
 * is then; or, while that goes on behind, to `payment` itself. Rejects when nothing goes on.
 */
export type Hold = (payment: Payment, untilMs: number, work: () => Promise<Payment>) => Promise<Payment>

/** Its caller, and the place of its push, are kept waiting for this long. */
const WAITED_FOR_MS = 25_000
/** Held behind at a time; thrice the pushes that a process has under way, a few kilobytes each. */
const HELD_MAX = 2_000

/** A hold; `goesOn` is given whatever is held without anybody waiting. */
export function createHold(
  deps: Pick<PaymentDeps, 'clock' | 'untilAvailable'>,
  goesOn: (payment: Payment, recording: Promise<Payment>) => void,
): Hold {
  let held = 0
  return async (payment, untilMs, work) => {
    try {
      return await deps.untilAvailable(WAITED_FOR_MS, work)
    } catch (error) {
      const isInVain = !isDatabaseUnavailable(error) || error instanceof DatabaseEndedError
      const leftMs = untilMs - deps.clock.now()
      if (isInVain || leftMs <= 0 || held >= HELD_MAX) throw error
      held += 1
      const recording = deps.untilAvailable(leftMs, work).finally(() => {
        held -= 1
      })
      goesOn(payment, recording)
      return payment
    }
  }
}
