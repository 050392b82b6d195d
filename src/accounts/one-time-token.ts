// Tokens of links that work once: only the hash is kept.
import { createHash, randomBytes } from 'node:crypto'

/** Nobody guesses 256 bits. */
const TOKEN_BYTES = 32
const FORM = /^[A-Za-z0-9_-]{43}$/

/** A new token: what goes into the link, and what is kept of it. */
export function makeOneTimeToken(): { text: string; hash: Buffer } {
  const text = randomBytes(TOKEN_BYTES).toString('base64url')
  return { text, hash: hashOf(text) }
}

/** The hash of a token that somebody presents; null when it is none. */
export function readOneTimeToken(text: string): Buffer | null {
  return FORM.test(text) ? hashOf(text) : null
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
