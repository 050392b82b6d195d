// Kenyan mobile numbers: every form a customer or a merchant writes becomes one, 254 and nine digits.

declare const phoneBrand: unique symbol
/** A Kenyan mobile number as M-Pesa takes it: `254` and nine digits, the first of them 7 or 1. */
export type Phone = string & { readonly [phoneBrand]: true }

/** What to tell somebody whose number was not understood. */
export const PHONE_HINT = 'must be a Kenyan mobile number such as 0712345678, 254712345678 or +254712345678'

/** No accepted form is longer, separators included. */
const LENGTH_MAX = 40
/** Typographic dashes and marks of direction that nobody sees come out of address books. */
const SEPARATORS = /[\s\-().\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g
const NORMAL_FORM = /^254[17]\d{8}$/

/**
 * Reads `07…`, `01…`, `7…`, `1…`, `2547…`, `2541…` and `+254…`, with spaces, dashes, dots, brackets and marks
 * of direction. Null when the text is no such number. No prefix is refused: numbers are ported between
 * networks.
 */
export function parsePhone(text: string): Phone | null {
  if (text.length > LENGTH_MAX) return null
  const digits = text.replace(SEPARATORS, '').replace(/^\+(?=254)/, '')
  const national = /^0?([17]\d{8})$/.exec(digits)
  const full = national ? `254${national[1]}` : digits
  return NORMAL_FORM.test(full) ? (full as Phone) : null
}

/** True for a number that was forgotten: `2547******78` stands in its place. */
export function isForgotten(phone: string): boolean {
  return phone.includes('*')
}
