// Events as the OpenAPI document shows them, and the route of the feed.
import { SUBSCRIBABLE_EVENT_TYPES, TEST_EVENT_TYPE } from '../../webhooks/endpoint.ts'
import { answer, nullable, oneOf, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, listOf, PAGE_PARAMETERS } from './list-schema.ts'
import { PAYMENT_EXAMPLE } from './payment-schema-example.ts'
import { problems } from './problem-schema.ts'

/** Every type of event that there is. */
export const EVENT_TYPES = [...SUBSCRIBABLE_EVENT_TYPES, TEST_EVENT_TYPE] as const

const eventType = oneOf(EVENT_TYPES, {
  description:
    '`payment.corrected`: a payment that had failed turned out to be paid. `payment.contradicted`: M-Pesa ' +
    'has said two things; nothing was changed. `payment.updated`: the receipt came later. ' +
    '`shortcode.credentials_refused`: Daraja refuses a consumer key and secret: nothing is sent with them; ' +
    '`shortcode.credentials_accepted`: it takes them again.',
})

const shared = {
  id: Type.String({ pattern: '^evt_[0-9a-f]{32}$', description: 'The same at every delivery.' }),
  type: eventType,
  created_at: time('When it happened.'),
  sequence: Type.Integer({ minimum: 1, description: 'Counts the events of one payment from 1.' }),
}

const data = Type.Union(
  [
    reference('Payment'),
    reference('WebhookEndpoint'),
    reference('Shortcode'),
    Type.Object({ object: Type.Literal('webhook_test'), message: Type.Optional(Type.String()) }),
  ],
  { description: 'What it is about, as it was then.' },
)

/** The resource `event`. */
export const eventSchema = Type.Object(
  {
    ...shared,
    object: Type.Literal('event'),
    payment: nullable(Type.String({ description: 'The payment’s id.' })),
    data,
  },
  { $id: 'Event', description: 'Something that happened.' },
)

/** The body of a webhook of format `event`. */
export const webhookEventSchema = Type.Object(
  { ...shared, data },
  { $id: 'WebhookEvent', description: 'An event, as it is sent to your endpoint.' },
)

const BODY_EXAMPLE = {
  id: EXAMPLE_IDS.evt,
  type: 'payment.succeeded',
  created_at: '2026-03-21T11:30:56.000Z',
  sequence: 1,
  data: PAYMENT_EXAMPLE,
}

/** The body of a webhook. */
export const WEBHOOK_EVENT_EXAMPLE = BODY_EXAMPLE

/** `GET /v1/events`. */
export const listEventsSchema = {
  operationId: 'listEvents',
  tags: ['Events'],
  summary: 'Read every event in order',
  description:
    'Oldest first, to catch up after an outage. Keep `next_cursor`, which is there even on the last page, ' +
    'and go on from it: no event is ever missed or comes twice. With `type`, or a key of one shortcode, a ' +
    'page may show fewer than `limit` events, or none, while `has_more` is true: go on all the same. ' +
    'Needs the scope `payments:read`.',
  querystring: Type.Object({
    type: Type.Optional(oneOf(EVENT_TYPES, { description: 'Only this type.' })),
    ...PAGE_PARAMETERS,
  }),
  response: {
    200: answer('One page.', listOf('Event'), {
      examples: {
        page: {
          object: 'list',
          data: [{ ...BODY_EXAMPLE, object: 'event', payment: EXAMPLE_IDS.pay }],
          has_more: false,
          next_cursor: 'ZXZlbnRzOjc0Mjow',
        },
      },
    }),
    ...problems(),
  },
}
