// Time to certainty: how long after its push a payment was settled, by what settled it.
import { percentile } from '../bench/statistics.ts'
import type { Truth } from './ledgers.ts'
import type { Outcome } from './outcome-store.ts'

/** A distribution of durations in milliseconds. */
export type Distribution = { count: number; p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number }

/** The distribution of some durations; null when there are none. */
export function distributionOf(durationsMs: readonly number[]): Distribution | null {
  if (durationsMs.length === 0) return null
  const [p50Ms = 0, p95Ms = 0, p99Ms = 0, maxMs = 0] = [50, 95, 99, 100].map((percent) =>
    Math.round(percentile(durationsMs, percent)),
  )
  return { count: durationsMs.length, p50Ms, p95Ms, p99Ms, maxMs }
}

/** Of payments that were prompted, by the source of their evidence; durations are by the fast clock. */
export function timeToCertainty(
  outcomes: readonly Outcome[],
  truths: ReadonlyMap<string, Truth>,
): Record<string, Distribution> {
  const durations = new Map<string, number[]>()
  for (const { id, settledAtMs, evidence } of outcomes) {
    const push = truths.get(id)?.prompts[0]
    if (push === undefined || settledAtMs === null) continue
    const source = evidence ?? 'none'
    for (const name of [source, 'any']) {
      const known = durations.get(name) ?? []
      durations.set(name, known)
      // A callback may be committed within the millisecond of its push.
      known.push(Math.max(0, settledAtMs - push.pushedAtMs))
    }
  }
  const entries = [...durations].sort(([a], [b]) => a.localeCompare(b))
  return Object.fromEntries(
    entries.flatMap(([source, known]) => {
      const distribution = distributionOf(known)
      return distribution === null ? [] : [[source, distribution]]
    }),
  )
}
