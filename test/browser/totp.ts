// An authenticator app: the codes of RFC 6238, as they are on a phone.
import { createHmac } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MS = 30_000
const MODULUS = 1_000_000

/** The six digits that `secret` (base32, spaces allowed) shows at `nowMs`. */
export function totpCode(secret: string, nowMs = Date.now()): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / STEP_MS)))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0x0f
  const number = (digest.readUInt32BE(offset) & 0x7fff_ffff) % MODULUS
  return String(number).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const letters = text.replace(/[\s=]/g, '')
  const bits = [...letters].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
