// How often something may be done: some at once, and from then on one in so many milliseconds. What anybody
// can make us do without a key is bounded by one of these.
import type { Clock } from './clock.ts'

/** `atOnce` after a rest, and one more every `everyMs`. */
export type Rate = { atOnce: number; everyMs: number }

/** `processes`: how many share each rate, this one included; 1 unless told. */
export type AllowanceDeps = { clock: Clock; processes?: number }

/** One allowance for each key. */
export type KeyedAllowance<Key> = {
  /** Takes one; or says how long until there is one again, in milliseconds. */
  take(key: Key): { ok: true } | { ok: false; waitMs: number }
}

/**
 * Allowances in the memory of this process, for at most `keysMax` keys: beyond, the one that was used least
 * recently is forgotten, and starts afresh. Of `whole` each of the processes has its share, rounded up.
 */
export function createKeyedAllowance<Key>(
  deps: AllowanceDeps,
  whole: Rate,
  keysMax: number,
): KeyedAllowance<Key> {
  const rate = shareOf(whole, deps.processes ?? 1)
  // When what was taken will have been earned again (the generic cell rate algorithm, ITU-T I.371).
  const earnedAtMs = new Map<Key, number>()
  const ahead = (rate.atOnce - 1) * rate.everyMs
  return {
    take(key) {
      const nowMs = deps.clock.now()
      // A clock that was set back must not keep anybody waiting longer than a full rest takes.
      const before = Math.min(Math.max(earnedAtMs.get(key) ?? 0, nowMs), nowMs + rate.atOnce * rate.everyMs)
      const isOver = before - nowMs > ahead
      earnedAtMs.delete(key)
      earnedAtMs.set(key, isOver ? before : before + rate.everyMs)
      const oldest = earnedAtMs.size > keysMax ? earnedAtMs.keys().next().value : undefined
      if (oldest !== undefined) earnedAtMs.delete(oldest)
      return isOver ? { ok: false, waitMs: before - nowMs - ahead } : { ok: true }
    },
  }
}

function shareOf({ atOnce, everyMs }: Rate, processes: number): Rate {
  return { atOnce: Math.ceil(atOnce / processes), everyMs: everyMs * processes }
}

/** One allowance for all; says whether one more could be taken. */
export function createAllowance(deps: AllowanceDeps, rate: Rate): () => boolean {
  const only = createKeyedAllowance<'all'>(deps, rate, 1)
  return () => only.take('all').ok
}
