// What M-Pesa looks like from here, counted: pushes, verdicts and how long they took, by minute and
// environment. What is shown of it are shares, so that no merchant sees another's business.
import type { Uuid } from '../ids.ts'
import { addLatencies, countLatency, type LatencyHistogram, percentileMs } from './latency-histogram.ts'
import type { Environment, Evidence, Payment } from './payment.ts'

/** What one process saw of one environment in one minute. */
export type NetworkCounts = {
  pushes: Record<PushKind, number>
  paid: number
  /** Payments that M-Pesa declined, by code. */
  declined: Record<string, number>
  pushMs: LatencyHistogram
  /** From the prompt to the verdict. */
  verdictMs: LatencyHistogram
  /** From the push to the verdict, by where the verdict came from. */
  certaintyMs: Partial<Record<Evidence['source'], LatencyHistogram>>
  /** Up to three merchants: enough to know whether it is one's own traffic, or that of several. */
  merchants: Uuid[]
}

/** What became of a push, as Daraja's client says. */
export const PUSH_KINDS = ['accepted', 'refused', 'not_processed', 'unknown'] as const
/** One of them. */
export type PushKind = (typeof PUSH_KINDS)[number]

/** What is shown: shares are percentages, times are milliseconds, null is "nothing to judge by". */
export type NetworkView = {
  environment: Environment
  /** `own`: your payments only. `installation`: of three merchants or more. `too_little`: nothing at all. */
  sample: 'own' | 'installation' | 'too_little'
  pushes: Record<PushKind, number> | null
  successShare: number | null
  failures: { code: string; share: number }[] | null
  pushLatency: Percentiles<'p50' | 'p95'>
  promptToVerdict: Percentiles<'p50' | 'p95'>
  timeToCertainty: Partial<Record<Evidence['source'], Percentiles<'p50' | 'p95' | 'p99'>>> | null
}

/** Percentiles in milliseconds; null where nothing was measured. */
export type Percentiles<P extends string> = Record<P, number> | null

/** Below three merchants one could work out the other's figures from one's own. */
const MERCHANTS_MIN = 3
/** And below this many pushes, single payments. */
const PUSHES_MIN = 20
/** Codes come from outside: the others of a minute are counted together. */
const CODES_MAX = 30
const OTHER_CODES = 'other'
/** Codes shown, the most frequent first. */
const FAILURES_SHOWN_MAX = 10

/** Nothing seen yet. */
export function noCounts(): NetworkCounts {
  return {
    pushes: { accepted: 0, refused: 0, not_processed: 0, unknown: 0 },
    paid: 0,
    declined: {},
    pushMs: {},
    verdictMs: {},
    certaintyMs: {},
    merchants: [],
  }
}

/** Counts a push; `kind` is its outcome, or why it was not processed. */
export function countPush(counts: NetworkCounts, kind: string, durationMs: number, merchantId: Uuid): void {
  const known = PUSH_KINDS.find((each) => each === kind) ?? 'not_processed'
  counts.pushes[known] += 1
  // What never left says nothing about M-Pesa's pace.
  if (known !== 'not_processed') countLatency(counts.pushMs, durationMs)
  addMerchant(counts, merchantId)
}

/** Counts a verdict of M-Pesa's; what was refused or never sent has none. */
export function countVerdict(counts: NetworkCounts, payment: Payment, sincePromptMs: number | null): void {
  if (payment.outcome === 'paid') counts.paid += 1
  else if (payment.outcome === 'declined') addCount(counts.declined, payment.resultCode ?? OTHER_CODES, 1)
  else return
  addMerchant(counts, payment.merchantId)
  if (sincePromptMs !== null) countLatency(counts.verdictMs, sincePromptMs)
  const source = payment.evidence?.source
  if (source === undefined || payment.sentAt === null || payment.settledAt === null) return
  const histogram = counts.certaintyMs[source] ?? {}
  countLatency(histogram, payment.settledAt.getTime() - payment.sentAt.getTime())
  counts.certaintyMs[source] = histogram
}

