// The audit log as the OpenAPI document shows it.
import { AUDIT_ACTIONS, AUDIT_ACTOR_KINDS } from '../../audit/audit-entry.ts'
import { answer, nullable, oneOf, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, listOf, PAGE_PARAMETERS } from './list-schema.ts'
import { problems } from './problem-schema.ts'

const value = Type.Union([
  Type.String(),
  Type.Number(),
  Type.Boolean(),
  Type.Null(),
  Type.Array(Type.String()),
])

/** The resource `audit_entry`. */
export const auditEntrySchema = Type.Object(
  {
    id: Type.String({ pattern: '^aud_[0-9a-f]{32}$' }),
    object: Type.Literal('audit_entry'),
    sequence: Type.Integer({
      minimum: 1,
      description: 'Its number in the merchant’s chain: none is left out.',
    }),
    at: time('When it was done.'),
    action: Type.String({ description: 'What was done; new ones are added.', examples: ['api_key.created'] }),
    live: nullable(Type.Boolean({ description: 'The side that it is about; null: both.' })),
    actor: Type.Object({
      kind: oneOf(AUDIT_ACTOR_KINDS, {
        description: '`cli`: the command line of this machine. `system`: the gateway by itself.',
      }),
      id: nullable(Type.String({ description: 'Of the key (`key_…`) or of the person (`usr_…`).' })),
      name: nullable(Type.String({ description: 'The key’s name, or the person’s e-mail, as it was then.' })),
      role: nullable(Type.String({ description: 'The person’s role, as it was then.' })),
    }),
    target: nullable(
      Type.Object(
        { id: Type.String(), name: nullable(Type.String()) },
        { description: 'What it was done to.' },
      ),
    ),
    changes: Type.Array(Type.Object({ field: Type.String(), from: value, to: value })),
    detail: Type.Record(value, { description: 'What else is worth knowing. Never a secret.' }),
    ip: nullable(Type.String()),
    user_agent: nullable(Type.String()),
    hash: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 over this entry and the hash before it.',
    }),
  },
  { $id: 'AuditEntry', description: 'Who did what, from where.' },
)

const EXAMPLE = {
  id: 'aud_0197f2a71c1e7c3a9a546e1f0b2d3c4d',
  object: 'audit_entry',
  sequence: 12,
  at: '2026-03-21T11:30:55.000Z',
  action: 'api_key.created',
  live: false,
  actor: {
    kind: 'user',
    id: 'usr_0197f29e1a2b7c4d9e5f60718293a4b5',
    name: 'amina@example.org',
    role: 'owner',
  },
  target: { id: EXAMPLE_IDS.key, name: 'Shop' },
  changes: [],
  detail: { scopes: ['payments:write', 'payments:read'], expires_at: null },
  ip: '196.201.214.10',
  user_agent: 'Mozilla/5.0',
  hash: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
}

/** `GET /v1/audit_log`. */
export const listAuditLogSchema = {
  operationId: 'listAuditLog',
  tags: ['Audit log'],
  summary: 'Read who did what, from where',
  description:
    'Newest first. A live key sees what is about the live side and what is about both, a test key the test ' +
    'side alone; who has signed in sees all. Needs the scope `audit:read`, which a key has only when it ' +
    'was asked for by name.',
  querystring: Type.Object({
    action: Type.Optional(oneOf(AUDIT_ACTIONS, { description: 'Only this.' })),
    actor: Type.Optional(
      Type.String({ description: 'Only by this key (`key_…`) or person (`usr_…`), or `cli`, or `system`.' }),
    ),
    since: Type.Optional(time('Only what was done then or later.')),
    until: Type.Optional(time('Only what was done before.')),
    ...PAGE_PARAMETERS,
  }),
  response: {
    200: answer('One page.', listOf('AuditEntry'), {
      examples: { page: { object: 'list', data: [EXAMPLE], has_more: false, next_cursor: null } },
    }),
    ...problems(),
  },
}
