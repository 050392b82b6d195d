// The statements that look for what is wrong, and whether it still is. All can be run at any time and by any
// process: of one matter there is one open row. Only merchants are looked at whom somebody is to be told of.
import type { Database } from '../db/database.ts'
import { leastUuidAt, type Uuid } from '../ids.ts'
import type { EndCount } from './failure-share.ts'

type Deps = { db: Database }

/** The same matter is told of at most once in this time: what comes and goes makes no mail each time. */
const SAME_MATTER_EVERY = `interval '1 hour'`
/** What began earlier than this before it is first seen is no news: alerts were switched on since. */
const NEWS = `interval '1 day'`
/** A contradiction is looked for among callbacks of this time, longer than any of us is away. */
const CALLBACKS_MS = 12 * 3_600_000
/** After this long an open matter that nothing has ended is no longer told as over. */
const OPEN_MAX = `interval '7 days'`
/** Payments of a window that are looked at, the newest: enough for a share, and cheap in any shop. */
const WINDOW_PAYMENTS_MAX = 500
/** Kept so long, to know what was told; then deleted. */
const KEPT = `interval '90 days'`

/** True for one process in `everyMs`: the one that is to look. */
export async function claimLook(deps: Deps, now: Date, everyMs: number): Promise<boolean> {
  const { rows } = await deps.db.query(
    'update alert_looks set looked_at = $1 where only_row and looked_at <= $2 returning only_row',
    [now, new Date(now.getTime() - everyMs)],
  )
  return rows.length > 0
}

const WATCHED = `
  watched as materialized (
    select * from merchant_settings where alert_emails <> '{}'
  )`

/** `found` has kind, subject and so on; what is open already stays as it is. */
const OPEN = `
  insert into alert_incidents (merchant_id, id, kind, subject, live, facts, opened_at, due_at)
  select f.merchant_id, new_uuid_v7($1), f.kind, f.subject, f.live, f.facts, $1, greatest($1::timestamptz, (
    select max(coalesce(i.first_mailed_at, i.told_at)) + ${SAME_MATTER_EVERY} from alert_incidents i
    where i.merchant_id = f.merchant_id and i.kind = f.kind and i.subject = f.subject))
  from found f
  on conflict (merchant_id, kind, subject) where closed_at is null do nothing`

// As the audit log shows an address: the query may hold a token. No name, password or fragment is accepted.
const OPEN_ENDPOINTS = `
  with ${WATCHED}, found as (
    select e.merchant_id, 'endpoint_disabled' as kind, e.id::text as subject, e.live,
      jsonb_build_object('url', regexp_replace(e.url, '[?].*$', '?…'), 'reason', e.disabled_reason) as facts
    from watched s join webhook_endpoints e on e.merchant_id = s.merchant_id
    where s.alert_endpoint_disabled and (e.live or s.alert_test_side)
      and e.disabled_at > $1::timestamptz - ${NEWS} and e.disabled_reason in ('gone', 'failing')
  ) ${OPEN}`

const OPEN_CREDENTIALS = `
  with ${WATCHED}, found as (
    select c.merchant_id, 'credentials' as kind, c.id::text as subject, c.environment = 'production' as live,
      jsonb_build_object('number', coalesce(c.till_number, c.number),
        'detail', c.credentials_refused_detail) as facts
    from watched s join shortcodes c on c.merchant_id = s.merchant_id
    where s.alert_credentials and (c.environment = 'production' or s.alert_test_side)
      and c.credentials_refused_at > $1::timestamptz - ${NEWS} and c.disabled_at is null
  ) ${OPEN}`

