// Ids: UUIDv7 (RFC 9562), which sort by time, and the prefixed forms that the native API shows.
import { randomFillSync } from 'node:crypto'
import type { Clock } from './clock.ts'

declare const uuidBrand: unique symbol
/** A lower-case UUID with dashes. */
export type Uuid = string & { readonly [uuidBrand]: true }

/** The prefixes of the native API's ids, by what they name. */
export type IdPrefix = 'pay' | 'evt' | 'we' | 'wd' | 'sc' | 'key' | 'mer' | 'aud' | 'usr' | 'inv' | 'ses'

const UUID_FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const HEX_FORM = /^[0-9a-f]{32}$/
const COUNTER_MAX = 0xfff
const UUID_BYTES = 16
/** Randomness is taken for many ids at a time: a call for each cost more than all else about an id. */
const POOL_BYTES = 256 * UUID_BYTES

/** Makes a new UUIDv7 at each call. */
export type UuidSource = () => Uuid

/**
 * A source of UUIDv7. Its ids never go backwards: within a millisecond a 12-bit counter counts up
 * (RFC 9562, section 6.2, method 1), and a clock set back keeps the last millisecond.
 */
export function createUuidSource(clock: Clock): UuidSource {
  let lastMs = 0
  let counter = 0
  const pool = Buffer.alloc(POOL_BYTES)
  let taken = POOL_BYTES
  return () => {
    const nowMs = clock.now()
    if (nowMs > lastMs) {
      lastMs = nowMs
      counter = 0
    } else if (++counter > COUNTER_MAX) {
      lastMs += 1
      counter = 0
    }
    if (taken === POOL_BYTES) {
      randomFillSync(pool)
      taken = 0
    }
    const bytes = pool.subarray(taken, taken + UUID_BYTES)
    taken += UUID_BYTES
    bytes.writeUIntBE(lastMs, 0, 6)
    bytes.writeUInt16BE(0x7000 | counter, 6)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    return dashed(bytes.toString('hex'))
  }
}

/** The least UUIDv7 of a time: what was made then or later sorts behind it. */
export function leastUuidAt(epochMs: number): Uuid {
  const hex = Math.max(0, Math.floor(epochMs)).toString(16).padStart(12, '0')
  return dashed(hex.padEnd(32, '0'))
}

/** Reads a UUID in any case, or null when the text is none. */
export function parseUuid(text: string): Uuid | null {
  const lower = text.toLowerCase()
  return UUID_FORM.test(lower) ? (lower as Uuid) : null
}

/** `pay_` + 32 hexadecimal digits. */
export function prefixedId(prefix: IdPrefix, id: Uuid): string {
  return `${prefix}_${id.replaceAll('-', '')}`
}

/** The UUID inside a prefixed id, or null when the text is no id of that kind. */
export function parsePrefixedId(prefix: IdPrefix, text: string): Uuid | null {
  if (!text.startsWith(`${prefix}_`)) return null
  return parseHexUuid(text.slice(prefix.length + 1))
}

/** Reads the 32 lower-case hexadecimal digits of a UUID, or null when the text is something else. */
export function parseHexUuid(hex: string): Uuid | null {
  return HEX_FORM.test(hex) ? dashed(hex) : null
}

function dashed(hex: string): Uuid {
  const [first, second] = [`${hex.slice(0, 8)}-${hex.slice(8, 12)}`, `${hex.slice(16, 20)}-${hex.slice(20)}`]
  return `${first}-${hex.slice(12, 16)}-${second}` as Uuid
}
