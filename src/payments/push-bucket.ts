// The token bucket of one shortcode, in two halves: one for what comes in, one for what waits in the queue. A
// half that is full flows over into the other, so neither is slowed by the other's absence or starved by its
// presence.

/** How a push comes: at once with its request, or out of the queue. */
export type PushKind = 'direct' | 'queued'

/** A bucket; times are milliseconds. */
export type PushBucket = {
  /** How long until there is a token; 0: now. */
  waitMs(nowMs: number, kind: PushKind): number
  take(nowMs: number, kind: PushKind): void
  /** What was taken was not used. */
  giveBack(kind: PushKind): void
  /** Tokens used in the last second or so. */
  usedPerSecond(nowMs: number): number
}

/** Unused tokens are kept for so long: a burst that a quarter of a second would have carried anyway. */
const BURST_MS = 250
const SECOND_MS = 1_000

/** A full bucket that fills at `ratePerSecond`. */
export function createPushBucket(deps: { ratePerSecond: () => number }, startMs: number): PushBucket {
  const halfMax = () => Math.max(1, (deps.ratePerSecond() * BURST_MS) / SECOND_MS / 2)
  const tokens = { direct: halfMax(), queued: halfMax() }
  let filledMs = startMs
  let windowMs = startMs
  let usedNow = 0
  let usedBefore = 0

  function fill(nowMs: number): void {
    const max = halfMax()
    const earned = (Math.max(0, nowMs - filledMs) * deps.ratePerSecond()) / SECOND_MS / 2
    filledMs = nowMs
    const over = { direct: tokens.direct + earned - max, queued: tokens.queued + earned - max }
    tokens.direct = Math.min(max, tokens.direct + earned + Math.max(0, over.queued))
    tokens.queued = Math.min(max, tokens.queued + earned + Math.max(0, over.direct))
  }

  function turnWindow(nowMs: number): void {
    const passedMs = nowMs - windowMs
    if (passedMs >= 0 && passedMs < SECOND_MS) return
    // Neither a window long past nor, of a clock that was set back, one to come tells what was used before.
    usedBefore = passedMs >= 0 && passedMs < 2 * SECOND_MS ? usedNow : 0
    usedNow = 0
    windowMs = nowMs
  }

  return {
    waitMs(nowMs, kind) {
      fill(nowMs)
      const missing = 1 - tokens[kind]
      return missing <= 0 ? 0 : (missing * 2 * SECOND_MS) / deps.ratePerSecond()
    },
    take(nowMs, kind) {
      fill(nowMs)
      turnWindow(nowMs)
      tokens[kind] -= 1
      usedNow += 1
    },
    giveBack(kind) {
      tokens[kind] = Math.min(halfMax(), tokens[kind] + 1)
      usedNow = Math.max(0, usedNow - 1)
    },
    usedPerSecond(nowMs) {
      turnWindow(nowMs)
      return Math.max(usedNow, usedBefore)
    },
  }
}
