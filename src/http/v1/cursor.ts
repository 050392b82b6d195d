// Cursors: where a page ended, as an opaque text. They come back from outside, so they are read with care.
import { parseUuid, type Uuid } from '../../ids.ts'
import type { FeedPosition } from '../../payments/event-store.ts'

/** Longer than any cursor of ours. */
const LENGTH_MAX = 200
const BASE64URL = /^[A-Za-z0-9_-]+$/
/** PostgreSQL's transaction ids have 64 bits. */
const TX_MAX = 2n ** 64n - 1n

/** The lists that have cursors; one list's cursor is none in another. */
export type ListName =
  | 'payments'
  | 'payments_exact'
  | 'payments_looked'
  | 'webhook_endpoints'
  | 'webhook_deliveries'
  | 'shortcodes'
  | 'api_keys'

/** The cursor behind the row `id` of a list that is newest first. */
export function encodeCursor(list: ListName, id: string): string {
  return encode(`${list}:${id}`)
}

/** The id in a cursor of `list`, or null when it is none. */
export function decodeCursor(list: ListName, text: string): Uuid | null {
  const [name, id, ...more] = decode(text)
  return name === list && id !== undefined && more.length === 0 ? parseUuid(id) : null
}

/** The cursor behind a position of the event feed. */
export function encodeFeedCursor(position: FeedPosition): string {
  return encode(`events:${position.tx}:${position.id}`)
}

/** The position in a cursor of the feed, or null when it is none. */
export function decodeFeedCursor(text: string): FeedPosition | null {
  const [name, tx, id, ...more] = decode(text)
  if (name !== 'events' || tx === undefined || id === undefined || more.length > 0) return null
  const uuid = parseUuid(id)
  return uuid !== null && /^\d{1,20}$/.test(tx) && BigInt(tx) <= TX_MAX ? { tx, id: uuid } : null
}

/** The cursor behind the entry of the audit log numbered `sequence`. */
export function encodeAuditCursor(sequence: bigint): string {
  return encode(`audit_log:${sequence}`)
}

/** The number in a cursor of the audit log, or null when it is none. */
export function decodeAuditCursor(text: string): bigint | null {
  const [name, sequence, ...more] = decode(text)
  if (name !== 'audit_log' || sequence === undefined || more.length > 0) return null
  return /^\d{1,18}$/.test(sequence) ? BigInt(sequence) : null
}

function encode(plain: string): string {
  return Buffer.from(plain).toString('base64url')
}

function decode(text: string): string[] {
  if (text.length > LENGTH_MAX || !BASE64URL.test(text)) return []
  return Buffer.from(text, 'base64url').toString('latin1').split(':')
}
