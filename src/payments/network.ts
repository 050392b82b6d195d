// The watch over M-Pesa: counts in memory what this process sees, writes it every few seconds, and reads what
// all processes of the installation saw in the last quarter of an hour.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import {
  countPush,
  countVerdict,
  mergeCounts,
  type NetworkView,
  noCounts,
  viewCounts,
} from './network-counts.ts'
import {
  type NetworkMinute,
  readNetworkMinutes,
  trimNetworkMinutes,
  writeNetworkMinutes,
} from './network-store.ts'
import type { Environment } from './payment.ts'
import type { PaymentObserver } from './payment-deps.ts'

/** The watch of one process. */
export type NetworkWatch = {
  observe: Pick<PaymentObserver, 'pushed' | 'settled'>
  /** Writes what was counted since the last time; resolves to how many rows. */
  flush(): Promise<number>
  /** The last quarter of an hour as `viewer` may see it: the environments of its own side. */
  read(viewer: { merchantId: Uuid; live: boolean }): Promise<NetworkView[]>
}

/** What it works with. */
export type NetworkWatchDeps = { clock: Clock; process: Uuid; db: Database }

const MINUTE_MS = 60_000
/** How far back it looks. */
export const NETWORK_WINDOW_MS = 15 * MINUTE_MS
/** Rows are kept longer than they are looked at, for processes whose clocks differ. */
const KEPT_MS = 60 * MINUTE_MS
/** Rows that could not be written are given up beyond this many: twenty minutes without a database. */
const HELD_MAX = 60

/** A watch that has seen nothing. */
export function createNetworkWatch(deps: NetworkWatchDeps): NetworkWatch {
  const held = new Map<string, NetworkMinute>()
  const changed = new Set<string>()
  let trimmedMs = Number.NEGATIVE_INFINITY

  function countsOf(environment: Environment) {
    const minuteMs = minuteOf(deps.clock.now())
    const key = `${minuteMs} ${environment}`
    changed.add(key)
    const known = held.get(key)
    if (known !== undefined) return known.counts
    const begun: NetworkMinute = { minute: new Date(minuteMs), environment, counts: noCounts() }
    held.set(key, begun)
    for (const oldest of held.keys()) {
      if (held.size <= HELD_MAX) break
      held.delete(oldest)
      changed.delete(oldest)
    }
    return begun.counts
  }

  function forgetWritten(): void {
    const nowMinuteMs = minuteOf(deps.clock.now())
    for (const [key, { minute }] of held) {
      if (minute.getTime() < nowMinuteMs && !changed.has(key)) held.delete(key)
    }
  }

  return {
    observe: {
      pushed: (kind, durationMs, payment) =>
        countPush(countsOf(payment.environment), kind, durationMs, payment.merchantId),
      settled: (payment, sincePromptMs) =>
        countVerdict(countsOf(payment.environment), payment, sincePromptMs),
    },
    async flush() {
      const keys = [...changed]
      const minutes = keys.flatMap((key) => held.get(key) ?? [])
      if (minutes.length === 0) return 0
      for (const key of keys) changed.delete(key)
      try {
        await writeNetworkMinutes(deps, deps.process, minutes)
      } catch (error) {
        for (const key of keys) if (held.has(key)) changed.add(key)
        throw error
      }
      forgetWritten()
      const nowMs = deps.clock.now()
      if (nowMs - trimmedMs >= MINUTE_MS) {
        trimmedMs = nowMs
        await trimNetworkMinutes(deps, new Date(nowMs - KEPT_MS))
      }
      return minutes.length
    },
    async read({ merchantId, live }) {
      const environments: Environment[] = live ? ['production'] : ['simulator', 'sandbox']
      const since = new Date(minuteOf(deps.clock.now() - NETWORK_WINDOW_MS))
      const minutes = await readNetworkMinutes(deps, environments, since)
      return environments.map((environment) => {
        const theirs = minutes.filter((minute) => minute.environment === environment)
        const merged = mergeCounts(theirs.map(({ counts }) => counts))
        return viewCounts(environment, merged, merchantId)
      })
    },
  }
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS
}
