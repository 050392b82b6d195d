// Commit ② and its siblings: what became of a push or a query, where the merchant is told nothing yet.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement, type GroupObserver } from '../db/grouped-statement.ts'
import type { Uuid } from '../ids.ts'
import type { LastQuery, PaymentState } from './payment.ts'
import { PAID_WHILE_OPEN } from './query-answer.ts'

/** Daraja accepted the push of this payment. */
export type Acceptance = {
  merchantId: Uuid
  paymentId: Uuid
  merchantRequestId: string
  checkoutRequestId: string
  at: Date
  /** When the payment is first asked for, should its callback not come. */
  dueAt: Date
}

/** The payment's state after an acceptance, and the ids it holds: a callback's, when that came first. */
export type Accepted = { state: PaymentState; merchantRequestId: string; checkoutRequestId: string }

/** Resolves to undefined only when there is no such payment. */
export type AcceptPayment = GroupedStatement<Acceptance, Accepted>

// A verdict or an expired lease may have been faster: then only the ids are filled in. Said again, it leaves
// alone when the payment is next asked for, and who is asking.
const ACCEPT = `
  update payments p set
    state = case when p.state = 'sending' then 'pending' else p.state end,
    merchant_request_id = coalesce(p.merchant_request_id, x.merchant_request_id),
    checkout_request_id = coalesce(p.checkout_request_id, x.checkout_request_id),
    prompted_at = coalesce(p.prompted_at, x.at),
    due_at = case when p.state = 'sending' or (p.state = 'uncertain' and p.checkout_request_id is null)
      then x.due_at else p.due_at end,
    leased_by = case when p.state = 'sending' or p.checkout_request_id is null then null else p.leased_by end,
    leased_until =
      case when p.state = 'sending' or p.checkout_request_id is null then null else p.leased_until end,
    updated_at = x.at
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
    as x (merchant_id, payment_id, merchant_request_id, checkout_request_id, at, due_at)
  where p.merchant_id = x.merchant_id and p.id = x.payment_id and p.state <> 'queued'
  returning p.id, p.state, p.merchant_request_id, p.checkout_request_id`

/** The grouped record of acceptances. */
export function createAcceptPayment(deps: { db: Database; observe?: GroupObserver }): AcceptPayment {
  return createGroupedStatement(deps, {
    name: 'payment_accept',
    text: ACCEPT,
    key: (row) => row.paymentId,
    values: (row) => [
      row.merchantId,
      row.paymentId,
      row.merchantRequestId,
      row.checkoutRequestId,
      row.at,
      row.dueAt,
    ],
    read: (row) => ({
      key: String(row.id),
      found: {
        state: row.state as PaymentState,
        merchantRequestId: String(row.merchant_request_id),
        checkoutRequestId: String(row.checkout_request_id),
      },
    }),
  })
}

/** A payment goes back into the queue: its push certainly showed no prompt. */
export type Requeue = {
  merchantId: Uuid
  paymentId: Uuid
  leasedBy: Uuid
  /** Pushes before the one that showed no prompt: said again late, this must not end the next one. */
  attempts: number
  at: Date
  dueAt: Date
  /** Why; it is how the payment ends should it expire in the queue. */
  resultCode: string | null
  resultDesc: string | null
}

/** Resolves to true; undefined when the lease was lost, or the next push has begun. */
export type RequeuePayment = GroupedStatement<Requeue, true>

const REQUEUE = `
  update payments p set
    state = 'queued', sent_at = null, attempts = p.attempts + 1, due_at = x.due_at,
    leased_by = null, leased_until = null, updated_at = x.at,
    result_code = x.result_code, result_desc = x.result_desc
  from unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::timestamptz[], $6::timestamptz[], $7::text[],
    $8::text[]) as x (merchant_id, payment_id, leased_by, attempts, at, due_at, result_code, result_desc)
  where p.merchant_id = x.merchant_id and p.id = x.payment_id
    and p.state = 'sending' and p.leased_by = x.leased_by and p.attempts = x.attempts
  returning p.id`

/** The grouped requeue. */
export function createRequeuePayment(deps: { db: Database; observe?: GroupObserver }): RequeuePayment {
  return createGroupedStatement(deps, {
    name: 'payment_requeue',
    text: REQUEUE,
    key: (row) => row.paymentId,
    values: (row) => [
      ...[row.merchantId, row.paymentId, row.leasedBy, row.attempts, row.at, row.dueAt],
      ...[row.resultCode, row.resultDesc],
    ],
    read: (row) => ({ key: String(row.id), found: true }),
  })
}

/** A query gave no verdict, or was put off: the payment is due again later. */
export type Postponement = {
  merchantId: Uuid
  paymentId: Uuid
  leasedBy: Uuid
  /** Null: there is nothing to ask with, only a callback can settle it. */
  dueAt: Date | null
  /** The question that gave no verdict; null when M-Pesa was not asked. */
  query: LastQuery | null
}

/** Resolves to true; undefined when the payment was settled or taken by another meanwhile. */
export type PostponePayment = GroupedStatement<Postponement, true>

// A "paid" that came too soon counts for none of the questions in vain: the next one is worth the most.
const POSTPONE = `
  update payments p set
    due_at = x.due_at,
    queries = p.queries
      + (x.query is not null and x.query ->> 'kind' is distinct from '${PAID_WHILE_OPEN}')::integer,
    last_query = coalesce(x.query, p.last_query),
    leased_by = null,
    leased_until = null
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::jsonb[])
    as x (merchant_id, payment_id, leased_by, due_at, query)
  where p.merchant_id = x.merchant_id and p.id = x.payment_id
    and p.state in ('pending', 'uncertain') and p.leased_by = x.leased_by
  returning p.id`

/** The grouped postponement. */
export function createPostponePayment(deps: { db: Database; observe?: GroupObserver }): PostponePayment {
  return createGroupedStatement(deps, {
    name: 'payment_postpone',
    text: POSTPONE,
    key: (row) => row.paymentId,
    values: (row) => [
      row.merchantId,
      row.paymentId,
      row.leasedBy,
      row.dueAt,
      row.query === null ? null : JSON.stringify(row.query),
    ],
    read: (row) => ({ key: String(row.id), found: true }),
  })
}
