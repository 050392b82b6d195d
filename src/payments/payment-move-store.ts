// The statement that moves a payment to a state its merchant is told of, commit ③: the state, the event and
// the deliveries in one, guarded by the states it may come from and by what the callback must match.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement, type GroupObserver } from '../db/grouped-statement.ts'
import type { Uuid } from '../ids.ts'
import { endpointWants } from './endpoint-wants-store.ts'
import {
  type Evidence,
  type LastQuery,
  type Payment,
  type PaymentEventType,
  type PaymentOutcome,
  type PaymentState,
  readPayment,
} from './payment.ts'

/** A transition to be made, if the payment is still in one of `from` and matches what is given. */
export type Move = {
  merchantId: Uuid
  paymentId: Uuid
  from: readonly PaymentState[]
  state: PaymentState
  outcome: PaymentOutcome | null
  tell: PaymentEventType
  eventId: Uuid
  nowMs: number
  /**
   * When the sweep must look at it again; null when nothing is left to do or to ask. What stays open and can
   * be asked about is due at once then: a callback has brought the id.
   */
  dueAt: Date | null
  resultCode: string | null
  resultDesc: string | null
  receipt: string | null
  paidAt: Date | null
  /** The statement itself fills in `amount_match` and `ids_match`. Null keeps what there is. */
  evidence: Omit<Evidence, 'amount_match' | 'ids_match'> | null
  /** The question that brought this about; null when none did. */
  query: LastQuery | null
  /** What a callback or query named; each must equal the payment's own, where both are known. */
  merchantRequestId: string | null
  checkoutRequestId: string | null
  amountKes: number | null
  /** The attempt that is known to have sent nothing: it must be the last one, and no request ids known. */
  unsentAt: Date | null
  /** False refuses live payments: the callback came from an address that is not Safaricom's. */
  addressAllowed: boolean
  callback: string | null
  /** The process that will deliver from memory; null leaves the deliveries to any sweep. */
  deliverBy: Uuid | null
  deliverLeaseUntil: Date | null
}

/** A delivery that the move has made, to be handed over from memory. */
export type NewDelivery = { id: Uuid; endpointId: Uuid }

/** The payment after the move, the number of its event, and the deliveries made for it. */
export type Moved = { payment: Payment; sequence: number; deliveries: NewDelivery[] }

/** Resolves to undefined when the guards let nothing change. */
export type MovePayment = GroupedStatement<Move, Moved>

/**
 * What `readPayment` reads: all else is not kept in an event's snapshot. By length and then by letters, as
 * `jsonb` keeps them, so that it finds nothing to sort.
 */
const SNAPSHOT_COLUMNS = [
  ...['id', 'tag', 'live', 'phone', 'state', 'amount', 'number', 'outcome', 'paid_at', 'receipt', 'sent_at'],
  ...['evidence', 'metadata', 'reference', 'created_at', 'expires_at', 'settled_at', 'updated_at'],
  ...['description', 'environment', 'merchant_id', 'prompted_at', 'result_code', 'result_desc'],
  ...['shortcode_id', 'checkout_request_id', 'merchant_request_id'],
]
const SNAPSHOT = `jsonb_build_object(${SNAPSHOT_COLUMNS.map((name) => `'${name}', p.${name}`).join(', ')})`

