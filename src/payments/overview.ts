// The overview of one merchant's side: money and verdicts today against yesterday, hour by hour and day by
// day, what fails and why, how long verdicts take, and what is open.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { addDays, createLocalClock, type LocalClock } from '../local-time.ts'
import { countOpen, type OpenCounts } from './open-count-store.ts'
import type { PaymentOutcome } from './payment.ts'
import type { Owner } from './payment-read-store.ts'
import { resultLabel } from './payment-resource.ts'
import type { VerdictTotals } from './verdict-totals.ts'
import { type QuarterTotal, readQuarters, readSpans, type SpanTotal } from './verdict-totals-store.ts'
import { waitPercentileMs } from './wait-steps.ts'

/** Failures of one kind. `share` is in percent of all failures. */
export type FailureTotal = {
  code: string
  label: string
  /** One of the descriptions that came with it. */
  description: string | null
  outcome: Exclude<PaymentOutcome, 'paid'>
  count: number
  share: number
}

/** One day so far; percentiles are null when nothing was measured. */
export type DayTotal = SpanTotal & { date: string; waitMs: { p50: number; p95: number } | null }

/** One hour on the wall, today and yesterday; null: not come yet. */
export type HourTotal = { startMs: number; hour: number; today: SpanTotal | null; yesterday: SpanTotal }

/** Everything that the overview shows. */
export type Overview = {
  timeZone: string
  atMs: number
  /** A long history is still being added up. */
  isCatchingUp: boolean
  today: DayTotal
  yesterday: DayTotal
  /** Yesterday up to the quarter of an hour that it is now, that quarter included. */
  yesterdayUntilNow: SpanTotal
  failures: FailureTotal[]
  hours: HourTotal[]
  /** Oldest first, today last. */
  days: (SpanTotal & { date: string })[]
  open: OpenCounts
}

/** Days shown, today included. */
export const OVERVIEW_DAYS = 30
/** More kinds of failures than a page can show. */
const FAILURES_MAX = 20
const HOURS = 24
const PERCENT = 100

/** The overview of `owner` now, in `timeZone`. */
export async function readOverview(
  deps: { db: Database; clock: Clock; totals: Pick<VerdictTotals, 'bringUp'> },
  owner: Owner,
  timeZone: string,
): Promise<Overview> {
  const isUp = await deps.totals.bringUp(owner)
  const nowMs = deps.clock.now()
  const clock = createLocalClock(timeZone)
  const { date: today } = clock.at(nowMs)
  const dates = Array.from({ length: OVERVIEW_DAYS }, (_, day) => addDays(today, day + 1 - OVERVIEW_DAYS))
  const starts = [...dates, addDays(today, 1)].map((date) => new Date(clock.startOf(date)))
  const since = new Date(clock.startOf(addDays(today, -1)))
  const [quarters, spans, open] = await Promise.all([
    readQuarters(deps, owner, since),
    readSpans(deps, owner, starts),
    countOpen(deps, owner),
  ])
  return {
    timeZone,
    atMs: nowMs,
    isCatchingUp: !isUp,
    ...twoDays(quarters, clock, nowMs),
    days: dates.map((date, day) => ({ date, ...(spans[day] ?? sumOf([])) })),
    open,
  }
}

type TwoDays = Pick<Overview, 'today' | 'yesterday' | 'yesterdayUntilNow' | 'failures' | 'hours'>

/** What the totals of the last quarters of an hour say of today and yesterday there. */
export function twoDays(quarters: readonly QuarterTotal[], clock: LocalClock, nowMs: number): TwoDays {
  const now = clock.at(nowMs)
  const dayBefore = addDays(now.date, -1)
  const placed = quarters.map((total) => ({ ...total, ...clock.at(total.quarter.getTime()) }))
  const ofToday = placed.filter(({ date }) => date === now.date)
  const ofYesterday = placed.filter(({ date }) => date === dayBefore)
  const isByNow = (each: { hour: number; minute: number }) =>
    each.hour < now.hour || (each.hour === now.hour && each.minute <= now.minute)
  return {
    today: { date: now.date, ...sumOf(ofToday), waitMs: waitsOf(ofToday) },
    yesterday: { date: dayBefore, ...sumOf(ofYesterday), waitMs: waitsOf(ofYesterday) },
    yesterdayUntilNow: sumOf(ofYesterday.filter(isByNow)),
    failures: failuresOf(ofToday),
    hours: Array.from({ length: HOURS }, (_, hour) => ({
      startMs: clock.startOf(now.date, hour),
      hour,
      today: hour > now.hour ? null : sumOf(ofToday.filter((each) => each.hour === hour)),
      yesterday: sumOf(ofYesterday.filter((each) => each.hour === hour)),
    })),
  }
}

function sumOf(totals: readonly QuarterTotal[]): SpanTotal {
  const sum: SpanTotal = { amountKes: 0, paid: 0, failed: 0 }
  for (const { outcome, count, amountKes } of totals) {
    if (outcome === 'paid') {
      sum.paid += count
      sum.amountKes += amountKes
    } else sum.failed += count
  }
  return sum
}

function waitsOf(totals: readonly QuarterTotal[]): DayTotal['waitMs'] {
  const counts: number[] = []
  for (const { waits } of totals) {
    for (const [place, count] of waits.entries()) counts[place] = (counts[place] ?? 0) + count
  }
  const p50 = waitPercentileMs(counts, 0.5)
  const p95 = waitPercentileMs(counts, 0.95)
  return p50 === null || p95 === null ? null : { p50, p95 }
}

function failuresOf(totals: readonly QuarterTotal[]): FailureTotal[] {
  const byKind = new Map<string, Omit<FailureTotal, 'share'>>()
  let all = 0
  for (const { outcome, code, description, count } of totals) {
    if (outcome === 'paid') continue
    all += count
    const label = resultLabel({ outcome, resultCode: code, resultDesc: description })
    const kind = byKind.get(`${outcome} ${code}`) ?? { code, label, description, outcome, count: 0 }
    kind.count += count
    byKind.set(`${outcome} ${code}`, kind)
  }
  return [...byKind.values()]
    .sort((one, other) => other.count - one.count || one.code.localeCompare(other.code))
    .slice(0, FAILURES_MAX)
    .map((kind) => ({ ...kind, share: percentOf(kind.count, all) }))
}

/** With one digit behind the point. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * PERCENT * 10) / 10
}

/** The share of verdicts that were payments, in percent; null when there were none. */
export function successRatio({ paid, failed }: SpanTotal): number | null {
  return paid + failed === 0 ? null : percentOf(paid, paid + failed)
}
