// When M-Pesa's statement of a shortcode is pulled, and for which time: as data and plain arithmetic.
import { STATEMENT_LAG_MS, surroundingsOf, windowOf } from './statement-payment.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Without a CheckoutRequestID nothing else can be asked, so the statement is, as soon as it may tell. */
export const UNASKABLE_AGE_MS = 5 * MINUTE_MS
/** With one, queries come first: six of them by this age. */
export const ASKABLE_AGE_MS = 15 * MINUTE_MS
/** Pull Transactions knows the last 48 hours; a little less, as the pull itself takes time. */
export const PULL_REACH_MS = 48 * HOUR_MS - 10 * MINUTE_MS
/** A process that died in the midst of a pull is stood in for after this. */
export const PULL_LEASE_MS = 5 * MINUTE_MS

const PULL_EVERY_MS = 3 * MINUTE_MS
/** While pulls settle nothing the pause grows to this. */
const IDLE_PAUSE_MAX_MS = 15 * MINUTE_MS
const FAILURE_PAUSE_MAX_MS = HOUR_MS
const FAILURES_COUNTED_MAX = 10
/** Payments this far apart are looked for in one statement. */
const GAP_MAX_MS = 2 * HOUR_MS
/** And not over more time than this, so that the statement of a busy shortcode can always be cut short. */
const SPAN_MAX_MS = 2 * HOUR_MS

/** The pause after a pull: `idle` and `failures` count those in a row before it, this one included. */
export function pauseAfterPull(idle: number, failures: number, retryAfterMs: number | null): number {
  const idleMs = Math.min(PULL_EVERY_MS * (1 + idle), IDLE_PAUSE_MAX_MS)
  if (failures === 0) return idleMs
  const doubled = PULL_EVERY_MS * 2 ** Math.min(failures, FAILURES_COUNTED_MAX)
  return Math.max(retryAfterMs ?? 0, Math.min(doubled, FAILURE_PAUSE_MAX_MS))
}

/** A time to ask a statement for; where that is too much at once, it may end at `toMsMin` already. */
export type Slice = { fromMs: number; toMs: number; toMsMin: number }

/**
 * The times to ask for, oldest first, so that all payments sent at these times are covered. Each reaches to
 * the present, and may be cut where it would be too long, but not before later payments can bear witness.
 */
export function slicesFor(sentAtMs: readonly number[], nowMs: number): Slice[] {
  const slices: Slice[] = []
  for (const sent of [...sentAtMs].sort((one, other) => one - other)) {
    const payment = { sentAtMs: sent }
    const fromMs = Math.max(surroundingsOf(payment).fromMs, nowMs - PULL_REACH_MS)
    const toMsMin = Math.min(windowOf(payment).toMs + 2 * STATEMENT_LAG_MS, nowMs)
    const last = slices.at(-1)
    const isNear = last !== undefined && fromMs <= last.toMsMin + GAP_MAX_MS
    if (isNear && toMsMin - last.fromMs <= SPAN_MAX_MS) last.toMsMin = toMsMin
    else slices.push({ fromMs, toMs: nowMs, toMsMin })
  }
  return slices
}

/** Half the time, or null when it cannot be less. */
export function halve(slice: Slice): Slice | null {
  if (slice.toMs <= slice.toMsMin) return null
  const middleMs = Math.floor((slice.fromMs + slice.toMs) / 2)
  return { ...slice, toMs: Math.max(middleMs, slice.toMsMin) }
}
