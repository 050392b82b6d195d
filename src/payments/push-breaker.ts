// The breaker of one shortcode: when Daraja fails again and again, pushes stop, one is let through now and
// then to see, and only its good answer lets the others follow.
import type { PushSignal } from './push-signal.ts'

/** What a breaker is doing. */
export type BreakerState = 'closed' | 'open' | 'half_open'

/** The right to push, to be handed back with what became of it. */
export type BreakerPass = { isProbe: boolean; period: number }

/** A breaker; times are milliseconds. */
export type PushBreaker = {
  /** How long until a push may go; 0: now. */
  waitMs(nowMs: number): number
  /** A push goes. */
  enter(): BreakerPass
  /** What became of it; `phone` tells whether it is always the same one that fails. True: it has closed. */
  record(nowMs: number, pass: BreakerPass, told: { signal: PushSignal; phone: string | null }): boolean
  state(nowMs: number): BreakerState
}

/**
 * So many failures in a row, each with another phone (one phone that always fails is not Daraja's failing).
 * A push that fails costs its customer's trust: few, but more than bad luck brings.
 */
const FAILURES_MAX = 5
const OPEN_FIRST_MS = 5_000
/** A minute is what a person waits before looking again. */
const OPEN_MAX_MS = 60_000
/** Processes open it for up to this part more or less, so that their probes are spread. */
const SPREAD_SHARE = 1 / 4
/** A probe that told nothing: the next may go after this. */
const PROBE_AGAIN_MS = 1_000
/** While a probe is under way the others look again after this. */
const PROBE_WAIT_MS = 1_000

/** A closed breaker. `random` spreads the probes of many processes: from 0 up to 1. */
export function createPushBreaker(deps: { random: () => number }): PushBreaker {
  /** Null: closed. */
  let openUntilMs: number | null = null
  let probing = false
  let opened = 0
  /** Counts the times that it opened or closed: what was sent in an earlier period tells nothing now. */
  let period = 0
  let failures = new Set<string>()
  let unreached = 0

  function open(nowMs: number): void {
    const forMs = Math.min(OPEN_FIRST_MS * 2 ** opened, OPEN_MAX_MS)
    opened += 1
    period += 1
    probing = false
    openUntilMs = nowMs + forMs * (1 - SPREAD_SHARE + deps.random() * 2 * SPREAD_SHARE)
  }

  function openMs(nowMs: number): number {
    const leftMs = (openUntilMs ?? nowMs) - nowMs
    // A clock that was set back must not keep it open.
    return leftMs > OPEN_MAX_MS * (1 + SPREAD_SHARE) ? 0 : Math.max(0, leftMs)
  }

  function close(): void {
    openUntilMs = null
    probing = false
    opened = 0
    period += 1
    failures = new Set()
  }

  function recordProbe(nowMs: number, signal: PushSignal): boolean {
    probing = false
    if (signal === 'failed') open(nowMs)
    else if (signal === 'answered' || signal === 'busy') close()
    else openUntilMs = nowMs + PROBE_AGAIN_MS
    return openUntilMs === null
  }

  return {
    waitMs(nowMs) {
      const leftMs = openMs(nowMs)
      return leftMs === 0 && probing ? PROBE_WAIT_MS : leftMs
    },
    enter() {
      const isProbe = openUntilMs !== null
      if (isProbe) probing = true
      return { isProbe, period }
    },
    record(nowMs, pass, { signal, phone }) {
      if (pass.period !== period) return false
      if (pass.isProbe) return recordProbe(nowMs, signal)
      if (signal === 'answered') failures = new Set()
      if (signal !== 'failed') return false
      // Without a connection no phone was at fault: each such failure counts.
      unreached += 1
      failures.add(phone ?? `unreached ${unreached}`)
      if (failures.size >= FAILURES_MAX) open(nowMs)
      return false
    },
    state(nowMs) {
      if (openUntilMs === null) return 'closed'
      return openMs(nowMs) > 0 ? 'open' : 'half_open'
    },
  }
}
