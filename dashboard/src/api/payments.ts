// Payments as `/v1` shows them: the shapes that the pages about payments read.

/** How far a payment is. */
export type PaymentStatus = 'queued' | 'sending' | 'pending' | 'uncertain' | 'succeeded' | 'failed'

/** Every status, in the order of a payment's life. */
export const PAYMENT_STATUSES: readonly PaymentStatus[] = [
  'queued',
  'sending',
  'pending',
  'uncertain',
  'succeeded',
  'failed',
]

/** One text in both languages. */
export type BothLanguages = { en: string; sw: string }

/** The resource `payment`: money in whole shillings, times in ISO 8601. */
export type Payment = {
  id: string
  tracking_id: string
  status: PaymentStatus
  amount: number
  phone: string
  reference: string
  description: string | null
  tag: string | null
  metadata: Record<string, string>
  shortcode: string
  environment: 'simulator' | 'sandbox' | 'production'
  receipt: string | null
  paid_at: string | null
  result: {
    code: string
    label: string
    description: string | null
    message: BothLanguages
    retryable: boolean
  } | null
  evidence: {
    source: 'callback' | 'query' | 'statement' | 'push' | 'gateway'
    confidence: 'proven' | 'confirmed'
    token: boolean | null
    ip: string | null
    amount_match: boolean | null
    ids_match: boolean | null
    query: { result_code: string; result_desc: string } | null
  } | null
  merchant_request_id: string | null
  checkout_request_id: string | null
  expires_at: string
  created_at: string
  sent_at: string | null
  prompted_at: string | null
  settled_at: string | null
}

/** A page of payments. `searched_until`: how far back a bounded search has looked. */
export type PaymentPage = {
  data: Payment[]
  has_more: boolean
  next_cursor: string | null
  searched_until?: string | null
}

/** One event on its way to one endpoint, as a trail shows it. */
export type TrailDelivery = {
  id: string
  endpoint: string
  event: string
  event_type: string
  status: 'pending' | 'delivered' | 'failed' | 'cancelled'
  attempts: number
  next_attempt_at: string | null
  last_status: number | null
  last_error: string | null
  attempt_log: {
    at: string
    status: number | null
    error: string | null
    duration_ms: number
    response: string | null
  }[]
  created_at: string
  delivered_at: string | null
}

/** One step of a payment's life. */
export type TrailStep = {
  at: string
  what: 'created' | 'sent' | 'prompted' | 'event' | 'question' | 'callback' | 'statement'
  detail: string
}

/** The resource `payment_trail`. */
export type PaymentTrail = {
  payment: Payment
  life: TrailStep[]
  uncertain: { since: string | null; code: 'no_request_id' | 'no_verdict'; detail: string } | null
  next: { what: string; at: string | null; detail: string }[]
  questions: number
  last_question: { at: string; kind: string; code: string | null; detail: string } | null
  events: { id: string; type: string; created_at: string; sequence: number; data: unknown }[]
  callbacks: { kind: string; reason: string; ip: string | null; received_at: string; body: string }[]
  webhook_deliveries: TrailDelivery[]
  tell_customer?: BothLanguages
  raw_callback?: { body: string; received_at: string; event: string } | null
  shortcode_number?: string | null
}

/** The resource `payment_question`: what came of asking M-Pesa now. */
export type PaymentQuestion = {
  asked: boolean
  answer: { kind: string; code: string | null; detail: string; at: string } | null
  reason:
    | 'settled'
    | 'not_sent'
    | 'no_request_id'
    | 'too_early'
    | 'asked_lately'
    | 'being_asked'
    | 'budget'
    | 'no_credentials'
    | null
  detail: string
  ask_again_at: string | null
  payment: Payment
}

/** The resource `shortcode`, as far as a payment's pages show it. */
export type PaymentShortcode = {
  id: string
  kind: 'paybill' | 'till'
  number: string
  till_number: string | null
  environment: string
  live: boolean
  status: 'enabled' | 'disabled'
}

/** True once nothing but a correction can change it. */
export const isSettled = ({ status }: Pick<Payment, 'status'>): boolean =>
  status === 'succeeded' || status === 'failed'

/** The later of two looks at a payment: `payment`, unless `known` has a verdict that it lacks. */
export function laterOf(known: Payment, payment: Payment): Payment {
  if (known.status === 'succeeded') return payment.status === 'succeeded' ? payment : known
  return isSettled(known) && !isSettled(payment) ? known : payment
}
