// How a sweep takes due deliveries: endpoint by endpoint, so that what is due at a dead one is never even
// read on the way to the others, and never an event before an earlier one of the same payment.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { DeliveryJob } from './delivery.ts'
import { type EventRow, readWebhookEvent } from './webhook-event.ts'

type Deps = { db: Database }

/** Names an endpoint. */
export type EndpointKey = { merchantId: Uuid; endpointId: Uuid }

/**
 * Endpoints with something due, in the order of their keys from `after` on. It skips from one endpoint to
 * the next along the index, whatever lies between; `limit` bounds the endpoints looked at.
 */
const DUE_ENDPOINTS = `
  with recursive pending as (
    (select merchant_id, endpoint_id, 1 as nth from webhook_deliveries
     where due_at is not null and (merchant_id, endpoint_id) > ($1::uuid, $2::uuid)
     order by merchant_id, endpoint_id limit 1)
    union all
    select next.merchant_id, next.endpoint_id, p.nth + 1
    from pending p cross join lateral (
      select d.merchant_id, d.endpoint_id from webhook_deliveries d
      where d.due_at is not null and (d.merchant_id, d.endpoint_id) > (p.merchant_id, p.endpoint_id)
      order by d.merchant_id, d.endpoint_id limit 1
    ) next
    where p.nth < $3
  )
  select p.merchant_id as "merchantId", p.endpoint_id as "endpointId", (
    select d.due_at from webhook_deliveries d
    where d.merchant_id = p.merchant_id and d.endpoint_id = p.endpoint_id and d.due_at is not null
    order by d.due_at limit 1
  ) <= $4 as "isDue"
  from pending p order by p.nth`

/** Where a look at the endpoints begins: behind this one. */
export type EndpointCursor = { merchantId: string; endpointId: string }

const NIL_UUID = '00000000-0000-0000-0000-000000000000'
/** Before every endpoint. */
export const FIRST_ENDPOINT: EndpointCursor = { merchantId: NIL_UUID, endpointId: NIL_UUID }

/** One look at the endpoints: those with something due, and where the next look goes on. */
export async function findDueEndpoints(
  deps: Deps,
  after: EndpointCursor,
  look: { limit: number; now: Date },
): Promise<{ due: EndpointKey[]; next: EndpointCursor }> {
  const found = await deps.db.query<EndpointKey & { isDue: boolean }>(DUE_ENDPOINTS, [
    after.merchantId,
    after.endpointId,
    look.limit,
    look.now,
  ])
  const last = found.rows.length < look.limit ? undefined : found.rows.at(-1)
  return { due: found.rows.filter((row) => row.isDue), next: last ?? FIRST_ENDPOINT }
}

/** An endpoint and how many of its deliveries may be taken. */
export type EndpointQuota = EndpointKey & { quota: number }

/**
 * Takes at most each endpoint's quota and at most `rowsMax` in all, the first due of every endpoint before
 * the second of any. A delivery whose payment has an earlier event on its way to the same endpoint (pending,
 * or cancelled while an attempt at it still runs) is not taken but put off until after that one. It takes up
 * none of the quota either: a probe must find something to send behind many that wait for others.
 */
