// The account as the OpenAPI document shows it.
import { ROLES } from '../../merchants/roles.ts'
import { SCOPES } from '../../merchants/scopes.ts'
import { answer, nullable, oneOf } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS } from './list-schema.ts'
import { problems } from './problem-schema.ts'

const account = Type.Object({
  object: Type.Literal('account'),
  merchant: Type.Object({
    id: Type.String({ pattern: '^mer_[0-9a-f]{32}$' }),
    name: Type.String(),
    time_zone: Type.String({ description: 'IANA. Days of the merchant begin at its midnight.' }),
  }),
  api_key: nullable(Type.String({ description: 'The id of the key that asks; null for a person.' })),
  user: nullable(
    Type.Object(
      { id: Type.String(), email: Type.String(), role: oneOf(ROLES) },
      { description: 'Who asks, having signed in; null for a key.' },
    ),
  ),
  live: Type.Boolean({ description: 'True: production shortcodes. False: simulator and sandbox.' }),
  shortcode: nullable(Type.String({ description: 'The only shortcode that the key may use.' })),
  scopes: Type.Array(oneOf(SCOPES)),
})

/** `GET /v1/account`. */
export const accountSchema = {
  operationId: 'getAccount',
  tags: ['Account'],
  summary: 'Read who asks',
  description: 'Every key may ask.',
  response: {
    200: answer('The account.', account, {
      examples: {
        account: {
          object: 'account',
          merchant: { id: EXAMPLE_IDS.mer, name: 'Demo', time_zone: 'Africa/Nairobi' },
          api_key: EXAMPLE_IDS.key,
          user: null,
          live: false,
          shortcode: null,
          scopes: ['payments:write', 'payments:read'],
        },
      },
    }),
    ...problems(),
  },
}
