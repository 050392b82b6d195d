// One delivery together with the event that it carries, for whoever looks at what was sent.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import { type Delivery, readDelivery } from './delivery.ts'
import { type EventRow, readWebhookEvent, type WebhookEvent } from './webhook-event.ts'

/** A delivery of `owner` and its event, or null. */
export async function findDeliveryEvent(
  deps: { db: Database },
  owner: Owner,
  id: Uuid,
): Promise<{ delivery: Delivery; event: WebhookEvent } | null> {
  const found = await deps.db.query<EventRow & Record<string, unknown>>(
    `select d.*, v.type, v.sequence, v.live, v.created_at as event_created_at,
       v.payment_id as event_payment_id, v.snapshot, v.callback
     from webhook_deliveries d
     join events v on v.merchant_id = d.merchant_id and v.id = d.event_id
     where d.merchant_id = $1 and v.live = $2 and d.id = $3`,
    [owner.merchantId, owner.live, id],
  )
  const row = found.rows[0]
  if (row === undefined) return null
  const createdAt = row.event_created_at instanceof Date ? row.event_created_at : row.created_at
  return { delivery: readDelivery(row), event: readWebhookEvent({ ...row, created_at: createdAt }) }
}