/** All of `each` together. */
export function mergeCounts(each: readonly NetworkCounts[]): NetworkCounts {
  const merged = noCounts()
  for (const counts of each) {
    for (const kind of PUSH_KINDS) merged.pushes[kind] += counts.pushes[kind]
    merged.paid += counts.paid
    for (const [code, count] of Object.entries(counts.declined)) addCount(merged.declined, code, count)
    addLatencies(merged.pushMs, counts.pushMs)
    addLatencies(merged.verdictMs, counts.verdictMs)
    for (const source of sourcesOf(counts)) {
      const histogram = merged.certaintyMs[source] ?? {}
      addLatencies(histogram, counts.certaintyMs[source] ?? {})
      merged.certaintyMs[source] = histogram
    }
    for (const merchantId of counts.merchants) addMerchant(merged, merchantId)
  }
  return merged
}

/** What `viewer` may see of `counts`. */
export function viewCounts(environment: Environment, counts: NetworkCounts, viewer: Uuid): NetworkView {
  const total = PUSH_KINDS.reduce((sum, kind) => sum + counts.pushes[kind], 0)
  const isOwn = counts.merchants.length === 1 && counts.merchants[0] === viewer
  const isMany = counts.merchants.length >= MERCHANTS_MIN && total >= PUSHES_MIN
  if (!isOwn && !isMany) {
    const nothing = { pushes: null, successShare: null, failures: null, pushLatency: null }
    return { environment, sample: 'too_little', ...nothing, promptToVerdict: null, timeToCertainty: null }
  }
  const verdicts = counts.paid + Object.values(counts.declined).reduce((sum, count) => sum + count, 0)
  const share = (count: number, of: number) => (of === 0 ? 0 : Math.round((1_000 * count) / of) / 10)
  return {
    environment,
    sample: isOwn ? 'own' : 'installation',
    pushes: {
      accepted: share(counts.pushes.accepted, total),
      refused: share(counts.pushes.refused, total),
      not_processed: share(counts.pushes.not_processed, total),
      unknown: share(counts.pushes.unknown, total),
    },
    successShare: verdicts === 0 ? null : share(counts.paid, verdicts),
    failures: Object.entries(counts.declined)
      .sort(([, a], [, b]) => b - a)
      .slice(0, FAILURES_SHOWN_MAX)
      .map(([code, count]) => ({ code, share: share(count, verdicts) })),
    pushLatency: twoPercentiles(counts.pushMs),
    promptToVerdict: twoPercentiles(counts.verdictMs),
    timeToCertainty: certaintyOf(counts),
  }
}

function certaintyOf(counts: NetworkCounts): NetworkView['timeToCertainty'] {
  const shown: NonNullable<NetworkView['timeToCertainty']> = {}
  for (const source of sourcesOf(counts)) {
    const histogram = counts.certaintyMs[source] ?? {}
    const p99 = percentileMs(histogram, 0.99)
    const two = twoPercentiles(histogram)
    if (two !== null && p99 !== null) shown[source] = { ...two, p99 }
  }
  return shown
}

function twoPercentiles(histogram: LatencyHistogram): Percentiles<'p50' | 'p95'> {
  const [p50, p95] = [percentileMs(histogram, 0.5), percentileMs(histogram, 0.95)]
  return p50 === null || p95 === null ? null : { p50, p95 }
}

const SOURCES = ['callback', 'query', 'statement', 'push', 'gateway'] as const satisfies Evidence['source'][]

function sourcesOf(counts: NetworkCounts) {
  return SOURCES.filter((source) => counts.certaintyMs[source] !== undefined)
}

function addCount(counts: Record<string, number>, code: string, count: number): void {
  const isNew = counts[code] === undefined
  const name = isNew && Object.keys(counts).length >= CODES_MAX ? OTHER_CODES : code
  counts[name] = (counts[name] ?? 0) + count
}

function addMerchant(counts: NetworkCounts, merchantId: Uuid): void {
  if (counts.merchants.length >= MERCHANTS_MIN || counts.merchants.includes(merchantId)) return
  counts.merchants.push(merchantId)
}
