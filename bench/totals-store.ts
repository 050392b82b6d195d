// What the database holds at the end, and whether anything is still under way.
import type { Database } from '../src/db/database.ts'

/** Rows by what they are: payments and deliveries by state, events by type. */
export type Totals = {
  payments: Record<string, number>
  events: Record<string, number>
  deliveries: Record<string, number>
}

/** Counts everything. */
export async function readTotals(db: Database): Promise<Totals> {
  const count = async (text: string) => {
    const { rows } = await db.query<{ name: string; count: number }>(text)
    return Object.fromEntries(rows.map((row) => [row.name, row.count]))
  }
  return {
    payments: await count('select state as name, count(*)::integer as count from payments group by state'),
    events: await count('select type as name, count(*)::integer as count from events group by type'),
    deliveries: await count(
      'select state as name, count(*)::integer as count from webhook_deliveries group by state',
    ),
  }
}

/** Whether a payment or a delivery is still to be done: by the sweeps' indexes, however much is done. */
export async function hasOpenWork(db: Database): Promise<boolean> {
  const { rows } = await db.query<{ open: boolean }>(
    `select exists (select from payments where state = 'queued')
       or exists (select from payments where state in ('sending', 'pending') and due_at is not null)
       or exists (select from payments where state = 'uncertain')
       or exists (select from webhook_deliveries where due_at is not null) as open`,
  )
  return rows[0]?.open ?? true
}

/** Makes an empty database on the server; its name is not taken from outside. */
export async function makeDatabase(db: Database, name: string): Promise<void> {
  if (!/^[a-z_]+$/.test(name)) throw new Error(`${name} is no name for a database`)
  await db.query(`create database ${name}`)
}

/** The server's own version, such as 18.4. */
export async function readServerVersion(db: Database): Promise<string> {
  const { rows } = await db.query<{ server_version: string }>('show server_version')
  return rows[0]?.server_version ?? 'unknown'
}
