// Payments as the OpenAPI document shows them, and the routes on them.
import { PAYMENT_STATES } from '../../payments/payment.ts'
import {
  AMOUNT_KES_MAX,
  AMOUNT_KES_MIN,
  DESCRIPTION_LENGTH_MAX,
  REFERENCE_LENGTH_MAX,
  TAG_LENGTH_MAX,
} from '../field-reader.ts'
import {
  answer,
  EVENT_STREAM_TYPE,
  emptyAnswer,
  IDEMPOTENCY_HEADERS,
  IDEMPOTENT_REPLAYED,
  nullable,
  oneOf,
  reference,
  time,
} from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { WAIT_SECONDS_MAX } from '../wait.ts'
import { EXAMPLE_IDS, idParameter, listOf } from './list-schema.ts'
import { EXPIRES_IN_SECONDS_MAX, EXPIRES_IN_SECONDS_MIN, METADATA_LIMITS } from './payment-request.ts'
import { PAYMENT_EXAMPLE } from './payment-schema-example.ts'
import { bodyProblems, problems } from './problem-schema.ts'

const TAG = 'Payments'

const result = Type.Object(
  {
    code: Type.String({
      description:
        'M-Pesa’s ResultCode, or Daraja’s errorCode, or `not_sent`, `customer_busy`, or `not_on_statement` ' +
        '(M-Pesa’s statement has no such payment).',
    }),
    label: Type.String(),
    description: nullable(Type.String({ description: 'M-Pesa’s or Daraja’s own text.' })),
    message: Type.Object(
      { en: Type.String(), sw: Type.String() },
      { description: 'What to tell the customer, in English and Swahili.' },
    ),
    retryable: Type.Boolean({ description: 'Whether the customer may try again.' }),
  },
  { description: 'How it ended.' },
)

const evidence = Type.Object(
  {
    source: oneOf(['callback', 'query', 'statement', 'push', 'gateway']),
    confidence: oneOf(['proven', 'confirmed'], {
      description:
        '`proven`: token, ids and amount of a callback match, or the statement shows its receipt. ' +
        '`confirmed`: said by the query, or by a whole statement, without a receipt.',
    }),
    token: nullable(Type.Boolean({ description: 'The callback came to the payment’s own address.' })),
    ip: nullable(Type.String({ description: 'Where the callback came from.' })),
    amount_match: nullable(Type.Boolean()),
    ids_match: nullable(Type.Boolean()),
    query: nullable(Type.Object({ result_code: Type.String(), result_desc: Type.String() })),
  },
  { description: 'What the verdict rests on.' },
)

/** The resource `payment`. */
export const paymentSchema = Type.Object(
  {
    id: Type.String({ pattern: '^pay_[0-9a-f]{32}$' }),
    object: Type.Literal('payment'),
    tracking_id: Type.String({ format: 'uuid', description: 'Its id in the two other APIs.' }),
    status: oneOf(PAYMENT_STATES, {
      description:
        '`queued`, `sending`: not on the phone yet. `pending`: the prompt is up. `uncertain`: sent, and ' +
        'M-Pesa has not said how it ended; do not charge again. `succeeded`, `failed`: final.',
    }),
    amount: Type.Integer({ description: 'Whole shillings.' }),
    currency: Type.Literal('KES'),
    phone: Type.String({
      pattern: '^254[17]([0-9]{8}|[*]{6}[0-9]{2})$',
      description: 'With asterisks once it was forgotten.',
    }),
    reference: Type.String(),
    description: nullable(Type.String()),
    tag: nullable(Type.String()),
    metadata: Type.Record(Type.String()),
    shortcode: Type.String({ description: 'The id of the shortcode that is paid.' }),
    environment: oneOf(['simulator', 'sandbox', 'production']),
    receipt: nullable(Type.String({ description: 'M-Pesa’s receipt.' })),
    paid_at: nullable(time('When M-Pesa moved the money.')),
    result: nullable(result),
    evidence: nullable(evidence),
    merchant_request_id: nullable(Type.String({ description: 'Daraja’s id.' })),
    checkout_request_id: nullable(Type.String({ description: 'Daraja’s id.' })),
    expires_at: time('If it could not be sent to the phone by then, it never is.'),
    created_at: time('When it was committed.'),
    sent_at: nullable(time('When it was sent to Daraja.')),
    prompted_at: nullable(time('When Daraja said that the prompt is on its way.')),
    settled_at: nullable(time('When its end was known.')),
  },
  { $id: 'Payment', description: 'A payment by STK push.' },
)

