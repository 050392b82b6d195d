// The bytes of an entry that its hash is over. docs/audit-log.md describes them, so that anybody can check a
// chain without this program.
import { createHash } from 'node:crypto'
import type { Uuid } from '../ids.ts'

/** An entry as it is kept and hashed: texts alone, as the database holds them. */
export type EntryFields = {
  merchantId: Uuid
  id: Uuid
  /** UTC with six digits of a second, such as `2026-03-21T11:30:55.123000Z`. */
  at: string
  live: boolean | null
  action: string
  actorKind: string
  actorId: string | null
  actorName: string | null
  actorRole: string | null
  targetId: string | null
  targetName: string | null
  /** JSON, hashed as it is written. */
  changes: string
  detail: string
  ip: string | null
  userAgent: string | null
}

/** Names this encoding; another one would begin otherwise. */
const ENCODING = 'sukuma-audit-1'
const LENGTH_BYTES = 4
/** In place of a length: there is no value. No text is that long. */
const NOTHING = 0xff_ff_ff_ff
const SEQUENCE_BYTES = 8
const HASH_BYTES = 32

/** What stands before the first entry of every chain. */
export const FIRST_PREVIOUS_HASH: Buffer = Buffer.alloc(HASH_BYTES)

/** Each field in its place, led by its length, so that no two different entries have the same bytes. */
export function encodeEntry(entry: EntryFields): Buffer {
  const side = entry.live === null ? null : entry.live ? 'live' : 'test'
  const fields = [
    ENCODING,
    entry.merchantId,
    entry.id,
    entry.at,
    side,
    entry.action,
    entry.actorKind,
    entry.actorId,
    entry.actorName,
    entry.actorRole,
    entry.targetId,
    entry.targetName,
    entry.changes,
    entry.detail,
    entry.ip,
    entry.userAgent,
  ]
  return Buffer.concat(fields.map(encodeField))
}

function encodeField(text: string | null): Buffer {
  const bytes = text === null ? Buffer.alloc(0) : Buffer.from(text, 'utf8')
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(text === null ? NOTHING : bytes.length)
  return Buffer.concat([length, bytes])
}

/** SHA-256 over the hash before it, its number in the chain and its bytes: as the database computes it. */
export function hashEntry(previous: Buffer, sequence: bigint, encoded: Buffer): Buffer {
  const number = Buffer.alloc(SEQUENCE_BYTES)
  number.writeBigUInt64BE(sequence)
  return createHash('sha256').update(previous).update(number).update(encoded).digest()
}
