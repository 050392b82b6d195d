// An event on its way to an endpoint: of a payment, of another endpoint, of a shortcode, or a test.
import type { Uuid } from '../ids.ts'
import { readShortcode, type Shortcode } from '../merchants/shortcode.ts'
import { type Payment, type PaymentEvent, readPayment } from '../payments/payment.ts'
import { readEndpoint, type WebhookEndpoint } from './endpoint.ts'

/** What an event is about, as it was when the event happened. */
export type EventSubject =
  | { kind: 'payment'; payment: Payment }
  | { kind: 'endpoint'; endpoint: WebhookEndpoint }
  | { kind: 'shortcode'; shortcode: Shortcode }
  | { kind: 'test' }

/** An event to be delivered. */
export type WebhookEvent = {
  merchantId: Uuid
  id: Uuid
  type: string
  /** Counts the events of the payment from 1; always 1 where there is no payment. */
  sequence: number
  live: boolean
  createdAt: Date
  subject: EventSubject
  /** Daraja's callback body as it came, when one brought the event about. */
  callback: string | null
}

/** The event of a payment, as the payment core hands it over. */
export function paymentWebhookEvent(event: PaymentEvent): WebhookEvent {
  return {
    merchantId: event.merchantId,
    id: event.id,
    type: event.type,
    sequence: event.sequence,
    live: event.payment.live,
    createdAt: event.createdAt,
    subject: { kind: 'payment', payment: event.payment },
    callback: event.callback,
  }
}

/** A row of `events` as far as a delivery needs it. */
export type EventRow = {
  merchant_id: Uuid
  event_id: Uuid
  type: string
  sequence: number
  live: boolean
  created_at: Date
  event_payment_id: Uuid | null
  snapshot: Record<string, unknown>
  callback: string | null
}

/** Reads an event from its row. */
export function readWebhookEvent(row: EventRow): WebhookEvent {
  return {
    merchantId: row.merchant_id,
    id: row.event_id,
    type: row.type,
    sequence: row.sequence,
    live: row.live,
    createdAt: row.created_at,
    subject: readSubject(row),
    callback: row.callback,
  }
}

function readSubject(row: EventRow): EventSubject {
  if (row.event_payment_id !== null) return { kind: 'payment', payment: readPayment(row.snapshot) }
  if (row.type === 'webhook_endpoint.disabled') {
    return { kind: 'endpoint', endpoint: readEndpoint(row.snapshot) }
  }
  if (row.type.startsWith('shortcode.')) {
    return { kind: 'shortcode', shortcode: readShortcode(row.snapshot) }
  }
  return { kind: 'test' }
}
