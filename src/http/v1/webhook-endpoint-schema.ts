// Webhook endpoints as the OpenAPI document shows them, and the routes on them.
import { ENDPOINT_FORMATS, SUBSCRIBABLE_EVENT_TYPES } from '../../webhooks/endpoint.ts'
import { FORMER_MAX, ROTATION_OVERLAP_SECONDS } from '../../webhooks/rotation-overlap.ts'
import { SIGNATURE_SCHEMES } from '../../webhooks/signature.ts'
import { answer, emptyAnswer, nullable, oneOf, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, idParameter, listOf, PAGE_PARAMETERS } from './list-schema.ts'
import { bodyProblems, problems } from './problem-schema.ts'
import { DELIVERY_EXAMPLE } from './webhook-delivery-schema.ts'
import { PUBLIC_KEY_EXAMPLE } from './webhook-key-schema.ts'

const TAG = 'Webhook endpoints'

const eventTypes = nullable(
  Type.Array(oneOf(SUBSCRIBABLE_EVENT_TYPES), {
    uniqueItems: true,
    minItems: 1,
    description: 'What to be told of; null for everything that the format can say.',
  }),
)

const signatureSchemes = Type.Array(oneOf(SIGNATURE_SCHEMES), {
  uniqueItems: true,
  minItems: 1,
  description: '`v1`: HMAC-SHA256 by your secret. `v1a`: ed25519, verified by a public key.',
})

const properties = {
  id: Type.String({ pattern: '^we_[0-9a-f]{32}$' }),
  object: Type.Literal('webhook_endpoint'),
  url: Type.String(),
  format: oneOf(ENDPOINT_FORMATS, {
    description:
      '`event`: our own body. `daraja`: Daraja’s callback body, byte for byte where there was one.',
  }),
  event_types: eventTypes,
  description: nullable(Type.String()),
  live: Type.Boolean({ description: 'Whether it is told of live payments, or of test ones.' }),
  signature_schemes: signatureSchemes,
  public_key: nullable(Type.String({ description: 'Verifies `v1a` signatures; null without that scheme.' })),
  public_keys_path: nullable(
    Type.String({ description: 'Where anyone reads the public keys, without an API key.' }),
  ),
  status: oneOf(['enabled', 'disabled']),
  disabled_at: nullable(time('When it was disabled.')),
  disabled_reason: nullable(
    oneOf(['merchant', 'gone', 'failing'], {
      description: '`gone`: it answered 410. `failing`: days of nothing but failures.',
    }),
  ),
  failing_since: nullable(time('Since when every attempt has failed.')),
  missed_since: nullable(
    time('Since when it may have missed something, off or failing before. A replay from then on ends it.'),
  ),
  previous_secret_expires_at: nullable(
    time('Until when the last former secret signs along, after a rotation; null when there was none.'),
  ),
  created_at: time('When it was added.'),
  updated_at: time('When it last changed.'),
}

/** The resource `webhook_endpoint`. */
export const endpointSchema = Type.Object(properties, {
  $id: 'WebhookEndpoint',
  description: 'Where you are told of events.',
})

const secret = Type.String({
  description: 'Signs what is sent there (Standard Webhooks 1.0). Shown this once only.',
})

/** The resource with its secret. */
export const newEndpointSchema = Type.Object(
  { ...properties, secret },
  { $id: 'WebhookEndpointWithSecret', description: 'An endpoint and its new secret.' },
)

const replay = Type.Object({
  object: Type.Literal('webhook_replay'),
  endpoint: Type.String(),
  since: time('Since when.'),
  count: Type.Integer({ description: 'Deliveries made due.' }),
  has_more: Type.Boolean({ description: 'True when there was too much for one replay.' }),
  next_since: nullable(time('Where the next replay goes on; null when there is nothing more.')),
})

const REPLAY_EXAMPLE = {
  object: 'webhook_replay',
  endpoint: EXAMPLE_IDS.we,
  since: '2026-03-20T00:00:00.000Z',
  count: 12,
  has_more: false,
  next_since: null,
}

