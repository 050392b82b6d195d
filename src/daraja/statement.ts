// A shortcode's transactions as M-Pesa lists them, whether pulled over the API or exported by hand: one shape
// for both, with what is uncertain about each field kept visible.
import { type Phone, parsePhone } from '../phone.ts'
import { parseEatTimestamp } from './eat-time.ts'

/**
 * When a transaction was, in milliseconds since the Unix epoch. Both readings are the same where the zone is
 * known; a time with a `Z` at its end may be UTC, as it says, or East Africa Time, as all else of Daraja's.
 */
export type StatementTime = { asUtcMs: number; asEatMs: number }

/** Who paid, as far as it is shown: M-Pesa masks numbers more and more. */
export type StatementPhone =
  | { kind: 'full'; phone: Phone }
  /** Begins with `head` and ends with `tail`; `head` is empty or in the form `254…`. */
  | { kind: 'masked'; head: string; tail: string }
  | { kind: 'hidden' }

/** One payment to the shortcode. */
export type StatementRow = {
  receipt: string
  at: StatementTime
  phone: StatementPhone
  /** As written: a payment from elsewhere may have a fraction. */
  amountKes: number
  /** The account that was paid to; null where none is told. */
  reference: string | null
}

/** The transactions between two times. */
export type Statement = {
  rows: readonly StatementRow[]
  /** What it covers, both ends included. */
  fromMs: number
  toMs: number
  takenAtMs: number
  /** Null when all of it was read; else why it proves nothing by what is missing from it. */
  incomplete: string | null
}

const RECEIPT_FORM = /^[A-Z0-9]{6,32}$/
const REFERENCE_LENGTH_MAX = 100
const AMOUNT_FORM = /^\d{1,3}(,?\d{3})*(\.\d{1,2})?$/
const AMOUNT_KES_MAX = 1e9
const EAT_OFFSET_MS = 3 * 60 * 60 * 1000

/** A receipt in capitals, or null. */
export function readReceipt(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const receipt = value.trim().toUpperCase()
  return RECEIPT_FORM.test(receipt) ? receipt : null
}

/** Shillings as a number, `168.00` or `1,500`; null when it is none, negative or absurd. */
export function readAmount(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  if (!AMOUNT_FORM.test(text)) return null
  const amountKes = Number(text.replaceAll(',', ''))
  return amountKes <= AMOUNT_KES_MAX ? amountKes : null
}

/** The account, cleaned and cut; null when there is none. */
export function readReference(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : ''
  const clean = text
    .slice(0, REFERENCE_LENGTH_MAX)
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .trim()
  return clean === '' ? null : clean
}

/** A phone number, whole or masked (`2547****0111`, `0712****678`); anything else hides it. */
export function readStatementPhone(value: unknown): StatementPhone {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : ''
  const compact = text.slice(0, 40).replace(/[\s-]/g, '')
  const phone = parsePhone(compact)
  if (phone !== null) return { kind: 'full', phone }
  const masked = /^\+?(\d{0,11})[*xX#]+(\d{0,11})$/.exec(compact)
  if (masked === null) return { kind: 'hidden' }
  const [, head = '', tail = ''] = masked
  const international = head.replace(/^0(?=[17])/, '254').replace(/^(?=[17])/, '254')
  // A beginning in no form of Kenya's says nothing that could be held against a number.
  const known = '254'.startsWith(international.slice(0, 3)) ? international : ''
  return { kind: 'masked', head: known, tail }
}

/** Whether `phone` can be the one that is shown. */
export function mayBePhone(shown: StatementPhone, phone: Phone): boolean {
  if (shown.kind === 'hidden') return true
  if (shown.kind === 'full') return shown.phone === phone
  return phone.startsWith(shown.head) && phone.endsWith(shown.tail)
}

const ISO_FORM = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/
const MINUTE_MS = 60_000

/**
 * A time as a statement writes it: `2020-08-05T10:13:00Z`, `2020-08-05 10:13:00`, `20200805101300`, or with
 * an offset. Null when it is no real time.
 */
export function readStatementTime(value: unknown): StatementTime | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  const iso = ISO_FORM.exec(text)
  if (iso === null) return exactly(parseEatTimestamp(text)?.getTime() ?? null)
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', zone = ''] = iso
  const eatMs = parseEatTimestamp(year + month + day + hour + minute + second)?.getTime() ?? null
  if (eatMs === null || zone === '') return exactly(eatMs)
  const utcMs = eatMs + EAT_OFFSET_MS
  if (zone === 'Z') return { asUtcMs: utcMs, asEatMs: eatMs }
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(zone)
  const offsetMs = (Number(offset?.[2]) * 60 + Number(offset?.[3])) * MINUTE_MS
  return exactly(offset?.[1] === '-' ? utcMs + offsetMs : utcMs - offsetMs)
}

function exactly(epochMs: number | null): StatementTime | null {
  return epochMs === null ? null : { asUtcMs: epochMs, asEatMs: epochMs }
}
