// A limit that nobody has published, found by trying: it halves when told that it was too much, grows by
// steps while all is well, and after an outage begins small and doubles (as TCP does; RFC 5681).

/** A limit on a rate or a number; times are milliseconds. */
export type AdaptiveLimit = {
  value(): number
  /** Whether it is on its way back from an outage. */
  isSlowStart(): boolean
  /**
   * It was too much, while `inUse` of it was used, by something begun at `begunMs`. What was begun no
   * later than the last halving says nothing new: a crowd turned away together halves once.
   */
  lower(nowMs: number, told: { inUse: number; begunMs: number }): void
  /** It was not too much. */
  raise(nowMs: number): void
  /** An outage is over. */
  restart(nowMs: number): void
}

/** At most so many parts of itself a second that a limit grows by: back within 20 s of the last trouble. */
const STEP_SHARE = 1 / 20
/** How much of a former height is believed in after each halving: a real limit is approached slowly. */
const MEMORY_SHARE = 0.7
/** Silence proves nothing: one good answer speaks for this long at the most. */
const RAISE_FOR_MAX_MS = 1_000
const SECOND_MS = 1_000

/** A limit between `min` and `max`, open wide until somebody objects. */
export function createAdaptiveLimit(bounds: { min: number; max: number }): AdaptiveLimit {
  const { min, max } = bounds
  let value = max
  /** Where doubling ends and steps begin. */
  let threshold = min
  let height = max
  let loweredMs = Number.NEGATIVE_INFINITY
  let raisedMs = Number.NEGATIVE_INFINITY

  return {
    value: () => value,
    isSlowStart: () => value < threshold,
    lower(nowMs, { inUse, begunMs }) {
      // A clock that was set back must not make it deaf.
      if (begunMs <= loweredMs && loweredMs <= nowMs) return
      // An unused limit was not what was too much: what was in use is halved.
      const used = Math.max(min, Math.min(value, inUse))
      height = Math.max(used, height * MEMORY_SHARE)
      value = Math.max(min, used / 2)
      threshold = value
      loweredMs = nowMs
      raisedMs = nowMs
    },
    raise(nowMs) {
      const seconds = Math.min(Math.max(nowMs - raisedMs, 0), RAISE_FOR_MAX_MS) / SECOND_MS
      raisedMs = nowMs
      value =
        value < threshold
          ? Math.min(threshold, value * 2 ** seconds)
          : Math.min(max, value + Math.max(1, height * STEP_SHARE) * seconds)
    },
    restart(nowMs) {
      threshold = Math.max(value, height / 2)
      value = min
      raisedMs = nowMs
    },
  }
}
