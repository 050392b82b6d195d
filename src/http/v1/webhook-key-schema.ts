// The public keys of webhooks as the OpenAPI document shows them.
import { answer, nullable, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS } from './list-schema.ts'
import { publicProblems } from './problem-schema.ts'

const key = Type.Object({
  scheme: Type.Literal('v1a', { description: 'The prefix of its signatures in `webhook-signature`.' }),
  algorithm: Type.Literal('ed25519'),
  public_key: Type.String({ description: '`whpk_` and the 32 bytes of the key in base64.' }),
  expires_at: nullable(time('Until when a former key still signs; null for the current one.')),
})

/** An example of a public key, here and where endpoints show theirs. */
export const PUBLIC_KEY_EXAMPLE = 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='

/** `GET /.well-known/webhook-keys/{merchant}/{endpoint}`. */
export const readPublicKeysSchema = {
  operationId: 'readWebhookKeys',
  tags: ['Webhook endpoints'],
  summary: 'Read the public keys of a webhook endpoint',
  description:
    'For receivers, without an API key: what verifies the `v1a` signatures of webhooks to this endpoint. ' +
    'Keep the answer, and read it again when a signature fits none of the keys.',
  security: [],
  params: Type.Object({
    merchant: Type.String({ examples: [EXAMPLE_IDS.mer] }),
    endpoint: Type.String({ examples: [EXAMPLE_IDS.we] }),
  }),
  response: {
    200: answer(
      'The keys, the current one first, the former ones behind it.',
      Type.Object({ object: Type.Literal('webhook_keys'), keys: Type.Array(key) }),
      {
        examples: {
          one: {
            object: 'webhook_keys',
            keys: [{ scheme: 'v1a', algorithm: 'ed25519', public_key: PUBLIC_KEY_EXAMPLE, expires_at: null }],
          },
        },
      },
    ),
    ...publicProblems('not_found', 'rate_limited', 'unavailable', 'internal'),
  },
}
