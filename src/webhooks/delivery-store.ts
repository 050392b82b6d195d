// Deliveries as merchants see and repeat them: list, and retry one.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import { type Delivery, type DeliveryState, readDelivery } from './delivery.ts'

type Deps = { db: Database }
type Row = Record<string, unknown>

/** What a list of deliveries may be narrowed by; all given must hold. */
export type DeliveryFilter = { endpointId?: Uuid; state?: DeliveryState; paymentId?: Uuid }

/** One page of deliveries, newest first, older than the delivery `before`. */
export async function listDeliveries(
  deps: Deps,
  owner: Owner,
  filter: DeliveryFilter,
  page: { limit: number; before: Uuid | null },
): Promise<Delivery[]> {
  const values: unknown[] = [owner.merchantId, owner.live, page.limit]
  const where = ['d.merchant_id = $1']
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value === undefined || value === null) return
    values.push(value)
    where.push(condition(`$${values.length}`))
  }
  add(filter.endpointId, (p) => `d.endpoint_id = ${p} and ${isOfSide(p)}`)
  add(filter.paymentId, (p) => `d.payment_id = ${p}`)
  add(page.before, (p) => `d.id < ${p}`)
  if (filter.state !== undefined) where.push(STATE_WHERE[filter.state])
  const found = await deps.db.query<Row>(textOf(where, filter), values)
  return found.rows.map(readDelivery)
}

/** In the words of the index that has them: what waits or failed is little among the delivered. */
const STATE_WHERE: Record<DeliveryState, string> = {
  pending: "d.state = 'pending' and d.due_at is not null",
  delivered: "d.state = 'delivered'",
  failed: "d.state = 'failed'",
  cancelled: "d.state = 'cancelled'",
}

/** Known before any of its deliveries is read; a deleted one is of either side until its events are. */
function isOfSide(endpoint: string): string {
  return `not exists (
    select from webhook_endpoints e where e.merchant_id = $1 and e.id = ${endpoint} and e.live <> $2)`
}

/** Endpoints that a merchant has had, deleted ones among them; each costs a probe of the index. */
const ENDPOINTS_MAX = 10_000

// From one endpoint that was ever sent to, to the next, along the index. All that an endpoint is sent is of
// one side, its own: any of its events tells it, also when the endpoint is gone.
const ENDPOINTS_OF_SIDE = `
  known as (
    (select endpoint_id, event_id, 1 as nth from webhook_deliveries
     where merchant_id = $1 order by merchant_id, endpoint_id, id limit 1)
    union all
    select next.endpoint_id, next.event_id, k.nth + 1
    from known k cross join lateral (
      select n.endpoint_id, n.event_id from webhook_deliveries n
      where n.merchant_id = $1 and n.endpoint_id > k.endpoint_id
      order by n.merchant_id, n.endpoint_id, n.id limit 1
    ) next
    where k.nth < ${ENDPOINTS_MAX}
  ), sides as (
    select k.endpoint_id as id from known k
    join events s on s.merchant_id = $1 and s.id = k.event_id and s.live = $2
  )`

/** The side is that of the event; before the events, everything is narrowed by what an index has. */
function textOf(where: readonly string[], { endpointId, paymentId, state }: DeliveryFilter): string {
  const select = `select d.*, v.type from webhook_deliveries d
    join events v on v.merchant_id = d.merchant_id and v.id = d.event_id and v.live = $2
    where ${where.join(' and ')}`
  if (state === 'pending' && paymentId === undefined) {
    // All that wait, and then the newest of them: the order of ids would lead through all that was delivered.
    // Only the shown ones are read whole.
    return `
      with recursive ${ENDPOINTS_OF_SIDE}, waiting as materialized (
        select d.merchant_id, d.id from sides e
        join webhook_deliveries d on d.merchant_id = $1 and d.endpoint_id = e.id
        where ${where.join(' and ')}
      )
      select d.*, v.type from (select * from waiting order by id desc limit $3) page
      join webhook_deliveries d on d.merchant_id = page.merchant_id and d.id = page.id
      join events v on v.merchant_id = d.merchant_id and v.id = d.event_id
      order by d.id desc`
  }
  const newest = `${select} order by d.id desc limit $3`
  const isNarrow = endpointId !== undefined || paymentId !== undefined
  if (isNarrow || state === 'failed' || state === 'cancelled') return newest
  // Endpoint by endpoint, so that a side with few deliveries does not read through those of the other.
  return `
    with recursive ${ENDPOINTS_OF_SIDE}
    select found.* from sides e cross join lateral (
      ${select} and d.endpoint_id = e.id order by d.id desc limit $3
    ) found
    order by found.id desc limit $3`
}

/** One delivery of `owner`, or null. */
export async function findDelivery(deps: Deps, owner: Owner, id: Uuid): Promise<Delivery | null> {
  const found = await deps.db.query<Row>(
    `select d.*, v.type from webhook_deliveries d
     join events v on v.merchant_id = d.merchant_id and v.id = d.event_id
     where d.merchant_id = $1 and v.live = $2 and d.id = $3`,
    [owner.merchantId, owner.live, id],
  )
  const row = found.rows[0]
  return row === undefined ? null : readDelivery(row)
}

/**
 * Makes a delivery due now, whatever its state, unless an attempt is under way or its endpoint is off or
 * deleted; false then. What had been put off behind it may follow it at once.
 */
export async function makeDue(deps: Deps, owner: Owner, id: Uuid, now: Date): Promise<boolean> {
  const found = await deps.db.query(
    `with due as (
       update webhook_deliveries d set state = 'pending', due_at = $4, leased_by = null, leased_until = null
       from webhook_endpoints e
       where d.merchant_id = $1 and d.id = $2
         and e.merchant_id = d.merchant_id and e.id = d.endpoint_id and e.live = $3
         and e.disabled_at is null and (d.leased_until is null or d.leased_until <= $4)
       returning d.merchant_id, d.id, d.endpoint_id, d.payment_id
     ), followers as (
       update webhook_deliveries f set due_at = $4
       from due
       where f.merchant_id = due.merchant_id and f.payment_id = due.payment_id
         and f.endpoint_id = due.endpoint_id and f.id <> due.id
         and f.state = 'pending' and f.attempts = 0 and f.due_at > $4
     )
     select id from due`,
    [owner.merchantId, id, owner.live, now],
  )
  return found.rows.length > 0
}
