// `/v1/overview` as the OpenAPI document shows it.
import { answer, nullable, oneOf, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { problems } from './problem-schema.ts'

const count = (description: string) => Type.Integer({ minimum: 0, description })
const spanFields = {
  amount: count('Whole shillings that were paid.'),
  paid: count('Payments that were paid.'),
  failed: count('Payments that were declined, refused or not sent.'),
}
const span = Type.Object(spanFields)
const ratio = {
  ...spanFields,
  success_ratio: nullable(
    Type.Number({ minimum: 0, maximum: 100, description: 'Paid, in percent of both; null of nothing.' }),
  ),
}
const date = Type.String({ format: 'date', description: 'In the time zone.' })
const day = {
  date,
  ...ratio,
  time_to_verdict_ms: nullable(
    Type.Object(
      { p50: Type.Integer(), p95: Type.Integer() },
      { description: 'From the prompt to M-Pesa’s verdict.' },
    ),
  ),
}

const failure = Type.Object({
  code: Type.String({ description: 'The result’s code.' }),
  label: Type.String(),
  description: nullable(Type.String({ description: 'In the words that came with it.' })),
  outcome: oneOf(['declined', 'refused', 'not_sent']),
  count: Type.Integer({ minimum: 1 }),
  share: Type.Number({ minimum: 0, maximum: 100, description: 'In percent of all failures.' }),
})

const hour = Type.Object({
  start: time('When it began today.'),
  hour: Type.String({ examples: ['14:00'] }),
  today: nullable(span),
  yesterday: span,
})

const open = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  is_capped: Type.Boolean({ description: 'There are as many or more.' }),
  oldest_at: nullable(time('When the oldest was made.')),
})

const overview = Type.Object({
  object: Type.Literal('overview'),
  time_zone: Type.String(),
  as_of: time('When it was so.'),
  catching_up: Type.Boolean({
    description: 'A long history is still being added up: ask again in some seconds.',
  }),
  today: Type.Object(day),
  yesterday: Type.Object({
    ...day,
    until_now: Type.Object(ratio, { description: 'Up to the quarter of an hour that it is now.' }),
  }),
  failures: Type.Array(failure, { description: 'Today’s, most first.' }),
  hours: Type.Array(hour, { description: 'The day’s 24. `today` is null of those that are to come.' }),
  days: Type.Array(Type.Object({ date, ...spanFields }), { description: '30, today last.' }),
  open: Type.Object({ queued: open, in_progress: open, uncertain: open }),
})

const EXAMPLE_SPAN = { amount: 125_000, paid: 84, failed: 16 }
const EXAMPLE_DAY = {
  ...EXAMPLE_SPAN,
  success_ratio: 84,
  time_to_verdict_ms: { p50: 14_900, p95: 49_700 },
}
const NONE = { count: 0, is_capped: false, oldest_at: null }

/** `GET /v1/overview`. */
export const overviewSchema = {
  operationId: 'getOverview',
  tags: ['Payments'],
  summary: 'Read how business goes',
  description:
    'Money, verdicts, failures and times of today against yesterday, by hour and by day, and what is open. ' +
    'Each payment counts when its verdict came; a failure that turned out to be paid counts again then. ' +
    'Figures are some seconds old. Needs the scope `payments:read`.',
  querystring: Type.Object({
    time_zone: Type.Optional(
      Type.String({
        description: 'An IANA name; the merchant’s own unless given.',
        examples: ['Africa/Nairobi'],
      }),
    ),
  }),
  response: {
    200: answer('The overview.', overview, {
      examples: {
        overview: {
          object: 'overview',
          time_zone: 'Africa/Nairobi',
          as_of: '2026-03-21T11:30:55.000Z',
          catching_up: false,
          today: { date: '2026-03-21', ...EXAMPLE_DAY },
          yesterday: {
            date: '2026-03-20',
            ...EXAMPLE_DAY,
            until_now: { ...EXAMPLE_SPAN, success_ratio: 84 },
          },
          failures: [
            {
              code: '1032',
              label: 'Cancelled by User',
              description: 'Request cancelled by user',
              outcome: 'declined',
              count: 16,
              share: 100,
            },
          ],
          hours: [
            {
              start: '2026-03-20T21:00:00.000Z',
              hour: '00:00',
              today: EXAMPLE_SPAN,
              yesterday: EXAMPLE_SPAN,
            },
          ],
          days: [{ date: '2026-03-21', ...EXAMPLE_SPAN }],
          open: { queued: NONE, in_progress: NONE, uncertain: NONE },
        },
      },
    }),
    ...problems(),
  },
}
