// A payment as far as a statement can speak of it, and the times within which its transaction must lie.
import type { Uuid } from '../ids.ts'
import type { Phone } from '../phone.ts'
import type { Evidence, PaymentState } from './payment.ts'

/** One payment of the shortcode that a statement is about. */
export type StatementPayment = {
  merchantId: Uuid
  paymentId: Uuid
  shortcodeId: Uuid
  kind: 'paybill' | 'till'
  state: PaymentState
  amountKes: number
  phone: Phone
  reference: string
  /** When its push left; when it was made, should it have been put back into the queue. */
  sentAtMs: number
  receipt: string | null
  paidAtMs: number | null
  /** What its verdict rests on; null while it is open. */
  source: Evidence['source'] | null
}

const MINUTE_MS = 60_000
/** Clocks of ours and of M-Pesa's may differ by so much. */
const SKEW_MS = 2 * MINUTE_MS
/**
 * From the push to the transaction: a prompt stays up one to three minutes (Daraja, ResultCodes), a busy
 * network and a slow M-Pesa are given as much again, twice.
 */
const LONGEST_LIFE_MS = 10 * MINUTE_MS
/** A transaction may come onto the statement this late. */
export const STATEMENT_LAG_MS = 15 * MINUTE_MS

/** When the transaction of a payment can have been, both ends included. */
export function windowOf(payment: Pick<StatementPayment, 'sentAtMs'>): { fromMs: number; toMs: number } {
  return { fromMs: payment.sentAtMs - SKEW_MS, toMs: payment.sentAtMs + LONGEST_LIFE_MS }
}

/** Around the window: a like transaction in here is not this payment's, and yet too like to ignore. */
export function surroundingsOf(payment: Pick<StatementPayment, 'sentAtMs'>): {
  fromMs: number
  toMs: number
} {
  return { fromMs: payment.sentAtMs - 30 * MINUTE_MS, toMs: payment.sentAtMs + 60 * MINUTE_MS }
}

/** Whether a receipt is still to be found for it: it may have been paid, and nobody has said by which. */
export function seeksReceipt(payment: StatementPayment): boolean {
  if (payment.receipt !== null) return false
  return payment.state !== 'failed' || payment.source === 'statement'
}
