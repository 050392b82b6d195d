// What only a trail shows of a payment's row: when it is due, how often it was asked about, what was said.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { type Payment, readPayment } from './payment.ts'
import type { Owner } from './payment-read-store.ts'

/** The last question to M-Pesa about a payment, and its answer. */
export type LastAnswer = { at: string; kind: string; code: string | null; detail: string }

/** A payment with what the sweeps know of it. */
export type TrackedPayment = {
  payment: Payment
  dueAt: Date | null
  leasedUntil: Date | null
  /** Pushes that were put back into the queue, and questions to M-Pesa. */
  attempts: number
  queries: number
  lastAnswer: LastAnswer | null
}

/** One payment of `owner`, or null. */
export async function findTrackedPayment(
  deps: { db: Database },
  owner: Owner,
  id: Uuid,
): Promise<TrackedPayment | null> {
  const found = await deps.db.query<Record<string, unknown>>(
    `select * from payments
     where merchant_id = $1 and id = $2 and live = $3 and ($4::uuid is null or shortcode_id = $4)`,
    [owner.merchantId, id, owner.live, owner.shortcodeId ?? null],
  )
  const row = found.rows[0]
  if (row === undefined) return null
  return {
    payment: readPayment(row),
    dueAt: row.due_at as Date | null,
    leasedUntil: row.leased_until as Date | null,
    attempts: Number(row.attempts),
    queries: Number(row.queries),
    // Written by the store of questions alone, in this shape.
    lastAnswer: (row.last_query ?? null) as LastAnswer | null,
  }
}
