// The routes of `/api/stk-push` as the OpenAPI document shows them.
import { AMOUNT_KES_MAX, AMOUNT_KES_MIN, REFERENCE_LENGTH_MAX, TAG_LENGTH_MAX } from '../field-reader.ts'
import {
  answer,
  IDEMPOTENCY_HEADERS,
  IDEMPOTENT_REPLAYED,
  nullable,
  oneOf,
  RETRY_AFTER,
  reference,
  time,
} from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { WAIT_SECONDS_MAX } from '../wait.ts'

const TAG = 'STK Push API'

/** What every refused request of this surface is answered with. */
export const stkPushError = Type.Object(
  {
    success: Type.Literal(false),
    message: Type.String(),
    errors: Type.Optional(
      Type.Record(Type.Array(Type.String()), { description: 'Texts by the field at fault.' }),
    ),
  },
  { $id: 'StkPushError' },
)

/** The record, as `stkPushRecord` renders it. */
export const stkPushRecordSchema = Type.Object(
  {
    id: Type.Integer({ description: 'Counts the payments of this gateway.' }),
    tracking_id: Type.String({ format: 'uuid' }),
    phone_number: Type.String({ pattern: '^254[17]([0-9]{8}|[*]{6}[0-9]{2})$' }),
    amount: Type.String({ description: 'Whole shillings, in digits.' }),
    reference: Type.String(),
    tag: nullable(Type.String()),
    merchant_request_id: nullable(Type.String()),
    checkout_request_id: nullable(Type.String()),
    transaction_code: nullable(Type.String({ description: 'The M-Pesa receipt.' })),
    status: Type.Integer({ enum: [0, 1], description: '0: pending. 1: settled, whatever the outcome.' }),
    status_label: Type.String({
      description:
        '`Pending`, `Success`, `Cancelled by User`, `Insufficient Balance`, `Timed Out`, ' +
        '`Transaction Expired`, `Rejected`, or another label of M-Pesa’s results.',
    }),
    response_code: nullable(
      Type.String({
        description:
          'M-Pesa’s ResultCode (`0`: paid), Daraja’s errorCode where it refused, `not_sent` where nothing ' +
          'was sent, or `not_on_statement`: M-Pesa’s statement has no such payment.',
      }),
    ),
    response_description: nullable(Type.String()),
    meta: nullable(Type.Object({ transaction_date: Type.String({ description: 'In East Africa Time.' }) })),
    created_at: time('When it was taken.'),
    updated_at: time('When it last changed.'),
  },
  { $id: 'StkPushRecord' },
)

const RECORD_EXAMPLE = {
  id: 1,
  tracking_id: '0197f2a6-1c1e-7c3a-9a54-6e1f0b2d3c4d',
  phone_number: '254712345678',
  amount: '1500',
  reference: 'INV-2024-001',
  tag: 'loan-repayment',
  merchant_request_id: '29115-34620561-1',
  checkout_request_id: 'ws_CO_21032024143040123712345678',
  transaction_code: 'RBC12ABC34',
  status: 1,
  status_label: 'Success',
  response_code: '0',
  response_description: 'The service request is processed successfully.',
  meta: { transaction_date: '2024-03-21 14:30:55' },
  created_at: '2024-03-21T11:30:40.000Z',
  updated_at: '2024-03-21T11:30:56.000Z',
}

const PENDING_EXAMPLE = {
  ...RECORD_EXAMPLE,
  transaction_code: null,
  status: 0,
  status_label: 'Pending',
  response_code: null,
  response_description: null,
  meta: null,
}

const createRequest = Type.Object(
  {
    phone: Type.String({ maxLength: 40, description: '`07…`, `01…`, `254…` or `+254…`.' }),
    amount: Type.Union(
      [
        Type.Integer({ minimum: AMOUNT_KES_MIN, maximum: AMOUNT_KES_MAX }),
        Type.String({ pattern: '^[0-9]{1,9}$' }),
      ],
      { description: 'Whole Kenya shillings, as a number or in digits.' },
    ),
    reference: Type.String({
      minLength: 1,
      maxLength: REFERENCE_LENGTH_MAX,
      description: 'Shown to the customer.',
    }),
    tag: Type.Optional(
      nullable(Type.String({ maxLength: TAG_LENGTH_MAX, description: 'Yours; the customer never sees it.' })),
    ),
  },
  { examples: [{ phone: '0712345678', amount: 1500, reference: 'INV-2024-001', tag: 'loan-repayment' }] },
)

