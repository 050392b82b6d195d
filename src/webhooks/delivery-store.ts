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
  const where = ['d.merchant_id = $1', 'v.live = $2']
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value === undefined || value === null) return
    values.push(value)
    where.push(condition(`$${values.length}`))
  }
  add(filter.endpointId, (p) => `d.endpoint_id = ${p}`)
  add(filter.state, (p) => `d.state = ${p}`)
  add(filter.paymentId, (p) => `d.payment_id = ${p}`)
  add(page.before, (p) => `d.id < ${p}`)
  const found = await deps.db.query<Row>(
    `select d.*, v.type from webhook_deliveries d
     join events v on v.merchant_id = d.merchant_id and v.id = d.event_id
     where ${where.join(' and ')} order by d.id desc limit $3`,
    values,
  )
  return found.rows.map(readDelivery)
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
