// `/api/stk-push`: the asynchronous surface, with a tracking id to poll. Its clients come from PHP.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseUuid, type Uuid } from '../../ids.ts'
import { isSettled } from '../../payments/payment.ts'
import type { PaymentService } from '../../payments/payment-service.ts'
import { idempotencyKeyOf, principalWith } from '../authentication.ts'
import { committedPayment, paymentOf, plainRequest } from '../create-payment.ts'
import { REFERENCE_LENGTH_MAX, readFields, TAG_LENGTH_MAX } from '../field-reader.ts'
import { takeForms } from '../form-body.ts'
import { goneSignal } from '../gone-signal.ts'
import { HttpError, type HttpErrorCode } from '../http-error.ts'
import { takeJson } from '../json-body.ts'
import { installErrors, successFalse } from '../surface-errors.ts'
import { readWaitMs } from '../wait.ts'
import { createSchema, readSchema } from './stk-push-api-schema.ts'
import { stkPushRecord } from './stk-push-record.ts'

/** Laravel's words for what the other surfaces say in theirs. */
const OWN_STATUS: Partial<Record<HttpErrorCode, number>> = { invalid: 422 }
const NOT_FOUND_TEXT = 'Record not found.'

/** Adds the surface's routes. `sync`: pushes before it answers, unless `?mode=` says otherwise. */
export async function stkPushApi(
  app: FastifyInstance,
  deps: { payments: PaymentService; sync: boolean },
): Promise<void> {
  takeJson(app)
  takeForms(app)
  installErrors(app, (error) => {
    const { status, body } = successFalse(error)
    return { status: OWN_STATUS[error.code] ?? status, body }
  })

  const creating = { schema: createSchema, config: { makesPayments: true } } as const
  app.post('/stk-push', creating, async (request, reply) => {
    const mode = readMode(request, deps.sync)
    const payment = readPaymentRequest(request)
    const result = await deps.payments.create(payment, mode === 'sync' ? 'now' : 'soon')
    if (mode === 'sync') {
      return { success: true, data: stkPushRecord(await paymentOf(deps.payments, reply, result)) }
    }
    const { id } = committedPayment(reply, result)
    return reply.code(202).send({
      success: true,
      tracking_id: id,
      message: 'STK push queued. Poll with the tracking_id for its status.',
    })
  })

  app.get('/stk-push/:trackingId', { schema: readSchema }, async (request, reply) => {
    const waitMs = readWaitMs(request.query)
    const principal = principalWith(request, 'payments:read')
    const id = trackingIdOf(request)
    const payment = id === null ? null : await deps.payments.find(principal, id)
    if (payment === null) throw new HttpError('not_found', NOT_FOUND_TEXT)
    const options = { timeoutMs: waitMs, signal: goneSignal(reply) }
    const latest = await deps.payments.waitFor(payment, isSettled, options)
    return { success: true, data: stkPushRecord(latest) }
  })
}

function trackingIdOf(request: FastifyRequest): Uuid | null {
  const { params } = request
  const text =
    typeof params === 'object' && params !== null && 'trackingId' in params ? params.trackingId : ''
  return typeof text === 'string' ? parseUuid(text) : null
}

function readMode(request: FastifyRequest, sync: boolean): 'sync' | 'queued' {
  const { query } = request
  const mode = typeof query === 'object' && query !== null && 'mode' in query ? query.mode : undefined
  if (mode === undefined) return sync ? 'sync' : 'queued'
  if (mode === 'sync') return 'sync'
  if (mode === 'async') return 'queued'
  throw new HttpError('invalid', 'Invalid input: mode.', {
    fields: { mode: ['The mode must be sync or async.'] },
  })
}

function readPaymentRequest(request: FastifyRequest) {
  const principal = principalWith(request, 'payments:write')
  const idempotencyKey = idempotencyKeyOf(request)
  const fields = readFields(request.body)
  const phone = fields.phone('phone')
  const amountKes = fields.amountKes('amount', { digits: true })
  const reference = fields.text('reference', { max: REFERENCE_LENGTH_MAX })
  const tag = fields.optionalText('tag', { max: TAG_LENGTH_MAX })
  fields.check()
  if (phone === null) throw new HttpError('invalid', 'Invalid input: phone.')
  return plainRequest(principal, { amountKes, phone, reference, tag, idempotencyKey })
}