const CLAIM = `
  with due as (
    select d.merchant_id, d.id, d.due_at, q.quota,
      row_number() over (partition by q.merchant_id, q.endpoint_id order by d.due_at, d.id) as nth
    from unnest($1::uuid[], $2::uuid[], $3::integer[]) as q (merchant_id, endpoint_id, quota)
    cross join lateral (
      select d.merchant_id, d.id, d.due_at from webhook_deliveries d
      where d.merchant_id = q.merchant_id and d.endpoint_id = q.endpoint_id
        and d.due_at <= $4 and (d.leased_until is null or d.leased_until <= $4)
      order by d.due_at limit least($8, q.quota + $9)
    ) d
  ), picked as (
    select merchant_id, id, quota from due where nth <= quota + $9
    order by nth > quota, nth, due_at limit $7
  ), locked as (
    select d.merchant_id, d.id, d.endpoint_id, d.payment_id, d.event_id, d.due_at, picked.quota
    from webhook_deliveries d join picked using (merchant_id, id)
    where d.due_at <= $4 and (d.leased_until is null or d.leased_until <= $4)
    for update of d skip locked
  ), judged as (
    select l.merchant_id, l.id, earlier.until as blocked_until, l.quota,
      row_number() over (
        partition by l.merchant_id, l.endpoint_id, earlier.until is null order by l.due_at, l.id
      ) as nth
    from locked l
    join events v on v.merchant_id = l.merchant_id and v.id = l.event_id
    left join lateral (
      select coalesce(e.due_at, e.leased_until) as until from webhook_deliveries e
      join events ev on ev.merchant_id = e.merchant_id and ev.id = e.event_id
      where e.merchant_id = l.merchant_id and e.payment_id = l.payment_id
        and e.endpoint_id = l.endpoint_id and (e.state = 'pending' or e.leased_until > $4)
        and ev.sequence < v.sequence and v.sequence > 1
      order by ev.sequence limit 1
    ) earlier on true
  ), put_off as (
    update webhook_deliveries d set due_at = greatest(j.blocked_until, $4) + interval '1 second'
    from judged j
    where d.merchant_id = j.merchant_id and d.id = j.id and j.blocked_until is not null
  ), claimed as (
    update webhook_deliveries d set leased_by = $5, leased_until = $6
    from judged j
    where d.merchant_id = j.merchant_id and d.id = j.id and j.blocked_until is null and j.nth <= j.quota
    returning d.merchant_id, d.id, d.endpoint_id, d.event_id, d.attempts, d.due_at
  )
  select c.merchant_id, c.id as delivery_id, c.endpoint_id, c.attempts, v.id as event_id, v.type, v.sequence,
    v.live, v.created_at, v.payment_id as event_payment_id, v.snapshot, v.callback
  from claimed c join events v on v.merchant_id = c.merchant_id and v.id = c.event_id
  order by c.due_at, c.id`

/** No endpoint gives more than this to one claim, whatever its quota. */
const CLAIM_PER_ENDPOINT_MAX = 600
/** Looked at beyond the quota, in place of those that wait for an earlier event. */
const LOOK_AHEAD = 25

type ClaimedRow = EventRow & { delivery_id: Uuid; endpoint_id: Uuid; attempts: number }

/** Takes due deliveries of `quotas`' endpoints under a lease of `holder`. */
export async function claimDeliveries(
  deps: Deps,
  quotas: readonly EndpointQuota[],
  claim: { now: Date; holder: Uuid; leaseUntil: Date; rowsMax: number },
): Promise<DeliveryJob[]> {
  const found = await deps.db.query<ClaimedRow>(CLAIM, [
    quotas.map((each) => each.merchantId),
    quotas.map((each) => each.endpointId),
    quotas.map((each) => each.quota),
    claim.now,
    claim.holder,
    claim.leaseUntil,
    claim.rowsMax,
    CLAIM_PER_ENDPOINT_MAX,
    LOOK_AHEAD,
  ])
  return found.rows.map((row) => ({
    merchantId: row.merchant_id,
    id: row.delivery_id,
    endpointId: row.endpoint_id,
    event: readWebhookEvent(row),
    attempts: row.attempts,
    leasedUntilMs: claim.leaseUntil.getTime(),
  }))
}

/** Gives back deliveries that were taken and not attempted; any sweep may take them at once. */
export async function releaseDeliveries(
  deps: Deps,
  holder: Uuid,
  jobs: readonly Pick<DeliveryJob, 'merchantId' | 'id'>[],
): Promise<void> {
  if (jobs.length === 0) return
  await deps.db.query(
    `update webhook_deliveries d set leased_by = null, leased_until = null
     from unnest($1::uuid[], $2::uuid[]) as r (merchant_id, id)
     where d.merchant_id = r.merchant_id and d.id = r.id and d.leased_by = $3`,
    [jobs.map((job) => job.merchantId), jobs.map((job) => job.id), holder],
  )
}
