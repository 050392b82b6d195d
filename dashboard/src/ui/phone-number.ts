// Kenyan mobile numbers as people write them and as M-Pesa takes them.

/** What may stand between the digits: typographic dashes and invisible marks of address books too. */
export const SEPARATORS = /[\s\-().\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g

/** `text` as `254` and nine digits, however it is written; null when it is no Kenyan mobile number. */
export function normalisePhone(text: string): string | null {
  const digits = text.replace(SEPARATORS, '').replace(/^\+(?=254)/, '')
  const national = /^0?([17]\d{8})$/.exec(digits)
  const full = national ? `254${national[1]}` : digits
  return /^254[17]\d{8}$/.test(full) ? full : null
}

/** A number as a person reads it: "0712 345 678". One whose digits were forgotten stays as it is. */
export function phoneText(phone: string): string {
  const [, first, second, third] = /^254(\d{3})(\d{3})(\d{3})$/.exec(phone) ?? []
  return first === undefined ? phone : `0${first} ${second} ${third}`
}
