// Payments drawn from a history by chance, to be read and searched for by everything that names them.
import type { Database } from '../src/db/database.ts'
import type { Uuid } from '../src/ids.ts'

/** What names one payment, its event and its delivery. */
export type ReadSample = {
  id: Uuid
  phone: string
  reference: string
  tag: string | null
  receipt: string | null
  checkoutRequestId: string | null
  createdAt: Date
  eventTx: string
  eventId: Uuid
  deliveryId: Uuid
  endpointId: Uuid
}

/** Pages are drawn and not rows: several times as many, so that the drawn rows lie apart. */
const DRAWN_EACH = 20

/** Draws up to `count` settled payments of a merchant, from all of its time, newest last. */
export async function drawSamples(db: Database, merchantId: Uuid, count: number): Promise<ReadSample[]> {
  const { rows: sizes } = await db.query<{ rows: number }>(
    `select greatest(reltuples, 1)::float8 as rows from pg_class where oid = 'payments'::regclass`,
  )
  const percent = Math.min(100, (100 * DRAWN_EACH * count) / (sizes[0]?.rows ?? 1))
  const { rows } = await db.query<ReadSample>(
    `with drawn as (
       select * from payments tablesample system ($2)
       where merchant_id = $1 and checkout_request_id is not null
       order by random() limit $3
     )
     select p.id, p.phone, p.reference, p.tag, p.receipt, p.checkout_request_id as "checkoutRequestId",
       p.created_at as "createdAt", v.tx::text as "eventTx", v.id as "eventId", d.id as "deliveryId",
       d.endpoint_id as "endpointId"
     from drawn p
     join events v on v.merchant_id = p.merchant_id and v.payment_id = p.id and v.sequence = 1
     join webhook_deliveries d on d.merchant_id = p.merchant_id and d.payment_id = p.id and d.event_id = v.id
     order by p.id`,
    [merchantId, percent, count],
  )
  return rows
}
