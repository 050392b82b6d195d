// The keys of accounts: they sign session cookies and encrypt two-factor secrets, and are derived from
// SUKUMA_SECRET like all others.
import { createHash, hkdfSync } from 'node:crypto'

/** One key. `version` tells which one something was encrypted under, as the sealer's key ids do. */
export type AuthKey = { readonly version: number; readonly value: string }

const KEY_BYTES = 32
/** Keeps these keys apart from the others that are derived from the same secret. */
const DERIVATION = 'sukuma accounts v1'

/** The keys for SUKUMA_SECRET's keys, in their order: the first signs and encrypts, all of them read. */
export function deriveAuthKeys(secretKeys: readonly Buffer[]): readonly AuthKey[] {
  const keys = new Map<number, string>()
  for (const secret of secretKeys) {
    const version = createHash('sha256').update(secret).digest().readUInt32BE(0)
    const value = Buffer.from(hkdfSync('sha256', secret, '', DERIVATION, KEY_BYTES)).toString('base64')
    if (!keys.has(version)) keys.set(version, value)
  }
  return [...keys].map(([version, value]) => ({ version, value }))
}
