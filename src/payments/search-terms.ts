// What somebody may mean by what they have typed: a phone, a receipt, an id, an amount, and often several of
// these at once.
import { parsePrefixedId, parseUuid, type Uuid } from '../ids.ts'
import { type Phone, parsePhone } from '../phone.ts'

/** Everything that a text may mean; what it cannot mean is not there. */
export type SearchTerms = {
  /** References and tags: as written, and in the cases that people write them in. */
  texts: string[]
  id: Uuid | null
  checkoutRequestId: string | null
  phone: Phone | null
  receipt: string | null
  /** The number of a record of `/api/stk-push`. */
  number: number | null
  amountKes: number | null
  lastDigits: string | null
}

/** Safaricom's receipts: ten letters and digits. */
const RECEIPT = /^[A-Z0-9]{10}$/
const AMOUNT = /^(?:(?:kes|ksh|kshs)\.?\s*)?(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.00?|\/[=-])?$/i
const LAST_DIGITS = /^\d{3,8}$/
/** The sequence of numbers is far from more digits than these. */
const NUMBER = /^\d{1,12}$/

/** Reads `text`, which is trimmed and not empty. */
export function readSearchTerms(text: string): SearchTerms {
  const upper = text.toUpperCase()
  const amount = AMOUNT.exec(text)?.[1]
  const phone = parsePhone(text)
  return {
    texts: [...new Set([text, upper, text.toLowerCase(), upper.slice(0, 1) + text.slice(1).toLowerCase()])],
    id: parsePrefixedId('pay', text.toLowerCase()) ?? parseUuid(text),
    checkoutRequestId: /^ws_co_/i.test(text) ? `ws_CO_${text.slice(6)}` : null,
    phone,
    receipt: RECEIPT.test(upper) ? upper : null,
    number: phone === null && NUMBER.test(text) ? Number(text) : null,
    amountKes: amount === undefined ? null : Number(amount.replaceAll(',', '')),
    lastDigits: LAST_DIGITS.test(text) ? text : null,
  }
}
