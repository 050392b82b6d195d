// How often M-Pesa may be asked with one Daraja app, as arithmetic: production's limit is unpublished and
// the sandbox's is 5 a minute, burst 1 (Daraja, STK query): it starts there, grows while nobody objects,
// and gives way when it was too much. `query-budget-store.ts` does the same in SQL; a test compares them.

/** The allowance of one app. Times are milliseconds since the epoch. */
export type Allowance = {
  perMinute: number
  /** Below this rate it grows fast, above it slowly: a part of what Daraja last objected to. */
  carefulFrom: number
  /** Questions that may be put now, and fractions of the next. */
  permits: number
  refilledAtMs: number
  /** Until then Daraja wants no question at all. */
  closedUntilMs: number | null
}

/** What is asked of an allowance: so many permits, after so many questions that were answered well. */
export type PermitWish = { wanted: number; answered: number; perMinuteMax: number }

/** The figures of the arithmetic. */
export const ALLOWANCE = {
  /** 5 a minute with burst 1 is a gap of 12 s; this leaves half a second for the jitter of the road. */
  startPerMinute: 4.8,
  perMinuteMin: 1,
  /** Far above what a shop needs, and far below what could trouble Daraja. */
  perMinuteMax: 600,
  /** Ten answered questions double the rate: two minutes at the start, faster once it is known to be safe. */
  growth: 2 ** (1 / 10),
  /** Near what was objected to, each answer adds this much a minute: about five minutes to the next try. */
  carefulStep: 0.05,
  /** What is left of the rate after an objection, and from where on it grows slowly again. */
  decrease: 0.7,
  carefulShare: 0.85,
  /** Unused allowance is kept for this long, so that a few payments can be asked for together. */
  burstMs: 10_000,
  /** A pause longer than this was not meant, or the clock that noted it was wrong. */
  closedMaxMs: 3_600_000,
  /** A time of refilling further ahead than this was noted by a clock that is wrong. */
  skewMaxMs: 60_000,
  /** Twelve times a twelfth is one. */
  epsilon: 1e-6,
} as const

const MINUTE_MS = 60_000

/** The allowance of an app that was never asked with: one question at once. */
export function newAllowance(nowMs: number): Allowance {
  return {
    perMinute: ALLOWANCE.startPerMinute,
    carefulFrom: ALLOWANCE.perMinuteMax,
    permits: 1,
    refilledAtMs: nowMs,
    closedUntilMs: null,
  }
}

/** Takes what there is of `wish`. A clock that is behind another's earns nothing and takes nothing back. */
export function takePermits(
  held: Allowance,
  wish: PermitWish,
  nowMs: number,
): { allowance: Allowance; granted: number } {
  const isAhead = held.refilledAtMs > nowMs + ALLOWANCE.skewMaxMs
  const idleMs = isAhead ? 0 : Math.max(0, nowMs - held.refilledAtMs)
  const permits = Math.min(burstOf(held.perMinute), held.permits + (idleMs * held.perMinute) / MINUTE_MS)
  const granted = isClosed(held, nowMs) ? 0 : Math.min(wish.wanted, Math.floor(permits + ALLOWANCE.epsilon))
  return {
    granted,
    allowance: {
      ...held,
      perMinute: grown(held, wish),
      permits: Math.max(0, permits - granted),
      refilledAtMs: isAhead ? nowMs : Math.max(held.refilledAtMs, nowMs),
    },
  }
}

/** Gives back what was taken and not used. */
export function returnPermits(held: Allowance, count: number): Allowance {
  return { ...held, permits: Math.min(burstOf(held.perMinute), held.permits + count) }
}

/** Daraja said that it was asked too often. Several answers to one burst are one objection. */
export function objected(held: Allowance, retryAfterMs: number | null, nowMs: number): Allowance {
  const again = isClosed(held, nowMs)
  const perMinute = again
    ? held.perMinute
    : Math.max(ALLOWANCE.perMinuteMin, held.perMinute * ALLOWANCE.decrease)
  const pauseMs = Math.ceil(Math.min(retryAfterMs ?? MINUTE_MS / perMinute, ALLOWANCE.closedMaxMs))
  const closedUntilMs = Math.max(again ? (held.closedUntilMs ?? 0) : 0, nowMs + pauseMs)
  return {
    perMinute,
    carefulFrom: again
      ? held.carefulFrom
      : Math.max(ALLOWANCE.perMinuteMin, held.perMinute * ALLOWANCE.carefulShare),
    // One question when it opens again; nothing is earned until then.
    permits: 1,
    refilledAtMs: closedUntilMs,
    closedUntilMs,
  }
}

/** How long until the next permit, in milliseconds; 0 when there is one. */
export function waitMsOf(held: Allowance, nowMs: number): number {
  const closedMs = isClosed(held, nowMs) ? (held.closedUntilMs ?? nowMs) - nowMs : 0
  const missing = Math.max(0, 1 - held.permits - ALLOWANCE.epsilon)
  return Math.max(closedMs, (missing * MINUTE_MS) / held.perMinute)
}

function isClosed(held: Allowance, nowMs: number): boolean {
  if (held.closedUntilMs === null) return false
  return held.closedUntilMs > nowMs && held.closedUntilMs <= nowMs + ALLOWANCE.closedMaxMs
}

function burstOf(perMinute: number): number {
  return Math.max(1, (perMinute * ALLOWANCE.burstMs) / MINUTE_MS)
}

function grown(held: Allowance, wish: PermitWish): number {
  const next =
    held.perMinute < held.carefulFrom
      ? Math.min(held.perMinute * ALLOWANCE.growth ** wish.answered, held.carefulFrom)
      : held.perMinute + ALLOWANCE.carefulStep * wish.answered
  return Math.min(next, wish.perMinuteMax)
}
