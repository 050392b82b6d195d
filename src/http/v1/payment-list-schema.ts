// The list of payments and their export as the OpenAPI document shows them.
import { PAYMENT_STATES } from '../../payments/payment.ts'
import { AMOUNT_KES_MAX, AMOUNT_KES_MIN } from '../field-reader.ts'
import { answer, nullable, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, PAGE_PARAMETERS } from './list-schema.ts'
import { CSV_COLUMNS } from './payment-csv.ts'
import { PAYMENT_EXAMPLE } from './payment-schema-example.ts'
import { problems } from './problem-schema.ts'

const TAG = 'Payments'
const amount = (description: string) =>
  Type.Optional(Type.Integer({ minimum: AMOUNT_KES_MIN, maximum: AMOUNT_KES_MAX, description }))

const FILTERS = {
  search: Type.Optional(
    Type.String({
      maxLength: 100,
      description:
        'A phone in any form, a receipt, a reference, a tag, an id, an amount, or the last digits of a ' +
        'phone. What fits exactly comes first.',
      examples: ['0712 345 678'],
    }),
  ),
  status: Type.Optional(
    Type.String({ description: `Any of ${PAYMENT_STATES.join(', ')}, separated by commas.` }),
  ),
  phone: Type.Optional(Type.String({ description: 'In any form.' })),
  reference: Type.Optional(Type.String()),
  receipt: Type.Optional(Type.String()),
  tag: Type.Optional(Type.String()),
  shortcode: Type.Optional(
    Type.String({ description: 'Its id or its number.', examples: [EXAMPLE_IDS.sc, '174379'] }),
  ),
  result_code: Type.Optional(
    Type.String({ description: 'M-Pesa’s code of the result.', examples: ['1032'] }),
  ),
  amount_min: amount('As much or more, in whole shillings.'),
  amount_max: amount('As much or less, in whole shillings.'),
  created_after: Type.Optional(time('Made then or later.')),
  created_before: Type.Optional(time('Made before then.')),
}

const page = Type.Object({
  object: Type.Literal('list'),
  data: Type.Array(reference('Payment')),
  has_more: Type.Boolean({ description: 'True when a next page may be there.' }),
  next_cursor: nullable(Type.String({ description: 'Give it as `cursor` for the next page.' })),
  searched_until: nullable(
    time('How far back this page has looked for amounts, result codes and last digits.'),
  ),
})

/** `GET /v1/payments`. */
export const listPaymentsSchema = {
  operationId: 'listPayments',
  tags: [TAG],
  summary: 'List payments',
  description:
    'Newest first. All filters given must hold. Amounts, result codes and last digits are looked for among ' +
    'some thousands of payments a page: it may show fewer than `limit`, or none, while `has_more` is true: ' +
    'go on all the same. Needs the scope `payments:read`.',
  querystring: Type.Object({ ...FILTERS, ...PAGE_PARAMETERS }),
  response: {
    200: answer('One page.', page, {
      examples: {
        page: {
          object: 'list',
          data: [PAYMENT_EXAMPLE],
          has_more: false,
          next_cursor: null,
          searched_until: null,
        },
      },
    }),
    ...problems('no_shortcode'),
  },
}

/** `GET /v1/payments/export`. */
export const exportPaymentsSchema = {
  operationId: 'exportPayments',
  tags: [TAG],
  summary: 'Download payments as CSV',
  description:
    `One line a payment, newest first; the columns are ${CSV_COLUMNS.join(', ')}. Times are local. UTF-8 ` +
    'with a byte order mark; a cell that a spreadsheet would take for a formula begins with an ' +
    'apostrophe. A connection that breaks has brought a part of the file only. Needs the scope ' +
    '`payments:export`.',
  querystring: Type.Object({
    ...FILTERS,
    time_zone: Type.Optional(
      Type.String({
        description: 'Of the times; the merchant’s own unless given.',
        examples: ['Africa/Nairobi'],
      }),
    ),
  }),
  response: {
    200: answer('The file.', Type.String(), {
      type: 'text/csv',
      headers: {
        'sukuma-rows-estimate': {
          type: 'integer',
          description: 'About how many payments it holds; not given with `search`.',
        },
      },
      examples: { file: 'id,created_at,settled_at\r\n' },
    }),
    ...problems('no_shortcode'),
  },
}
