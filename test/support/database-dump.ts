// Every value of a database, as somebody who has a copy of it would read them.
import type pg from 'pg'

/** A value, and where it lies. */
export type StoredValue = { place: string; value: unknown }

/** Every value of every row of every table; partitions are read as the table that they are of. */
export async function readEveryValue(db: pg.Pool): Promise<StoredValue[]> {
  const tables = await db.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  )
  const values: StoredValue[] = []
  for (const { name } of tables.rows) {
    const { rows } = await db.query<Record<string, unknown>>(`select * from ${name}`)
    for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
      values.push({ place: `${name}.${column}`, value })
    }
  }
  return values
}

/** All of them as one text, bytes as Latin letters, so that a text in them is still found. */
export async function dumpDatabase(db: pg.Pool): Promise<string> {
  return (await readEveryValue(db)).map(({ value }) => textOf(value)).join('\n')
}

/** A value as a text. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return Buffer.isBuffer(value) ? value.toString('latin1') : (JSON.stringify(value) ?? '')
}

/** A secret as it is, and in the notations that could hide it. */
export function notationsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const standard = /^wh?s[eck]+_(.+)$/.exec(secret)?.[1]
  const inner = standard === undefined ? [] : [standard, Buffer.from(standard, 'base64').toString('latin1')]
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex'), ...inner]
}
