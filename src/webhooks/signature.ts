// Signing of webhooks as Standard Webhooks 1.0 has it, over id, time and body: HMAC-SHA256 (`v1`) by a secret
// that the merchant knows, ed25519 (`v1a`) by a key whose public half anyone may know.
import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const SECRET_PREFIX = 'whsec_'
const PRIVATE_KEY_PREFIX = 'whsk_'
const PUBLIC_KEY_PREFIX = 'whpk_'
/** Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32
/** Half of an ed25519 private key as it is written down: seed and public key (RFC 8032). */
const ED25519_BYTES = 32

/** `v1`: HMAC-SHA256. `v1a`: ed25519. */
export const SIGNATURE_SCHEMES = ['v1', 'v1a'] as const
/** One of the two schemes. */
export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number]

/** A new secret: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(): string {
  return `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`
}

/** An ed25519 key pair as Standard Webhooks writes it, each half in base64 behind its prefix. */
export type SigningKey = { privateKey: string; publicKey: string }

/** A new key pair: `whsk_` before seed and public key, `whpk_` before the public key. */
export function newSigningKey(): SigningKey {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const [seed, publicKey] = [Buffer.from(d ?? '', 'base64url'), Buffer.from(x ?? '', 'base64url')]
  return {
    privateKey: `${PRIVATE_KEY_PREFIX}${Buffer.concat([seed, publicKey]).toString('base64')}`,
    publicKey: `${PUBLIC_KEY_PREFIX}${publicKey.toString('base64')}`,
  }
}

/** Signs a text: the scheme, a comma and the signature in base64. */
export type Signer = (content: string) => string

/** A signer by a secret (`whsec_…`). */
export function hmacSigner(secret: string): Signer {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
  return (content) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`
}

/** A signer by a private key (`whsk_…`). Throws when it is none. */
export function ed25519Signer(privateKey: string): Signer {
  const bytes = Buffer.from(privateKey.slice(PRIVATE_KEY_PREFIX.length), 'base64')
  const [seed, publicKey] = [bytes.subarray(0, ED25519_BYTES), bytes.subarray(ED25519_BYTES)]
  const jwk = {
    ...{ kty: 'OKP', crv: 'Ed25519' },
    ...{ d: seed.toString('base64url'), x: publicKey.toString('base64url') },
  }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return (content) => `v1a,${sign(null, Buffer.from(content), key).toString('base64')}`
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
 * Signs `message` by each of `signers`; the signatures stand side by side, separated by spaces, and a
 * receiver accepts if any of them is its own.
 */
export function signHeaders(message: SignedMessage, signers: readonly Signer[]): SignatureHeaders {
  if (signers.length === 0) throw new Error('a webhook cannot go unsigned')
  const content = `${message.id}.${message.timestampSeconds}.${message.body}`
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampSeconds),
    'webhook-signature': signers.map((each) => each(content)).join(' '),
  }
}
