// A long run looked at every few seconds: how fast payments were, and what the machine did for it.
import type { ArrivalLook } from './arrivals.ts'
import type { GatewayMetrics } from './metrics-text.ts'
import type { Plot } from './scenario.ts'

/** One look. */
export type Sample = {
  atSeconds: number
  p50Ms: number | null
  p99Ms: number | null
  maxMs: number | null
  /** Payments begun and not yet told of. */
  open: number
  /** Cores in use since the last look. */
  gatewayCores: number | null
  postgresCores: number | null
  residentMb: number | null
  loopP99Ms: number | null
  loopMaxMs: number | null
}

/** What is read besides the load's own words. */
export type Reading = { atMs: number; cpu: (number | null)[]; residentBytes: number | null }

const BYTES_PER_MB = 1_048_576
const MS_PER_SECOND = 1_000

/** One look's sample: `before` and `now` bound it. */
export function sampleOf(
  startedAtMs: number,
  [before, now]: [Reading, Reading],
  look: ArrivalLook,
  metrics: GatewayMetrics | null,
): Sample {
  const cores = (at: number) => {
    const [from = null, to = null] = [before.cpu[at], now.cpu[at]]
    return from === null || to === null ? null : (to - from) / (now.atMs - before.atMs)
  }
  return {
    atSeconds: Math.round((now.atMs - startedAtMs) / MS_PER_SECOND),
    p50Ms: look.webhooks.p50Ms,
    p99Ms: look.webhooks.p99Ms,
    maxMs: look.webhooks.maxMs,
    open: look.counts.begun - look.counts.failed - look.told,
    gatewayCores: cores(0),
    postgresCores: cores(1),
    residentMb: now.residentBytes === null ? null : now.residentBytes / BYTES_PER_MB,
    loopP99Ms: metrics?.loopP99Ms ?? null,
    loopMaxMs: metrics?.loopMaxMs ?? null,
  }
}

/** A line for the person who waits. */
export function sampleText(sample: Sample): string {
  const show = (value: number | null, digits: number) => value?.toFixed(digits) ?? '–'
  return (
    `${sample.atSeconds} s: p50 ${show(sample.p50Ms, 0)} ms, p99 ${show(sample.p99Ms, 0)} ms, ` +
    `max ${show(sample.maxMs, 0)} ms, ${sample.open} open; cores: gateway ${show(sample.gatewayCores, 2)}, ` +
    `PostgreSQL ${show(sample.postgresCores, 2)}; ${show(sample.residentMb, 0)} MB`
  )
}

/** Latency, cores and memory over time. */
export function seriesPlots(samples: readonly Sample[]): Plot[] {
  const points = (read: (sample: Sample) => number | null) =>
    samples.flatMap((sample): [number, number][] => {
      const value = read(sample)
      return value === null ? [] : [[sample.atSeconds / 60, value]]
    })
  const plot = (title: string, yLabel: string, series: Plot['series']): Plot => ({
    ...{ title, yLabel, series },
    xLabel: 'minutes',
  })
  return [
    plot('From request to webhook, less the time of M-Pesa', 'ms', [
      { name: 'half within', points: points((sample) => sample.p50Ms) },
      { name: '99 of 100 within', points: points((sample) => sample.p99Ms) },
    ]),
    plot('Cores in use', 'cores', [
      { name: 'gateway', points: points((sample) => sample.gatewayCores) },
      { name: 'PostgreSQL', points: points((sample) => sample.postgresCores) },
    ]),
    plot('Memory of the gateway', 'MB', [
      { name: 'resident', points: points((sample) => sample.residentMb) },
    ]),
  ]
}
