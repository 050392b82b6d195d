// When M-Pesa is asked about a payment whose callback has not come: a schedule as data, by the age of its
// prompt. Most callbacks come within 30 s; a prompt lives about 60 s (Daraja, ResultCodes).

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

/** The life of a prompt and half again: a payment without a verdict by then is `uncertain`. */
export const PROMPT_LIFE_AND_GRACE_MS = 90 * SECOND

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
