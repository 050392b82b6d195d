// Safaricom's callback addresses as the OpenAPI document shows them, and Daraja's callback itself.
import { answer, RETRY_AFTER } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'

/** Daraja's callback, as Safaricom sends it to us and as webhooks of format `daraja` carry it. */
export const stkCallback = Type.Object(
  {
    Body: Type.Object({
      stkCallback: Type.Object({
        MerchantRequestID: Type.String(),
        CheckoutRequestID: Type.String(),
        ResultCode: Type.Union([Type.Integer(), Type.String()], {
          description: '0: paid. Nearly always a number; some of Daraja’s codes are texts.',
        }),
        ResultDesc: Type.String(),
        CallbackMetadata: Type.Optional(
          Type.Object(
            {
              Item: Type.Array(
                Type.Object({
                  Name: Type.String(),
                  Value: Type.Optional(Type.Union([Type.String(), Type.Number()])),
                }),
              ),
            },
            { description: 'On success only. Read the items by name.' },
          ),
        ),
      }),
    }),
  },
  { $id: 'StkCallback', description: 'Daraja’s STK callback.' },
)

/** A payment that was made, as in Daraja's documentation. */
export const STK_CALLBACK_EXAMPLE = {
  Body: {
    stkCallback: {
      MerchantRequestID: '1409-80154031-1',
      CheckoutRequestID: 'ws_CO_17072024110329432712345678',
      ResultCode: 0,
      ResultDesc: 'The service request is processed successfully.',
      CallbackMetadata: {
        Item: [
          { Name: 'Amount', Value: 1 },
          { Name: 'MpesaReceiptNumber', Value: 'SGF123ABC4' },
          { Name: 'TransactionDate', Value: 20240717110339 },
          { Name: 'PhoneNumber', Value: 254712345678 },
        ],
      },
    },
  },
}

const acknowledgement = Type.Object({ ResultCode: Type.Integer(), ResultDesc: Type.String() })

function refusal(description: string, text: string, headers = {}) {
  return answer(description, acknowledgement, {
    examples: { refused: { ResultCode: 1, ResultDesc: text } },
    headers,
  })
}

/** `ANY /hooks/stk-push` and `ANY /hooks/stk-push/{token}`. The document shows the POST alone. */
export const callbackSchema = {
  operationId: 'stkPushCallback',
  tags: ['Hooks'],
  summary: 'Take Safaricom’s callback',
  description:
    'For Safaricom only, with any method and content type. A callback to a payment’s own address is ' +
    'evidence; without its token it is a hint that makes us ask M-Pesa. The answer is the same whether or ' +
    'not it was believed.',
  security: [],
  response: {
    200: answer('Taken, and what it changed is committed.', acknowledgement, {
      examples: { accepted: { ResultCode: 0, ResultDesc: 'Accepted' } },
    }),
    400: refusal('There is no callback in it.', 'There is no STK callback in it.'),
    408: refusal('It took longer than 20 s to arrive.', 'The request did not arrive whole in time.'),
    413: refusal('The body is larger than 64 KiB.', 'The body is larger than 64 KiB.'),
    503: refusal(
      'The database is away, or too many different callbacks speak of one payment at once: send it again.',
      'Too much is being said about this payment; send it again.',
      RETRY_AFTER,
    ),
  },
}
