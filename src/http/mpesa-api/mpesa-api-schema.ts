// The routes of `/api/mpesa` as the OpenAPI document shows them.
import { AMOUNT_KES_MAX, AMOUNT_KES_MIN, REFERENCE_LENGTH_MAX } from '../field-reader.ts'
import { answer, IDEMPOTENCY_HEADERS, IDEMPOTENT_REPLAYED, RETRY_AFTER, reference } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'

const TAG = 'M-Pesa API'

/** What every refused request of this surface is answered with. */
export const mpesaError = Type.Object(
  {
    success: Type.Literal(false),
    message: Type.String({ description: 'What is wrong and what to do, for a person to read.' }),
    errors: Type.Optional(
      Type.Record(Type.Array(Type.String()), { description: 'Texts by the field at fault.' }),
    ),
  },
  { $id: 'MpesaError' },
)

const stkPushRequest = Type.Object(
  {
    amount: Type.Integer({
      minimum: AMOUNT_KES_MIN,
      maximum: AMOUNT_KES_MAX,
      description: 'Whole Kenya shillings.',
    }),
    phoneNumber: Type.String({
      maxLength: 40,
      description: 'The customer’s number: `254…`, `+254…`, `07…` or `01…`.',
    }),
    accountId: Type.String({
      minLength: 1,
      maxLength: REFERENCE_LENGTH_MAX,
      description: 'The account reference, shown to the customer.',
    }),
  },
  { examples: [{ amount: 100, phoneNumber: '254712345678', accountId: 'ACC123456' }] },
)

const pushed = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  data: Type.Object({
    MerchantRequestID: Type.String(),
    CheckoutRequestID: Type.String({ description: 'Ask for the status with it.' }),
    ResponseCode: Type.Literal('0'),
    ResponseDescription: Type.String(),
  }),
})

const refused = Type.Object({
  success: Type.Literal(false),
  message: Type.String(),
  data: Type.Optional(
    Type.Object({
      errorCode: Type.Union([Type.String(), Type.Null()], { description: 'Daraja’s own code.' }),
      errorMessage: Type.Union([Type.String(), Type.Null()], { description: 'Daraja’s own text.' }),
    }),
  ),
})

const unknown = Type.Object({
  success: Type.Literal(false),
  message: Type.String(),
  data: Type.Object({ trackingId: Type.String({ format: 'uuid' }) }),
})

const status = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  data: Type.Object({
    ResponseCode: Type.Literal('0'),
    CheckoutRequestID: Type.String(),
    ResultCode: Type.String({
      description:
        'Daraja’s own. `0`: paid. `4999`: not settled yet. Any other: not paid; `9999` also for what ' +
        'M-Pesa’s statement does not show.',
    }),
    ResultDesc: Type.String(),
  }),
})

function failure(message: string, errors?: Record<string, string[]>): Record<string, unknown> {
  return { example: { success: false, message, ...(errors === undefined ? {} : { errors }) } }
}

function refusal(description: string, message: string, headers = {}) {
  return answer(description, reference('MpesaError'), { examples: failure(message), headers })
}

const COMMON = {
  401: refusal('No valid API key.', 'Unauthenticated.'),
  403: refusal('The key lacks the scope.', 'This key lacks the scope payments:write.'),
  408: refusal('It took longer than 20 s to arrive.', 'The request did not arrive whole in time.'),
  413: refusal('The body is larger than 64 KiB.', 'The body is larger than 64 KiB.'),
  415: refusal('The body is no JSON.', 'This content type is not taken here.'),
  429: refusal('Too many requests at once.', 'Too many requests at once with this key.', RETRY_AFTER),
  500: refusal('A fault on our side.', 'Something went wrong on our side. It has been logged.'),
}

const UNAVAILABLE_TEXT = 'The gateway cannot use its database right now. Try again in a few seconds.'

