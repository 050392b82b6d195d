// What a developer looks at while a receiver is written: the request of a delivery, and the secret again.
import type { FastifyInstance } from 'fastify'
import type { AuditLog } from '../../audit/audit-log.ts'
import { prefixedId } from '../../ids.ts'
import type { NoDeliveryRequest } from '../../webhooks/delivery-request.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { HttpError } from '../http-error.ts'
import { found, notFound, pathId } from './path-id.ts'
import { NativeError } from './problem.ts'
import { readOptionalBody } from './settings-request.ts'
import type { WebhookSettings } from './v1-deps.ts'
import { readDeliveryRequestSchema, revealSecretSchema } from './webhook-look-schema.ts'

type Deps = { webhooks: WebhookSettings; audit: Pick<AuditLog, 'record'> }

/** Adds the routes. */
export function webhookLookRoutes(app: FastifyInstance, { webhooks, audit }: Deps): void {
  const requestPath = '/webhook_deliveries/:id/request'
  app.get(requestPath, { schema: readDeliveryRequestSchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:read')
    const id = pathId(request, 'wd')
    readFields(request.query).checkAll()
    const result = await webhooks.describeDeliveryRequest(principal, id)
    if (!result.ok) throw requestError(result)
    const { url, headers, body, signedAt } = result.request
    return {
      object: 'webhook_request',
      delivery: prefixedId('wd', id),
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signed_at: signedAt.toISOString(),
    }
  })

  const revealPath = '/webhook_endpoints/:id/reveal_secret'
  app.post(revealPath, { schema: revealSecretSchema }, async (request) => {
    const principal = principalWith(request, 'webhooks:write')
    const id = pathId(request, 'we')
    readOptionalBody(request).checkAll()
    found(await webhooks.findEndpoint(principal, id), 'we')
    // What a leaked key does must be seen at the receiver, as a rotation is.
    if (principal.actor.kind !== 'user') {
      throw new HttpError('forbidden', 'A secret is shown again to people only; a key can rotate it.')
    }
    const { secret, previous } = found(await webhooks.revealSecret(principal, id), 'we')
    const endpoint = prefixedId('we', id)
    await audit.record({
      ...auditOrigin(request, principal),
      action: 'webhook_endpoint.secret_revealed',
      target: { id: endpoint },
    })
    return {
      object: 'webhook_secret',
      endpoint,
      secret,
      previous_secret: previous?.secret ?? null,
      previous_secret_expires_at: previous?.expiresAt.toISOString() ?? null,
    }
  })
}

function requestError({ code }: NoDeliveryRequest): HttpError {
  switch (code) {
    case 'not_found':
      return notFound('wd')
    case 'endpoint_deleted':
      return new NativeError('endpoint_deleted', 'The endpoint of this delivery was deleted.')
  }
}
