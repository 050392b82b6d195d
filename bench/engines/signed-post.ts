// What a job of another engine does: the gateway's own POST, signed as Standard Webhooks has it, without the
// gateway's guard over addresses and without a record of the attempt.
import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'

/** Where webhooks go, and the secret (`whsec_…`) that signs them. */
export type Receiver = { url: string; secret: string }

/** One webhook as a job carries it. */
export type Webhook = { id: string; body: string }

/** Webhooks to be made: `body` holds `idInBody`, in place of which each of them has an id of its own. */
export type WebhookOrder = Receiver & { count: number; firstNumber: number; body: string; idInBody: string }

const PREFIX = 'whsec_'
const TIMEOUT_MS = 15_000
const MS_PER_SECOND = 1_000

/** Makes a function that sends one webhook; it rejects unless the answer is 2xx. */
export function createSignedPost({ url, secret }: Receiver): (webhook: Webhook) => Promise<void> {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const dispatcher = new Agent({ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS })
  return async ({ id, body }) => {
    const timestamp = String(Math.floor(Date.now() / MS_PER_SECOND))
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    }
    const answer = await request(url, { method: 'POST', dispatcher, headers, body })
    await answer.body.dump()
    if (answer.statusCode < 200 || answer.statusCode > 299) throw new Error(`answered ${answer.statusCode}`)
  }
}

/** The webhooks of an order, `size` at a time. */
export function* batchesOf(order: WebhookOrder, size: number): Generator<Webhook[]> {
  for (let from = 0; from < order.count; from += size) {
    const length = Math.min(size, order.count - from)
    yield Array.from({ length }, (_, index) => {
      const id = `job_${order.firstNumber + from + index}`
      return { id, body: order.body.replaceAll(order.idInBody, id) }
    })
  }
}

/** Both ends of the channel are of this folder. */
export function readWebhookOrder(argument: unknown): WebhookOrder {
  return argument as WebhookOrder
}
