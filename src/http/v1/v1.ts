// `/v1`: the native surface, which shows everything that the gateway can do.
import type { FastifyInstance } from 'fastify'
import { addBodyReader } from '../body-reader.ts'
import { HttpError } from '../http-error.ts'
import { readJsonBody } from '../json-body.ts'
import { PROBLEM_TYPE } from '../schema-parts.ts'
import { installErrors } from '../surface-errors.ts'
import { accountRoutes } from './account-routes.ts'
import { apiKeyRoutes } from './api-key-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { merchantSettingsRoutes } from './merchant-settings-routes.ts'
import { networkRoutes } from './network-routes.ts'
import { overviewRoutes } from './overview-routes.ts'
import { paymentAskRoutes } from './payment-ask-routes.ts'
import { paymentListRoutes } from './payment-list-routes.ts'
import { paymentRoutes } from './payment-routes.ts'
import { paymentTrailRoutes } from './payment-trail-routes.ts'
import { phoneNumberRoutes } from './phone-number-routes.ts'
import { PROBLEM_STATUS, problemOf } from './problem.ts'
import { shortcodeRoutes } from './shortcode-routes.ts'
import { shortcodeSendingRoutes } from './shortcode-sending-routes.ts'
import { sideStreamRoutes } from './side-stream-routes.ts'
import type { V1Deps } from './v1-deps.ts'
import { webhookDeliveryRoutes } from './webhook-delivery-routes.ts'
import { webhookEndpointRoutes } from './webhook-endpoint-routes.ts'
import { webhookLookRoutes } from './webhook-look-routes.ts'

export type { V1Deps }

/** Adds the surface's routes. The key is checked by the one who registers it. */
export async function v1(app: FastifyInstance, deps: V1Deps): Promise<void> {
  takeOptionalJson(app)
  installErrors(app, (error, request) => {
    const body = problemOf(error, request, deps.publicUrl())
    return { status: PROBLEM_STATUS[body.code], body, contentType: PROBLEM_TYPE }
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
    // Payments change and secrets are shown: nothing here is for a cache to keep.
    reply.header('cache-control', 'no-store')
  })
  paymentRoutes(app, deps)
  paymentListRoutes(app, deps)
  paymentAskRoutes(app, deps)
  sideStreamRoutes(app, deps)
  overviewRoutes(app, deps)
  phoneNumberRoutes(app, deps)
  paymentTrailRoutes(app, deps)
  eventRoutes(app, deps)
  webhookEndpointRoutes(app, deps)
  webhookDeliveryRoutes(app, deps)
  webhookLookRoutes(app, deps)
  shortcodeRoutes(app, deps)
  shortcodeSendingRoutes(app, deps)
  apiKeyRoutes(app, deps)
  auditRoutes(app, deps)
  merchantSettingsRoutes(app, deps)
  networkRoutes(app, deps)
  accountRoutes(app, deps)
}

/** JSON only, read strictly; no body at all is for each route to judge, whatever its content type says. */
function takeOptionalJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  addBodyReader(app, 'application/json', (bytes) => (bytes.length === 0 ? undefined : readJsonBody(bytes)))
  // `curl -d ''` calls nothing at all a form.
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0' || request.is404) done(null, undefined)
    else done(new HttpError('unsupported_media_type', 'This content type is not taken here.'))
  })
}
