// The ids that Daraja makes: request ids, checkout ids, receipts and access tokens.
import type { Clock } from '../clock.ts'
import { eatDayFirst, eatStamp } from './eat-time.ts'

/** `new` is the form of 2024 and later, `old` the one before it (Daraja, STK push). */
export type IdForm = 'new' | 'old'

/** Makes the ids of one simulator; none is given twice. */
export type DarajaIds = {
  /** `hhhh-hhhh-hhhh-<12 hex><digits>`, or `29115-34620561-1`. */
  request(form: IdForm): string
  /** `ws_CO_` + DDMMYYYYHHmmss + 1 to 3 digits + the phone's last 9, or `ws_CO_191220191020363925`. */
  checkout(form: IdForm, phone: string): string
  /** Ten upper-case letters and digits; the first three tell the day, as M-Pesa's do. */
  receipt(): string
  /** 28 letters and digits. */
  token(): string
}

const RECEIPT_TAIL_LENGTH = 7
const RECEIPT_TAILS = 36 ** RECEIPT_TAIL_LENGTH
/** Prime to 36, so that every tail is used once before any comes again; large, so that they look random. */
const RECEIPT_STEP = 30_103_456_787
/** 'A' stood for 2006 in receipts: SGF… is of 2024. */
const RECEIPT_FIRST_YEAR = 2006
const BASE_36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const TOKEN_LENGTH = 28
/** A phone would need this many pushes within one second to meet an id again. */
const CHECKOUT_DIGITS = { new: 1000, old: 10_000 }

/** Ids from a clock and a source of randomness in [0, 1). */
export function createDarajaIds(deps: { clock: Clock; random: () => number }): DarajaIds {
  const { clock, random } = deps
  let count = Math.floor(random() * 1_000_000)
  let tail = Math.floor(random() * RECEIPT_TAILS)
  const hex12 = (): string =>
    Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(12, '0')
  return {
    request(form) {
      count += 1
      if (form === 'old') return `${10_000 + (count % 90_000)}-${10_000_000 + count}-1`
      const groups = hex12()
      return `${groups.slice(0, 4)}-${groups.slice(4, 8)}-${groups.slice(8)}-${hex12()}${1000 + count}`
    },
    checkout(form, phone) {
      count += 1
      const prefix = `ws_CO_${eatDayFirst(clock.now())}`
      const digits = count % CHECKOUT_DIGITS[form]
      return form === 'old'
        ? `${prefix}${digits.toString().padStart(4, '0')}`
        : prefix + digits + phone.slice(-9)
    },
    receipt() {
      tail = (tail + RECEIPT_STEP) % RECEIPT_TAILS
      return receiptDay(clock.now()) + tail.toString(36).toUpperCase().padStart(RECEIPT_TAIL_LENGTH, '0')
    },
    token: () => Array.from({ length: TOKEN_LENGTH }, () => Math.floor(random() * 36).toString(36)).join(''),
  }
}

function receiptDay(atMs: number): string {
  const stamp = eatStamp(atMs)
  const year = (Number(stamp.slice(0, 4)) - RECEIPT_FIRST_YEAR) % 26
  const month = Number(stamp.slice(4, 6)) - 1
  const day = Number(stamp.slice(6, 8))
  return letter(year) + letter(month) + BASE_36.charAt(day)
}

function letter(index: number): string {
  return BASE_36.charAt(10 + Math.max(0, index))
}
