// The rate limit seen on STK queries in the sandbox: five a minute, burst one, for each app.
import type { Clock } from '../clock.ts'
import type { Timers } from './timers.ts'

/** Remembers when each app may ask again. */
export type QueryLimit = {
  /** True when the app may ask now; asking uses up its turn. */
  take(consumerKey: string): boolean
}

const QUERIES_PER_MINUTE = 5

/** A limit that, like every delay, is divided by the speed. */
export function createQueryLimit(deps: { clock: Clock; timers: Pick<Timers, 'realMs'> }): QueryLimit {
  const nextAtMs = new Map<string, number>()
  return {
    take(consumerKey) {
      const nowMs = deps.clock.now()
      if (nowMs < (nextAtMs.get(consumerKey) ?? 0)) return false
      nextAtMs.set(consumerKey, nowMs + deps.timers.realMs(60_000 / QUERIES_PER_MINUTE))
      return true
    },
  }
}
