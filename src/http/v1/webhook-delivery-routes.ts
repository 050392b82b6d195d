// `/v1/webhook_deliveries`.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type IdPrefix, parsePrefixedId, prefixedId, type Uuid } from '../../ids.ts'
import type { RetryProblem } from '../../webhooks/deliveries.ts'
import { DELIVERY_STATES } from '../../webhooks/delivery.ts'
import type { DeliveryFilter } from '../../webhooks/delivery-store.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith } from '../authentication.ts'
import { readFields, type ValueReader } from '../field-reader.ts'
import { choiceOf } from '../field-values.ts'
import type { HttpError } from '../http-error.ts'
import { answerPage, type PageWish, readPage } from './page.ts'
import { found, notFound, pathId } from './path-id.ts'
import { NativeError } from './problem.ts'
import { readOptionalBody } from './settings-request.ts'
import type { V1Deps } from './v1-deps.ts'
import { deliveryResource } from './webhook-delivery-resource.ts'
import { listDeliveriesSchema, readDeliverySchema, retryDeliverySchema } from './webhook-delivery-schema.ts'

const PATH = '/webhook_deliveries'

/** Adds the routes. */
export function webhookDeliveryRoutes(
  app: FastifyInstance,
  { webhooks, audit }: Pick<V1Deps, 'webhooks' | 'audit'>,
): void {
  app.get(PATH, { schema: listDeliveriesSchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:read')
    const { filter, page } = readList(request)
    const read = (wish: PageWish) => webhooks.listDeliveries(principal, filter, wish)
    return answerPage('webhook_deliveries', page, read, deliveryResource)
  })

  app.get(`${PATH}/:id`, { schema: readDeliverySchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:read')
    return deliveryResource(found(await webhooks.findDelivery(principal, pathId(request, 'wd')), 'wd'))
  })

  app.post(`${PATH}/:id/retry`, { schema: retryDeliverySchema }, async (request, reply) => {
    const principal = principalWith(request, 'webhooks:write')
    const id = pathId(request, 'wd')
    readOptionalBody(request).checkAll()
    const result = await webhooks.retryDelivery(principal, id)
    if (!result.ok) throw retryError(result)
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_delivery.retried',
      target: { id: prefixedId('wd', id) },
      detail: { endpoint: prefixedId('we', result.delivery.endpointId) },
    })
    return reply.code(202).send(deliveryResource(result.delivery))
  })
}

function readList(request: FastifyRequest): { filter: DeliveryFilter; page: PageWish } {
  const fields = readFields(request.query)
  const endpointId = fields.optional('endpoint', idOf('we'))
  const state = fields.optional('status', choiceOf(DELIVERY_STATES))
  const paymentId = fields.optional('payment', idOf('pay'))
  const page = readPage(fields, 'webhook_deliveries')
  fields.checkAll()
  const filter: DeliveryFilter = {
    ...(endpointId !== null && { endpointId }),
    ...(state !== null && { state }),
    ...(paymentId !== null && { paymentId }),
  }
  return { filter, page }
}

function idOf(prefix: IdPrefix): ValueReader<Uuid> {
  return (value) => {
    const id = typeof value === 'string' ? parsePrefixedId(prefix, value) : null
    return id === null
      ? { ok: false, problem: `must be an id that begins with ${prefix}_` }
      : { ok: true, value: id }
  }
}

function retryError({ code }: RetryProblem): HttpError {
  switch (code) {
    case 'not_found':
      return notFound('wd')
    case 'endpoint_deleted':
      return new NativeError('endpoint_deleted', 'The endpoint of this delivery was deleted.')
    case 'endpoint_disabled':
      return new NativeError('endpoint_disabled', 'Enable the webhook endpoint first.')
    case 'under_way':
      return new NativeError('delivery_under_way', 'It is being attempted right now: look again in a moment.')
  }
}