const found = Type.Object({ success: Type.Literal(true), data: reference('StkPushRecord') })

const queued = Type.Object({
  success: Type.Literal(true),
  tracking_id: Type.String({ format: 'uuid' }),
  message: Type.String(),
})

function refusal(description: string, message: string, headers = {}, errors?: Record<string, string[]>) {
  const example = { success: false, message, ...(errors === undefined ? {} : { errors }) }
  return answer(description, reference('StkPushError'), { examples: { example }, headers })
}

const COMMON = {
  401: refusal('No valid token.', 'Unauthenticated.'),
  403: refusal('The token lacks the scope.', 'This key lacks the scope payments:write.'),
  429: refusal('Too many requests at once.', 'Too many requests at once with this key.', RETRY_AFTER),
  500: refusal('A fault on our side.', 'Something went wrong on our side. It has been logged.'),
  503: refusal(
    'The database is away, or, before a synchronous push, M-Pesa is busy or cannot be reached.',
    'The gateway cannot reach its database.',
    RETRY_AFTER,
  ),
}

/** `POST /api/stk-push`. */
export const createSchema = {
  operationId: 'stkPushCreate',
  tags: [TAG],
  summary: 'Prompt a customer to pay',
  description:
    'Answers 202 with a tracking id as soon as the payment is committed; with `mode=sync`, or ' +
    '`QUEUE_CONNECTION=sync` on the server, it pushes first and answers 200 with the record.',
  consumes: ['application/json', 'application/x-www-form-urlencoded'],
  headers: IDEMPOTENCY_HEADERS,
  querystring: Type.Object({
    mode: Type.Optional(oneOf(['sync', 'async'], { description: 'Push before the answer, or after it.' })),
  }),
  body: createRequest,
  response: {
    200: answer('Pushed; the record as it is now.', found, {
      headers: IDEMPOTENT_REPLAYED,
      examples: { pending: { success: true, data: PENDING_EXAMPLE } },
    }),
    202: answer('Committed; it will be pushed at once.', queued, {
      headers: IDEMPOTENT_REPLAYED,
      examples: {
        queued: {
          success: true,
          tracking_id: '0197f2a6-1c1e-7c3a-9a54-6e1f0b2d3c4d',
          message: 'STK push queued. Poll with the tracking_id for its status.',
        },
      },
    }),
    400: refusal('The body or the Idempotency-Key could not be read.', 'The body is not valid JSON.'),
    408: refusal('It took longer than 20 s to arrive.', 'The request did not arrive whole in time.'),
    409: refusal('The first request is still being answered.', 'Try again in a moment.', RETRY_AFTER),
    413: refusal('The body is larger than 64 KiB.', 'The body is larger than 64 KiB.'),
    415: refusal('Neither JSON nor a form.', 'This content type is not taken here.'),
    422: refusal(
      'The input is not valid, the merchant has no shortcode, or the Idempotency-Key was used with ' +
        'another body.',
      'Invalid input: phone.',
      {},
      { phone: ['The phone is required.'] },
    ),
    ...COMMON,
  },
}

/** `GET /api/stk-push/{trackingId}`. */
export const readSchema = {
  operationId: 'stkPushRead',
  tags: [TAG],
  summary: 'Read a payment',
  description: 'Found from the moment its tracking id was answered.',
  params: Type.Object({ trackingId: Type.String({ format: 'uuid', description: 'The `tracking_id`.' }) }),
  querystring: Type.Object({
    wait: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: WAIT_SECONDS_MAX,
        description: 'Holds the answer for so many seconds, or until `status` leaves 0.',
      }),
    ),
  }),
  response: {
    200: answer('The record.', found, {
      examples: {
        success: { success: true, data: RECORD_EXAMPLE },
        pending: { success: true, data: PENDING_EXAMPLE },
      },
    }),
    404: refusal('No such payment of yours.', 'Record not found.'),
    422: refusal(
      'The wait is not valid.',
      'Invalid input: wait.',
      {},
      { wait: ['The wait must be a number.'] },
    ),
    ...COMMON,
  },
}
