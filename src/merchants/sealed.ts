// Sealing: what must be read back but never lie open in the database (credentials, webhook secrets, tokens).
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

const VERSION = 1
const KEY_BYTES = 32
const KEY_ID_BYTES = 4
/** The nonce length that GCM is defined for (NIST SP 800-38D). */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + KEY_ID_BYTES
const LENGTH_MIN = HEAD_BYTES + NONCE_BYTES + TAG_BYTES
/** Keeps the sealing key apart from the other keys that are derived from the same secret. */
const DERIVATION = 'sukuma sealing v1'

/** Something sealed could not be opened; the message says what to do and holds nothing secret. */
export class SealedError extends Error {
  override name = 'SealedError'
}

/**
 * Seals and opens texts. `context` says what the text belongs to, such as `shortcode:<merchant>:<id>`; what
 * was sealed for one context opens in no other, so rows cannot be swapped in the database.
 */
export type Sealer = {
  seal(plaintext: string, context: string): Buffer
  /** Throws `SealedError` when no key fits, or when bytes or context are not those that were sealed. */
  open(sealed: Uint8Array, context: string): string
  /** The ids of the keys, the one that seals first: 8 hexadecimal digits, which tell nothing of the key. */
  keyIds: readonly string[]
  /** The id of the key that something was sealed under, whether or not that key is here. */
  keyIdOf(sealed: Uint8Array): string
}

type SealingKey = { id: Buffer; key: Buffer }

/**
 * A sealer under SUKUMA_SECRET's keys of 32 bytes each: the first seals, all of them open.
 * The form is: version byte, first 4 bytes of the key's SHA-256, nonce, ciphertext, tag (AES-256-GCM).
 */
export function createSealer(keys: readonly Buffer[]): Sealer {
  const ring = keys.map(toSealingKey)
  const first = ring[0]
  if (first === undefined) throw new Error('A sealer needs at least one key')
  return {
    seal: (plaintext, context) => seal(first, plaintext, context),
    open: (sealed, context) => open(ring, Buffer.from(sealed), context),
    keyIds: ring.map(({ id }) => id.toString('hex')),
    keyIdOf: (sealed) => Buffer.from(sealed.subarray(1, HEAD_BYTES)).toString('hex'),
  }
}

function toSealingKey(secret: Buffer): SealingKey {
  if (secret.length !== KEY_BYTES) throw new Error(`A sealing key has ${KEY_BYTES} bytes`)
  const id = createHash('sha256').update(secret).digest().subarray(0, KEY_ID_BYTES)
  return { id, key: Buffer.from(hkdfSync('sha256', secret, '', DERIVATION, KEY_BYTES)) }
}

function seal(sealing: SealingKey, plaintext: string, context: string): Buffer {
  const head = Buffer.concat([Buffer.of(VERSION), sealing.id])
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', sealing.key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(boundTo(head, context))
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  return Buffer.concat([head, nonce, body, cipher.getAuthTag()])
}

function open(ring: SealingKey[], sealed: Buffer, context: string): string {
  if (sealed.length < LENGTH_MIN || sealed[0] !== VERSION) {
    throw new SealedError('This was not sealed by this version of Sukuma.')
  }
  const head = sealed.subarray(0, HEAD_BYTES)
  const id = head.subarray(1)
  const sealing = ring.find((each) => each.id.equals(id))
  if (sealing === undefined) {
    throw new SealedError(
      `Sealed with the key ${id.toString('hex')}, which is not in SUKUMA_SECRET: ` +
        'add the former key to its list.',
    )
  }
  const nonce = sealed.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES)
  const body = sealed.subarray(HEAD_BYTES + NONCE_BYTES, sealed.length - TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', sealing.key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(boundTo(head, context)).setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new SealedError('The sealed bytes were changed, or belong to something else.', { cause: error })
  }
}

function boundTo(head: Buffer, context: string): Buffer {
  return Buffer.concat([head, Buffer.from(context, 'utf8')])
}
