// The token in a payment's callback URL: it finds the payment with no look-up table, and only we can make it.
// It is hexadecimal because Daraja refuses a CallBackURL that holds exe, cmd, sql, query or mpesa in any
// case. Base64 would now and then spell one of them; 0-9 and a-f never do (Daraja, STK push).
import { hash, hkdfSync, timingSafeEqual } from 'node:crypto'
import { parseHexUuid, type Uuid } from '../ids.ts'

const KEY_BYTES = 32
const ID_HEX_LENGTH = 32
const IDS_BYTES = 32
/** 128 bits: nobody guesses one, and the URL stays short. */
const MAC_HEX_LENGTH = 32
const TOKEN_FORM = /^[0-9a-f]{96}$/
/** Of SHA-256: what it takes in at a time, and what comes out. */
const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
/** Keeps this key apart from the other keys that are derived from the same secret. */
const DERIVATION = 'sukuma callback token v1'

/** Makes and reads the tokens of callback URLs. */
export type CallbackTokens = {
  /** 96 lower-case hexadecimal digits. */
  tokenOf(merchantId: Uuid, paymentId: Uuid): string
  /** Null when the text is no token of ours. */
  readToken(token: string): { merchantId: Uuid; paymentId: Uuid } | null
}

/** Tokens under SUKUMA_SECRET's keys: the first one makes them, all of them are believed. */
export function createCallbackTokens(keys: readonly Buffer[]): CallbackTokens {
  const macs = keys.map((key) => createMac(Buffer.from(hkdfSync('sha256', key, '', DERIVATION, KEY_BYTES))))
  const first = macs[0]
  if (first === undefined) throw new Error('Callback tokens need at least one key')
  return {
    tokenOf(merchantId, paymentId) {
      const ids = `${merchantId}${paymentId}`.replaceAll('-', '')
      return ids + first(ids)
    },
    readToken(token) {
      if (!TOKEN_FORM.test(token)) return null
      const ids = token.slice(0, -MAC_HEX_LENGTH)
      const presented = Buffer.from(token.slice(-MAC_HEX_LENGTH))
      // Every key is tried, so that the time taken does not tell which one fits.
      const fitting = macs.filter((macOf) => timingSafeEqual(Buffer.from(macOf(ids)), presented))
      if (fitting.length === 0) return null
      const merchantId = parseHexUuid(ids.slice(0, ID_HEX_LENGTH))
      const paymentId = parseHexUuid(ids.slice(ID_HEX_LENGTH))
      return merchantId === null || paymentId === null ? null : { merchantId, paymentId }
    },
  }
}

/**
 * HMAC-SHA256 of two ids, cut to 128 bits, all in hexadecimal. Written out (RFC 2104) over one-shot hashes,
 * with the key's two blocks made once: two of Node's Hmac objects a payment were 4 % of the gateway's time.
 */
function createMac(key: Buffer): (ids: string) => string {
  const inner = Buffer.alloc(BLOCK_BYTES + IDS_BYTES, 0x36)
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c)
  for (const [index, byte] of key.entries()) {
    inner[index] = 0x36 ^ byte
    outer[index] = 0x5c ^ byte
  }
  return (ids) => {
    // The blocks are used again: what is not wholly overwritten would be another token's.
    if (inner.write(ids, BLOCK_BYTES, 'hex') !== IDS_BYTES) throw new Error('a token is of two ids')
    outer.write(hash('sha256', inner, 'hex'), BLOCK_BYTES, 'hex')
    return hash('sha256', outer, 'hex').slice(0, MAC_HEX_LENGTH)
  }
}
