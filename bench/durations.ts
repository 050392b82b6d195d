// Durations of millions of exchanges in a fixed amount of memory.
import { createHistogram } from 'node:perf_hooks'

/** What is told of them; null when there were none. */
export type DurationSummary = {
  count: number
  p50Ms: number | null
  p99Ms: number | null
  p999Ms: number | null
  maxMs: number | null
  /** Of all, the share that took longer than a second. */
  overSecondShare: number
}

/** Collects durations. */
export type Durations = {
  add(ms: number): void
  summary(): DurationSummary
  /** Forgets all of them: a new collection takes hundreds of kilobytes. */
  reset(): void
}

const MICROSECONDS = 1_000
const SECOND_MS = 1_000

/** An empty collection, exact to three digits (a histogram of microseconds). */
export function createDurations(): Durations {
  const histogram = createHistogram({ figures: 3 })
  let overSecond = 0
  return {
    add(ms) {
      if (ms > SECOND_MS) overSecond += 1
      histogram.record(Math.max(1, Math.round(ms * MICROSECONDS)))
    },
    reset() {
      overSecond = 0
      histogram.reset()
    },
    summary() {
      const { count } = histogram
      const at = (percent: number) => (count === 0 ? null : histogram.percentile(percent) / MICROSECONDS)
      return {
        count,
        p50Ms: at(50),
        p99Ms: at(99),
        p999Ms: at(99.9),
        maxMs: count === 0 ? null : histogram.max / MICROSECONDS,
        overSecondShare: count === 0 ? 0 : overSecond / count,
      }
    },
  }
}
