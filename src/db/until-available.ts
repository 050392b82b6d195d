// Holding on to a fact while the database is away: what has happened outside cannot be asked for again.
import { setTimeout as sleep } from 'node:timers/promises'
import { isDatabaseUnavailable } from './database.ts'

const FIRST_PAUSE_MS = 50
const PAUSE_MAX_MS = 2_000

/**
 * Runs `work`, and again with growing pauses for as long as the database is unavailable, for at most
 * `forMs`. `work` must be safe to repeat. Throws its last error.
 */
export async function untilAvailable<T>(forMs: number, work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + forMs
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseUnavailable(error) || performance.now() + pauseMs > giveUpAt) throw error
      await sleep(pauseMs)
    }
  }
}
