// A payment as `/v1` and the webhooks of format `event` show it.
import { describeResult, meansCustomerBusy } from '../daraja/result-catalogue.ts'
import { prefixedId } from '../ids.ts'
import { CUSTOMER_BUSY } from './dispatch.ts'
import type { Payment } from './payment.ts'

/** The JSON of a payment: snake_case, RFC 3339 times in UTC, whole shillings. */
export type PaymentResource = ReturnType<typeof paymentResource>

/** What a payment without a prompt is called, whatever the code. */
export const REJECTED_LABEL = 'Rejected'

/** Whether it ended because another prompt was up on the customer's phone. */
export function isCustomerBusy(payment: Pick<Payment, 'resultCode' | 'resultDesc'>): boolean {
  const { resultCode, resultDesc } = payment
  return resultCode !== null && meansCustomerBusy(resultCode, resultDesc ?? '')
}

/** The label of a settled payment's result. */
export function resultLabel(payment: Pick<Payment, 'outcome' | 'resultCode' | 'resultDesc'>): string {
  const prompted = payment.outcome === 'paid' || payment.outcome === 'declined'
  const isTold = prompted || payment.resultCode === CUSTOMER_BUSY.resultCode
  return isTold && payment.resultCode !== null
    ? describeResult(payment.resultCode, payment.resultDesc ?? '').label
    : REJECTED_LABEL
}

/** Renders `payment`. */
export function paymentResource(payment: Payment) {
  return {
    id: prefixedId('pay', payment.id),
    object: 'payment' as const,
    tracking_id: payment.id,
    status: payment.state,
    amount: payment.amountKes,
    currency: 'KES' as const,
    phone: payment.phone,
    reference: payment.reference,
    description: payment.description,
    tag: payment.tag,
    metadata: payment.metadata ?? {},
    shortcode: prefixedId('sc', payment.shortcodeId),
    environment: payment.environment,
    receipt: payment.receipt,
    paid_at: iso(payment.paidAt),
    result: resultOf(payment),
    evidence: payment.evidence,
    merchant_request_id: payment.merchantRequestId,
    checkout_request_id: payment.checkoutRequestId,
    expires_at: payment.expiresAt.toISOString(),
    created_at: payment.createdAt.toISOString(),
    sent_at: iso(payment.sentAt),
    prompted_at: iso(payment.promptedAt),
    settled_at: iso(payment.settledAt),
  }
}

/** How a settled payment ended, in words for the customer; null while it is open. */
function resultOf(payment: Payment) {
  if (payment.outcome === null || payment.resultCode === null) return null
  const described = describeResult(payment.resultCode, payment.resultDesc ?? '')
  return {
    code: payment.resultCode,
    label: resultLabel(payment),
    description: payment.resultDesc,
    message: described.message,
    retryable: described.retryable,
  }
}

function iso(time: Date | null): string | null {
  return time === null ? null : time.toISOString()
}
