// What the gateways' database holds at the end: every payment, and what is still to be done.
import type { Database } from '../src/db/database.ts'

/** A payment as the database has it. Times are milliseconds since the epoch, by the fast clock. */
export type Outcome = {
  id: string
  reference: string
  phone: string
  amountKes: number
  state: string
  outcome: string | null
  resultCode: string | null
  receipt: string | null
  checkoutRequestId: string | null
  /** `callback`, `query`, `statement`, `push` or `gateway`; null while it is open. */
  evidence: string | null
  expiresAtMs: number
  createdAtMs: number
  settledAtMs: number | null
  /** Callbacks that left a trace: those that changed something, and those that were kept beside. */
  callbacksKept: number
}

/** What is still under way: payments made before a moment, and deliveries of any payment. */
export type OpenWork = { payments: number; unaskable: number; deliveries: number }

const OUTCOMES = `
  select p.id, p.reference, p.phone, p.amount as "amountKes", p.state, p.outcome,
    p.result_code as "resultCode", p.receipt, p.checkout_request_id as "checkoutRequestId",
    p.evidence ->> 'source' as evidence,
    (extract(epoch from p.expires_at) * 1000)::float8 as "expiresAtMs",
    (extract(epoch from p.created_at) * 1000)::float8 as "createdAtMs",
    (extract(epoch from p.settled_at) * 1000)::float8 as "settledAtMs",
    ((select count(*) from events e
        where e.merchant_id = p.merchant_id and e.payment_id = p.id and e.callback is not null)
      + (select count(*) from callbacks c
        where c.merchant_id = p.merchant_id and c.payment_id = p.id
          and c.kind not in ('receipt', 'contradicted')))::integer as "callbacksKept"
  from payments p
  where p.id > $1
  order by p.id limit $2`

/** A page of all payments, in the order of their ids, after the id `after`. */
export async function readOutcomes(db: Database, after: string, limit: number): Promise<Outcome[]> {
  return (await db.query<Outcome>(OUTCOMES, [after, limit])).rows
}

// A payment that was sent and has no id of Daraja's cannot be asked for; only its callback or the shortcode's
// statement can tell.
const OPEN_WORK = `
  select
    (select count(*)::integer from payments
      where state not in ('succeeded', 'failed') and created_at < $1
        and not (state = 'uncertain' and checkout_request_id is null)) as payments,
    (select count(*)::integer from payments
      where state = 'uncertain' and created_at < $1 and checkout_request_id is null) as unaskable,
    (select count(*)::integer from webhook_deliveries where state = 'pending') as deliveries`

/** Counts what is still open. */
export async function readOpenWork(db: Database, createdBefore: Date): Promise<OpenWork> {
  const { rows } = await db.query<OpenWork>(OPEN_WORK, [createdBefore])
  return rows[0] ?? { payments: 0, unaskable: 0, deliveries: 0 }
}
