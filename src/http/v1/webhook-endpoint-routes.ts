// `/v1/webhook_endpoints`.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { prefixedId, type Uuid } from '../../ids.ts'
import { ENDPOINT_FORMATS, SUBSCRIBABLE_EVENT_TYPES } from '../../webhooks/endpoint.ts'
import { endpointResource } from '../../webhooks/endpoint-resource.ts'
import type { EndpointChange } from '../../webhooks/endpoint-store.ts'
import type { EndpointProblem, EndpointWish } from '../../webhooks/endpoints.ts'
import type { Replay } from '../../webhooks/replay.ts'
import { FORMER_MAX } from '../../webhooks/rotation-overlap.ts'
import { SIGNATURE_SCHEMES } from '../../webhooks/signature.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { booleanOf, choiceListOf, choiceOf, textOf, textsOf, timeOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { changesBetween, endpointTarget, shownEndpoint } from './audited.ts'
import { answerPage, readPage } from './page.ts'
import { found, notFound, pathId } from './path-id.ts'
import { NativeError } from './problem.ts'
import { invalidFields, readOptionalBody, readOverlap } from './settings-request.ts'
import type { V1Deps } from './v1-deps.ts'
import { deliveryResource } from './webhook-delivery-resource.ts'
import {
  createEndpointSchema,
  deleteEndpointSchema,
  listEndpointsSchema,
  readEndpointSchema,
  replayEndpointSchema,
  rotateKeySchema,
  rotateSecretSchema,
  testEndpointSchema,
  updateEndpointSchema,
} from './webhook-endpoint-schema.ts'

const PATH = '/webhook_endpoints'
const URL_LENGTH_MAX = 2_048
const DESCRIPTION_LENGTH_MAX = 200
const EVENT_TYPE_LENGTH_MAX = 60

type Deps = Pick<V1Deps, 'webhooks' | 'audit'>

/** Adds the routes. */
export function webhookEndpointRoutes(app: FastifyInstance, deps: Deps): void {
  const { webhooks, audit } = deps
  app.post(PATH, { schema: createEndpointSchema }, async (request, reply) => {
    const principal = principalWith(request, 'webhooks:write')
    const result = await webhooks.createEndpoint(principal, readWish(request))
    if (!result.ok) throw endpointError(result)
    const { endpoint } = result
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_endpoint.created',
      target: endpointTarget(endpoint),
      detail: shownEndpoint(endpoint),
    })
    return reply.code(201).send({ ...endpointResource(endpoint), secret: result.secret })
  })

  app.get(PATH, { schema: listEndpointsSchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:read')
    const fields = readFields(request.query)
    const page = readPage(fields, 'webhook_endpoints')
    fields.checkAll()
    const endpoints = await webhooks.listEndpoints(principal)
    // They are few, so all of them are read.
    const read = async (wish: typeof page) =>
      endpoints.filter(({ id }) => wish.before === null || id < wish.before).slice(0, wish.limit)
    return answerPage('webhook_endpoints', page, read, endpointResource)
  })

  app.get(`${PATH}/:id`, { schema: readEndpointSchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:read')
    return endpointResource(found(await webhooks.findEndpoint(principal, pathId(request, 'we')), 'we'))
  })

  changeRoutes(app, deps)
  rotationRoutes(app, deps)
  actionRoutes(app, deps)
}

function changeRoutes(app: FastifyInstance, { webhooks, audit }: Deps): void {
  app.patch(`${PATH}/:id`, { schema: updateEndpointSchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:write')
    const id = pathId(request, 'we')
    const { change, wantsReplay } = readChange(request)
    const before = found(await webhooks.findEndpoint(principal, id), 'we')
    const result = await webhooks.updateEndpoint(principal, id, change)
    if (!result.ok) throw endpointError(result)
    const gap = wantsReplay ? await webhooks.replayGap(result.endpoint) : null
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_endpoint.updated',
      target: endpointTarget(result.endpoint),
      changes: changesBetween(shownEndpoint(before), shownEndpoint(result.endpoint)),
      detail: {
        // Where a query differs, and nothing else, the two would look the same.
        ...(before.url !== result.endpoint.url && { url_changed: true }),
        ...(gap?.replay && { replayed_since: gap.replay.since.toISOString(), replayed: gap.replay.count }),
      },
    })
    if (gap === null) return { ...endpointResource(result.endpoint), replay: null }
    return { ...endpointResource(gap.endpoint), replay: gap.replay && replayResource(id, gap.replay) }
  })

  app.delete(`${PATH}/:id`, { schema: deleteEndpointSchema }, async (request, reply) => {
    const principal = principalWith(request, 'webhooks:write')
    const id = pathId(request, 'we')
    const before = found(await webhooks.findEndpoint(principal, id), 'we')
    const result = await webhooks.deleteEndpoint(principal, id)
    if (!result.ok) throw endpointError(result)
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_endpoint.deleted',
      target: endpointTarget(before),
      detail: shownEndpoint(before),
    })
    return reply.code(204).send()
  })
}

