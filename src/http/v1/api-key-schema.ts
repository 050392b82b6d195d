// API keys as the OpenAPI document shows them, and the routes on them.
import { ROTATION_OVERLAP_SECONDS_MAX } from '../../merchants/api-keys.ts'
import { NAMED_SCOPES, SCOPES } from '../../merchants/scopes.ts'
import { answer, nullable, oneOf, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, idParameter, listOf, PAGE_PARAMETERS } from './list-schema.ts'
import { bodyProblems, problems } from './problem-schema.ts'

const TAG = 'API keys'

const scopes = Type.Array(oneOf(SCOPES), {
  description:
    '`settings` are shortcodes and API keys; `merchant` is what only owners set: `/v1/settings`, and ' +
    'forgetting phone numbers.',
})

const properties = {
  id: Type.String({ pattern: '^key_[0-9a-f]{32}$' }),
  object: Type.Literal('api_key'),
  name: Type.String(),
  hint: Type.String({ description: 'The last characters of the key, to recognise it by.' }),
  live: Type.Boolean({ description: 'True: production shortcodes. False: simulator and sandbox.' }),
  shortcode: nullable(
    Type.String({ description: 'The only shortcode that it may use; null: any of its side.' }),
  ),
  scopes,
  created_at: time('When it was made.'),
  expires_at: nullable(time('When it ends by itself.')),
  revoked_at: nullable(time('When it was ended.')),
  replaced_by: nullable(
    Type.String({ pattern: '^key_[0-9a-f]{32}$', description: 'The key that took its place.' }),
  ),
  last_used_at: nullable(time('To about a minute.')),
}

/** The resource `api_key`. */
export const apiKeySchema = Type.Object(properties, { $id: 'ApiKey', description: 'A key to this API.' })

/** The resource with its text. */
export const newApiKeySchema = Type.Object(
  { ...properties, secret: Type.String({ description: 'The key itself. Shown this once only.' }) },
  { $id: 'ApiKeyWithSecret', description: 'A new key and its text.' },
)

const KEY_EXAMPLE = {
  id: EXAMPLE_IDS.key,
  object: 'api_key',
  name: 'Shop',
  hint: 'x7Qz',
  live: false,
  shortcode: null,
  scopes: ['payments:write', 'payments:read'],
  created_at: '2026-03-21T08:00:00.000Z',
  expires_at: null,
  revoked_at: null,
  replaced_by: null,
  last_used_at: null,
}

const SECRET_EXAMPLE = { ...KEY_EXAMPLE, secret: 'sk_test_…' }

const key = reference('ApiKey')
const keyWithSecret = reference('ApiKeyWithSecret')
const example = { examples: { key: KEY_EXAMPLE } }
const secretExample = { examples: { key: SECRET_EXAMPLE } }
const params = idParameter(EXAMPLE_IDS.key, 'The key’s id.')
const NAMED = NAMED_SCOPES.map((scope) => `\`${scope}\``).join(', ')
const WRITE = 'Needs the scope `settings:write`.'
const READ = 'Needs the scope `settings:read`.'

/** `POST /v1/api_keys`. */
export const createApiKeySchema = {
  operationId: 'createApiKey',
  tags: [TAG],
  summary: 'Make an API key',
  description:
    'Of the side of the key that asks, live or test. It can do no more and live no longer than that one. ' +
    `The answer is the only one that holds its text. ${WRITE}`,
  body: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 100 }),
      scopes: Type.Optional(
        nullable(
          Type.Array(oneOf(SCOPES), {
            minItems: 1,
            description: `Those of the one who asks when left out, but ${NAMED}, which must be named.`,
          }),
        ),
      ),
      shortcode: Type.Optional(
        nullable(Type.String({ description: 'Binds it to one shortcode, by its id.' })),
      ),
      expires_at: Type.Optional(nullable(time('When it ends by itself.'))),
    },
    {
      additionalProperties: false,
      examples: [{ name: 'Shop', scopes: ['payments:write', 'payments:read'] }],
    },
  ),
  response: { 201: answer('Made.', keyWithSecret, secretExample), ...bodyProblems() },
}

/** `GET /v1/api_keys`. */
export const listApiKeysSchema = {
  operationId: 'listApiKeys',
  tags: [TAG],
  summary: 'List API keys',
  description: `Of the side of the key that asks, newest first; ended ones too. ${READ}`,
  querystring: Type.Object(PAGE_PARAMETERS),
  response: {
    200: answer('One page.', listOf('ApiKey'), {
      examples: { page: { object: 'list', data: [KEY_EXAMPLE], has_more: false, next_cursor: null } },
    }),
    ...problems(),
  },
}

/** `GET /v1/api_keys/{id}`. */
export const readApiKeySchema = {
  operationId: 'getApiKey',
  tags: [TAG],
  summary: 'Read an API key',
  description: READ,
  params,
  response: { 200: answer('The key.', key, example), ...problems('not_found') },
}

/** `DELETE /v1/api_keys/{id}`. */
export const revokeApiKeySchema = {
  operationId: 'revokeApiKey',
  tags: [TAG],
  summary: 'End an API key',
  description: `Refused everywhere within 5 seconds. A key may end itself too. ${WRITE}`,
  params,
  response: { 200: answer('Ended.', key, example), ...problems('not_found') },
}

/** `POST /v1/api_keys/{id}/rotate`. */
export const rotateApiKeySchema = {
  operationId: 'rotateApiKey',
  tags: [TAG],
  summary: 'Replace an API key',
  description:
    'Makes a key that may do what this one may. This one works for `overlap` seconds more; without it, it ' +
    `ends at once. A key is replaced once; after that, replace its successor. ${WRITE}`,
  params,
  body: Type.Object(
    {
      overlap: Type.Optional(
        nullable(Type.Integer({ minimum: 0, maximum: ROTATION_OVERLAP_SECONDS_MAX, default: 0 })),
      ),
    },
    { additionalProperties: false, examples: [{ overlap: 86_400 }] },
  ),
  response: {
    201: answer('The new key.', keyWithSecret, secretExample),
    ...bodyProblems('not_found', 'key_replaced'),
  },
}
