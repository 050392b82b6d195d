// Durations counted in buckets that grow by a seventh, from 10 ms to about three hours: small enough to write
// every few seconds, and right to within that seventh when percentiles are read from them.

/** Counts by the number of the bucket; what was never seen is not there. */
export type LatencyHistogram = Record<string, number>

const FIRST_MS = 10
const GROWTH = 1.15
/** 10 ms · 1.15^100 is 3.3 hours; what takes longer counts as that. */
const LAST_BUCKET = 100

/** Counts one duration. */
export function countLatency(histogram: LatencyHistogram, durationMs: number): void {
  const bucket = Math.ceil(Math.log(Math.max(1, durationMs / FIRST_MS)) / Math.log(GROWTH))
  const name = String(Math.min(LAST_BUCKET, bucket))
  histogram[name] = (histogram[name] ?? 0) + 1
}

/** Adds `other` to `histogram`. */
export function addLatencies(histogram: LatencyHistogram, other: LatencyHistogram): void {
  for (const [name, count] of Object.entries(other)) histogram[name] = (histogram[name] ?? 0) + count
}

/** The duration that `share` (0 to 1) of all were not longer than, in milliseconds; null of nothing. */
export function percentileMs(histogram: LatencyHistogram, share: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([name, count]) => ({ bucket: Number(name), count }))
    .sort((a, b) => a.bucket - b.bucket)
  const total = buckets.reduce((sum, { count }) => sum + count, 0)
  let left = share * total
  for (const { bucket, count } of buckets) {
    left -= count
    if (left <= 0) return Math.round(FIRST_MS * GROWTH ** bucket)
  }
  return null
}