function rotationRoutes(app: FastifyInstance, { webhooks, audit }: Deps): void {
  app.post(`${PATH}/:id/rotate_secret`, { schema: rotateSecretSchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:write')
    const id = pathId(request, 'we')
    const overlap = readOverlap(request) ?? undefined
    const result = await webhooks.rotateSecret(principal, id, overlap)
    if (!result.ok) throw endpointError(result)
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_endpoint.secret_rotated',
      target: endpointTarget(result.endpoint),
      detail: { overlap_seconds: overlap ?? null },
    })
    return { ...endpointResource(result.endpoint), secret: result.secret }
  })

  app.post(`${PATH}/:id/rotate_key`, { schema: rotateKeySchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:write')
    const id = pathId(request, 'we')
    const overlap = readOverlap(request) ?? undefined
    const result = await webhooks.rotateSigningKey(principal, id, overlap)
    if (!result.ok) throw endpointError(result)
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_endpoint.key_rotated',
      target: endpointTarget(result.endpoint),
      detail: { overlap_seconds: overlap ?? null, public_key: result.endpoint.publicKey },
    })
    return endpointResource(result.endpoint)
  })
}

function actionRoutes(app: FastifyInstance, { webhooks, audit }: Deps): void {
  app.post(`${PATH}/:id/test`, { schema: testEndpointSchema }, async (request, reply) => {
    const principal = principalWith(request, 'webhooks:write')
    const id = pathId(request, 'we')
    readOptionalBody(request).checkAll()
    const sent = await webhooks.sendTestEvent(principal, id)
    if (!sent.ok) throw endpointError(sent)
    const delivery = found(await webhooks.findDelivery(principal, sent.deliveryId), 'we')
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_endpoint.tested',
      target: { id: prefixedId('we', id) },
      detail: { delivery: prefixedId('wd', delivery.id) },
    })
    return reply.code(202).send(deliveryResource(delivery))
  })

  app.post(`${PATH}/:id/replay`, { schema: replayEndpointSchema }, async (request, reply) => {
    const principal = principalWith(request, 'webhooks:write')
    const id = pathId(request, 'we')
    const fields = readFields(request.body)
    const since = fields.required('since', timeOf)
    fields.checkAll()
    if (since === null) throw new HttpError('invalid', 'Invalid input: since.')
    const result = await webhooks.replayEndpoint(principal, id, since)
    if (!result.ok) throw endpointError(result)
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_endpoint.replayed',
      target: { id: prefixedId('we', id) },
      detail: { since: since.toISOString(), count: result.replay.count },
    })
    return reply.code(202).send(replayResource(id, result.replay))
  })
}

function replayResource(endpointId: Uuid, { since, count, nextSince }: Replay): object {
  return {
    object: 'webhook_replay',
    endpoint: prefixedId('we', endpointId),
    since: since.toISOString(),
    count,
    has_more: nextSince !== null,
    next_since: nextSince?.toISOString() ?? null,
  }
}

function readWish(request: FastifyRequest): EndpointWish {
  const fields = readFields(request.body)
  const url = fields.text('url', { max: URL_LENGTH_MAX })
  const format = fields.optional('format', choiceOf(ENDPOINT_FORMATS)) ?? 'event'
  const eventTypes = fields.optional('event_types', eventTypesOf)
  const description = fields.optionalText('description', { max: DESCRIPTION_LENGTH_MAX })
  const signatureSchemes = fields.optional('signature_schemes', schemesOf)
  fields.checkAll()
  return { url, format, eventTypes, description, ...(signatureSchemes !== null && { signatureSchemes }) }
}

function readChange(request: FastifyRequest): { change: EndpointChange; wantsReplay: boolean } {
  const fields = readFields(request.body)
  const url = fields.has('url') ? fields.required('url', textOf({ max: URL_LENGTH_MAX })) : null
  const eventTypes = fields.optional('event_types', eventTypesOf)
  const description = fields.optionalText('description', { max: DESCRIPTION_LENGTH_MAX })
  const status = fields.has('status') ? fields.required('status', choiceOf(['enabled', 'disabled'])) : null
  const signatureSchemes = fields.optional('signature_schemes', schemesOf)
  const wantsReplay = fields.optional('replay', booleanOf) ?? false
  if (wantsReplay && status !== 'enabled') fields.fault('replay', 'needs status "enabled" beside it')
  fields.checkAll()
  const change: EndpointChange = {
    ...(url !== null && { url }),
    ...(fields.has('event_types') && { eventTypes }),
    ...(fields.has('description') && { description }),
    ...(signatureSchemes !== null && { signatureSchemes }),
    ...(status !== null && { enabled: status === 'enabled' }),
  }
  return { change, wantsReplay }
}

const schemesOf = choiceListOf(SIGNATURE_SCHEMES)
const eventTypesOf = textsOf({ max: SUBSCRIBABLE_EVENT_TYPES.length, length: EVENT_TYPE_LENGTH_MAX })

/** The error of what could not be done with an endpoint. */
export function endpointError(
  problem: EndpointProblem | { code: 'endpoint_disabled' | 'not_found' },
): HttpError {
  switch (problem.code) {
    case 'invalid':
      return invalidFields(problem.errors)
    case 'not_found':
      return notFound('we')
    case 'too_many_endpoints':
      return new NativeError('endpoint_limit', 'Delete a webhook endpoint before you add another.')
    case 'too_many_rotations':
      return new NativeError(
        'rotation_limit',
        `${FORMER_MAX} former ones sign along. Wait until one ends, or end all of them with "overlap":0.`,
      )
    case 'endpoint_disabled':
      return new NativeError('endpoint_disabled', 'Enable the webhook endpoint first.')
  }
}