const createRequest = Type.Object(
  {
    amount: Type.Integer({
      minimum: AMOUNT_KES_MIN,
      maximum: AMOUNT_KES_MAX,
      description: 'Whole shillings.',
    }),
    phone: Type.String({ maxLength: 40, description: 'A Kenyan mobile number in any form.' }),
    reference: Type.String({
      minLength: 1,
      maxLength: REFERENCE_LENGTH_MAX,
      description: 'Shown to the customer: the account of a paybill.',
    }),
    description: Type.Optional(
      nullable(Type.String({ maxLength: DESCRIPTION_LENGTH_MAX, description: 'Goes to M-Pesa.' })),
    ),
    tag: Type.Optional(nullable(Type.String({ maxLength: TAG_LENGTH_MAX, description: 'To find it by.' }))),
    metadata: Type.Optional(
      nullable(
        Type.Record(Type.String({ maxLength: METADATA_LIMITS.value }), {
          maxProperties: METADATA_LIMITS.max,
          description: `Yours: at most ${METADATA_LIMITS.max} texts by name.`,
        }),
      ),
    ),
    shortcode: Type.Optional(
      nullable(
        Type.String({
          description: 'The paybill or till by its number or id; else the key’s own, else your oldest.',
        }),
      ),
    ),
    expires_in: Type.Optional(
      nullable(
        Type.Integer({
          minimum: EXPIRES_IN_SECONDS_MIN,
          maximum: EXPIRES_IN_SECONDS_MAX,
          default: 120,
          description: 'Seconds after which it is not sent to the phone any more.',
        }),
      ),
    ),
    wait: Type.Optional(
      nullable(
        Type.Number({
          minimum: 0,
          maximum: WAIT_SECONDS_MAX,
          default: 0,
          description: 'Holds the answer for so many seconds, or until the payment is settled.',
        }),
      ),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        amount: 1500,
        phone: '0712345678',
        reference: 'INV-2041',
        metadata: { order: '2041' },
        wait: 30,
      },
    ],
  },
)

const payment = reference('Payment')
const idParams = idParameter(EXAMPLE_IDS.pay, 'The payment’s id.')

/** `POST /v1/payments`. */
export const createPaymentSchema = {
  operationId: 'createPayment',
  tags: [TAG],
  summary: 'Prompt a customer to pay',
  description:
    'Answers as soon as the payment is committed: from then on it cannot be lost. With `wait`, once it is ' +
    'settled. Needs the scope `payments:write`.',
  headers: IDEMPOTENCY_HEADERS,
  body: createRequest,
  response: {
    201: answer('Committed.', payment, {
      headers: IDEMPOTENT_REPLAYED,
      examples: { succeeded: PAYMENT_EXAMPLE },
    }),
    ...bodyProblems('bad_idempotency_key', 'idempotency_conflict', 'no_shortcode'),
  },
}

/** `GET /v1/payments/{id}`. */
export const readPaymentSchema = {
  operationId: 'getPayment',
  tags: [TAG],
  summary: 'Read a payment',
  description: 'With `wait`, once it is settled. Needs the scope `payments:read`.',
  params: idParams,
  querystring: Type.Object({
    wait: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: WAIT_SECONDS_MAX,
        description: 'Holds the answer for so many seconds, or until the payment is settled.',
      }),
    ),
  }),
  response: {
    200: answer('The payment.', payment, { examples: { succeeded: PAYMENT_EXAMPLE } }),
    ...problems('not_found'),
  },
}

/** `GET /v1/payments/{id}/stream`. */
export const streamPaymentSchema = {
  operationId: 'streamPayment',
  tags: [TAG],
  summary: 'Follow a payment',
  description:
    'Server-sent events: `payment` with the payment at once and at every change. Ends once it is settled, ' +
    'or after ten minutes: then connect again. Needs the scope `payments:read`.',
  params: idParams,
  headers: Type.Object({
    'Last-Event-ID': Type.Optional(
      Type.String({ description: 'Sent by clients that connect again; 204 when nothing more will come.' }),
    ),
  }),
  response: {
    200: answer('The stream.', Type.String(), {
      type: EVENT_STREAM_TYPE,
      examples: { event: 'id: succeeded-1774092655000\nevent: payment\ndata: {"object":"payment"}\n\n' },
    }),
    204: emptyAnswer('The payment is as the client knows it, and settled.'),
    ...problems('not_found'),
  },
}

/** `GET /v1/payments/{id}/events`. */
export const paymentEventsSchema = {
  operationId: 'listPaymentEvents',
  tags: [TAG],
  summary: 'List the events of a payment',
  description: 'All of them, oldest first; they are few. Needs the scope `payments:read`.',
  params: idParams,
  response: {
    200: answer('The events.', listOf('Event'), {
      examples: { none: { object: 'list', data: [], has_more: false, next_cursor: null } },
    }),
    ...problems('not_found'),
  },
}
