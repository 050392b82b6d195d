// A payment as the core sees it, and the reader of its row. Nothing outside the stores sees a row.
import { CREDENTIALS_REFUSED_TEXT } from '../daraja/push-outcome.ts'
import { readTime, requireTime } from '../db/row-times.ts'
import type { Uuid } from '../ids.ts'
import type { Phone } from '../phone.ts'

/** The states of a payment's life; `state-table.ts` says how one follows another. */
export const PAYMENT_STATES = ['queued', 'sending', 'pending', 'uncertain', 'succeeded', 'failed'] as const
/** One state of a payment's life. */
export type PaymentState = (typeof PAYMENT_STATES)[number]

/**
 * How a payment ended. `paid` and `declined` are M-Pesa's verdicts, `refused` is Daraja's answer to the
 * push, `not_sent` means that no prompt was ever asked for.
 */
export type PaymentOutcome = 'paid' | 'declined' | 'refused' | 'not_sent'

/** Which Daraja a payment goes to. Only `production` moves money. */
export type Environment = 'simulator' | 'sandbox' | 'production'

/** What a verdict rests on. A field that could not be judged is null. */
export type Evidence = {
  /** `push` is Daraja's own answer to the push; `gateway` is our own word that nothing was sent. */
  source: 'callback' | 'query' | 'statement' | 'push' | 'gateway'
  /** `proven`: token, ids and amount match. `confirmed`: said by the query API, which has no receipt. */
  confidence: 'proven' | 'confirmed'
  /** Whether the callback came with the payment's own token. */
  token: boolean | null
  /** The address that the callback came from. */
  ip: string | null
  amount_match: boolean | null
  ids_match: boolean | null
  /** The query's own answer, when a query gave the verdict; it stays when a callback proves it later. */
  query: { result_code: string; result_desc: string } | null
}

/** The last question to M-Pesa about a payment, and what came of it. */
export type LastQuery = {
  /** RFC 3339, UTC. */
  at: string
  /** `verdict`, or why there was none (`OpenReason` of the Daraja client, and `paid_while_open`). */
  kind: string
  /** The ResultCode or errorCode of the answer, when it had one. */
  code: string | null
  /** For a person: the beginning of the answer, without long digits. */
  detail: string
}

/** One payment, whole. Amounts are whole Kenya shillings, times are UTC. */
export type Payment = {
  merchantId: Uuid
  id: Uuid
  /** The integer id of the `/api/stk-push` records. */
  number: number
  shortcodeId: Uuid
  environment: Environment
  live: boolean
  state: PaymentState
  outcome: PaymentOutcome | null
  amountKes: number
  phone: Phone
  reference: string
  description: string | null
  tag: string | null
  metadata: Record<string, string> | null
  expiresAt: Date
  merchantRequestId: string | null
  checkoutRequestId: string | null
  resultCode: string | null
  resultDesc: string | null
  receipt: string | null
  paidAt: Date | null
  evidence: Evidence | null
  createdAt: Date
  updatedAt: Date
  sentAt: Date | null
  promptedAt: Date | null
  settledAt: Date | null
}

/** The types of events in a payment's life. */
export const PAYMENT_EVENT_TYPES = [
  'payment.succeeded',
  'payment.failed',
  'payment.uncertain',
  'payment.corrected',
  'payment.contradicted',
  'payment.updated',
] as const
/** One type of payment event. */
export type PaymentEventType = (typeof PAYMENT_EVENT_TYPES)[number]

/** Something that happened to a payment, with the payment as it was then. */
export type PaymentEvent = {
  merchantId: Uuid
  id: Uuid
  type: PaymentEventType
  /** Counts the events of this payment from 1. */
  sequence: number
  payment: Payment
  /** Daraja's callback body as it came, when one brought this about. */
  callback: string | null
  createdAt: Date
}

/**
 * Reads a row of `payments`, or the `to_jsonb` of one (an event's snapshot). The schema's checks vouch for
 * the values, so this casts rather than validates: it is the one place that does.
 */
export function readPayment(row: Record<string, unknown>): Payment {
  return {
    merchantId: row.merchant_id as Uuid,
    id: row.id as Uuid,
    number: Number(row.number),
    shortcodeId: row.shortcode_id as Uuid,
    environment: row.environment as Environment,
    live: row.live as boolean,
    state: row.state as PaymentState,
    outcome: row.outcome as PaymentOutcome | null,
    amountKes: row.amount as number,
    phone: row.phone as Phone,
    reference: row.reference as string,
    description: row.description as string | null,
    tag: row.tag as string | null,
    metadata: row.metadata as Record<string, string> | null,
    expiresAt: requireTime(row, 'expires_at'),
    merchantRequestId: row.merchant_request_id as string | null,
    checkoutRequestId: row.checkout_request_id as string | null,
    resultCode: row.result_code as string | null,
    resultDesc: row.result_desc as string | null,
    receipt: row.receipt as string | null,
    paidAt: readTime(row.paid_at),
    evidence: row.evidence as Evidence | null,
    createdAt: requireTime(row, 'created_at'),
    updatedAt: requireTime(row, 'updated_at'),
    sentAt: readTime(row.sent_at),
    promptedAt: readTime(row.prompted_at),
    settledAt: readTime(row.settled_at),
  }
}

/** True once M-Pesa, Daraja or the gateway has said the last word. */
export function isSettled(payment: Pick<Payment, 'state'>): boolean {
  return payment.state === 'succeeded' || payment.state === 'failed'
}

/** True when Daraja refuses the shortcode's credentials, so that trying again is of no use. */
export function isCredentialsRefused(payment: Pick<Payment, 'outcome' | 'resultDesc'>): boolean {
  return payment.outcome === 'not_sent' && (payment.resultDesc?.startsWith(CREDENTIALS_REFUSED_TEXT) ?? false)
}