/** The resource as a change answers it. */
export const changedEndpointSchema = Type.Object(
  {
    ...properties,
    replay: nullable(replay),
  },
  {
    $id: 'WebhookEndpointChanged',
    description: 'An endpoint, and what is sent to it again; null when nothing was asked for or missed.',
  },
)

const ENDPOINT_EXAMPLE = {
  id: EXAMPLE_IDS.we,
  object: 'webhook_endpoint',
  url: 'https://shop.example.org/mpesa',
  format: 'event',
  event_types: null,
  description: null,
  live: false,
  signature_schemes: ['v1', 'v1a'],
  public_key: PUBLIC_KEY_EXAMPLE,
  public_keys_path: `/.well-known/webhook-keys/${EXAMPLE_IDS.mer}/${EXAMPLE_IDS.we}`,
  status: 'enabled',
  disabled_at: null,
  disabled_reason: null,
  failing_since: null,
  missed_since: null,
  previous_secret_expires_at: null,
  created_at: '2026-03-21T08:00:00.000Z',
  updated_at: '2026-03-21T08:00:00.000Z',
}

const SECRET_EXAMPLE = { ...ENDPOINT_EXAMPLE, secret: 'whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0' }

const wishProperties = {
  url: Type.String({ maxLength: 2_048, description: 'https; http too for test payments.' }),
  event_types: Type.Optional(eventTypes),
  description: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
  signature_schemes: Type.Optional(nullable(signatureSchemes)),
}

const endpoint = reference('WebhookEndpoint')
const endpointWithSecret = reference('WebhookEndpointWithSecret')
const example = { examples: { enabled: ENDPOINT_EXAMPLE } }
const secretExample = { examples: { enabled: SECRET_EXAMPLE } }
const params = idParameter(EXAMPLE_IDS.we, 'The endpoint’s id.')
const WRITE = 'Needs the scope `webhooks:write`.'
const READ = 'Needs the scope `webhooks:read`.'

/** `POST /v1/webhook_endpoints`. */
export const createEndpointSchema = {
  operationId: 'createWebhookEndpoint',
  tags: [TAG],
  summary: 'Add a webhook endpoint',
  description: `The answer is the only one that holds the secret. ${WRITE}`,
  body: Type.Object(
    {
      ...wishProperties,
      format: Type.Optional(nullable(oneOf(ENDPOINT_FORMATS, { default: 'event' }))),
    },
    { additionalProperties: false, examples: [{ url: 'https://shop.example.org/mpesa', format: 'event' }] },
  ),
  response: {
    201: answer('Added.', endpointWithSecret, secretExample),
    ...bodyProblems('endpoint_limit'),
  },
}

/** `GET /v1/webhook_endpoints`. */
export const listEndpointsSchema = {
  operationId: 'listWebhookEndpoints',
  tags: [TAG],
  summary: 'List webhook endpoints',
  description: `Newest first. ${READ}`,
  querystring: Type.Object(PAGE_PARAMETERS),
  response: {
    200: answer('One page.', listOf('WebhookEndpoint'), {
      examples: {
        page: { object: 'list', data: [ENDPOINT_EXAMPLE], has_more: false, next_cursor: null },
      },
    }),
    ...problems(),
  },
}

/** `GET /v1/webhook_endpoints/{id}`. */
export const readEndpointSchema = {
  operationId: 'getWebhookEndpoint',
  tags: [TAG],
  summary: 'Read a webhook endpoint',
  description: READ,
  params,
  response: { 200: answer('The endpoint.', endpoint, example), ...problems('not_found') },
}

