// Webhook deliveries as the OpenAPI document shows them, and the routes on them.
import { DELIVERY_STATES } from '../../webhooks/delivery.ts'
import { answer, nullable, oneOf, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, idParameter, listOf, PAGE_PARAMETERS } from './list-schema.ts'
import { bodyProblems, problems } from './problem-schema.ts'

const TAG = 'Webhook deliveries'

const attempt = Type.Object({
  at: time('When.'),
  status: nullable(Type.Integer({ description: 'The HTTP status of your answer.' })),
  error: nullable(Type.String({ description: 'Why it does not count as delivered.' })),
  duration_ms: Type.Number(),
  response: nullable(Type.String({ description: 'The beginning of your answer.' })),
})

/** The resource `webhook_delivery`. */
export const deliverySchema = Type.Object(
  {
    id: Type.String({ pattern: '^wd_[0-9a-f]{32}$' }),
    object: Type.Literal('webhook_delivery'),
    endpoint: Type.String(),
    event: Type.String(),
    event_type: Type.String(),
    payment: nullable(Type.String()),
    status: oneOf(DELIVERY_STATES, {
      description: '`failed`: all attempts were made. `cancelled`: its endpoint was deleted or switched off.',
    }),
    attempts: Type.Integer(),
    next_attempt_at: nullable(time('When the next attempt is due.')),
    last_status: nullable(Type.Integer()),
    last_error: nullable(Type.String()),
    attempt_log: Type.Array(attempt, { description: 'The last attempts, oldest first.' }),
    created_at: time('When the event happened, or was replayed.'),
    delivered_at: nullable(time('When your endpoint answered 2xx.')),
  },
  { $id: 'WebhookDelivery', description: 'One event on its way to one endpoint.' },
)

/** A delivery that is about to be attempted. */
export const DELIVERY_EXAMPLE = {
  id: EXAMPLE_IDS.wd,
  object: 'webhook_delivery',
  endpoint: EXAMPLE_IDS.we,
  event: EXAMPLE_IDS.evt,
  event_type: 'payment.succeeded',
  payment: EXAMPLE_IDS.pay,
  status: 'pending',
  attempts: 1,
  next_attempt_at: '2026-03-21T11:31:01.000Z',
  last_status: 503,
  last_error: 'status 503',
  attempt_log: [
    { at: '2026-03-21T11:30:56.000Z', status: 503, error: 'status 503', duration_ms: 41, response: 'busy' },
  ],
  created_at: '2026-03-21T11:30:56.000Z',
  delivered_at: null,
}

const delivery = reference('WebhookDelivery')
const example = { examples: { pending: DELIVERY_EXAMPLE } }
const params = idParameter(EXAMPLE_IDS.wd, 'The delivery’s id.')

/** `GET /v1/webhook_deliveries`. */
export const listDeliveriesSchema = {
  operationId: 'listWebhookDeliveries',
  tags: [TAG],
  summary: 'List webhook deliveries',
  description: 'Newest first. All filters given must hold. Needs the scope `webhooks:read`.',
  querystring: Type.Object({
    endpoint: Type.Optional(Type.String({ description: 'An endpoint’s id.' })),
    status: Type.Optional(oneOf(DELIVERY_STATES)),
    payment: Type.Optional(Type.String({ description: 'A payment’s id.' })),
    ...PAGE_PARAMETERS,
  }),
  response: {
    200: answer('One page.', listOf('WebhookDelivery'), {
      examples: {
        page: { object: 'list', data: [DELIVERY_EXAMPLE], has_more: false, next_cursor: null },
      },
    }),
    ...problems(),
  },
}

/** `GET /v1/webhook_deliveries/{id}`. */
export const readDeliverySchema = {
  operationId: 'getWebhookDelivery',
  tags: [TAG],
  summary: 'Read a webhook delivery',
  description: 'Needs the scope `webhooks:read`.',
  params,
  response: { 200: answer('The delivery.', delivery, example), ...problems('not_found') },
}

/** `POST /v1/webhook_deliveries/{id}/retry`. */
export const retryDeliverySchema = {
  operationId: 'retryWebhookDelivery',
  tags: [TAG],
  summary: 'Deliver again',
  description: 'Now, whatever its status, delivered ones too. Needs the scope `webhooks:write`.',
  params,
  response: {
    202: answer('It is due now.', delivery, example),
    ...bodyProblems('not_found', 'endpoint_deleted', 'endpoint_disabled', 'delivery_under_way'),
  },
}
