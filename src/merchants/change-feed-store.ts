// Which merchants' keys, shortcodes or endpoints were changed: exactly those whose change was committed
// between two questions, however early its transaction began. Triggers write `merchant_changes`.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'

/** A moment of one run of a server; nobody but `readMerchantChanges` looks into it. */
export type FeedMoment = { snapshot: string; serverStartedAt: string; at: string }

/** An answer. `merchants` were changed between the last moment and `moment`. */
export type FeedAnswer = {
  moment: FeedMoment
  merchants: Uuid[]
  /** False: it is not known what happened since the last moment, and `merchants` is no answer to it. */
  continues: boolean
  /** Replays what another server wrote, late: what it says is no news. */
  isStandby: boolean
}

/** Stands for all merchants: a whole table was emptied. */
export const EVERY_MERCHANT = '00000000-0000-0000-0000-000000000000' as Uuid

// Transaction ids mean nothing on another server, nor after a crash, when those that had not reached the disk
// are given out again. A server that was promoted has started at another time; after a crash every connection
// of ours is new, not just one.
const CHANGES = `
  select pg_current_snapshot()::text as snapshot, pg_postmaster_start_time()::text as server_started_at,
    clock_timestamp()::text as at, pg_is_in_recovery() as is_standby,
    coalesce(pg_postmaster_start_time() = $2::timestamptz and (
      select bool_or(backend_start < $3::timestamptz) from pg_stat_get_activity(null)
      where backend_type = 'client backend'
    ), false) as continues,
    array(
      select merchant_id::text from merchant_changes
      where tx >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(tx, $1::pg_snapshot)
      limit $4
    ) as merchants`

/** What was committed since `since`, of at most `limit` merchants; without it, only the moment. */
export async function readMerchantChanges(
  deps: { db: Database },
  since: FeedMoment | null,
  limit: number,
): Promise<FeedAnswer> {
  const { rows } = await deps.db.query<Record<string, unknown>>({
    name: 'merchant_changes',
    text: CHANGES,
    values: [since?.snapshot ?? null, since?.serverStartedAt ?? null, since?.at ?? null, limit],
  })
  const row = rows[0] ?? {}
  return {
    moment: {
      snapshot: String(row.snapshot),
      serverStartedAt: String(row.server_started_at),
      at: String(row.at),
    },
    merchants: row.merchants as Uuid[],
    continues: row.continues === true,
    isStandby: row.is_standby !== false,
  }
}

/**
 * A deletion to be run seldom: each time it deletes what had ended the time before, which every process has
 * heard of by then, or has forgotten everything else since. The time of a row would say less: one is at times
 * committed long after it was written. Resolves to how many it deleted.
 */
export function createTrimMerchantChanges(deps: { db: Database }): () => Promise<number> {
  let ended: { before: string; serverStartedAt: string } | null = null
  return async () => {
    const { rows } = await deps.db.query<{ deleted: string; before: string; server_started_at: string }>(
      `with gone as (
         delete from merchant_changes
         where tx < $1::xid8 and pg_postmaster_start_time() = $2::timestamptz
         returning tx
       )
       select (select count(*) from gone) as deleted,
         pg_snapshot_xmin(pg_current_snapshot())::text as before,
         pg_postmaster_start_time()::text as server_started_at`,
      [ended?.before ?? null, ended?.serverStartedAt ?? null],
    )
    const [row] = rows
    ended = row === undefined ? null : { before: row.before, serverStartedAt: row.server_started_at }
    return Number(row?.deleted ?? 0)
  }
}