/** `PATCH /v1/webhook_endpoints/{id}`. */
export const updateEndpointSchema = {
  operationId: 'updateWebhookEndpoint',
  tags: [TAG],
  summary: 'Change a webhook endpoint',
  description: `What is left out stays. Disabling cancels what is pending for good; see replay. ${WRITE}`,
  params,
  body: Type.Object(
    {
      url: Type.Optional(wishProperties.url),
      event_types: wishProperties.event_types,
      description: wishProperties.description,
      signature_schemes: wishProperties.signature_schemes,
      status: Type.Optional(oneOf(['enabled', 'disabled'])),
      replay: Type.Optional(
        Type.Boolean({
          description: 'With `status` enabled: send what it has missed since `missed_since`.',
          default: false,
        }),
      ),
    },
    { additionalProperties: false, examples: [{ status: 'enabled', replay: true }] },
  ),
  response: {
    200: answer('Changed.', reference('WebhookEndpointChanged'), {
      examples: { replayed: { ...ENDPOINT_EXAMPLE, replay: REPLAY_EXAMPLE } },
    }),
    ...bodyProblems('not_found'),
  },
}

/** `DELETE /v1/webhook_endpoints/{id}`. */
export const deleteEndpointSchema = {
  operationId: 'deleteWebhookEndpoint',
  tags: [TAG],
  summary: 'Delete a webhook endpoint',
  description: `What is pending for it is cancelled. ${WRITE}`,
  params,
  response: { 204: emptyAnswer('Deleted.'), ...problems('not_found') },
}

const overlapBody = Type.Object(
  {
    overlap: Type.Optional(
      nullable(Type.Integer({ minimum: 0, maximum: 604_800, default: ROTATION_OVERLAP_SECONDS })),
    ),
  },
  { additionalProperties: false, examples: [{ overlap: 3_600 }] },
)

/** `POST /v1/webhook_endpoints/{id}/rotate_secret`. */
export const rotateSecretSchema = {
  operationId: 'rotateWebhookSecret',
  tags: [TAG],
  summary: 'Give a webhook endpoint a new secret',
  description:
    'The former secret signs along for `overlap` seconds, a day unless told otherwise, and those before it ' +
    `until their own time, ${FORMER_MAX} at most. An overlap of 0 ends them all at once. ${WRITE}`,
  params,
  body: overlapBody,
  response: {
    200: answer('The endpoint with its new secret.', endpointWithSecret, secretExample),
    ...bodyProblems('not_found', 'rotation_limit'),
  },
}

/** `POST /v1/webhook_endpoints/{id}/rotate_key`. */
export const rotateKeySchema = {
  operationId: 'rotateWebhookKey',
  tags: [TAG],
  summary: 'Give a webhook endpoint a new key pair',
  description:
    'For endpoints that sign by `v1a`. The former key signs along and is published for `overlap` seconds, ' +
    `a day unless told otherwise, and those before it until their own time, ${FORMER_MAX} at most. An ` +
    `overlap of 0 ends them all at once. ${WRITE}`,
  params,
  body: overlapBody,
  response: {
    200: answer('The endpoint.', endpoint, example),
    ...bodyProblems('not_found', 'rotation_limit'),
  },
}

/** `POST /v1/webhook_endpoints/{id}/test`. */
export const testEndpointSchema = {
  operationId: 'testWebhookEndpoint',
  tags: [TAG],
  summary: 'Send a test event',
  description:
    'An event `webhook.test`, about no payment, goes the way of all others: in our own body to either ' +
    `format, since whatever has the shape of a callback could be taken for one. ${WRITE}`,
  params,
  response: {
    202: answer('Its delivery.', reference('WebhookDelivery'), {
      examples: { pending: { ...DELIVERY_EXAMPLE, event_type: 'webhook.test', payment: null } },
    }),
    ...bodyProblems('not_found', 'endpoint_disabled'),
  },
}

/** `POST /v1/webhook_endpoints/{id}/replay`. */
export const replayEndpointSchema = {
  operationId: 'replayWebhookEndpoint',
  tags: [TAG],
  summary: 'Send again what an endpoint has missed',
  description: `Payment events since \`since\` that failed, were cancelled, or never went there. ${WRITE}`,
  params,
  body: Type.Object(
    { since: time('Since when.') },
    { additionalProperties: false, examples: [{ since: '2026-03-20T00:00:00Z' }] },
  ),
  response: {
    202: answer('They are due now.', replay, {
      examples: {
        replay: REPLAY_EXAMPLE,
      },
    }),
    ...bodyProblems('not_found', 'endpoint_disabled'),
  },
}
