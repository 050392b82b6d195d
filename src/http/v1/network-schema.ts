// `/v1/network` as the OpenAPI document shows it.
import { answer, nullable, oneOf } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { problems } from './problem-schema.ts'

const share = (description: string) => Type.Number({ minimum: 0, maximum: 100, description })
const milliseconds = Type.Integer({ minimum: 0 })
const two = { p50: milliseconds, p95: milliseconds }
const certainty = Type.Object({ ...two, p99: milliseconds })

const environment = Type.Object({
  environment: oneOf(['simulator', 'sandbox', 'production']),
  sample: oneOf(['own', 'installation', 'too_little'], {
    description:
      '`own`: your payments only. `installation`: those of three merchants or more together. `too_little`: ' +
      'so few that others could be recognised, so nothing is shown.',
  }),
  breaker: nullable(
    oneOf(['closed', 'half_open', 'open'], {
      description:
        '`open`: M-Pesa is down or too busy, and pushes wait. `half_open`: in part, or being tried.',
    }),
  ),
  pushes: nullable(
    Type.Object({
      accepted: share('A prompt was asked for.'),
      refused: share('Daraja refused the request.'),
      not_processed: share('It certainly did not reach M-Pesa; asynchronous ones are sent again.'),
      unknown: share('Daraja did not say what became of it.'),
    }),
  ),
  success_ratio: nullable(share('Paid, of all that got a verdict.')),
  failures: nullable(
    Type.Array(Type.Object({ code: Type.String({ description: 'M-Pesa’s ResultCode.' }), share: share('') })),
  ),
  push_latency_ms: nullable(Type.Object(two)),
  prompt_to_verdict_ms: nullable(Type.Object(two)),
  time_to_certainty_ms: nullable(
    Type.Object(
      {
        callback: Type.Optional(certainty),
        query: Type.Optional(certainty),
        statement: Type.Optional(certainty),
      },
      { description: 'From the push to the verdict, by where the verdict came from.' },
    ),
  ),
})

const network = Type.Object({
  object: Type.Literal('network'),
  window_seconds: Type.Integer(),
  environments: Type.Array(environment),
})

/** `GET /v1/network`. */
export const networkSchema = {
  operationId: 'getNetwork',
  tags: ['Network'],
  summary: 'Read what M-Pesa looks like from here',
  description:
    'The last 15 minutes, as percentages and milliseconds, of all payments of this installation on the ' +
    'side of your key. Figures are some seconds old. Needs the scope `payments:read`.',
  response: {
    200: answer('The last 15 minutes.', network, {
      examples: {
        network: {
          object: 'network',
          window_seconds: 900,
          environments: [
            {
              environment: 'production',
              sample: 'installation',
              breaker: 'closed',
              pushes: { accepted: 98.9, refused: 0.6, not_processed: 0.4, unknown: 0.1 },
              success_ratio: 84.2,
              failures: [
                { code: '1032', share: 9.1 },
                { code: '1', share: 4.4 },
              ],
              push_latency_ms: { p50: 380, p95: 1210 },
              prompt_to_verdict_ms: { p50: 14_900, p95: 49_700 },
              time_to_certainty_ms: {
                callback: { p50: 14_900, p95: 43_200, p99: 65_700 },
                query: { p50: 37_600, p95: 65_700, p99: 86_900 },
              },
            },
          ],
        },
      },
    }),
    ...problems(),
  },
}
