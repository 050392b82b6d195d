// The rate limit on STK queries, for each app: in the sandbox five a minute with a burst of one.
import type { Clock } from '../clock.ts'
import type { Timers } from './timers.ts'

/** Remembers when each app may ask again. */
export type QueryLimit = {
  /** True when the app may ask now; asking uses up its turn. */
  take(consumerKey: string, limit: { queriesPerMinute: number; queryBurst: number }): boolean
}

const MINUTE_MS = 60_000

/** A limit that, like every delay, is divided by the speed. */
export function createQueryLimit(deps: { clock: Clock; timers: Pick<Timers, 'realMs'> }): QueryLimit {
  // When all turns taken so far would have been had without a burst.
  const paidUntilMs = new Map<string, number>()
  return {
    take(consumerKey, { queriesPerMinute, queryBurst }) {
      const nowMs = deps.clock.now()
      const turnMs = deps.timers.realMs(MINUTE_MS / queriesPerMinute)
      const fromMs = Math.max(nowMs, paidUntilMs.get(consumerKey) ?? 0)
      if (fromMs - nowMs > (queryBurst - 1) * turnMs) return false
      paidUntilMs.set(consumerKey, fromMs + turnMs)
      return true
    },
  }
}
