// How fast a shortcode may send, as the OpenAPI document shows it.
import { answer, nullable, oneOf, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, idParameter } from './list-schema.ts'
import { problems } from './problem-schema.ts'

const sending = Type.Object({
  object: Type.Literal('shortcode_sending'),
  shortcode: Type.String(),
  breaker: nullable(
    oneOf(['closed', 'half_open', 'open'], {
      description:
        '`open`: M-Pesa fails for this shortcode, and pushes wait. `half_open`: one is let through to see. ' +
        'Null: nothing was sent through it since the gateway started.',
    }),
  ),
  retry_at: nullable(time('Open: when it is looked at again.')),
  slow_start: Type.Boolean({ description: 'On its way back from an outage: fewer than it will take.' }),
  pushes_per_second: nullable(Type.Number({ minimum: 0, description: 'The most that are sent now.' })),
  pushes_at_once: nullable(Type.Integer({ minimum: 0, description: 'The most that are under way now.' })),
})

/** `GET /v1/shortcodes/{id}/sending`. */
export const shortcodeSendingSchema = {
  operationId: 'getShortcodeSending',
  tags: ['Shortcodes'],
  summary: 'Read how fast a shortcode may send',
  description:
    'As the process that answers has learnt it: both limits fall while M-Pesa says that it is busy, and ' +
    'rise again by themselves. Merchants who share a shortcode share them. Needs the scope `settings:read`.',
  params: idParameter(EXAMPLE_IDS.sc, 'The shortcode’s id.'),
  response: {
    200: answer('The limits.', sending, {
      examples: {
        open: {
          object: 'shortcode_sending',
          shortcode: EXAMPLE_IDS.sc,
          breaker: 'closed',
          retry_at: null,
          slow_start: false,
          pushes_per_second: 4_500,
          pushes_at_once: 600,
        },
      },
    }),
    ...problems('not_found'),
  },
}
