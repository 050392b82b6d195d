// Holding on to a fact while the database is away: what has happened outside cannot be asked for again.
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseEndedError, DatabaseUnavailableError, isDatabaseUnavailable } from './database.ts'

const FIRST_PAUSE_MS = 50
const PAUSE_MAX_MS = 2_000

/**
 * Runs `work`, and again with growing pauses for as long as the database is unavailable, for at most
 * `forMs`. `work` must be safe to repeat. Throws its last error; when the time is over in the midst of a
 * run, a `DatabaseUnavailableError`, and that run goes on by itself.
 */
export type UntilAvailable = <T>(forMs: number, work: () => Promise<T>) => Promise<T>

/** Holding on by a given time: the machine's in a gateway, a virtual one in the simulation. */
export function createUntilAvailable(time: {
  nowMs: () => number
  pause: (pauseMs: number) => Promise<unknown>
  /** Rejects when `running` has not ended after so long; where nothing hangs there is no need for it. */
  within?: <T>(limitMs: number, running: Promise<T>) => Promise<T>
}): UntilAvailable {
  const within = time.within ?? ((_limitMs, running) => running)
  return async (forMs, work) => {
    const giveUpAt = time.nowMs() + forMs
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
      try {
        return await within(giveUpAt - time.nowMs(), work())
      } catch (error) {
        const isInVain = !isDatabaseUnavailable(error) || error instanceof DatabaseEndedError
        if (isInVain || time.nowMs() + pauseMs > giveUpAt) throw error
        await time.pause(pauseMs)
      }
    }
  }
}

/** Holding on by the machine's time. */
export const untilAvailable: UntilAvailable = createUntilAvailable({
  nowMs: () => performance.now(),
  pause: sleep,
  within,
})

function within<T>(limitMs: number, running: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new DatabaseUnavailableError('the database did not answer in time'))
    const timer = setTimeout(giveUp, Math.max(1, limitMs))
    running.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
