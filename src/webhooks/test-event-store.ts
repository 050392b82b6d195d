// The event by which a merchant tries an endpoint: a row of `events` and a delivery like any other.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { TEST_EVENT_TYPE, type WebhookEndpoint } from './endpoint.ts'

/** Inserts a test event and its delivery, due at once, if the endpoint is still there. */
export async function insertTestEvent(
  deps: { db: Database },
  endpoint: Pick<WebhookEndpoint, 'merchantId' | 'id'>,
  made: { eventId: Uuid; deliveryId: Uuid; at: Date },
): Promise<void> {
  await deps.db.query(
    `with told as (
       insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, callback, created_at)
       select merchant_id, $3, live, $5, null, 1, '{}', null, $6
       from webhook_endpoints where merchant_id = $1 and id = $2
       returning merchant_id
     )
     insert into webhook_deliveries (
       merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, created_at)
     select merchant_id, $4, $2, $3, null, 'pending', $6, $6 from told`,
    [endpoint.merchantId, endpoint.id, made.eventId, made.deliveryId, TEST_EVENT_TYPE, made.at],
  )
}
