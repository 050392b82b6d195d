// What PostgreSQL tells of its own cost: the log that it wrote, updates that spared the indexes, sizes.
import type { Database } from '../src/db/database.ts'

/** One table of the gateway. */
export type TableCost = { name: string; bytes: number; rows: number; updates: number; hotUpdates: number }

/** Bytes of write-ahead log written since the server was made. */
export async function readWalBytes(db: Database): Promise<number> {
  const { rows } = await db.query<{ bytes: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as bytes from pg_database limit 1`,
  )
  return Number(rows[0]?.bytes ?? 0)
}

/** The tables that were written, largest first. Updates are told of by the server about a second late. */
export async function readTableCosts(db: Database): Promise<TableCost[]> {
  const { rows } = await db.query<Record<keyof TableCost, string>>(
    `select relname as name, pg_total_relation_size(relid)::text as bytes, n_live_tup::text as rows,
       n_tup_upd::text as updates, n_tup_hot_upd::text as "hotUpdates"
     from pg_stat_user_tables where n_tup_ins + n_tup_upd > 0
     order by pg_total_relation_size(relid) desc`,
  )
  return rows.map(({ name, bytes, rows: count, updates, hotUpdates }) => ({
    name,
    bytes: Number(bytes),
    rows: Number(count),
    updates: Number(updates),
    hotUpdates: Number(hotUpdates),
  }))
}

/** Of all updates the share that touched no index; null when there were none. */
export function hotShare(tables: readonly TableCost[]): number | null {
  const sum = (of: (table: TableCost) => number) => tables.reduce((total, table) => total + of(table), 0)
  const updates = sum((table) => table.updates)
  return updates === 0 ? null : sum((table) => table.hotUpdates) / updates
}
