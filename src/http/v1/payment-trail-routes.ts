// `/v1/payments/{id}/trail`: everything known about one payment is one call.
import type { FastifyInstance } from 'fastify'
import { principalWith } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { found, pathId } from './path-id.ts'
import { paymentTrailResource } from './payment-trail-resource.ts'
import { paymentTrailRouteSchema } from './payment-trail-schema.ts'
import type { PaymentTrails } from './payment-trails.ts'

/** Adds the route. */
export function paymentTrailRoutes(app: FastifyInstance, { trails }: { trails: PaymentTrails }): void {
  app.get('/payments/:id/trail', { schema: paymentTrailRouteSchema }, async (request) => {
    const principal = principalWith(request, 'payments:read')
    const id = pathId(request, 'pay')
    readFields(request.query).checkAll()
    const { trail, deliveries } = found(await trails.read(principal, id), 'pay')
    return paymentTrailResource(trail, deliveries)
  })
}