// The same payment is told of once, also when its matter was closed since. Where the reference is the
// customer's number, it is masked as if forgotten: the row is kept, and the mail goes into boxes and logs.
const OPEN_CONTRADICTIONS = `
  with ${WATCHED}, said as (
    select distinct c.merchant_id, c.payment_id
    from watched s join callbacks c on c.merchant_id = s.merchant_id
    where s.alert_contradiction and c.id >= $2 and c.kind = 'contradicted' and c.payment_id is not null
  ), found as (
    select p.merchant_id, 'contradiction' as kind, p.id::text as subject, p.live,
      jsonb_build_object('reference', without_phone(p.reference, p.phone), 'amount', p.amount,
        'state', p.state, 'receipt', p.receipt) as facts
    from said join payments p on p.merchant_id = said.merchant_id and p.id = said.payment_id
    join watched s on s.merchant_id = p.merchant_id
    where (p.live or s.alert_test_side) and not exists (
      select from alert_incidents i
      where i.merchant_id = p.merchant_id and i.kind = 'contradiction' and i.subject = p.id::text)
  ) ${OPEN}`

/** Notes endpoints that were switched off, credentials that are refused and payments told two ways. */
export async function openIncidents(deps: Deps, now: Date): Promise<void> {
  await deps.db.query(OPEN_ENDPOINTS, [now])
  await deps.db.query(OPEN_CREDENTIALS, [now])
  await deps.db.query(OPEN_CONTRADICTIONS, [now, leastUuidAt(now.getTime() - CALLBACKS_MS)])
}

const IS_LEASED = 'coalesce(i.leased_until > $1, false)'
/** Some have the mail that it began, and others could not be reached: those do not hear of it any more. */
const IS_HALF_TOLD = `(i.told_at is null and i.told_to <> '{}' and not ${IS_LEASED})`

/**
 * What is over: told to those who were told of it, and when it is really well again. While a mail that it
 * began is being sent, whoever sends it sees to that.
 */
const closed = (how: string) => `
  update alert_incidents i set closed_at = $1::timestamptz, closed_how = o.how, attempts = 0,
    told_at = case when ${IS_HALF_TOLD} then coalesce(i.first_mailed_at, $1) else i.told_at end,
    over_to = case when ${IS_HALF_TOLD} then i.told_to else i.over_to end,
    told_to = case when i.told_at is null and ${IS_LEASED} then i.told_to else '{}' end,
    due_at = case
      when i.told_at is null and ${IS_LEASED} then i.due_at
      when o.how = 'recovered' and (i.told_at is not null or i.told_to <> '{}') then $1
    end
  from (${how}) o
  where i.merchant_id = o.merchant_id and i.id = o.id and i.closed_at is null`

const CLOSE_ENDPOINTS = closed(`
  select i.merchant_id, i.id, case when e.disabled_at is null and e.id is not null then 'recovered'
    else 'over' end as how
  from alert_incidents i left join webhook_endpoints e on e.merchant_id = i.merchant_id
    and e.id = i.subject::uuid
  where i.kind = 'endpoint_disabled' and i.closed_at is null
    and (e.id is null or e.disabled_at is null or e.disabled_reason = 'merchant')`)

const CLOSE_CREDENTIALS = closed(`
  select i.merchant_id, i.id, case when c.disabled_at is null and c.id is not null then 'recovered'
    else 'over' end as how
  from alert_incidents i left join shortcodes c on c.merchant_id = i.merchant_id and c.id = i.subject::uuid
  where i.kind = 'credentials' and i.closed_at is null
    and (c.id is null or c.credentials_refused_at is null or c.disabled_at is not null)`)

const IS_OLD = `i.closed_at is null and i.opened_at < $1::timestamptz - ${OPEN_MAX}`

// Failures that are watched are the look's own to judge, however old they are.
const CLOSE_OLD = closed(`
  select i.merchant_id, i.id, 'over' as how from alert_incidents i
  where ${IS_OLD} and (i.kind = 'contradiction' or i.kind = 'failures' and not exists (
    select from merchant_settings s
    where s.merchant_id = i.merchant_id and s.alert_emails <> '{}' and s.alert_failures
      and (i.live or s.alert_test_side)))`)

/** Ends what is over, and deletes what ended long ago. */
export async function closeIncidents(deps: Deps, now: Date): Promise<void> {
  await deps.db.query(CLOSE_ENDPOINTS, [now])
  await deps.db.query(CLOSE_CREDENTIALS, [now])
  await deps.db.query(CLOSE_OLD, [now])
  await deps.db.query(`delete from alert_incidents where closed_at < $1::timestamptz - ${KEPT}`, [now])
}

