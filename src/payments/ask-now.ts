// "Ask M-Pesa now": a person may put one question about one payment out of turn. It comes out of the budget
// that all questions share, and no payment is asked about more often than makes sense.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Asker } from './ask.ts'
import { promptEndMs, promptSince } from './ask-schedule.ts'
import { isSettled, type LastQuery, type Payment } from './payment.ts'
import { findPayment, type Owner } from './payment-read-store.ts'
import { PAID_WHILE_OPEN } from './query-answer.ts'
import { findTrackedPayment, type TrackedPayment } from './trail-store.ts'

/** Why no question was put. */
export const NOT_ASKED_REASONS = [
  'settled',
  'not_sent',
  'no_request_id',
  'too_early',
  'asked_lately',
  'being_asked',
  'budget',
  'no_credentials',
] as const
/** One of them. */
export type NotAskedReason = (typeof NOT_ASKED_REASONS)[number]

/** What came of it. `againAt`: from when on it makes sense to ask again; null when it never will. */
export type AskResult = {
  /** As it is now. */
  payment: Payment
  /** M-Pesa's answer, or null with the reason. */
  answer: LastQuery | null
  reason: NotAskedReason | null
  againAt: Date | null
}

/** Before this, the customer is still reading the prompt, and M-Pesa answers that it is in process. */
const TOO_EARLY_MS = 10_000
/** M-Pesa's word does not change faster, and every question is one that another payment does not get. */
const APART_MS = 15_000

/** Why a question makes no sense now, by what is known of the payment alone; null when it does. */
export function whyNotAsk(
  tracked: Pick<TrackedPayment, 'payment' | 'leasedUntil' | 'lastAnswer'>,
  nowMs: number,
): { reason: NotAskedReason; againAt: Date | null } | null {
  const { payment, leasedUntil, lastAnswer } = tracked
  if (isSettled(payment)) return { reason: 'settled', againAt: null }
  if (payment.state === 'queued') return { reason: 'not_sent', againAt: null }
  if (payment.checkoutRequestId === null) return { reason: 'no_request_id', againAt: null }
  const readAt = promptSince(payment).getTime() + TOO_EARLY_MS
  if (nowMs < readAt) return { reason: 'too_early', againAt: new Date(readAt) }
  const apartAt = lastAnswer === null ? 0 : Date.parse(lastAnswer.at) + APART_MS
  // A clock that was set back must not close it.
  if (nowMs < apartAt && apartAt <= nowMs + APART_MS) {
    return { reason: 'asked_lately', againAt: new Date(apartAt) }
  }
  const isLeased = leasedUntil !== null && leasedUntil.getTime() > nowMs
  return isLeased ? { reason: 'being_asked', againAt: new Date(nowMs + APART_MS) } : null
}

/** Asks M-Pesa about a payment of `owner` now, if that makes sense; null when there is no such payment. */
export async function askNow(
  deps: { db: Database; clock: Clock; asker: Pick<Asker, 'now'> },
  owner: Owner,
  id: Uuid,
): Promise<AskResult | null> {
  const tracked = await findTrackedPayment(deps, owner, id)
  if (tracked === null) return null
  const { payment } = tracked
  const whyNot = whyNotAsk(tracked, deps.clock.now())
  if (whyNot !== null) return { payment, answer: null, ...whyNot }
  const asked = await deps.asker.now(payment)
  const latest = (await findPayment(deps, owner, id)) ?? payment
  const soonestMs = deps.clock.now() + APART_MS
  // "Paid" is believed from then on.
  const believedMs = asked.ok && asked.answer.kind === PAID_WHILE_OPEN ? promptEndMs(latest) : soonestMs
  const againAt = isSettled(latest) ? null : new Date(Math.max(soonestMs, believedMs))
  return asked.ok
    ? { payment: latest, answer: asked.answer, reason: null, againAt }
    : { payment: latest, answer: null, reason: asked.reason, againAt }
}
