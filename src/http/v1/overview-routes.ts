// `/v1/overview`: how business goes.
import type { FastifyInstance } from 'fastify'
import { principalWith } from '../authentication.ts'
import { type FieldReader, readFields } from '../field-reader.ts'
import { timeZoneOf } from '../field-values.ts'
import { overviewResource } from './overview-resource.ts'
import { overviewSchema } from './overview-schema.ts'
import type { PaymentInsight } from './payment-insight.ts'

/** Adds the route. */
export function overviewRoutes(app: FastifyInstance, { insight }: { insight: PaymentInsight }): void {
  app.get('/overview', { schema: overviewSchema }, async (request) => {
    const principal = principalWith(request, 'payments:read')
    const fields = readFields(request.query)
    const given = readTimeZone(fields)
    fields.checkAll()
    const timeZone = given ?? (await insight.timeZoneOf(principal.merchantId))
    return overviewResource(await insight.overview(principal, timeZone))
  })
}

/** `time_zone`, or null. */
export function readTimeZone(fields: FieldReader): string | null {
  return fields.optional('time_zone', timeZoneOf)
}
