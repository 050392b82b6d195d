// Holding on to a fact while the database is away: what has happened outside cannot be asked for again.
import { setTimeout as sleep } from 'node:timers/promises'
import { isDatabaseUnavailable } from './database.ts'

const FIRST_PAUSE_MS = 50
const PAUSE_MAX_MS = 2_000

/**
 * Runs `work`, and again with growing pauses for as long as the database is unavailable, for at most
 * `forMs`. `work` must be safe to repeat. Throws its last error.
 */
export type UntilAvailable = <T>(forMs: number, work: () => Promise<T>) => Promise<T>

/** Holding on by a given time: the machine's in a gateway, a virtual one in the simulation. */
export function createUntilAvailable(time: {
  nowMs: () => number
  pause: (pauseMs: number) => Promise<unknown>
}): UntilAvailable {
  return async (forMs, work) => {
    const giveUpAt = time.nowMs() + forMs
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
      try {
        return await work()
      } catch (error) {
        if (!isDatabaseUnavailable(error) || time.nowMs() + pauseMs > giveUpAt) throw error
        await time.pause(pauseMs)
      }
    }
  }
}

/** Holding on by the machine's own time. */
export const untilAvailable: UntilAvailable = createUntilAvailable({
  nowMs: () => performance.now(),
  pause: (pauseMs) => sleep(pauseMs),
})
