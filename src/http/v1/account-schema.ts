// The account as the OpenAPI document shows it.
import { SCOPES } from '../../merchants/scopes.ts'
import { answer, nullable, oneOf } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS } from './list-schema.ts'
import { problems } from './problem-schema.ts'

const account = Type.Object({
  object: Type.Literal('account'),
  merchant: Type.Object({ id: Type.String({ pattern: '^mer_[0-9a-f]{32}$' }), name: Type.String() }),
  api_key: Type.String({ description: 'The id of the key that asks.' }),
  live: Type.Boolean({ description: 'True: production shortcodes. False: simulator and sandbox.' }),
  shortcode: nullable(Type.String({ description: 'The only shortcode that the key may use.' })),
  scopes: Type.Array(oneOf(SCOPES)),
})

/** `GET /v1/account`. */
export const accountSchema = {
  operationId: 'getAccount',
  tags: ['Account'],
  summary: 'Read who this key is',
  description: 'Every key may ask.',
  response: {
    200: answer('The account.', account, {
      examples: {
        account: {
          object: 'account',
          merchant: { id: EXAMPLE_IDS.mer, name: 'Demo' },
          api_key: EXAMPLE_IDS.key,
          live: false,
          shortcode: null,
          scopes: ['payments:write', 'payments:read'],
        },
      },
    }),
    ...problems(),
  },
}
