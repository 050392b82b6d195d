// What verdicts came to, by quarter of an hour: added up from the feed of events, batch by batch and each
// event once, and read in some milliseconds however many payments there were.
import type { Database } from '../db/database.ts'
import { leastUuidAt, type Uuid } from '../ids.ts'
import type { PaymentOutcome } from './payment.ts'
import type { Owner } from './payment-read-store.ts'
import { WAIT_STEPS_MS } from './wait-steps.ts'

/** A merchant's test or live payments. */
export type Side = { merchantId: Uuid; live: boolean }

const NO_UUID = '00000000-0000-0000-0000-000000000000'
/** As the feed reads it. */
const POSITION = `case when reached.tx > feed_tx(pg_snapshot_xmax(pg_current_snapshot())) then '3'::xid8
  else reached.tx end, reached.event_id`

// Whoever holds the row adds up; another would count the same events. A failure that was corrected stays
// counted where it was: the money counts when it was found.
const FOLD = `
  with reached as materialized (
    select tx, event_id from verdict_totals_reached
    where merchant_id = $1 and live = $2 for update skip locked
  ), batch as materialized (
    select e.* from reached cross join lateral (
      select tx, id, created_at, type, snapshot from events
      where merchant_id = $1 and live = $2 and (tx, id) > (${POSITION})
        and tx < feed_tx(pg_snapshot_xmin(pg_current_snapshot()))
      order by tx, id limit $3
    ) e
  ), verdicts as (
    select date_bin('15 minutes', b.created_at, timestamptz 'epoch') as quarter, p.shortcode_id, p.outcome,
      coalesce(p.result_code, '') as code, p.result_desc, p.amount,
      case when p.outcome in ('paid', 'declined') then width_bucket(
        extract(epoch from p.settled_at - p.prompted_at)::float8 * 1000, $4::float8[]) end as step
    from batch b cross join lateral jsonb_to_record(b.snapshot) as p (
      shortcode_id uuid, outcome text, result_code text, result_desc text, amount bigint,
      settled_at timestamptz, prompted_at timestamptz)
    where b.type in ('payment.succeeded', 'payment.failed', 'payment.corrected') and p.outcome is not null
  ), steps as (
    select quarter, shortcode_id, outcome, code, step, max(result_desc) as description, count(*) as count,
      sum(amount) as amount
    from verdicts group by quarter, shortcode_id, outcome, code, step
  ), added as (
    insert into verdict_totals as t (
      merchant_id, live, quarter, shortcode_id, outcome, code, description, count, amount, waits)
    select $1, $2, quarter, shortcode_id, outcome, code, left(max(description), 200), sum(count), sum(amount),
      array(select coalesce(sum(n.count), 0)::bigint
        from generate_series(0, ${WAIT_STEPS_MS.length}) as place
        left join unnest(array_agg(step), array_agg(count)) as n (step, count) on n.step = place
        group by place order by place)
    from (select * from steps) s group by quarter, shortcode_id, outcome, code
    on conflict (merchant_id, live, quarter, shortcode_id, outcome, code) do update set
      count = t.count + excluded.count, amount = t.amount + excluded.amount,
      waits = add_counts(t.waits, excluded.waits), description = excluded.description
  ), moved as (
    update verdict_totals_reached r set tx = last.tx, event_id = last.id
    from (select tx, id from batch order by tx desc, id desc limit 1) last
    where r.merchant_id = $1 and r.live = $2
  )
  select count(*)::integer as read from batch`

/** Adds up at most `limit` more events of a side; resolves to how many, 0 when another process is at it. */
export async function foldVerdicts(deps: { db: Database }, side: Side, limit: number): Promise<number> {
  const { rows } = await deps.db.query<{ read: number }>({
    name: 'verdict_totals_fold',
    text: FOLD,
    values: [side.merchantId, side.live, limit, WAIT_STEPS_MS],
  })
  return rows[0]?.read ?? 0
}

