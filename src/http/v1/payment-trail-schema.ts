// The trail of a payment as the OpenAPI document shows it.
import { answer, nullable, oneOf, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, idParameter } from './list-schema.ts'
import { PAYMENT_EXAMPLE } from './payment-schema-example.ts'
import { problems } from './problem-schema.ts'

const step = Type.Object({
  at: time('When.'),
  what: oneOf(['created', 'sent', 'prompted', 'event', 'question', 'callback', 'statement']),
  detail: Type.String(),
})

const next = Type.Object({
  what: oneOf(['send', 'give_up', 'lapse', 'callback', 'question', 'statement']),
  at: nullable(time('When; null where it cannot be foreseen.')),
  detail: Type.String(),
})

const uncertain = Type.Object(
  {
    since: nullable(time('Since when.')),
    code: oneOf(['no_request_id', 'no_verdict'], {
      description: '`no_request_id`: M-Pesa cannot even be asked. `no_verdict`: it was, and has not said.',
    }),
    detail: Type.String(),
  },
  { description: 'Why it is not known how it ended.' },
)

const lastQuestion = Type.Object({
  at: time('When.'),
  kind: Type.String({ description: '`verdict`, or why the answer was none.' }),
  code: nullable(Type.String({ description: 'M-Pesa’s ResultCode, or Daraja’s errorCode.' })),
  detail: Type.String(),
})

const statement = Type.Object(
  {
    pull_transactions: Type.Boolean({ description: 'Whether the statement of its shortcode is pulled.' }),
    last_at: nullable(time('When it last was.')),
    last_outcome: nullable(Type.String({ description: '`read`, or why there was none.' })),
    next_at: nullable(time('Not before then.')),
    remark: nullable(Type.String({ description: 'Why the last one left this payment open.' })),
  },
  { description: 'M-Pesa’s own list of the payments to its shortcode.' },
)

const callback = Type.Object({
  kind: oneOf(['duplicate', 'receipt', 'contradicted', 'refused', 'hint', 'unmatched']),
  reason: Type.String(),
  ip: nullable(Type.String({ description: 'Where it came from.' })),
  received_at: time('When.'),
  body: Type.String({ description: 'As it came, cut at 4,096 characters.' }),
})

const rawCallback = Type.Object(
  {
    event: Type.String({ description: 'The event that it brought about.' }),
    received_at: time('When.'),
    body: Type.String({ description: 'Byte for byte.' }),
  },
  { description: 'The last callback that changed something; null when none did.' },
)

/** The resource `payment_trail`. */
export const paymentTrailSchema = Type.Object(
  {
    object: Type.Literal('payment_trail'),
    payment: reference('Payment'),
    tell_customer: Type.Object(
      { en: Type.String(), sw: Type.String() },
      { description: 'What to tell the customer now, in English and in Swahili.' },
    ),
    raw_callback: nullable(rawCallback),
    life: Type.Array(step, { description: 'What happened, in order.' }),
    uncertain: nullable(uncertain),
    next: Type.Array(next, { description: 'What may settle it, and when. Empty once it is settled.' }),
    pushes_put_back: Type.Integer({ description: 'Pushes that certainly were not processed.' }),
    questions: Type.Integer({ description: 'How often M-Pesa was asked by STK query.' }),
    last_question: nullable(lastQuestion),
    statement: nullable(statement),
    events: Type.Array(reference('Event')),
    callbacks: Type.Array(callback, { description: 'Callbacks that changed no state, oldest first.' }),
    webhook_deliveries: Type.Array(reference('WebhookDelivery'), { description: 'The latest 100.' }),
  },
  { $id: 'PaymentTrail', description: 'Everything known about one payment.' },
)

/** `GET /v1/payments/{id}/trail`. */
export const paymentTrailRouteSchema = {
  operationId: 'getPaymentTrail',
  tags: ['Payments'],
  summary: 'Everything known about a payment',
  description:
    'Its life, its evidence, what is uncertain and why, what happens next and when, callbacks that changed ' +
    'nothing, the last answer to a question, and its webhook deliveries. Needs the scope `payments:read`.',
  params: idParameter(EXAMPLE_IDS.pay, 'The payment’s id.'),
  response: {
    200: answer('The trail.', reference('PaymentTrail'), {
      examples: {
        succeeded: {
          object: 'payment_trail',
          payment: PAYMENT_EXAMPLE,
          tell_customer: { en: 'Paid. Thank you.', sw: 'Malipo yamepokelewa. Asante.' },
          raw_callback: null,
          life: [{ at: '2026-03-21T11:30:40.000Z', what: 'created', detail: 'Committed.' }],
          uncertain: null,
          next: [],
          pushes_put_back: 0,
          questions: 0,
          last_question: null,
          statement: null,
          events: [],
          callbacks: [],
          webhook_deliveries: [],
        },
      },
    }),
    ...problems('not_found'),
  },
}
