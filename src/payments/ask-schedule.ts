// When M-Pesa is asked about a payment whose callback has not come: a schedule as data, by the age of its
// prompt. Most callbacks come within 30 s; a prompt lives about 60 s (Daraja, ResultCodes).
import type { Payment } from './payment.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Ages at which to ask; then every two hours for three days, then daily for as long as it is open. */
const ASK_AT_AGES_MS = [
  30 * SECOND,
  60 * SECOND,
  90 * SECOND,
  2 * MINUTE,
  3 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  40 * MINUTE,
  HOUR,
]
const AFTER_THAT_MS = 2 * HOUR
const DAILY_FROM_AGE_MS = 72 * HOUR
const DAILY_MS = 24 * HOUR

/** How long a prompt stays up (Daraja, ResultCodes: about 60 s, 1 to 3 minutes by handset). */
export const PROMPT_LIFE_MS = 60 * SECOND

/** The life of a prompt and half again: a payment without a verdict by then is `uncertain`. */
export const PROMPT_LIFE_AND_GRACE_MS = 1.5 * PROMPT_LIFE_MS

/** Since when a payment may have a prompt up: since Daraja's answer, or else since its push. */
export function promptSince(payment: Pick<Payment, 'promptedAt' | 'sentAt' | 'createdAt'>): Date {
  return payment.promptedAt ?? payment.sentAt ?? payment.createdAt
}

/** When the life of a payment's prompt is over, in milliseconds since the epoch. */
export function promptEndMs(payment: Pick<Payment, 'promptedAt' | 'sentAt' | 'createdAt'>): number {
  return promptSince(payment).getTime() + PROMPT_LIFE_MS
}

/** When a payment whose push was accepted `at` is first asked for. */
export function firstQuestionAt(at: Date): Date {
  return nextQuestionAt(at, at)
}

/** When a payment whose prompt dates from `since` is asked for next, after `now`. */
export function nextQuestionAt(since: Date, now: Date): Date {
  const ageMs = Math.max(0, now.getTime() - since.getTime())
  const step = ASK_AT_AGES_MS.find((askAtMs) => askAtMs > ageMs)
  if (step !== undefined) return new Date(since.getTime() + step)
  return new Date(now.getTime() + (ageMs < DAILY_FROM_AGE_MS ? AFTER_THAT_MS : DAILY_MS))
}