/** Begins with the events of a side from about `since` on, unless it was begun before. */
export async function beginTotals(deps: { db: Database }, side: Side, since: Date): Promise<void> {
  await deps.db.query(
    `insert into verdict_totals_reached (merchant_id, live, tx, event_id)
     select $1, $2, coalesce((
       select tx from events where merchant_id = $1 and live = $2 and id >= $3 order by id limit 1
     ), '0'::xid8), $4
     on conflict (merchant_id, live) do nothing`,
    [side.merchantId, side.live, leastUuidAt(since.getTime()), NO_UUID],
  )
}

/** True when more than `events` that could be added up are not; null before it was begun. */
export async function isBehind(deps: { db: Database }, side: Side, events: number): Promise<boolean | null> {
  const { rows } = await deps.db.query<{ behind: boolean }>(
    `select exists (
       select from events where merchant_id = $1 and live = $2 and (tx, id) > (${POSITION})
         and tx < feed_tx(pg_snapshot_xmin(pg_current_snapshot()))
       order by tx, id offset $3
     ) as behind
     from verdict_totals_reached reached where merchant_id = $1 and live = $2`,
    [side.merchantId, side.live, events],
  )
  return rows[0]?.behind ?? null
}

/** Deletes what came before `before`. */
export async function trimTotals(deps: { db: Database }, side: Side, before: Date): Promise<void> {
  await deps.db.query('delete from verdict_totals where merchant_id = $1 and live = $2 and quarter < $3', [
    side.merchantId,
    side.live,
    before,
  ])
}

/** Verdicts of one outcome and code in one quarter of an hour; `waits` counts them by steps. */
export type QuarterTotal = {
  quarter: Date
  outcome: PaymentOutcome
  code: string
  description: string | null
  count: number
  amountKes: number
  waits: number[]
}

type QuarterRow = Omit<QuarterTotal, 'count' | 'amountKes' | 'waits'> & {
  count: string
  amount: string
  waits: string[]
}

/** The totals of `owner` from `since` on, of all its shortcodes together. */
export async function readQuarters(
  deps: { db: Database },
  owner: Owner,
  since: Date,
): Promise<QuarterTotal[]> {
  const { rows } = await deps.db.query<QuarterRow>(
    `select quarter, outcome, code, description, count, amount, waits from verdict_totals
     where merchant_id = $1 and live = $2 and quarter >= $3 and ($4::uuid is null or shortcode_id = $4)
     order by quarter`,
    [owner.merchantId, owner.live, since, owner.shortcodeId ?? null],
  )
  return rows.map(({ count, amount, waits, ...row }) => ({
    ...row,
    count: Number(count),
    amountKes: Number(amount),
    waits: waits.map(Number),
  }))
}

/** What was paid, and what was not, in one span of time. */
export type SpanTotal = { amountKes: number; paid: number; failed: number }

/** One total for each span between neighbours of `starts`, the last of which is where it ends. */
export async function readSpans(
  deps: { db: Database },
  owner: Owner,
  starts: readonly Date[],
): Promise<SpanTotal[]> {
  const { rows } = await deps.db.query<{ span: number; amount: string; paid: string; failed: string }>(
    `select width_bucket(quarter, $3::timestamptz[]) as span,
       coalesce(sum(amount) filter (where outcome = 'paid'), 0) as amount,
       coalesce(sum(count) filter (where outcome = 'paid'), 0) as paid,
       coalesce(sum(count) filter (where outcome <> 'paid'), 0) as failed
     from verdict_totals
     where merchant_id = $1 and live = $2 and quarter >= $4 and quarter < $5
       and ($6::uuid is null or shortcode_id = $6)
     group by span`,
    [owner.merchantId, owner.live, starts, starts[0], starts.at(-1), owner.shortcodeId ?? null],
  )
  const bySpan = new Map(rows.map((row) => [row.span, row]))
  return starts.slice(1).map((_, index) => {
    const row = bySpan.get(index + 1)
    return {
      amountKes: Number(row?.amount ?? 0),
      paid: Number(row?.paid ?? 0),
      failed: Number(row?.failed ?? 0),
    }
  })
}
