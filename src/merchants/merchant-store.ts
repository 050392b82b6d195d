// The statements on `merchants`, and the reader of its row.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'

/** Somebody who is paid. Everything else belongs to one. */
export type Merchant = { id: Uuid; name: string; createdAt: Date }

type Row = Record<string, unknown>

/** Keeps a new merchant; false when the id is taken. */
export async function insertMerchant(deps: { db: Database }, merchant: Merchant): Promise<boolean> {
  const inserted = await deps.db.query<Row>(
    `insert into merchants (id, name, created_at) values ($1, $2, $3)
     on conflict (id) do nothing returning id`,
    [merchant.id, merchant.name, merchant.createdAt],
  )
  return inserted.rows.length === 1
}

/** One merchant, or null. */
export async function findMerchant(deps: { db: Database }, id: Uuid): Promise<Merchant | null> {
  const found = await deps.db.query<Row>('select * from merchants where id = $1', [id])
  const row = found.rows[0]
  return row === undefined ? null : readMerchant(row)
}

/** At most `limit` merchants, newest first, older than the merchant `before`. */
export async function listMerchants(
  deps: { db: Database },
  page: { limit: number; before: Uuid | null },
): Promise<Merchant[]> {
  const found = await deps.db.query<Row>(
    'select * from merchants where $1::uuid is null or id < $1 order by id desc limit $2',
    [page.before, page.limit],
  )
  return found.rows.map(readMerchant)
}

/** The merchants of this very name, at most two: names need not be unique, and two are already no answer. */
export async function findMerchantsByName(deps: { db: Database }, name: string): Promise<Merchant[]> {
  const found = await deps.db.query<Row>('select * from merchants where name = $1 limit 2', [name])
  return found.rows.map(readMerchant)
}

/** Gives a merchant another name. */
export async function renameMerchant(deps: { db: Database }, id: Uuid, name: string): Promise<void> {
  await deps.db.query('update merchants set name = $2 where id = $1', [id, name])
}

function readMerchant(row: Row): Merchant {
  return { id: row.id as Uuid, name: row.name as string, createdAt: row.created_at as Date }
}
