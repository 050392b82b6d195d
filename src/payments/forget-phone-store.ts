// Forgetting phone numbers: in the payments, in what was told of them, in Daraja's callbacks, and in what
// receivers answered. In small statements, each of which leaves everything either as it was or forgotten.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Phone } from '../phone.ts'
import type { Side } from './verdict-totals-store.ts'

/** A merchant whose numbers are kept for so many days. */
export type Retention = { merchantId: Uuid; days: number }

/** Merchants read at a time. */
const MERCHANTS_MAX = 1_000

/** The merchants that do not keep numbers for ever, after `after`, in the order of their ids. */
export async function listRetentions(deps: { db: Database }, after: Uuid | null): Promise<Retention[]> {
  const { rows } = await deps.db.query<{ merchant_id: Uuid; days: number }>(
    `select merchant_id, phone_retention_days as days from merchant_settings
     where phone_retention_days is not null and ($1::uuid is null or merchant_id > $1)
     order by merchant_id limit ${MERCHANTS_MAX}`,
    [after],
  )
  return rows.map(({ merchant_id, days }) => ({ merchantId: merchant_id, days }))
}

// M-Pesa may still find a failed payment paid, and bring the receipt of one that was settled without: what it
// says is matched by the CheckoutRequestID, which holds the number. `since`: a parameter.
const mayChange = (payment: string, since: string) =>
  `(${payment}.settled_at > ${since} and (${payment}.state = 'failed' or ${payment}.receipt is null))`

// Of a customer with an open payment nothing is forgotten: a statement finds it by the number, and by which
// of the customer's payments it is not. The event that settles it brings the others up again. That is so of
// one side: the event is, and the statement too.
const OF_PHONES = `
  free as materialized (
    select phone from phones where not exists (
      select from payments o
      where o.merchant_id = $1 and o.live = $2 and o.phone = phones.phone and o.settled_at is null)
  ), target as materialized (
    select p.id, masked_phone(p.phone) as phone, without_phone(p.reference, p.phone) as reference,
      without_phone(p.description, p.phone) as description, without_phone(p.tag, p.phone) as tag,
      without_phone(p.metadata::text, p.phone)::jsonb as metadata,
      without_phones(p.checkout_request_id) as checkout_request_id
    from free join payments p on p.merchant_id = $1 and p.phone = free.phone
    where p.live = $2 and p.settled_at < $3 and not ${mayChange('p', '$5')}
    order by p.id limit $4 * 2
  ), forgotten as (
    update payments p set phone = t.phone, reference = t.reference, description = t.description, tag = t.tag,
      metadata = t.metadata, checkout_request_id = t.checkout_request_id, request_hash = null
    from target t where p.merchant_id = $1 and p.id = t.id and p.settled_at is not null
    returning p.id
  ), events_of as (
    update events e set callback = without_phones(e.callback), snapshot = e.snapshot || jsonb_build_object(
      'phone', t.phone, 'reference', t.reference, 'description', t.description, 'tag', t.tag,
      'metadata', t.metadata, 'checkout_request_id', t.checkout_request_id)
    from target t where e.merchant_id = $1 and e.payment_id = t.id
  ), callbacks_of as (
    update callbacks c set body = without_phones(c.body)
    from target t where c.merchant_id = $1 and c.payment_id = t.id
  ), deliveries_of as (
    update webhook_deliveries d set attempt_log = without_phones(d.attempt_log::text)::jsonb
    from target t where d.merchant_id = $1 and d.payment_id = t.id and d.attempt_log::text ~ '[17][0-9]{8}'
  )`

const FORGET_ONE = `
  with phones as (select $6::text as phone), ${OF_PHONES}
  select count(*)::integer as forgotten from forgotten`

/**
 * Forgets the number in at most twice `limit` of its payments of a side, settled before; how many. Those that
 * may change, settled after `changesSince`, keep it.
 */
export async function forgetPhone(
  deps: { db: Database },
  side: Side,
  wish: { phone: Phone; settledBefore: Date; changesSince: Date; limit: number },
): Promise<number> {
  const { rows } = await deps.db.query<{ forgotten: number }>(FORGET_ONE, [
    ...[side.merchantId, side.live, wish.settledBefore, wish.limit, wish.changesSince, wish.phone],
  ])
  return rows[0]?.forgotten ?? 0
}

