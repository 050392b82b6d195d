// The token in a payment's callback URL: it finds the payment with no look-up table, and only we can make it.
// It is hexadecimal because Daraja refuses a CallBackURL that holds exe, cmd, sql, query or mpesa in any
// case. Base64 would now and then spell one of them; 0-9 and a-f never do (Daraja, STK push).
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { parseHexUuid, type Uuid } from '../ids.ts'

const KEY_BYTES = 32
const ID_HEX_LENGTH = 32
/** 128 bits: nobody guesses one, and the URL stays short. */
const MAC_BYTES = 16
const TOKEN_FORM = /^[0-9a-f]{96}$/
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
  const macKeys = keys.map((key) => Buffer.from(hkdfSync('sha256', key, '', DERIVATION, KEY_BYTES)))
  const first = macKeys[0]
  if (first === undefined) throw new Error('Callback tokens need at least one key')
  return {
    tokenOf(merchantId, paymentId) {
      const ids = Buffer.from(`${merchantId}${paymentId}`.replaceAll('-', ''), 'hex')
      return Buffer.concat([ids, macOf(first, ids)]).toString('hex')
    },
    readToken(token) {
      if (!TOKEN_FORM.test(token)) return null
      const bytes = Buffer.from(token, 'hex')
      const ids = bytes.subarray(0, -MAC_BYTES)
      const mac = bytes.subarray(-MAC_BYTES)
      // Every key is tried, so that the time taken does not tell which one fits.
      const fitting = macKeys.filter((key) => timingSafeEqual(macOf(key, ids), mac))
      if (fitting.length === 0) return null
      const merchantId = parseHexUuid(token.slice(0, ID_HEX_LENGTH))
      const paymentId = parseHexUuid(token.slice(ID_HEX_LENGTH, 2 * ID_HEX_LENGTH))
      return merchantId === null || paymentId === null ? null : { merchantId, paymentId }
    },
  }
}

function macOf(key: Buffer, ids: Buffer): Buffer {
  return createHmac('sha256', key).update(ids).digest().subarray(0, MAC_BYTES)
}
