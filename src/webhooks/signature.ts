// Signing of webhooks as Standard Webhooks 1.0 has it: HMAC-SHA256 over id, time and body, by a secret that
// the merchant knows; while a secret is being rotated both sign.
import { createHmac, randomBytes } from 'node:crypto'

const SECRET_PREFIX = 'whsec_'
/** Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32

/** A new secret: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(): string {
  return `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`
}

/** What is signed: the event's id, when this attempt is made, and the body as it will be sent. */
export type SignedMessage = { id: string; timestampSeconds: number; body: string }

/** The three headers of Standard Webhooks. */
export type SignatureHeaders = {
  'webhook-id': string
  'webhook-timestamp': string
  'webhook-signature': string
}

/**
 * Signs `message` with each of `secrets` (`whsec_…`, the current one first); the signatures stand side by
 * side, separated by spaces, and a receiver accepts if any of them is its own.
 */
export function signHeaders(message: SignedMessage & { secrets: readonly string[] }): SignatureHeaders {
  if (message.secrets.length === 0) throw new Error('a webhook cannot be signed without a secret')
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampSeconds),
    'webhook-signature': message.secrets.map((secret) => `v1,${sign(message, secret)}`).join(' '),
  }
}

function sign(message: SignedMessage, secret: string): string {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
  return createHmac('sha256', key)
    .update(`${message.id}.${message.timestampSeconds}.${message.body}`)
    .digest('base64')
}
