// The routes by which a developer looks at deliveries and secrets, as the OpenAPI document shows them.
import { answer, nullable, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, idParameter } from './list-schema.ts'
import { bodyProblems, problems } from './problem-schema.ts'

const deliveryRequest = Type.Object({
  object: Type.Literal('webhook_request'),
  delivery: Type.String(),
  method: Type.Literal('POST'),
  url: Type.String(),
  headers: Type.Record(Type.String()),
  body: Type.String({ description: 'Byte for byte what is sent, and signed.' }),
  signed_at: time('The time that is signed: of the last attempt; without one, now.'),
})

/** `GET /v1/webhook_deliveries/{id}/request`. */
export const readDeliveryRequestSchema = {
  operationId: 'getWebhookDeliveryRequest',
  tags: ['Webhook deliveries'],
  summary: 'Read what a delivery sends',
  description:
    'Its address, headers and body, as of the last attempt. It is signed by the secrets in force now: ' +
    'after a rotation the signatures are others than those that were sent. Needs the scope `webhooks:read`.',
  params: idParameter(EXAMPLE_IDS.wd, 'The delivery’s id.'),
  response: {
    200: answer('The request.', deliveryRequest, {
      examples: {
        test: {
          object: 'webhook_request',
          delivery: EXAMPLE_IDS.wd,
          method: 'POST',
          url: 'https://shop.example.org/mpesa',
          headers: {
            'content-type': 'application/json',
            'webhook-id': EXAMPLE_IDS.evt,
            'webhook-timestamp': '1774092656',
            'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
          },
          body: `{"id":"${EXAMPLE_IDS.evt}","type":"webhook.test"}`,
          signed_at: '2026-03-21T11:30:56.000Z',
        },
      },
    }),
    ...problems('not_found', 'endpoint_deleted'),
  },
}

const revealed = Type.Object({
  object: Type.Literal('webhook_secret'),
  endpoint: Type.String(),
  secret: Type.String(),
  previous_secret: nullable(
    Type.String({ description: 'The last former one; signs along till it expires.' }),
  ),
  previous_secret_expires_at: nullable(time('Until when that one signs along.')),
})

/** `POST /v1/webhook_endpoints/{id}/reveal_secret`. */
export const revealSecretSchema = {
  operationId: 'revealWebhookSecret',
  tags: ['Webhook endpoints'],
  summary: 'Show the secret of an endpoint again',
  description:
    'To people who are signed in, not to keys: those can rotate it. The audit log keeps who has seen it. ' +
    'Needs the scope `webhooks:write`.',
  params: idParameter(EXAMPLE_IDS.we, 'The endpoint’s id.'),
  response: {
    200: answer('The secret.', revealed, {
      examples: {
        secret: {
          object: 'webhook_secret',
          endpoint: EXAMPLE_IDS.we,
          secret: 'whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0',
          previous_secret: null,
          previous_secret_expires_at: null,
        },
      },
    }),
    ...bodyProblems('not_found'),
  },
}
