// What reads the feed of events sees an event only once everything that began before it has ended, in every
// database of the server: also what other tests have under way.
import type { TestDatabase } from './database.ts'
import { until } from './gateway.ts'

/** Waits until all that is committed now can be seen in the feed. */
export async function untilShown({ pool }: Pick<TestDatabase, 'pool'>): Promise<void> {
  const { rows } = await pool.query<{ tx: string }>('select pg_current_xact_id()::text as tx')
  await until('the end of what was under way', async () => {
    const text = 'select $1::xid8 < pg_snapshot_xmin(pg_current_snapshot()) as is_past'
    const found = await pool.query<{ is_past: boolean }>(text, [rows[0]?.tx])
    return found.rows[0]?.is_past === true
  })
}
