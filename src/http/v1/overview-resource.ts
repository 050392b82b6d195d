// The overview as the native API shows it.
import type { OpenCount } from '../../payments/open-count-store.ts'
import { OPEN_COUNT_MAX } from '../../payments/open-count-store.ts'
import { type DayTotal, type Overview, successRatio } from '../../payments/overview.ts'
import type { SpanTotal } from '../../payments/verdict-totals-store.ts'

/** Renders `overview`. */
export function overviewResource(overview: Overview) {
  const { today, yesterday, yesterdayUntilNow, hours, days, open } = overview
  return {
    object: 'overview' as const,
    time_zone: overview.timeZone,
    as_of: new Date(overview.atMs).toISOString(),
    catching_up: overview.isCatchingUp,
    today: dayOf(today),
    yesterday: { ...dayOf(yesterday), until_now: ratioOf(yesterdayUntilNow) },
    failures: overview.failures,
    hours: hours.map((hour) => ({
      start: new Date(hour.startMs).toISOString(),
      hour: `${String(hour.hour).padStart(2, '0')}:00`,
      today: hour.today && spanOf(hour.today),
      yesterday: spanOf(hour.yesterday),
    })),
    days: days.map((day) => ({ date: day.date, ...spanOf(day) })),
    open: {
      queued: openOf(open.queued),
      in_progress: openOf(open.inProgress),
      uncertain: openOf(open.uncertain),
    },
  }
}

function dayOf(day: DayTotal) {
  return { date: day.date, ...ratioOf(day), time_to_verdict_ms: day.waitMs }
}

function ratioOf(span: SpanTotal) {
  return { ...spanOf(span), success_ratio: successRatio(span) }
}

function spanOf({ amountKes, paid, failed }: SpanTotal) {
  return { amount: amountKes, paid, failed }
}

function openOf({ count, oldestAt }: OpenCount) {
  return {
    count,
    is_capped: count >= OPEN_COUNT_MAX,
    oldest_at: oldestAt === null ? null : oldestAt.toISOString(),
  }
}
