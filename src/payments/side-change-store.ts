// What changed on a merchant's side since a snapshot of the database: exactly what was committed since then,
// in whatever order it was begun. Nothing is written for it.
import type { Database } from '../db/database.ts'
import { leastUuidAt } from '../ids.ts'
import { type Payment, readPayment } from './payment.ts'
import type { Side } from './verdict-totals-store.ts'

/** A moment of the database: a `pg_snapshot`, and our own clock then. */
export type SideMoment = { snapshot: string; atMs: number }

/** What changed up to `moment`; `isCut`: more than was asked for, and so nothing is said of the rest. */
export type SideChanges = { payments: Payment[]; isCut: boolean; moment: SideMoment }

/** A payment is committed within 5 s of its id, or not at all; clocks of two machines differ by less. */
const COMMIT_LAG_MS = 30_000

// A row's own transaction has 32 bits; those of a snapshot have 64.
const ROW_TX = `(
  (now.xmax >> 32 << 32) + p.xmin::text::bigint
  - case when p.xmin::text::bigint > (now.xmax & 4294967295) then 4294967296 else 0 end
)::text::xid8`
// What the server calls the transaction that the feed has at an event's place.
const EVENT_TX = `(tx::text::bigint - feed_tx('0')::text::bigint)::text::xid8`
const IS_NEW = `not pg_visible_in_snapshot(${ROW_TX}, $3::pg_snapshot)`

// Changes that are told have an event. Those that are not are new payments, and prompts that were sent: those
// are among the newest ids, or wait for their verdict.
const CHANGES = `
  with now as materialized (
    select pg_current_snapshot() as snapshot,
      pg_snapshot_xmax(pg_current_snapshot())::text::bigint as xmax
  ), told as (
    select payment_id as id from events
    where merchant_id = $1 and live = $2 and tx >= feed_tx(pg_snapshot_xmin($3::pg_snapshot))
      and payment_id is not null and not pg_visible_in_snapshot(${EVENT_TX}, $3::pg_snapshot)
    order by tx, events.id limit $5
  ), fresh as (
    select p.id from now, payments p
    where p.merchant_id = $1 and p.live = $2 and p.id >= $4 and ${IS_NEW}
    order by p.id limit $5
  ), prompted as (
    select p.id from now, shortcodes s join payments p on p.shortcode_id = s.id
    where s.merchant_id = $1 and p.merchant_id = $1 and p.live = $2
      and p.due_at is not null and p.state in ('pending', 'uncertain') and p.checkout_request_id is not null
      and p.state = 'pending' and ${IS_NEW}
    limit $5
  ), changed as materialized (
    select id from told union select id from fresh union select id from prompted limit $5
  )
  select now.snapshot::text as now_snapshot, p.*
  from now left join (changed c join payments p on p.merchant_id = $1 and p.id = c.id) on true
  order by p.updated_at, p.id`

/** What changed on `side` since `since`, oldest change first: less than `limit` payments, as they are now. */
export async function readSideChanges(
  deps: { db: Database },
  side: Side,
  since: SideMoment,
  options: { limit: number; nowMs: number },
): Promise<SideChanges> {
  const { rows } = await deps.db.query<Record<string, unknown>>({
    name: 'side_changes',
    text: CHANGES,
    values: [
      side.merchantId,
      side.live,
      since.snapshot,
      leastUuidAt(since.atMs - COMMIT_LAG_MS),
      options.limit,
    ],
  })
  const [first] = rows
  const payments = rows.filter((row) => row.id !== null).map(readPayment)
  return {
    payments,
    isCut: payments.length >= options.limit,
    moment: { snapshot: String(first?.now_snapshot), atMs: options.nowMs },
  }
}

/** The moment that it is now. */
export async function readMoment(deps: { db: Database }, nowMs: number): Promise<SideMoment> {
  const { rows } = await deps.db.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot')
  return { snapshot: String(rows[0]?.snapshot), atMs: nowMs }
}

/** Older than this, and a client does better to load its lists anew. */
export const MOMENT_AGE_MAX_MS = 15 * 60_000

/** True when `moment` cannot have been before `other`: it is of another server. */
export function isAhead(moment: SideMoment, other: SideMoment): boolean {
  const [xmin = '0'] = moment.snapshot.split(':')
  const [, xmax = '0'] = other.snapshot.split(':')
  return BigInt(xmin) > BigInt(xmax)
}

/** `moment` as a short text that any process reads back; it may lie a little earlier. */
export function momentText({ snapshot, atMs }: SideMoment): string {
  return `${snapshot.split(':')[0]}-${atMs}`
}

/** The moment in a text, or null when it is none, too long ago, or of another clock. */
export function readMomentText(text: string, nowMs: number): SideMoment | null {
  const [, xmin, at] = /^(\d{1,19})-(\d{1,15})$/.exec(text) ?? []
  const atMs = Number(at)
  if (xmin === undefined || !(nowMs - atMs <= MOMENT_AGE_MAX_MS && atMs <= nowMs + COMMIT_LAG_MS)) return null
  // Everything before it is known, and nothing that came at the same time.
  return BigInt(xmin) > 0n ? { snapshot: `${xmin}:${xmin}:`, atMs } : null
}