/** A side of a merchant whose failures are watched, and by what they are judged. */
export type WatchedSide = {
  merchantId: Uuid
  live: boolean
  minutes: number
  percent: number
  paymentsMin: number
}

/** The next sides to look at, behind the merchant `after`: those of at most `limit` merchants. */
export async function listWatchedSides(
  deps: Deps,
  after: Uuid | null,
  limit: number,
): Promise<WatchedSide[]> {
  const { rows } = await deps.db.query<Record<string, unknown>>(
    `with page as (
       select * from merchant_settings
       where alert_emails <> '{}' and alert_failures and ($1::uuid is null or merchant_id > $1)
       order by merchant_id limit $2
     )
     select p.*, side.live from page p cross join (values (true), (false)) as side (live)
     where side.live or p.alert_test_side
     order by p.merchant_id`,
    [after, limit],
  )
  return rows.map((row) => ({
    merchantId: row.merchant_id as Uuid,
    live: row.live as boolean,
    minutes: row.alert_failures_minutes as number,
    percent: row.alert_failures_percent as number,
    paymentsMin: row.alert_failures_payments_min as number,
  }))
}

/** What the newest payments of each side's window came to, in the order of `sides`. */
export async function countEnds(
  deps: Deps,
  sides: readonly WatchedSide[],
  nowMs: number,
): Promise<EndCount[][]> {
  const { rows } = await deps.db.query<EndCount & { place: number }>(
    `select w.place::integer, e.state, e.code, e.description, e.count
     from unnest($1::uuid[], $2::boolean[], $3::uuid[]) with ordinality as w (merchant_id, live, since, place)
     cross join lateral (
       select p.state, p.result_code as code, max(left(p.result_desc, 200)) as description,
         count(*)::integer as count
       from (
         select state, result_code, result_desc from payments
         where merchant_id = w.merchant_id and live = w.live and id >= w.since
         order by id desc limit ${WINDOW_PAYMENTS_MAX}
       ) p
       where p.state in ('succeeded', 'failed', 'uncertain')
       group by p.state, p.result_code, left(p.result_desc, 200)
     ) e`,
    [
      sides.map(({ merchantId }) => merchantId),
      sides.map(({ live }) => live),
      sides.map(({ minutes }) => leastUuidAt(nowMs - minutes * 60_000)),
    ],
  )
  return sides.map((_, index) => rows.filter(({ place }) => place === index + 1))
}

const OPEN_FAILURES = `
  with found as (
    select $2::uuid as merchant_id, 'failures' as kind, $3::text as subject, $4::boolean as live,
      $5::jsonb as facts
  ) ${OPEN}`

const CLOSE_FAILURES = closed(`
  select merchant_id, id, 'recovered' as how from alert_incidents
  where merchant_id = $2 and kind = 'failures' and subject = $3 and closed_at is null`)

const CLOSE_UNJUDGED = closed(`
  select i.merchant_id, i.id, 'over' as how
  from unnest($2::uuid[], $3::text[]) as x (merchant_id, side)
  join alert_incidents i on i.merchant_id = x.merchant_id and i.kind = 'failures' and i.subject = x.side
  where ${IS_OLD}`)

/** Notes that a side fails too much. */
export async function openFailures(deps: Deps, side: WatchedSide, now: Date, facts: object): Promise<void> {
  const values = [now, side.merchantId, sideName(side), side.live, JSON.stringify(facts)]
  await deps.db.query(OPEN_FAILURES, values)
}

/** Ends a side's failures, if it has any. */
export async function closeFailures(deps: Deps, side: WatchedSide, now: Date): Promise<void> {
  await deps.db.query(CLOSE_FAILURES, [now, side.merchantId, sideName(side)])
}

/** Ends the failures, if they are old, of sides with too few payments to judge. */
export async function closeUnjudged(deps: Deps, sides: readonly WatchedSide[], now: Date): Promise<void> {
  if (sides.length === 0) return
  await deps.db.query(CLOSE_UNJUDGED, [now, sides.map(({ merchantId }) => merchantId), sides.map(sideName)])
}

function sideName({ live }: WatchedSide): string {
  return live ? 'live' : 'test'
}
