// Time as a parameter: every part that needs the time takes a Clock, so that tests can advance it.

/** Where the current time comes from. */
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() }

/**
 * A clock that shows the machine's time at `epochMs` and from there on runs `factor` times as fast: an hour
 * of schedules and leases passes in a few minutes. Processes that share both arguments agree on the time.
 */
export function scaledClock(epochMs: number, factor: number): Clock {
  if (!Number.isFinite(factor) || factor <= 0) throw new Error(`the factor must be above 0, not ${factor}`)
  return { now: () => Math.round(epochMs + (Date.now() - epochMs) * factor) }
}

/** A clock that moves only when told to, for tests and simulations. */
export function manualClock(startMs: number): Clock & { advance(ms: number): void } {
  let nowMs = startMs
  return {
    now: () => nowMs,
    advance(ms) {
      nowMs += ms
    },
  }
}
