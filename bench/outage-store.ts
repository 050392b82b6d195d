// What an outage of receivers leaves behind: many deliveries that are due, of payments that were settled long
// ago. They are copies of one real payment, so that they are as wide as the gateway's own rows.
import type { Database } from '../src/db/database.ts'

/**
 * Copies the settled payment that there is, its event and its delivery, once for each delivery; they are
 * dealt out in turn to all endpoints at one address. Columns that later migrations add are copied too.
 */
const MAKE_OUTAGE = `
  with model as (
    select p, v from payments p
    join events v on v.merchant_id = p.merchant_id and v.payment_id = p.id
    where p.state = 'succeeded' order by p.created_at limit 1
  ), endpoints as (
    select merchant_id, id, row_number() over (order by id) - 1 as nth, count(*) over () as count
    from webhook_endpoints where disabled_at is null and starts_with(url, $3)
  ), made as materialized (
    select e.merchant_id, e.id as endpoint_id, new_uuid_v7(now()) as payment_id,
      new_uuid_v7(now()) as event_id, new_uuid_v7(now()) as delivery_id
    from generate_series(1, $1) n join endpoints e on e.nth = n % e.count
  ), paid as (
    insert into payments
    select copy.* from made, model, jsonb_populate_record(
      null::payments, to_jsonb(model.p) || jsonb_build_object('merchant_id', made.merchant_id,
        'id', made.payment_id, 'number', nextval('payment_numbers'))) copy
  ), told as (
    insert into events
    select copy.* from made, model, jsonb_populate_record(
      null::events, to_jsonb(model.v) || jsonb_build_object('merchant_id', made.merchant_id,
        'id', made.event_id, 'payment_id', made.payment_id, 'tx', pg_current_xact_id()::text,
        'snapshot', (model.v).snapshot || jsonb_build_object('id', made.payment_id,
          'merchant_id', made.merchant_id))) copy
  )
  insert into webhook_deliveries (
    merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, created_at)
  select merchant_id, delivery_id, endpoint_id, event_id, payment_id, 'pending', $2, now() from made`

/** How many deliveries, when they are due, and how the addresses of their endpoints begin. */
export type Outage = { count: number; dueAt: Date; url: string }

/** Makes them, and lets PostgreSQL know its tables as autovacuum would. */
export async function makeOutage(db: Database, { count, dueAt, url }: Outage): Promise<void> {
  await db.query(MAKE_OUTAGE, [count, dueAt, url])
  await db.query('vacuum (analyze) payments, events, webhook_deliveries')
  await db.query('checkpoint')
}

/** Deliveries not yet delivered. */
export async function countPendingDeliveries(db: Database): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from webhook_deliveries where due_at is not null',
  )
  return rows[0]?.count ?? 0
}

/** Jobs that graphile-worker still has to do or to forget. */
export async function countGraphileJobs(db: Database): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from graphile_worker._private_jobs',
  )
  return rows[0]?.count ?? 0
}
