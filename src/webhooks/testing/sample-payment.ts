// Payments as an event's snapshot holds them, for tests.
import { randomUUID } from 'node:crypto'
import { type Payment, readPayment } from '../../payments/payment.ts'

/** The `to_jsonb` of a payment that M-Pesa has reported as paid, with `changes`. */
export function samplePaymentRow(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const at = '2024-07-17T08:03:39.000Z'
  return {
    merchant_id: randomUUID(),
    id: randomUUID(),
    number: 7,
    shortcode_id: randomUUID(),
    environment: 'simulator',
    live: false,
    state: 'succeeded',
    outcome: 'paid',
    amount: 1500,
    phone: '254712345678',
    reference: 'INV-1',
    description: null,
    tag: null,
    metadata: null,
    expires_at: at,
    merchant_request_id: '1409-80154031-1',
    checkout_request_id: 'ws_CO_17072024110329432712345678',
    result_code: '0',
    result_desc: 'The service request is processed successfully.',
    receipt: 'SGF123ABC4',
    paid_at: at,
    evidence: null,
    created_at: at,
    updated_at: at,
    sent_at: at,
    prompted_at: at,
    settled_at: at,
    ...changes,
  }
}

/** The same as a payment. */
export function samplePayment(changes: Record<string, unknown> = {}): Payment {
  return readPayment(samplePaymentRow(changes))
}
