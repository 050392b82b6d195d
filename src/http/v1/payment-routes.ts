// `/v1/payments`.
import type { FastifyInstance } from 'fastify'
import { isSettled } from '../../payments/payment.ts'
import { paymentResource } from '../../payments/payment-resource.ts'
import { idempotencyKeyOf, principalWith } from '../authentication.ts'
import { committedPayment } from '../create-payment.ts'
import { readFields } from '../field-reader.ts'
import { goneSignal } from '../gone-signal.ts'
import { readWaitMs } from '../wait.ts'
import { eventResource } from './event-resource.ts'
import { answerPage } from './page.ts'
import { found, pathId } from './path-id.ts'
import { readCreateWish, readPaymentList } from './payment-request.ts'
import {
  createPaymentSchema,
  listPaymentsSchema,
  paymentEventsSchema,
  readPaymentSchema,
  streamPaymentSchema,
} from './payment-schema.ts'
import { createPaymentStreams, LAST_EVENT_ID } from './payment-stream.ts'
import type { V1Payments } from './v1-deps.ts'

/** Adds the routes. */
export function paymentRoutes(app: FastifyInstance, deps: { payments: V1Payments }): void {
  const { payments } = deps

  app.post('/payments', { schema: createPaymentSchema }, async (request, reply) => {
    const principal = principalWith(request, 'payments:write')
    const wish = readCreateWish(request, principal, idempotencyKeyOf(request))
    const payment = committedPayment(reply, await payments.create(wish.request, 'soon'))
    const options = { timeoutMs: wish.waitMs, signal: goneSignal(reply) }
    const latest = await payments.waitFor(payment, isSettled, options)
    return reply.code(201).send(paymentResource(latest))
  })

  app.get('/payments', { schema: listPaymentsSchema }, async (request) => {
    const principal = principalWith(request, 'payments:read')
    const { filter, page } = readPaymentList(request)
    return answerPage('payments', page, (wish) => payments.list(principal, filter, wish), paymentResource)
  })

  app.get('/payments/:id', { schema: readPaymentSchema }, async (request, reply) => {
    const principal = principalWith(request, 'payments:read')
    const id = pathId(request, 'pay')
    const timeoutMs = readWait(request.query)
    const payment = found(await payments.find(principal, id), 'pay')
    const options = { timeoutMs, signal: goneSignal(reply) }
    return paymentResource(await payments.waitFor(payment, isSettled, options))
  })

  app.get('/payments/:id/events', { schema: paymentEventsSchema }, async (request) => {
    const principal = principalWith(request, 'payments:read')
    const id = pathId(request, 'pay')
    readFields(request.query).checkAll()
    const payment = found(await payments.find(principal, id), 'pay')
    const events = await payments.eventsOf(payment)
    return { object: 'list', data: events.map(eventResource), has_more: false, next_cursor: null }
  })

  streamRoute(app, payments)
}

function streamRoute(app: FastifyInstance, payments: V1Payments): void {
  const streams = createPaymentStreams(payments)
  app.addHook('preClose', async () => streams.end())
  const options = { schema: streamPaymentSchema, exposeHeadRoute: false }
  app.get('/payments/:id/stream', options, async (request, reply) => {
    const principal = principalWith(request, 'payments:read')
    const id = pathId(request, 'pay')
    readFields(request.query).checkAll()
    const payment = found(await payments.find(principal, id), 'pay')
    const stream = streams.open(payment, request.headers[LAST_EVENT_ID])
    if (stream === null) return reply.code(204).send()
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream)
  })
}

/** `wait` of a query string that may hold nothing else. */
function readWait(query: unknown): number {
  const fields = readFields(query)
  fields.has('wait')
  fields.checkAll()
  return readWaitMs(query)
}