// The update itself returns all that the inserts need, down to the endpoints: joined to each other again, its
// rows and those given would be compared each with each, which for a group of hundreds is most of the work.
const MOVE = `
  with m as (
    update payments p set
      state = x.state,
      outcome = x.outcome,
      result_code = coalesce(x.result_code, p.result_code),
      result_desc = coalesce(x.result_desc, p.result_desc),
      receipt = coalesce(x.receipt, p.receipt),
      paid_at = coalesce(x.paid_at, p.paid_at),
      evidence = coalesce(x.evidence || jsonb_build_object(
        'amount_match', x.amount = p.amount,
        'ids_match', x.checkout_request_id = p.checkout_request_id
          and x.merchant_request_id = p.merchant_request_id), p.evidence),
      merchant_request_id = coalesce(p.merchant_request_id, x.merchant_request_id),
      checkout_request_id = coalesce(p.checkout_request_id, x.checkout_request_id),
      queries = p.queries + (x.query is not null)::integer,
      last_query = coalesce(x.query, p.last_query),
      event_count = p.event_count + 1,
      due_at = case
        when x.outcome is null and coalesce(p.checkout_request_id, x.checkout_request_id) is not null
          then coalesce(x.due_at, x.at)
        else x.due_at
      end,
      leased_by = null,
      leased_until = null,
      updated_at = x.at,
      settled_at = case when x.outcome is null then null else x.at end
    from unnest(
      $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::timestamptz[],
      $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::jsonb[], $15::text[],
      $16::text[], $17::numeric[], $18::boolean[], $19::text[], $20::uuid[], $21::timestamptz[], $22::jsonb[],
      $23::timestamptz[]
    ) as x (merchant_id, payment_id, from_states, state, outcome, tell, event_id, at, due_at, result_code,
      result_desc, receipt, paid_at, evidence, merchant_request_id, checkout_request_id, amount,
      address_allowed, callback, deliver_by, deliver_lease_until, query, unsent_at)
    where p.merchant_id = x.merchant_id and p.id = x.payment_id
      and p.state = any (string_to_array(x.from_states, ','))
      and (x.checkout_request_id is null or p.checkout_request_id is null
        or x.checkout_request_id = p.checkout_request_id)
      and (x.merchant_request_id is null or p.merchant_request_id is null
        or x.merchant_request_id = p.merchant_request_id)
      and (x.amount is null or x.amount = p.amount)
      and (x.address_allowed or not p.live)
      and (x.unsent_at is null or (x.unsent_at = p.sent_at and p.checkout_request_id is null))
    returning p.merchant_id, p.id, p.live, p.event_count, ${SNAPSHOT} as snapshot, x.event_id, x.tell, x.at,
      x.callback, x.deliver_by, x.deliver_lease_until,
      -- Of each delivery its id and its endpoint's.
      array(
        select array[new_uuid_v7(x.at), e.id] from webhook_endpoints e
        where e.merchant_id = p.merchant_id and e.live = p.live and ${endpointWants('x.tell')}
      ) as deliveries
  ), told as (
    insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, callback, created_at)
    select merchant_id, event_id, live, tell, id, event_count, snapshot, callback, at from m
  ), made as (
    insert into webhook_deliveries (
      merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, leased_by, leased_until, created_at)
    select merchant_id, deliveries[n][1], deliveries[n][2], event_id, id, 'pending', at, deliver_by,
      deliver_lease_until, at
    from m cross join lateral generate_subscripts(deliveries, 1) as n
  )
  select id, event_count, snapshot, deliveries from m`

/** The grouped move. */
export function createMovePayment(deps: { db: Database; observe?: GroupObserver }): MovePayment {
  return createGroupedStatement(deps, {
    name: 'payment_move',
    text: MOVE,
    key: (move) => move.paymentId,
    values: moveValues,
    read: (row) => ({ key: String(row.id), found: readMoved(row) }),
  })
}

function readMoved(row: Record<string, unknown>): Moved {
  return {
    // As the event keeps it, so that the first attempt to tell of it and all later ones say the same.
    payment: readPayment(row.snapshot as Record<string, unknown>),
    sequence: Number(row.event_count),
    // The statement makes these pairs of uuids.
    deliveries: (row.deliveries as [Uuid, Uuid][]).map(([id, endpointId]) => ({ id, endpointId })),
  }
}

function moveValues(move: Move): unknown[] {
  return [
    move.merchantId,
    move.paymentId,
    move.from.join(','),
    move.state,
    move.outcome,
    move.tell,
    move.eventId,
    new Date(move.nowMs),
    move.dueAt,
    move.resultCode,
    move.resultDesc,
    move.receipt,
    move.paidAt,
    move.evidence === null ? null : JSON.stringify(move.evidence),
    move.merchantRequestId,
    move.checkoutRequestId,
    move.amountKes,
    move.addressAllowed,
    move.callback,
    move.deliverBy,
    move.deliverLeaseUntil,
    move.query === null ? null : JSON.stringify(move.query),
    move.unsentAt,
  ]
}
