// `/v1/overview`: how business goes.
import type { FastifyInstance } from 'fastify'
import { isTimeZone } from '../../local-time.ts'
import { principalWith } from '../authentication.ts'
import { type FieldReader, readFields, type ValueReader } from '../field-reader.ts'
import { textOf } from '../field-values.ts'
import { overviewResource } from './overview-resource.ts'
import { overviewSchema } from './overview-schema.ts'
import type { PaymentInsight } from './payment-insight.ts'

/** The longest name of a zone has 32 characters. */
const ZONE_LENGTH_MAX = 64

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

const timeZoneOf: ValueReader<string> = (value) => {
  const text = textOf({ max: ZONE_LENGTH_MAX })(value)
  if (!text.ok || isTimeZone(text.value)) return text
  return { ok: false, problem: 'must be the name of a time zone such as Africa/Nairobi' }
}
