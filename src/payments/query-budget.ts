// How often Daraja may be asked about payments. The limit of production is unpublished and the sandbox's is
// 5 a minute (Daraja, STK query), so each shortcode starts there, grows while nobody objects, and halves
// when told that it was too much.
import type { Clock } from '../clock.ts'
import type { Uuid } from '../ids.ts'

/** The allowance of questions, per shortcode. */
export type QueryBudget = {
  /** Takes one question, or says how long to wait for the next, in milliseconds. */
  take(shortcodeId: Uuid): { ok: true } | { ok: false; waitMs: number }
  /** Daraja answered: it may be asked a little more often. */
  answered(shortcodeId: Uuid): void
  /** Daraja said that it was asked too often; `retryAfterMs` when it said for how long. */
  refused(shortcodeId: Uuid, retryAfterMs: number | null): void
}

const MINUTE_MS = 60_000
const START_PER_MINUTE = 5
const PER_MINUTE_MIN = 1
/** Far above what a shop needs, and far below what could trouble Daraja. */
const PER_MINUTE_MAX = 600
/**
 * Ten answered questions double the rate: a minute or two at the start, faster once it is known to be safe.
 */
const GROWTH = 2 ** (1 / 10)
/** Unused allowance is kept for this long, so that a few payments can be asked for together. */
const BURST_MS = 10_000
const SHORTCODES_MAX = 10_000

type Allowance = { perMinute: number; tokens: number; updatedMs: number; closedUntilMs: number }

/** A budget that lives in this process. */
export function createQueryBudget(deps: { clock: Clock }): QueryBudget {
  const allowances = new Map<Uuid, Allowance>()

  function refill(shortcodeId: Uuid): Allowance {
    const nowMs = deps.clock.now()
    let allowance = allowances.get(shortcodeId)
    if (allowance === undefined) {
      // The oldest entry makes room: it starts afresh when it is used again.
      const oldest = allowances.size >= SHORTCODES_MAX ? allowances.keys().next().value : undefined
      if (oldest !== undefined) allowances.delete(oldest)
      allowance = { perMinute: START_PER_MINUTE, tokens: 1, updatedMs: nowMs, closedUntilMs: 0 }
      allowances.set(shortcodeId, allowance)
    }
    const burst = Math.max(1, (allowance.perMinute * BURST_MS) / MINUTE_MS)
    const earned = ((nowMs - allowance.updatedMs) * allowance.perMinute) / MINUTE_MS
    allowance.tokens = Math.min(burst, allowance.tokens + Math.max(0, earned))
    allowance.updatedMs = nowMs
    return allowance
  }

  return {
    take(shortcodeId) {
      const allowance = refill(shortcodeId)
      const closedMs = allowance.closedUntilMs - deps.clock.now()
      if (closedMs > 0) return { ok: false, waitMs: closedMs }
      if (allowance.tokens < 1) {
        return { ok: false, waitMs: ((1 - allowance.tokens) * MINUTE_MS) / allowance.perMinute }
      }
      allowance.tokens -= 1
      return { ok: true }
    },
    answered(shortcodeId) {
      const allowance = refill(shortcodeId)
      allowance.perMinute = Math.min(PER_MINUTE_MAX, allowance.perMinute * GROWTH)
    },
    refused(shortcodeId, retryAfterMs) {
      const allowance = refill(shortcodeId)
      allowance.perMinute = Math.max(PER_MINUTE_MIN, allowance.perMinute / 2)
      allowance.tokens = 0
      allowance.closedUntilMs = deps.clock.now() + (retryAfterMs ?? MINUTE_MS / allowance.perMinute)
    },
  }
}
