// The `webhooks` section of the OpenAPI document: what is sent to a merchant's endpoint, in both formats.
import { STK_CALLBACK_EXAMPLE } from './hooks/hooks-schema.ts'
import { WEBHOOK_EVENT_EXAMPLE } from './v1/event-schema.ts'
import { EXAMPLE_IDS } from './v1/list-schema.ts'

function header(name: string, description: string, example: string, required = true) {
  return { name, in: 'header', required, description, schema: { type: 'string' as const }, example }
}

/** Standard Webhooks 1.0, and which payment it is about. */
const HEADERS = [
  header('webhook-id', 'The same at every try of one event: keep it to tell a repeated one.', 'evt_0197f2a6'),
  header('webhook-timestamp', 'Seconds since 1970. Refuse what is older than five minutes.', '1774092656'),
  header(
    'webhook-signature',
    'By the endpoint’s `signature_schemes`: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body` by its ' +
      'secret (the base64 behind `whsec_`), or `v1a,` and the base64 ed25519 signature of the same, which ' +
      'its public key (behind `whpk_`) verifies. Several are separated by spaces: with both schemes two, ' +
      'and more while a secret or a key is being rotated. One that fits is enough.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
  header(
    'sukuma-payment-id',
    'The payment, on every webhook that is about one: the same whatever the event and the format.',
    EXAMPLE_IDS.pay,
    false,
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
