// The text of an API key: `sk_test_` or `sk_live_`, 28 random characters, and a checksum of six, so that a
// mistyped key is refused without asking the database. Only its SHA-256 is ever kept.
import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 28 of 62 characters are 166 bits. */
const RANDOM_LENGTH = 28
/** 62^6 is more than the 2^32 values of a CRC-32. */
const CHECKSUM_LENGTH = 6
const KEY_FORM = /^sk_(test|live)_[0-9A-Za-z]{34}$/
/** Enough to recognise a key by, and no help in guessing it. */
const HINT_LENGTH = 4

/**
 * What a well-formed key says of itself. The SHA-256 of its text is in base64: a text from the start takes a
 * quarter of the time of bytes, and every request names its key by it.
 */
export type ReadApiKey = { live: boolean; hash: string; hint: string }

/** A new random key. It is shown once and kept nowhere. */
export function generateApiKeyText(live: boolean): string {
  const body = `${live ? 'sk_live_' : 'sk_test_'}${randomCharacters(RANDOM_LENGTH)}`
  return body + checksumOf(body)
}

/** Reads a presented key; null when it was never one of ours. */
export function readApiKeyText(text: string): ReadApiKey | null {
  if (!KEY_FORM.test(text)) return null
  const body = text.slice(0, -CHECKSUM_LENGTH)
  if (checksumOf(body) !== text.slice(-CHECKSUM_LENGTH)) return null
  const digest = hash('sha256', text, 'base64')
  return { live: text.startsWith('sk_live_'), hash: digest, hint: text.slice(-HINT_LENGTH) }
}

function randomCharacters(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(2 * length)) {
      // The bytes from 248 on would favour the first characters of the alphabet.
      if (byte < 4 * ALPHABET.length && text.length < length) text += ALPHABET[byte % ALPHABET.length]
    }
  }
  return text
}

function checksumOf(body: string): string {
  let rest = crc32(body)
  let text = ''
  for (let index = 0; index < CHECKSUM_LENGTH; index += 1) {
    text = `${ALPHABET[rest % ALPHABET.length]}${text}`
    rest = Math.floor(rest / ALPHABET.length)
  }
  return text
}
