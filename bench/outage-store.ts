// What an outage of receivers leaves behind: many deliveries that are due, of payments that were settled long
// ago. They are copies of one real payment, so that they are as wide as the gateway's own rows.
import type { Database } from '../src/db/database.ts'

/**
 * Copies the settled payment that there is and its event; they are dealt out in turn to the merchants of all
 * endpoints at one address. Columns that later migrations add are copied too.
 */
const MAKE_SETTLED = `
  with model as (
    select p, v from payments p
    join events v on v.merchant_id = p.merchant_id and v.payment_id = p.id
    where p.state = 'succeeded' order by p.created_at limit 1
  ), endpoints as (
    select merchant_id, row_number() over (order by id) - 1 as nth, count(*) over () as count
    from webhook_endpoints where disabled_at is null and starts_with(url, $2)
  ), made as materialized (
    select e.merchant_id, new_uuid_v7(now()) as payment_id, new_uuid_v7(now()) as event_id
    from generate_series(1, $1) n join endpoints e on e.nth = n % e.count
  ), paid as (
    insert into payments
    select copy.* from made, model, jsonb_populate_record(
      null::payments, to_jsonb(model.p) || jsonb_build_object('merchant_id', made.merchant_id,
        'id', made.payment_id, 'number', nextval('payment_numbers'))) copy
  )
  insert into events
  select copy.* from made, model, jsonb_populate_record(
    null::events, to_jsonb(model.v) || jsonb_build_object('merchant_id', made.merchant_id,
      'id', made.event_id, 'payment_id', made.payment_id, 'tx', pg_current_xact_id()::text,
      'snapshot', (model.v).snapshot || jsonb_build_object('id', made.payment_id,
        'merchant_id', made.merchant_id))) copy`

/** A delivery for each event that has none, to the endpoints of its merchant in turn. */
const MAKE_DUE = `
  insert into webhook_deliveries (
    merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, created_at)
  select v.merchant_id, new_uuid_v7(now()), e.id, v.id, v.payment_id, 'pending', $1, now()
  from (
    select merchant_id, id, payment_id, row_number() over (partition by merchant_id order by id) as nth
    from events v where payment_id is not null and not exists (
      select from webhook_deliveries d where d.merchant_id = v.merchant_id and d.payment_id = v.payment_id)
  ) v
  join (
    select merchant_id, id, row_number() over (partition by merchant_id order by id) - 1 as nth,
      count(*) over (partition by merchant_id) as count
    from webhook_endpoints where disabled_at is null and starts_with(url, $2)
  ) e on e.merchant_id = v.merchant_id and e.nth = v.nth % e.count`

/** How many deliveries, when they are due, and how the addresses of their endpoints begin. */
export type Outage = { count: number; dueAt: Date; url: string }

/** Makes them, and lets PostgreSQL know its tables as autovacuum would. */
export async function makeOutage(db: Database, { count, dueAt, url }: Outage): Promise<void> {
  await makeSettled(db, { count, url })
  await makeDue(db, { dueAt, url })
}

/** The longer half: settled payments and their events, not yet delivered to anybody. */
export async function makeSettled(db: Database, { count, url }: Omit<Outage, 'dueAt'>): Promise<void> {
  await db.query(MAKE_SETTLED, [count, url])
  await db.query('vacuum (analyze) payments, events')
  await db.query('checkpoint')
}

/** The shorter half: their deliveries, due together. */
export async function makeDue(db: Database, { dueAt, url }: Omit<Outage, 'count'>): Promise<void> {
  await db.query(MAKE_DUE, [dueAt, url])
  await db.query('vacuum (analyze) webhook_deliveries')
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
