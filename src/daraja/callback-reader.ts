// Reads what is posted to a callback address. Anybody can post anything there, so every field is bounded
// and comes out either as something that can be stored, or as null.
import { parseEatTimestamp } from './eat-time.ts'
import { asObject, codeOf, idOf, type JsonObject, textOf } from './json-fields.ts'

/** An STK callback (Daraja, the callback). Null stands for what is absent or unreadable. */
export type StkCallback = {
  merchantRequestId: string | null
  checkoutRequestId: string | null
  /** Always a string, though Daraja sends a number here. */
  resultCode: string
  /** Cleaned and cut; empty when absent. */
  resultDesc: string
  /** As the callback says it: a forged one may be negative or have a fraction. */
  amountKes: number | null
  receipt: string | null
  transactionDate: Date | null
  /** May be masked. Never a key to anything. */
  phone: string | null
}

/** A callback, or why the body is none. */
export type CallbackReading =
  | { kind: 'callback'; callback: StkCallback }
  | { kind: 'not_a_callback'; detail: string }

const DESCRIPTION_LENGTH_MAX = 300
/** Daraja sends five items; the rest of a longer list is not looked at. */
const ITEMS_MAX = 50
/** Far above M-Pesa's own limit, and exact in every number type on the way. */
const AMOUNT_KES_MAX = 1e9
const AMOUNT_FORM = /^-?\d{1,10}(\.\d{1,2})?$/
const RECEIPT_FORM = /^[A-Za-z0-9]{1,32}$/
/** Digits, or a masked or hashed form of them. */
const PHONE_FORM = /^[\w+*-]{1,64}$/

/** Reads a callback out of parsed JSON of any shape. Never throws. */
export function readCallback(body: unknown): CallbackReading {
  const callback = asObject(asObject(asObject(body)?.Body)?.stkCallback)
  if (callback === null) return { kind: 'not_a_callback', detail: 'no Body.stkCallback' }
  const resultCode = codeOf(callback.ResultCode)
  if (resultCode === null) return { kind: 'not_a_callback', detail: 'no ResultCode' }
  const items = readItems(callback)
  return {
    kind: 'callback',
    callback: {
      merchantRequestId: idOf(callback.MerchantRequestID),
      checkoutRequestId: idOf(callback.CheckoutRequestID),
      resultCode,
      resultDesc: textOf(callback.ResultDesc, DESCRIPTION_LENGTH_MAX),
      amountKes: readAmount(items.get('Amount')),
      receipt: readForm(items.get('MpesaReceiptNumber'), RECEIPT_FORM),
      transactionDate: readDate(items.get('TransactionDate')),
      phone: readForm(items.get('PhoneNumber'), PHONE_FORM),
    },
  }
}

/** The metadata by name. A name that comes with two different values is unreadable, so null. */
function readItems(callback: JsonObject): Map<string, unknown> {
  const list = asObject(callback.CallbackMetadata)?.Item
  const items = new Map<string, unknown>()
  if (!Array.isArray(list)) return items
  for (const entry of list.slice(0, ITEMS_MAX)) {
    const item = asObject(entry)
    const name = item?.Name
    const value = item?.Value
    if (typeof name !== 'string' || value === undefined) continue
    const disputed = items.has(name) && items.get(name) !== value
    items.set(name, disputed ? null : value)
  }
  return items
}

function readAmount(value: unknown): number | null {
  const written = typeof value === 'string' && AMOUNT_FORM.test(value)
  const amount = typeof value === 'number' ? value : written ? Number(value) : Number.NaN
  // Adding zero makes -0 a plain 0.
  return Math.abs(amount) <= AMOUNT_KES_MAX ? amount + 0 : null
}

function readDate(value: unknown): Date | null {
  const text = digitsOf(value)
  return text === null ? null : parseEatTimestamp(text)
}

function readForm(value: unknown, form: RegExp): string | null {
  const text = digitsOf(value)?.trim()
  return text !== undefined && form.test(text) ? text : null
}

/** A value that Daraja writes as a number or as a string. */
function digitsOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null
}
