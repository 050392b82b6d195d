// The `webhooks` section of the OpenAPI document: what is sent to a merchant's endpoint, in both formats.
import { STK_CALLBACK_EXAMPLE } from './hooks/hooks-schema.ts'
import { WEBHOOK_EVENT_EXAMPLE } from './v1/event-schema.ts'

function header(name: string, description: string, example: string) {
  return { name, in: 'header', required: true, description, schema: { type: 'string' as const }, example }
}

/** Standard Webhooks 1.0. */
const HEADERS = [
  header('webhook-id', 'The same at every try of one event: keep it to tell a repeated one.', 'evt_0197f2a6'),
  header('webhook-timestamp', 'Seconds since 1970. Refuse what is older than five minutes.', '1774092656'),
  header(
    'webhook-signature',
    '`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body` by the endpoint’s secret (the base64 behind ' +
      '`whsec_`). Several, separated by spaces, while a secret is being rotated: one that fits is enough.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
]

const RESPONSES = {
  '2XX': { description: 'Delivered.' },
  '410': { description: 'Disables the endpoint.' },
  '429': { description: 'Tried again, no sooner than `Retry-After` says.' },
  default: { description: 'Tried again, with growing pauses, for about three days.' },
}

function webhook(name: string, options: { summary: string; description: string; example: unknown }) {
  return {
    post: {
      operationId: name,
      tags: ['Webhooks'],
      summary: options.summary,
      description: options.description,
      security: [],
      parameters: HEADERS,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              $ref: `#/components/schemas/${name === 'darajaWebhook' ? 'StkCallback' : 'WebhookEvent'}`,
            },
            example: options.example,
          },
        },
      },
      responses: RESPONSES,
    },
  }
}

/** The webhooks, by name. */
export const OPENAPI_WEBHOOKS = {
  eventWebhook: webhook('eventWebhook', {
    summary: 'Format `event`',
    description: 'Our own body. The events of one payment come in the order of their `sequence`.',
    example: WEBHOOK_EVENT_EXAMPLE,
  }),
  darajaWebhook: webhook('darajaWebhook', {
    summary: 'Format `daraja`',
    description:
      'Exactly Daraja’s callback body, for receivers that were written for Daraja. A verdict that came ' +
      'without a callback is sent in the same shape, with the items that are known. A payment that was ' +
      'told as paid without its receipt is told again, under another `webhook-id`, once that is there: ' +
      'take it for paid once per `CheckoutRequestID` (or `sukuma-payment-id`), and the receipt from the ' +
      'second. A test (`webhook.test`) comes in the body of format `event`.',
    example: STK_CALLBACK_EXAMPLE,
  }),
}
