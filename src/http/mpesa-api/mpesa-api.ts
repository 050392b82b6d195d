// `/api/mpesa`: the synchronous surface, in Daraja's own words. It answers when Daraja has.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CreateResult } from '../../payments/create.ts'
import { darajaResult } from '../../payments/daraja-result.ts'
import { isCredentialsRefused, isSettled, type Payment } from '../../payments/payment.ts'
import { isCustomerBusy } from '../../payments/payment-resource.ts'
import type { PaymentService } from '../../payments/payment-service.ts'
import { idempotencyKeyOf, principalWith } from '../authentication.ts'
import { CREDENTIALS_REFUSED_ANSWER, paymentOf, plainRequest } from '../create-payment.ts'
import { REFERENCE_LENGTH_MAX, readFields } from '../field-reader.ts'
import { HttpError } from '../http-error.ts'
import { takeJson } from '../json-body.ts'
import { installErrors, successFalse } from '../surface-errors.ts'
import { checkStatusSchema, stkPushSchema } from './mpesa-api-schema.ts'

const ACCEPTED_TEXT = 'Success. Request accepted for processing'
/** Daraja's own answer to a query about a payment in flight (Daraja, STK query). */
const IN_FLIGHT = { ResultCode: '4999', ResultDesc: 'The transaction is still under processing' }
/** Daraja's ids have about 40 characters. */
const CHECKOUT_ID_LENGTH_MAX = 100
/** When a refused caller may come again: M-Pesa says "in few minutes", a breaker looks sooner. */
const RETRY_AFTER_SECONDS = 30

/** Adds the surface's routes. */
export async function mpesaApi(app: FastifyInstance, deps: { payments: PaymentService }): Promise<void> {
  takeJson(app)
  installErrors(app, successFalse)

  const pushing = { schema: stkPushSchema, config: { makesPayments: true } } as const
  app.post('/stkPush', pushing, async (request, reply) => {
    const result = await create(deps, request)
    const payment = await paymentOf(deps.payments, reply, result)
    const hasKey = idempotencyKeyOf(request) !== null
    return answerPush(reply, payment, { hasKey, isReplayed: result.code === 'replayed' })
  })

  app.post('/check-status', { schema: checkStatusSchema }, async (request) => {
    const principal = principalWith(request, 'payments:read')
    const fields = readFields(request.body)
    const checkoutRequestId = fields.text('checkoutRequestId', { max: CHECKOUT_ID_LENGTH_MAX })
    fields.check()
    const payment = await deps.payments.findByCheckout(principal, checkoutRequestId)
    if (payment === null) throw new HttpError('not_found', 'Transaction not found.')
    return {
      success: true,
      message: 'Transaction status retrieved successfully',
      data: { ResponseCode: '0', CheckoutRequestID: payment.checkoutRequestId, ...resultOf(payment) },
    }
  })
}

async function create(deps: { payments: PaymentService }, request: FastifyRequest): Promise<CreateResult> {
  const principal = principalWith(request, 'payments:write')
  const idempotencyKey = idempotencyKeyOf(request)
  const fields = readFields(request.body)
  const amountKes = fields.amountKes('amount')
  const phone = fields.phone('phoneNumber')
  const reference = fields.text('accountId', { max: REFERENCE_LENGTH_MAX })
  fields.check()
  if (phone === null) throw new HttpError('invalid', 'Invalid input: phoneNumber.')
  const wish = { amountKes, phone, reference, tag: null, idempotencyKey }
  return deps.payments.create(plainRequest(principal, wish), 'now')
}

/**
 * What Daraja said to the push, whatever has become of the payment since. A key stays with its payment: under
 * the same one every new try is answered with this one, however long the caller waits.
 */
async function answerPush(
  reply: FastifyReply,
  payment: Payment,
  asked: { hasKey: boolean; isReplayed: boolean },
): Promise<unknown> {
  const newTry = `Nothing was sent; a new try is safe${asked.hasKey ? ', with a new Idempotency-Key' : ''}.`
  if (payment.outcome === 'refused') {
    const data = { errorCode: payment.resultCode, errorMessage: payment.resultDesc }
    const message = isCustomerBusy(payment)
      ? `The customer has another M-Pesa prompt open on the phone. ${newTry}`
      : `M-Pesa refused the request: ${payment.resultDesc}. ${newTry}`
    return reply.code(422).send({ success: false, message, data })
  }
  if (payment.outcome === 'not_sent') {
    const message = isCredentialsRefused(payment)
      ? CREDENTIALS_REFUSED_ANSWER
      : `M-Pesa cannot be reached or is busy. ${newTry}`
    if (!asked.isReplayed) reply.header('retry-after', RETRY_AFTER_SECONDS)
    return reply.code(503).send({ success: false, message })
  }
  if (payment.checkoutRequestId === null) {
    const message =
      'M-Pesa took the request and has not answered: the customer may have been prompted, ' +
      'so do not retry. The outcome will be sent to your webhook.'
    return reply.code(504).send({ success: false, message, data: { trackingId: payment.id } })
  }
  return {
    success: true,
    message: 'STK push initiated successfully',
    data: {
      MerchantRequestID: payment.merchantRequestId,
      CheckoutRequestID: payment.checkoutRequestId,
      ResponseCode: '0',
      ResponseDescription: ACCEPTED_TEXT,
    },
  }
}

function resultOf(payment: Payment): { ResultCode: string; ResultDesc: string } {
  if (!isSettled(payment)) return IN_FLIGHT
  const { code, description } = darajaResult(payment)
  return { ResultCode: code, ResultDesc: description }
}
