// What an endpoint has missed, made due again: deliveries that failed or were cancelled, and events that
// never had one because it was off.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { wantsPaymentEvent } from '../payments/endpoint-wants-store.ts'
import type { WebhookEndpoint } from './endpoint.ts'

type Deps = { db: Database }

/**
 * An event has one delivery to an endpoint however often and by how many processes it is replayed: the id of
 * a delivery that a replay makes is computed from both. Its first half is the event's, so that deliveries
 * keep the order of their events.
 */
const REPLAYED_ID = `(left(m.event_id::text, 18) || '-' || substr(m.event_id::text, 20, 1)
  || substr(m.hash, 1, 3) || '-' || substr(m.hash, 4, 12))::uuid`

// A lease that still runs is kept: an attempt may be under way, and what it comes to is to be recorded.
const REPLAY = `
  with looked as (
    select v.merchant_id, v.id, v.live, v.type, v.payment_id from events v
    where v.merchant_id = $1 and v.id > $4 order by v.id limit $8
  ), missed as (
    select v.merchant_id, v.id as event_id, v.payment_id, d.id as delivery_id,
      md5($2::uuid::text || v.id::text) as hash
    from looked v
    left join webhook_deliveries d
      on d.merchant_id = v.merchant_id and d.payment_id = v.payment_id and d.event_id = v.id
      and d.endpoint_id = $2
    where v.live = $3 and v.payment_id is not null
      and ${wantsPaymentEvent('v.type', { types: '$6::text[]', format: '$7' })}
      and (d.id is null or d.state in ('failed', 'cancelled'))
  ), again as (
    update webhook_deliveries d set state = 'pending', attempts = 0, due_at = $5
    from missed m
    where d.merchant_id = m.merchant_id and d.id = m.delivery_id and d.state in ('failed', 'cancelled')
    returning d.id
  ), anew as (
    insert into webhook_deliveries (
      merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, created_at)
    select m.merchant_id, ${REPLAYED_ID}, $2, m.event_id, m.payment_id, 'pending', $5, $5
    from missed m where m.delivery_id is null
    on conflict (merchant_id, id) do nothing
    returning id
  )
  select (select count(*) from again) + (select count(*) from anew) as count,
    (select id from looked order by id offset $8 - 1) as last`

/** One step of a replay: deliveries made due, and the event that the next step goes on after, if any. */
export type ReplayStep = { count: number; last: Uuid | null }

/**
 * Makes due what `endpoint` has missed among the `limit` events after the id `after`, the oldest first;
 * events that are about no payment do not count.
 */
export async function replayMissed(
  deps: Deps,
  endpoint: Pick<WebhookEndpoint, 'merchantId' | 'id' | 'live' | 'eventTypes' | 'format'>,
  replay: { after: Uuid; now: Date; limit: number },
): Promise<ReplayStep> {
  const found = await deps.db.query<{ count: string; last: Uuid | null }>(REPLAY, [
    endpoint.merchantId,
    endpoint.id,
    endpoint.live,
    replay.after,
    replay.now,
    endpoint.eventTypes,
    endpoint.format,
    replay.limit,
  ])
  return { count: Number(found.rows[0]?.count), last: found.rows[0]?.last ?? null }
}

/**
 * The transactions that are writing events. A statement takes this lock before it looks at anything, and
 * keeps it until all can see what it wrote: one that is not among these sees endpoints as they are now.
 */
export async function findEventWriters(deps: Deps): Promise<ReadonlySet<string>> {
  const found = await deps.db.query<{ virtualtransaction: string }>(
    `select virtualtransaction from pg_locks
     where locktype = 'relation' and relation = 'events'::regclass and mode = 'RowExclusiveLock'
       and database = (select oid from pg_database where datname = current_database())`,
  )
  return new Set(found.rows.map((row) => row.virtualtransaction))
}

/**
 * Moves the offer to replay from one time on to a later one, or ends it (`to` null), unless the endpoint was
 * switched off again meanwhile.
 */
export async function moveMissed(
  deps: Deps,
  { merchantId, id }: Pick<WebhookEndpoint, 'merchantId' | 'id'>,
  { from, to }: { from: Date; to: Date | null },
): Promise<void> {
  await deps.db.query(
    `update webhook_endpoints set missed_since = $4
     where merchant_id = $1 and id = $2 and disabled_at is null
       and date_trunc('milliseconds', missed_since) = $3`,
    [merchantId, id, from, to],
  )
}
