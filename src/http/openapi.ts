// The OpenAPI 3.1 document, made of the schemas that the routes carry, and the page that shows it.
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import packageJson from '../../package.json' with { type: 'json' }
import { registerDocs } from './docs.ts'
import { stkCallback } from './hooks/hooks-schema.ts'
import { mpesaError } from './mpesa-api/mpesa-api-schema.ts'
import { finishDocument } from './openapi-finish.ts'
import { OPENAPI_WEBHOOKS } from './openapi-webhooks.ts'
import { stkPushError, stkPushRecordSchema } from './stk-push-api/stk-push-api-schema.ts'
import { apiKeySchema, newApiKeySchema } from './v1/api-key-schema.ts'
import { auditEntrySchema } from './v1/audit-schema.ts'
import { eventSchema, webhookEventSchema } from './v1/event-schema.ts'
import { settingsSchema } from './v1/merchant-settings-schema.ts'
import { paymentSchema } from './v1/payment-schema.ts'
import { paymentTrailSchema } from './v1/payment-trail-schema.ts'
import { problemSchema } from './v1/problem-schema.ts'
import { shortcodeSchema } from './v1/shortcode-schema.ts'
import { deliverySchema } from './v1/webhook-delivery-schema.ts'
import { changedEndpointSchema, endpointSchema, newEndpointSchema } from './v1/webhook-endpoint-schema.ts'

/** Schemas that several routes refer to, each under its `$id`. */
const SHARED_SCHEMAS = [
  mpesaError,
  stkPushError,
  stkPushRecordSchema,
  stkCallback,
  problemSchema,
  paymentSchema,
  paymentTrailSchema,
  eventSchema,
  webhookEventSchema,
  endpointSchema,
  newEndpointSchema,
  changedEndpointSchema,
  deliverySchema,
  shortcodeSchema,
  apiKeySchema,
  newApiKeySchema,
  auditEntrySchema,
  settingsSchema,
]

const TAGS = [
  ['Payments', 'Prompt a customer’s phone, and learn what became of it.'],
  ['Events', 'Everything that happened, in order.'],
  ['Webhook endpoints', 'Where you are told.'],
  ['Webhook deliveries', 'What was told, and what could not be.'],
  ['Shortcodes', 'Your paybills and tills.'],
  ['API keys', 'Who may do what.'],
  ['Settings', 'What a merchant has set for itself.'],
  ['Audit log', 'Who did what, from where.'],
  ['Network', 'What M-Pesa looks like from here.'],
  ['Account', 'Who a key is.'],
  ['M-Pesa API', 'Synchronous, in Daraja’s own words.'],
  ['STK Push API', 'Asynchronous, with a tracking id to poll.'],
  ['Webhooks', 'What is sent to your endpoint.'],
  ['Hooks', 'Where Safaricom calls back.'],
  ['Operations', 'Whether this gateway is well.'],
] as const

const SECURITY_SCHEMES = {
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'Your key, `sk_…`.' },
  apiToken: { type: 'apiKey', in: 'header', name: 'X-API-Token', description: 'The same key.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'The same key.' },
} as const

const DESCRIPTION = `M-Pesa STK Push payments that are never lost, never doubled and never guessed.

Three APIs over one core: \`/v1\`, which can do everything, and two that others' clients know. Every request
takes its key from any of three headers. Errors of \`/v1\` are RFC 9457 problems with a stable \`code\`.
Send an \`Idempotency-Key\` with every payment, and trying again is always safe: the same key gives the same
payment, however it ended. To charge once more after a failure, use a new key.`

/**
 * Adds `/openapi.json` and `/docs`. To be called before the routes it is to show. `publicUrl` is where the
 * gateway is seen from outside, asked when the document is made: at the first request for it.
 */
export async function registerOpenApi(
  app: FastifyInstance,
  options: { publicUrl: () => string },
): Promise<void> {
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sukuma',
        version: packageJson.version,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: TAGS.map(([name, description]) => ({ name, description })),
      components: { securitySchemes: SECURITY_SCHEMES },
      security: [{ apiKey: [] }, { apiToken: [] }, { bearer: [] }],
      webhooks: OPENAPI_WEBHOOKS,
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
    transformObject: (document) => finishDocument(document, options.publicUrl()),
  })
  for (const schema of SHARED_SCHEMAS) app.addSchema(schema)
  registerDocs(app)
}
