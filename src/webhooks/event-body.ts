// The two bodies of an event: our own, and Daraja's callback for receivers that were written for Daraja.
import { formatEatTimestamp } from '../daraja/eat-time.ts'
import { prefixedId } from '../ids.ts'
import { shortcodeResource } from '../merchants/shortcode-resource.ts'
import { darajaResult } from '../payments/daraja-result.ts'
import type { Payment } from '../payments/payment.ts'
import { paymentResource } from '../payments/payment-resource.ts'
import { isForgotten } from '../phone.ts'
import type { EndpointFormat } from './endpoint.ts'
import { endpointResource } from './endpoint-resource.ts'
import type { EventSubject, WebhookEvent } from './webhook-event.ts'

/**
 * The body of `event` in `format`, the same at every attempt. What Daraja's format cannot say, a test event,
 * goes in our own format to both, so that nobody takes it for a payment.
 */
export function eventBody(event: WebhookEvent, format: EndpointFormat): string {
  if (format === 'daraja' && event.subject.kind === 'payment') {
    return event.callback ?? JSON.stringify(callbackLike(event.subject.payment))
  }
  return JSON.stringify({
    id: prefixedId('evt', event.id),
    type: event.type,
    created_at: event.createdAt.toISOString(),
    sequence: event.sequence,
    data: subjectResource(event.subject),
  })
}

function subjectResource(subject: EventSubject): object {
  if (subject.kind === 'payment') return paymentResource(subject.payment)
  if (subject.kind === 'endpoint') return endpointResource(subject.endpoint)
  if (subject.kind === 'shortcode') return shortcodeResource(subject.shortcode)
  return { object: 'webhook_test', message: 'This is a test of your webhook endpoint. No payment was made.' }
}

/** A verdict that came without a callback, in the callback's shape, with the items that are known. */
function callbackLike(payment: Payment): object {
  const stkCallback = {
    MerchantRequestID: payment.merchantRequestId ?? '',
    CheckoutRequestID: payment.checkoutRequestId ?? '',
    ...resultOf(payment),
  }
  if (payment.state !== 'succeeded') return { Body: { stkCallback } }
  return { Body: { stkCallback: { ...stkCallback, CallbackMetadata: { Item: metadataOf(payment) } } } }
}

function resultOf(payment: Payment): { ResultCode: number | string; ResultDesc: string } {
  const { code, description } = darajaResult(payment)
  return { ResultCode: /^\d+$/.test(code) ? Number(code) : code, ResultDesc: description }
}

type MetadataItem = { Name: string; Value: string | number }

function metadataOf(payment: Payment): MetadataItem[] {
  const items: MetadataItem[] = [{ Name: 'Amount', Value: payment.amountKes }]
  if (payment.receipt !== null) items.push({ Name: 'MpesaReceiptNumber', Value: payment.receipt })
  if (payment.paidAt !== null) {
    const time = formatEatTimestamp(payment.paidAt.getTime())
    items.push({ Name: 'TransactionDate', Value: Number(time) })
  }
  const { phone } = payment
  items.push({ Name: 'PhoneNumber', Value: isForgotten(phone) ? phone : Number(phone) })
  return items
}
