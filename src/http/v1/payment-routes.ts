// `/v1/payments`.
import type { FastifyInstance } from 'fastify'
import { isSettled } from '../../payments/payment.ts'
import { paymentResource } from '../../payments/payment-resource.ts'
import { auditOrigin } from '../audit-origin.ts'
import { idempotencyKeyOf, principalWith, stillHas } from '../authentication.ts'
import { committedPayment } from '../create-payment.ts'
import { readFields } from '../field-reader.ts'
import { goneSignal } from '../gone-signal.ts'
import { readWaitMs } from '../wait.ts'
import { paymentCreated } from './audited.ts'
import { eventResource } from './event-resource.ts'
import { found, pathId } from './path-id.ts'
import { readCreateWish } from './payment-request.ts'
import {
  createPaymentSchema,
  paymentEventsSchema,
  readPaymentSchema,
  streamPaymentSchema,
} from './payment-schema.ts'
import { createPaymentStreams, LAST_EVENT_ID } from './payment-stream.ts'
import type { V1Deps, V1Payments } from './v1-deps.ts'

/** Adds the routes. */
export function paymentRoutes(app: FastifyInstance, deps: Pick<V1Deps, 'payments' | 'audit'>): void {
  const { payments, audit } = deps

  const creating = { schema: createPaymentSchema, config: { makesPayments: true } } as const
  app.post('/payments', creating, async (request, reply) => {
    const principal = principalWith(request, 'payments:write')
    const wish = readCreateWish(request, principal, idempotencyKeyOf(request))
    const made = await payments.create(wish.request, 'soon')
    const payment = committedPayment(reply, made)
    // The payments of programs are their own record.
    if (principal.actor.kind === 'user' && made.code === 'created') {
      const origin = auditOrigin(request, principal)
      await audit.record({ ...origin, action: 'payment.created', ...paymentCreated(payment) })
    }
    const options = { timeoutMs: wish.waitMs, signal: goneSignal(reply) }
    const latest = await payments.waitFor(payment, isSettled, options)
    return reply.code(201).send(paymentResource(latest))
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
    const isAllowed = () => stillHas(request, 'payments:read')
    const stream = streams.open(payment, request.headers[LAST_EVENT_ID], isAllowed)
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