/** How many payments of a number are open on a side, or may still change, counted up to `max`. */
export async function countOpenOfPhone(
  deps: { db: Database },
  side: Side,
  wish: { phone: Phone; changesSince: Date; max: number },
): Promise<number> {
  const { rows } = await deps.db.query<{ open: number }>(
    `select count(*)::integer as open from (
       select from payments p where p.merchant_id = $1 and p.live = $2 and p.phone = $3
         and (p.settled_at is null or ${mayChange('p', '$5')}) limit $4) o`,
    [side.merchantId, side.live, wish.phone, wish.max, wish.changesSince],
  )
  return rows[0]?.open ?? 0
}

const NO_UUID = '00000000-0000-0000-0000-000000000000'

// By the feed, which names each payment when it is settled and again when more is told of it. Callbacks that
// came after a number was forgotten are forgotten with the event that they brought about.
const FORGET_DUE = `
  with reached as materialized (
    select tx, event_id from phones_forgotten
    where merchant_id = $1 and live = $2 for update skip locked
  ), looked as materialized (
    select e.* from reached cross join lateral (
      select tx, id, payment_id, created_at < $3 as is_due from events
      where merchant_id = $1 and live = $2 and (tx, id) > (
          case when reached.tx > feed_tx(pg_snapshot_xmax(pg_current_snapshot())) then '3'::xid8
            else reached.tx end,
          reached.event_id)
        and tx < feed_tx(pg_snapshot_xmin(pg_current_snapshot()))
      order by tx, id limit $4
    ) e
  ), due as materialized (
    select l.tx, l.id, l.payment_id from looked l
    where not exists (select from looked n where not n.is_due and (n.tx, n.id) <= (l.tx, l.id))
  ), seen as materialized (
    select distinct p.id, p.phone from due join payments p on p.merchant_id = $1 and p.id = due.payment_id
    where p.settled_at < $3
  ), phones as materialized (
    select distinct phone from seen where phone not like '%*%'
  ), ${OF_PHONES}, late_events as (
    update events e set callback = without_phones(e.callback)
    from seen where seen.phone like '%*%' and e.merchant_id = $1 and e.payment_id = seen.id
      and e.callback ~ '[17][0-9]{8}'
  ), late_callbacks as (
    update callbacks c set body = without_phones(c.body)
    from seen where seen.phone like '%*%' and c.merchant_id = $1 and c.payment_id = seen.id
      and c.body ~ '[17][0-9]{8}'
  ), moved as (
    update phones_forgotten f set tx = last.tx, event_id = last.id
    from (select tx, id from due order by tx desc, id desc limit 1) last
    where f.merchant_id = $1 and f.live = $2
      -- More than were taken: the same events bring up the others.
      and (select count(*) from target) < $4 * 2
  )
  select (select count(*) from due)::integer as looked,
    (select count(*) from forgotten)::integer as forgotten`

/** What one batch did. */
export type ForgetBatch = {
  /** Events gone through; 0 when there were none, or another process is at it. */
  looked: number
  /** Payments whose number was forgotten. */
  forgotten: number
}

/** Goes through at most `limit` events from before `settledBefore`; forgets the numbers of their payments. */
export async function forgetDuePhones(
  deps: { db: Database },
  side: Side,
  wish: { settledBefore: Date; limit: number },
): Promise<ForgetBatch> {
  await deps.db.query(
    `insert into phones_forgotten (merchant_id, live, tx, event_id) values ($1, $2, '0', $3)
     on conflict (merchant_id, live) do nothing`,
    [side.merchantId, side.live, NO_UUID],
  )
  const { rows } = await deps.db.query<ForgetBatch>({
    name: 'forget_due_phones',
    text: FORGET_DUE,
    // What is due is older than anything that changes.
    values: [side.merchantId, side.live, wish.settledBefore, wish.limit, wish.settledBefore],
  })
  return rows[0] ?? { looked: 0, forgotten: 0 }
}
