// A payment for the examples of the OpenAPI document.
import { EXAMPLE_IDS } from './list-schema.ts'

/** A payment that succeeded. */
export const PAYMENT_EXAMPLE = {
  id: EXAMPLE_IDS.pay,
  object: 'payment',
  tracking_id: '0197f2a6-1c1e-7c3a-9a54-6e1f0b2d3c4d',
  status: 'succeeded',
  amount: 1500,
  currency: 'KES',
  phone: '254712345678',
  reference: 'INV-2041',
  description: null,
  tag: null,
  metadata: { order: '2041' },
  shortcode: EXAMPLE_IDS.sc,
  environment: 'simulator',
  receipt: 'RBC12ABC34',
  paid_at: '2026-03-21T11:30:55.000Z',
  result: {
    code: '0',
    label: 'Success',
    description: 'The service request is processed successfully.',
    message: { en: 'The payment was received.', sw: 'Malipo yamepokelewa.' },
    retryable: false,
  },
  evidence: {
    source: 'callback',
    confidence: 'proven',
    token: true,
    ip: '196.201.214.200',
    amount_match: true,
    ids_match: true,
    query: null,
  },
  merchant_request_id: '29115-34620561-1',
  checkout_request_id: 'ws_CO_21032026143040123712345678',
  expires_at: '2026-03-21T11:32:40.000Z',
  created_at: '2026-03-21T11:30:40.000Z',
  sent_at: '2026-03-21T11:30:40.000Z',
  prompted_at: '2026-03-21T11:30:41.000Z',
  settled_at: '2026-03-21T11:30:56.000Z',
}
