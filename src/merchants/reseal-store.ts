// The statements that walk over a sealed column and replace what is in it, row by row.
import type { Database } from '../db/database.ts'

/** Where sealed texts lie. The names are constants of ours and stand in the statements as they are. */
export type SealedPlace = {
  table: string
  /** The primary key, in the order of its index. */
  keys: readonly { name: string; type: 'uuid' | 'text' }[]
  column: string
}

/** One sealed text and the row it lies in. */
export type SealedRow = { key: readonly string[]; sealed: Buffer }

/** The next rows of `place` that hold something, in the order of their keys, after the row `after`. */
export async function readSealedRows(
  deps: { db: Database },
  place: SealedPlace,
  page: { after: readonly string[] | null; limit: number },
): Promise<SealedRow[]> {
  const { table, keys, column } = place
  const names = keys.map(({ name }) => name).join(', ')
  const parameters = keys.map(({ type }, index) => `$${index + 2}::${type}`).join(', ')
  const following = page.after === null ? '' : `and (${names}) > (${parameters})`
  const found = await deps.db.query<{ key: string[]; sealed: Buffer }>(
    `select array[${keys.map(({ name }) => `${name}::text`).join(', ')}] as key, ${column} as sealed
     from ${table} where ${column} is not null ${following} order by ${names} limit $1`,
    [page.limit, ...(page.after ?? [])],
  )
  return found.rows
}

/** Replaces one sealed text, if it is still the one that was read. False: another has changed it since. */
export async function replaceSealed(
  deps: { db: Database },
  place: SealedPlace,
  { row, sealed }: { row: SealedRow; sealed: Buffer },
): Promise<boolean> {
  const { table, keys, column } = place
  const where = keys.map(({ name, type }, index) => `${name} = $${index + 3}::${type}`).join(' and ')
  const changed = await deps.db.query(
    `update ${table} set ${column} = $1 where ${column} = $2 and ${where} returning 1 as changed`,
    [sealed, row.sealed, ...row.key],
  )
  return changed.rows.length === 1
}
