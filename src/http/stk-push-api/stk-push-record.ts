// The record of `/api/stk-push`: field names, labels and codes as its seed document has them.

import { NOT_SENT_CODE } from '../../payments/dispatch.ts'
import { isSettled, type Payment } from '../../payments/payment.ts'
import { REJECTED_LABEL, resultLabel } from '../../payments/payment-resource.ts'

/** The JSON of one record. */
export type StkPushRecord = ReturnType<typeof stkPushRecord>

const PENDING_LABEL = 'Pending'

/** Renders `payment`. `status` is 0 until it is settled and 1 after, whatever the outcome. */
export function stkPushRecord(payment: Payment) {
  const settled = isSettled(payment)
  return {
    id: payment.number,
    tracking_id: payment.id,
    phone_number: payment.phone,
    amount: String(payment.amountKes),
    reference: payment.reference,
    tag: payment.tag,
    merchant_request_id: payment.merchantRequestId,
    checkout_request_id: payment.checkoutRequestId,
    transaction_code: payment.receipt,
    status: settled ? 1 : 0,
    ...resultOf(payment),
    meta: payment.paidAt === null ? null : { transaction_date: eastAfricaTime(payment.paidAt) },
    created_at: payment.createdAt.toISOString(),
    updated_at: payment.updatedAt.toISOString(),
  }
}

/** What was never sent has one label and one code here, whatever kept it; the description says what did. */
function resultOf(payment: Payment) {
  if (!isSettled(payment)) {
    return { status_label: PENDING_LABEL, response_code: null, response_description: null }
  }
  const isSent = payment.outcome !== 'not_sent'
  return {
    status_label: isSent ? resultLabel(payment) : REJECTED_LABEL,
    response_code: isSent ? payment.resultCode : NOT_SENT_CODE,
    response_description: payment.resultDesc,
  }
}

/** East Africa Time is UTC+3 all year. */
const EAT_OFFSET_MS = 3 * 60 * 60 * 1_000

/** `2024-03-21 14:30:55`. */
function eastAfricaTime(time: Date): string {
  return new Date(time.getTime() + EAT_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}
