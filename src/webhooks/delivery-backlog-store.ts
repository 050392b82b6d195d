// How much waits to be delivered, for metrics.
import type { Database } from '../db/database.ts'

/** Counted up to this many, so that a large backlog costs no scan. */
const COUNT_MAX = 10_000
/** Endpoints looked at for what has waited longest: a probe of the index each. */
const ENDPOINTS_MAX = 10_000

// The first due of an endpoint, and from there to the next endpoint, along the index that the claims use: one
// by time alone would cost every delivery an entry for the sake of this count.
const BACKLOG = `
  with recursive first as (
    (select merchant_id, endpoint_id, due_at, 1 as nth from webhook_deliveries
     where due_at is not null order by merchant_id, endpoint_id, due_at limit 1)
    union all
    select next.merchant_id, next.endpoint_id, next.due_at, f.nth + 1
    from first f cross join lateral (
      select d.merchant_id, d.endpoint_id, d.due_at from webhook_deliveries d
      where d.due_at is not null and (d.merchant_id, d.endpoint_id) > (f.merchant_id, f.endpoint_id)
      order by d.merchant_id, d.endpoint_id, d.due_at limit 1
    ) next
    where f.nth < $2
  )
  select (select min(due_at) from first) as oldest,
    (select count(*)
     from (select from webhook_deliveries where due_at is not null limit $1) counted) as count`

/** Pending deliveries, and since when the one that is due first has been (or will be) due. */
export async function readDeliveryBacklog(deps: {
  db: Database
}): Promise<{ count: number; oldest: Date | null }> {
  const found = await deps.db.query<{ count: string; oldest: Date | null }>(BACKLOG, [
    COUNT_MAX,
    ENDPOINTS_MAX,
  ])
  const row = found.rows[0]
  return { count: Number(row?.count ?? 0), oldest: row?.oldest ?? null }
}
