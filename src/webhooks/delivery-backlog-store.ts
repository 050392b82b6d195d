// How much waits to be delivered, for metrics.
import type { Database } from '../db/database.ts'

/** Counted up to this many, so that a large backlog costs no scan. */
const COUNT_MAX = 10_000

/** Pending deliveries, and since when the one that is due first has been (or will be) due. */
export async function readDeliveryBacklog(deps: {
  db: Database
}): Promise<{ count: number; oldest: Date | null }> {
  const found = await deps.db.query<{ count: string; oldest: Date | null }>(
    `select count(*) as count, min(due_at) as oldest from (
       select due_at from webhook_deliveries where due_at is not null order by due_at limit $1
     ) pending`,
    [COUNT_MAX],
  )
  const row = found.rows[0]
  return { count: Number(row?.count ?? 0), oldest: row?.oldest ?? null }
}
