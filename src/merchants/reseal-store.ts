// The statements that walk over a sealed column and replace what is in it, row by row.
import type { Database } from '../db/database.ts'

/** Where sealed texts lie. The names are constants of ours and stand in the statements as they are. */
export type SealedPlace = {
  table: string
  /** The primary key, in the order of its index. */
  keys: readonly { name: string; type: 'uuid' | 'text' }[]
  column: string
  /** The column is a `bytea[]`; without it, a `bytea`. */
  isList?: true
}

/** One sealed text and the row it lies in. */
export type SealedRow = { key: readonly string[]; sealed: Buffer }

/**
 * What the next rows of `place` hold that hold something, in the order of their keys, after the row `after`:
 * `limit` rows, each with one text or with all of its list.
 */
export async function readSealedRows(
  deps: { db: Database },
  place: SealedPlace,
  page: { after: readonly string[] | null; limit: number },
): Promise<SealedRow[]> {
  const { table, keys, column, isList } = place
  const names = keys.map(({ name }) => name).join(', ')
  const parameters = keys.map(({ type }, index) => `$${index + 2}::${type}`).join(', ')
  const following = page.after === null ? '' : `and (${names}) > (${parameters})`
  const holds = isList ? `cardinality(${column}) > 0` : `${column} is not null`
  const found = await deps.db.query<{ key: string[]; sealed: Buffer[] }>(
    `select array[${keys.map(({ name }) => `${name}::text`).join(', ')}] as key,
       ${isList ? column : `array[${column}]`} as sealed
     from ${table} where ${holds} ${following} order by ${names} limit $1`,
    [page.limit, ...(page.after ?? [])],
  )
  return found.rows.flatMap(({ key, sealed }) => sealed.map((each) => ({ key, sealed: each })))
}

/** Replaces one sealed text, if it is still the one that was read. False: another has changed it since. */
export async function replaceSealed(
  deps: { db: Database },
  place: SealedPlace,
  { row, sealed }: { row: SealedRow; sealed: Buffer },
): Promise<boolean> {
  const { table, keys, column, isList } = place
  const where = keys.map(({ name, type }, index) => `${name} = $${index + 3}::${type}`).join(' and ')
  const [changes, isThere] = isList
    ? [`${column} = array_replace(${column}, $2::bytea, $1::bytea)`, `$2 = any (${column})`]
    : [`${column} = $1`, `${column} = $2`]
  const changed = await deps.db.query(
    `update ${table} set ${changes} where ${isThere} and ${where} returning 1 as changed`,
    [sealed, row.sealed, ...row.key],
  )
  return changed.rows.length === 1
}