const PUSHED_EXAMPLE = {
  success: true,
  message: 'STK push initiated successfully',
  data: {
    MerchantRequestID: '29115-34620561-1',
    CheckoutRequestID: 'ws_CO_191220191020363925',
    ResponseCode: '0',
    ResponseDescription: 'Success. Request accepted for processing',
  },
}

const REFUSED_EXAMPLE = {
  success: false,
  message:
    'M-Pesa refused the request: Bad Request - Invalid PhoneNumber. Nothing was sent; a new try is safe.',
  data: { errorCode: '400.002.02', errorMessage: 'Bad Request - Invalid PhoneNumber' },
}

const UNKNOWN_EXAMPLE = {
  success: false,
  message:
    'M-Pesa took the request and has not answered: the customer may have been prompted, so do not retry.',
  data: { trackingId: '0197f2a6-1c1e-7c3a-9a54-6e1f0b2d3c4d' },
}

const STATUS_EXAMPLE = {
  success: true,
  message: 'Transaction status retrieved successfully',
  data: {
    ResponseCode: '0',
    CheckoutRequestID: 'ws_CO_191220191020363925',
    ResultCode: '0',
    ResultDesc: 'The service request is processed successfully.',
  },
}

/** `POST /api/mpesa/stkPush`. */
export const stkPushSchema = {
  operationId: 'mpesaStkPush',
  tags: [TAG],
  summary: 'Prompt a customer to pay',
  description:
    'Commits the payment, pushes it to M-Pesa and answers when M-Pesa has. Not yet the payment itself.',
  headers: IDEMPOTENCY_HEADERS,
  body: stkPushRequest,
  response: {
    200: answer('The prompt is on its way to the phone.', pushed, {
      headers: IDEMPOTENT_REPLAYED,
      examples: { accepted: PUSHED_EXAMPLE },
    }),
    400: answer('The input is not valid.', reference('MpesaError'), {
      examples: failure('Invalid input: amount.', { amount: ['The amount must be between 1 and 250000.'] }),
    }),
    409: refusal('The first request is still being answered.', 'Try again in a moment.', RETRY_AFTER),
    422: answer(
      'Daraja refused, the merchant has no shortcode, or the Idempotency-Key was used with another body. ' +
        'Nothing was sent: a new try is safe, under another Idempotency-Key if one was given.',
      refused,
      { examples: { refused: REFUSED_EXAMPLE } },
    ),
    503: refusal(
      'M-Pesa is busy or cannot be reached, or the database is away. This request sent nothing. Where the ' +
        'answer speaks of a new Idempotency-Key, the one that was given is taken by this try; a repeat of ' +
        'it has no Retry-After. Where it speaks of the same one, an earlier try may have been sent.',
      UNAVAILABLE_TEXT,
      RETRY_AFTER,
    ),
    504: answer('M-Pesa took the request and has not answered. Do not try again.', unknown, {
      examples: { unknown: UNKNOWN_EXAMPLE },
    }),
    ...COMMON,
  },
}

/** `POST /api/mpesa/check-status`. */
export const checkStatusSchema = {
  operationId: 'mpesaCheckStatus',
  tags: [TAG],
  summary: 'Read what became of a push',
  description: 'Answered from our own record, as often as you like.',
  body: Type.Object(
    { checkoutRequestId: Type.String({ minLength: 1, maxLength: 100 }) },
    { examples: [{ checkoutRequestId: 'ws_CO_191220191020363925' }] },
  ),
  response: {
    200: answer('What is known.', status, { examples: { paid: STATUS_EXAMPLE } }),
    400: answer('The input is not valid.', reference('MpesaError'), {
      examples: failure('Invalid input: checkoutRequestId.', {
        checkoutRequestId: ['The checkoutRequestId is required.'],
      }),
    }),
    404: refusal('No such push of yours.', 'Transaction not found.'),
    503: refusal('The database is away.', UNAVAILABLE_TEXT, RETRY_AFTER),
    ...COMMON,
  },
}
