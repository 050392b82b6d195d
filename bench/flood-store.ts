// What a flood of forged callbacks leaves in the database.
import type { Database } from '../src/db/database.ts'
import type { Uuid } from '../src/ids.ts'

/** The kept callbacks, and all that their table takes of the disk. */
export type CallbackTotals = { rows: number; callbackBytes: number }

/** Counts them. */
export async function readCallbackTotals(db: Database): Promise<CallbackTotals> {
  const { rows } = await db.query<{ rows: number; bytes: string }>(
    `select count(*)::integer as rows, pg_total_relation_size('callbacks')::text as bytes from callbacks`,
  )
  return { rows: rows[0]?.rows ?? 0, callbackBytes: Number(rows[0]?.bytes ?? 0) }
}

/** Any payment that was paid. */
export async function readSettledPayment(db: Database): Promise<{ merchantId: Uuid; paymentId: Uuid }> {
  const { rows } = await db.query<{ merchant_id: Uuid; id: Uuid }>(
    `select merchant_id, id from payments where state = 'succeeded' limit 1`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('no payment was paid')
  return { merchantId: row.merchant_id, paymentId: row.id }
}
