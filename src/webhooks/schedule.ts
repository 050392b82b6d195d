// When a webhook that failed is tried again: the schedule as data, and one function that reads it.

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** The wait before each attempt, counted from the end of the one before: about three days in all. */
export const ATTEMPT_DELAYS_MS: readonly number[] = [
  0,
  5 * SECOND_MS,
  30 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]

/** Spreads what failed together, so that it does not come back together. */
const JITTER = 0.2
/** A receiver may ask for patience, not for silence. */
const RETRY_AFTER_MAX_MS = 24 * HOUR_MS

/**
 * When to make the next attempt, in milliseconds since the epoch; null when `attemptsMade` was the last.
 * A Retry-After can only make it later than the schedule would have it. `random` gives 0 to 1.
 */
export function nextAttempt(
  deps: { random: () => number },
  failed: { attemptsMade: number; nowMs: number; retryAfterMs: number | null },
): number | null {
  const delayMs = ATTEMPT_DELAYS_MS[failed.attemptsMade]
  if (delayMs === undefined) return null
  const jittered = delayMs * (1 - JITTER + 2 * JITTER * deps.random())
  const asked = Math.min(failed.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS)
  return Math.ceil(failed.nowMs + Math.max(jittered, asked))
}

/** Reads a Retry-After header (RFC 9110, 10.2.3), seconds or a date, as a wait; null when it is neither. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text) * SECOND_MS
  // Only the form of an HTTP date: Date.parse alone would also read "5" or "1.5" as years.
  if (!/^[A-Z][a-z]{2,8}, /.test(text)) return null
  const dateMs = Date.parse(text)
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs)
}
