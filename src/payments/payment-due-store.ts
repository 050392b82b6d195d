// The sweep's side of the payments table: what is due and under nobody's lease is claimed in bounded batches.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { PROMPT_LIFE_AND_GRACE_MS } from './ask-schedule.ts'
import { type Payment, type PaymentState, readPayment } from './payment.ts'

/** A claimed payment, the state it was found in, and how often M-Pesa and Daraja were asked before. */
export type DuePayment = { payment: Payment; foundState: PaymentState; attempts: number; queries: number }

const CLAIM = `
  with due as (
    select merchant_id, id, state from payments
    where due_at <= $1 and (leased_until is null or leased_until <= $1)
      and state in ('sending', 'pending', 'uncertain') and due_at is not null
      and (state in ('sending', 'pending') or (state = 'uncertain' and checkout_request_id is null))
      and (state <> 'pending' or checkout_request_id is null or prompted_at <= $5)
    order by due_at limit $4
    for update skip locked
  )
  update payments p set leased_by = $2, leased_until = $3, updated_at = $1
  from due where p.merchant_id = due.merchant_id and p.id = due.id
  returning p.*, due.state as found_state`

/**
 * What a process takes for itself until `leaseUntil`: at most `limit` payments that have lapsed: sent by a
 * process that died, without a verdict though the prompt is over, or not to be asked about.
 */
export type Claim = { now: Date; process: Uuid; leaseUntil: Date; limit: number; kind: 'lapsed' }

/** Claims payments that are due at `now` and under nobody's lease. */
export async function claimDuePayments(deps: { db: Database }, claim: Claim): Promise<DuePayment[]> {
  const promptedBefore = new Date(claim.now.getTime() - PROMPT_LIFE_AND_GRACE_MS)
  const found = await deps.db.query<Record<string, unknown>>(CLAIM, [
    claim.now,
    claim.process,
    claim.leaseUntil,
    claim.limit,
    promptedBefore,
  ])
  return found.rows.map((row) => ({
    payment: readPayment(row),
    foundState: row.found_state as PaymentState,
    attempts: Number(row.attempts),
    queries: Number(row.queries),
  }))
}

/** How many payments wait in each open state, and since when the oldest of them. */
export type Backlog = { state: PaymentState; count: number; oldest: Date | null }

/** The open payments by state; counts stop at about `countMax` so that a large backlog costs no scan. */
export async function readBacklog(deps: { db: Database }, countMax: number): Promise<Backlog[]> {
  const found = await deps.db.query<{ state: PaymentState; count: string; oldest: Date | null }>(
    `select state, count(*) as count, min(created_at) as oldest from (
       (select state, created_at from payments where state = 'queued' order by expires_at limit $1)
       union all
       (select state, created_at from payments
        where due_at is not null and state in ('sending', 'pending') order by due_at limit $1)
       union all
       (select state, created_at from payments where state = 'uncertain' limit $1)
     ) open group by state`,
    [countMax],
  )
  return found.rows.map((row) => ({ state: row.state, count: Number(row.count), oldest: row.oldest }))
}

/** Anybody can send a callback without evidence: it hastens a payment's question this often, and no more. */
const HINTS_APART_MS = 5 * 60_000

/**
 * Makes an open payment's next question to M-Pesa due at once, unless one is on its way or a hint came in the
 * last five minutes.
 */
export async function makeDue(
  deps: { db: Database },
  payment: { merchantId: Uuid; paymentId: Uuid; now: Date },
): Promise<void> {
  await deps.db.query(
    `update payments set due_at = $3, hinted_at = $3
     where merchant_id = $1 and id = $2 and state in ('pending', 'uncertain') and leased_until is null
       and checkout_request_id is not null and (due_at is null or due_at > $3)
       and (hinted_at is null or hinted_at <= $4)`,
    [payment.merchantId, payment.paymentId, payment.now, new Date(payment.now.getTime() - HINTS_APART_MS)],
  )
}

/** The ids that a callback names of a payment that is known by none. */
export type NamedIds = {
  merchantId: Uuid
  paymentId: Uuid
  merchantRequestId: string | null
  checkoutRequestId: string
  at: Date
}

/** Keeps the ids of a payment whose push was not answered, or not yet: M-Pesa can be asked about it then. */
export async function noteRequestIds(deps: { db: Database }, ids: NamedIds): Promise<void> {
  await deps.db.query(
    `update payments set
       merchant_request_id = coalesce(merchant_request_id, $3), checkout_request_id = $4, updated_at = $5
     where merchant_id = $1 and id = $2 and state in ('sending', 'uncertain')
       and checkout_request_id is null`,
    [ids.merchantId, ids.paymentId, ids.merchantRequestId, ids.checkoutRequestId, ids.at],
  )
}
