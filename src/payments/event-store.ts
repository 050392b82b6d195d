// Events: what merchants are told, kept for good, read by payment or as one feed in commit order.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { endpointWants } from './endpoint-wants-store.ts'
import type { Evidence, Payment, PaymentEventType } from './payment.ts'
import type { Owner } from './payment-read-store.ts'

/** A row of `events` as readers get it; `snapshot` is the payment (or endpoint) as it was then. */
export type StoredEvent = {
  id: Uuid
  type: string
  paymentId: Uuid | null
  sequence: number
  snapshot: Record<string, unknown>
  callback: string | null
  createdAt: Date
  /** The event's place in the feed. */
  position: FeedPosition
}

/** A place in the feed: that of the transaction that wrote the event (`feed_tx`), and the event within it. */
export type FeedPosition = { tx: string; id: Uuid }

type EventRow = {
  id: Uuid
  type: string
  payment_id: Uuid | null
  sequence: number
  snapshot: Record<string, unknown>
  callback: string | null
  created_at: Date
  tx: string
}

function readEvent(row: EventRow): StoredEvent {
  return {
    id: row.id,
    type: row.type,
    paymentId: row.payment_id,
    sequence: row.sequence,
    snapshot: row.snapshot,
    callback: row.callback,
    createdAt: row.created_at,
    position: { tx: row.tx, id: row.id },
  }
}

const COLUMNS = 'id, type, payment_id, sequence, snapshot, callback, created_at, tx::text as tx'

/** All events of one payment, oldest first. They are few: a life has few turns, contradictions are capped. */
export async function listPaymentEvents(
  deps: { db: Database },
  payment: { merchantId: Uuid; id: Uuid },
): Promise<StoredEvent[]> {
  const found = await deps.db.query<EventRow>(
    `select ${COLUMNS} from events where merchant_id = $1 and payment_id = $2 order by sequence`,
    [payment.merchantId, payment.id],
  )
  return found.rows.map(readEvent)
}

/** A page of the feed: at most `limit` events after the position `after`, of one type or of any. */
export type FeedWish = { limit: number; after: FeedPosition | null; type: string | null }

/** What a page shows, where the next one goes on, and whether anything may be there already. */
export type FeedPage = { events: StoredEvent[]; next: FeedPosition | null; hasMore: boolean }

/** Looked at for one page that shows not all of them: a few milliseconds, however rare those are. */
const LOOKED_AT_MAX = 1_000
/** And at first, an event of the page: most filters find one among so many, and that is read in a third. */
const LOOKED_AT_FIRST = 6

// The order is that of the index: `tx` alone would be the text that is shown, in which 10 comes before 9.
const FEED = `
  with looked as (
    select * from events
    where merchant_id = $1 and live = $2 and (tx, id) > (
        -- A position that this server cannot have given: whoever has it begins anew, so as to miss nothing.
        case when $3::xid8 > feed_tx(pg_snapshot_xmax(pg_current_snapshot())) then '3'::xid8
          else $3::xid8 end, $4::uuid)
      and tx < feed_tx(pg_snapshot_xmin(pg_current_snapshot()))
    order by events.tx, events.id limit $7
  ), last as (
    select tx::text as last_tx, id as last_id, (select count(*) from looked)::integer as looked
    from looked order by looked.tx desc, looked.id desc limit 1
  )
  select shown.id, type, payment_id, sequence, snapshot, callback, created_at, shown.tx::text as tx,
    last.last_tx, last.last_id, last.looked
  from last left join (
    select * from looked
    where ($5::text is null or type = $5)
      and ($6::text is null or (payment_id is not null and snapshot ->> 'shortcode_id' = $6))
    order by looked.tx, looked.id limit $8
  ) shown on true
  order by shown.tx, shown.id`

const NO_UUID = '00000000-0000-0000-0000-000000000000'

type FeedRow = (EventRow | { id: null }) & { last_tx: string; last_id: Uuid; looked: number }

/**
 * A page of the feed, oldest first. Events whose transaction another running one may still precede are held
 * back: a reader that continues from the last position never misses one.
 */
