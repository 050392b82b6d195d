// Shortcodes as the OpenAPI document shows them, and the routes on them.
import { SHORTCODE_ENVIRONMENTS, SHORTCODE_KINDS } from '../../merchants/shortcode.ts'
import { answer, nullable, oneOf, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, idParameter, listOf, PAGE_PARAMETERS } from './list-schema.ts'
import { bodyProblems, problems } from './problem-schema.ts'

const TAG = 'Shortcodes'

/** The resource `shortcode`. */
export const shortcodeSchema = Type.Object(
  {
    id: Type.String({ pattern: '^sc_[0-9a-f]{32}$' }),
    object: Type.Literal('shortcode'),
    environment: oneOf(SHORTCODE_ENVIRONMENTS, { description: 'Only `production` moves money.' }),
    kind: oneOf(SHORTCODE_KINDS),
    number: Type.String({ description: 'The paybill, or the store (head office) number of a till.' }),
    till_number: nullable(Type.String()),
    pull_transactions: Type.Boolean({
      description: 'Whether M-Pesa’s own list of its payments is pulled where nothing else can tell.',
    }),
    live: Type.Boolean({ description: 'True for production.' }),
    status: oneOf(['enabled', 'disabled']),
    credentials: Type.Object(
      {
        status: oneOf(['accepted', 'refused', 'unproven']),
        since: nullable(time('Since when.')),
        detail: nullable(Type.String({ description: 'What Daraja said.' })),
      },
      {
        description:
          'Whether Daraja takes the consumer key and secret. While they are `refused` no payment is sent: ' +
          'asynchronous ones wait until they expire. It resumes by itself once Daraja takes them.',
      },
    ),
    verified_at: nullable(time('When Daraja last took its credentials.')),
    disabled_at: nullable(time('When it was disabled.')),
    created_at: time('When it was added.'),
    updated_at: time('When it last changed.'),
  },
  { $id: 'Shortcode', description: 'A paybill or till. Its credentials never come out.' },
)

const SHORTCODE_EXAMPLE = {
  id: EXAMPLE_IDS.sc,
  object: 'shortcode',
  environment: 'sandbox',
  kind: 'paybill',
  number: '174379',
  till_number: null,
  pull_transactions: false,
  live: false,
  status: 'enabled',
  credentials: { status: 'accepted', since: '2026-03-21T08:00:05.000Z', detail: null },
  verified_at: '2026-03-21T08:00:05.000Z',
  disabled_at: null,
  created_at: '2026-03-21T08:00:00.000Z',
  updated_at: '2026-03-21T08:00:05.000Z',
}

function credential(description: string) {
  return Type.String({ minLength: 1, maxLength: 200, writeOnly: true, description })
}

const credentials = {
  consumer_key: credential('Of your app on Daraja.'),
  consumer_secret: credential('Of your app on Daraja.'),
  passkey: credential('Of the shortcode: the Lipa na M-Pesa online passkey.'),
}

const pullTransactions = Type.Boolean({
  description: 'Off unless given: for production the Pull Transactions API must be ordered from Safaricom.',
})

const CREDENTIALS_EXAMPLE = {
  consumer_key: 'your-consumer-key',
  consumer_secret: 'your-consumer-secret',
  passkey: 'your-passkey',
}

const shortcode = reference('Shortcode')
const example = { examples: { verified: SHORTCODE_EXAMPLE } }
const params = idParameter(EXAMPLE_IDS.sc, 'The shortcode’s id.')
const WRITE = 'Needs the scope `settings:write`.'
const READ = 'Needs the scope `settings:read`.'

/** `POST /v1/shortcodes`. */
export const createShortcodeSchema = {
  operationId: 'createShortcode',
  tags: [TAG],
  summary: 'Add a shortcode',
  description: `A live key adds production shortcodes, a test key the others. ${WRITE}`,
  body: Type.Object(
    {
      environment: oneOf(SHORTCODE_ENVIRONMENTS),
      kind: Type.Optional(nullable(oneOf(SHORTCODE_KINDS, { default: 'paybill' }))),
      number: Type.String({ description: 'The paybill, or the store (head office) number of a till.' }),
      till_number: Type.Optional(nullable(Type.String({ description: 'Of a till.' }))),
      ...credentials,
      pull_transactions: Type.Optional(nullable(pullTransactions)),
    },
    {
      additionalProperties: false,
      examples: [{ environment: 'sandbox', kind: 'paybill', number: '174379', ...CREDENTIALS_EXAMPLE }],
    },
  ),
  response: { 201: answer('Added.', shortcode, example), ...bodyProblems('duplicate_shortcode') },
}

/** `GET /v1/shortcodes`. */
export const listShortcodesSchema = {
  operationId: 'listShortcodes',
  tags: [TAG],
  summary: 'List shortcodes',
  description: `Newest first. ${READ}`,
  querystring: Type.Object(PAGE_PARAMETERS),
  response: {
    200: answer('One page.', listOf('Shortcode'), {
      examples: {
        page: { object: 'list', data: [SHORTCODE_EXAMPLE], has_more: false, next_cursor: null },
      },
    }),
    ...problems(),
  },
}

/** `GET /v1/shortcodes/{id}`. */
export const readShortcodeSchema = {
  operationId: 'getShortcode',
  tags: [TAG],
  summary: 'Read a shortcode',
  description: READ,
  params,
  response: { 200: answer('The shortcode.', shortcode, example), ...problems('not_found') },
}

/** `PATCH /v1/shortcodes/{id}`. */
export const updateShortcodeSchema = {
  operationId: 'updateShortcode',
  tags: [TAG],
  summary: 'Change a shortcode',
  description:
    'What is left out stays. A disabled shortcode takes no new payments; those under way are still found ' +
    `out. Other credentials must be verified anew. ${WRITE}`,
  params,
  body: Type.Object(
    {
      consumer_key: Type.Optional(credentials.consumer_key),
      consumer_secret: Type.Optional(credentials.consumer_secret),
      passkey: Type.Optional(credentials.passkey),
      pull_transactions: Type.Optional(pullTransactions),
      status: Type.Optional(oneOf(['enabled', 'disabled'])),
    },
    { additionalProperties: false, examples: [{ status: 'disabled' }] },
  ),
  response: { 200: answer('Changed.', shortcode, example), ...bodyProblems('not_found') },
}

/** `POST /v1/shortcodes/{id}/verify`. */
export const verifyShortcodeSchema = {
  operationId: 'verifyShortcode',
  tags: [TAG],
  summary: 'Prove the credentials of a shortcode',
  description:
    'Asks Daraja for a token, once in five seconds: its answer stands for that long. That proves consumer ' +
    `key and secret; whether the passkey fits, only a payment can tell. ${WRITE}`,
  params,
  response: {
    200: answer('Daraja took them.', shortcode, example),
    ...bodyProblems('not_found', 'credentials_refused', 'no_daraja_address', 'changed_meanwhile'),
  },
}