export async function listEvents(deps: { db: Database }, owner: Owner, wish: FeedWish): Promise<FeedPage> {
  const { limit } = wish
  const isWhole = wish.type === null && (owner.shortcodeId ?? null) === null
  if (isWhole) return lookAt(deps, owner, wish, limit + 1)
  const lookedAtFirst = Math.min(LOOKED_AT_MAX, LOOKED_AT_FIRST * (limit + 1))
  const page = await lookAt(deps, owner, wish, lookedAtFirst)
  const isDone = page.events.length === limit || !page.hasMore || lookedAtFirst === LOOKED_AT_MAX
  return isDone ? page : lookAt(deps, owner, wish, LOOKED_AT_MAX)
}

/** The page that the first `lookedAtMax` events behind the position make. */
async function lookAt(
  deps: { db: Database },
  owner: Owner,
  { limit, after, type }: FeedWish,
  lookedAtMax: number,
): Promise<FeedPage> {
  const { rows } = await deps.db.query<FeedRow>(FEED, [
    ...[owner.merchantId, owner.live, after?.tx ?? '0', after?.id ?? NO_UUID],
    ...[type, owner.shortcodeId ?? null, lookedAtMax, limit + 1],
  ])
  const [first] = rows
  if (first === undefined) return { events: [], next: after, hasMore: false }
  const found = rows.flatMap((row) => (row.id === null ? [] : [readEvent(row)]))
  const events = found.slice(0, limit)
  const isCut = found.length > limit
  const end = { tx: first.last_tx, id: first.last_id }
  return {
    events,
    next: (isCut ? events.at(-1)?.position : null) ?? end,
    hasMore: isCut || first.looked === lookedAtMax,
  }
}

/** Nothing is told of one payment more often than this: contradictions can be made by anyone with a token. */
const EVENTS_MAX = 20

/** An event about a payment that changes no state, with its deliveries; see `recordEvent`. */
export type PaymentRemark = {
  payment: Payment
  eventId: Uuid
  type: Extract<PaymentEventType, 'payment.contradicted' | 'payment.updated'>
  /** Filled in where the payment has none yet (`payment.updated`). */
  receipt: string | null
  paidAt: Date | null
  /** What the receipt rests on, filled in with it. Null keeps the evidence as it is. */
  evidence: Evidence | null
  /** Null when a statement brought it about. */
  callback: string | null
  at: Date
}

// A callback that comes after the payment's number was forgotten must not bring it back.
const REMARK = `
  with p as (
    update payments p set
      event_count = p.event_count + 1,
      receipt = coalesce(p.receipt, $5),
      paid_at = case when p.receipt is null then coalesce($6, p.paid_at) else p.paid_at end,
      evidence = coalesce($9, p.evidence),
      updated_at = $8
    where p.merchant_id = $1 and p.id = $2 and p.event_count < ${EVENTS_MAX}
      and not exists (select from events e where e.merchant_id = $1 and e.id = $3)
      and ($4 <> 'payment.updated' or (p.receipt is null and p.state = 'succeeded'))
    returning p.*
  ), told as (
    insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, callback, created_at)
    select merchant_id, $3, live, $4, id, event_count,
      to_jsonb(p) - '{leased_by,leased_until,due_at,request_hash,idempotency_key}'::text[],
      case when p.phone like '%*%' then without_phones($7) else $7 end, $8 from p
  ), deliveries as (
    insert into webhook_deliveries (
      merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, created_at)
    select p.merchant_id, new_uuid_v7($8), e.id, $3, p.id, 'pending', $8, $8
    from p join webhook_endpoints e on e.merchant_id = p.merchant_id and e.live = p.live
      and ${endpointWants('$4')}
  )
  select id from p`

/**
 * Records an event that changes no state: a contradiction, or the receipt of a payment that a query had
 * settled. Its deliveries are left to the sweep. False when the cap of events is reached, or the event or
 * the receipt is there already.
 */
export async function recordRemark(deps: { db: Database }, remark: PaymentRemark): Promise<boolean> {
  const found = await deps.db.query<{ id: string }>(REMARK, [
    remark.payment.merchantId,
    remark.payment.id,
    remark.eventId,
    remark.type,
    remark.receipt,
    remark.paidAt,
    remark.callback,
    remark.at,
    remark.evidence === null ? null : JSON.stringify(remark.evidence),
  ])
  return found.rows.length === 1
}
