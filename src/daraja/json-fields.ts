// Reading fields out of JSON that somebody else wrote. What comes out is bounded and can always be stored:
// PostgreSQL refuses NUL in text, and lone surrogates in jsonb.

/** An object as JSON has it: string names, values of unknown shape. */
export type JsonObject = { readonly [name: string]: unknown }

/** Codes are a few characters (`0`, `SFC_IC0003`, `policies.ratelimit.SpikeArrestViolation`). */
const CODE_FORM = /^[\w.-]{1,64}$/
/** Daraja's ids are visible ASCII and at most about 45 characters. */
const ID_FORM = /^[\x21-\x7e]{1,128}$/
const CONTROL_CHARACTERS = /\p{Cc}+/gu

/** The value as a JSON object, or null when it is anything else. */
export function asObject(value: unknown): JsonObject | null {
  return isObject(value) ? value : null
}

/** The text without control characters and lone surrogates, cut to `lengthMax` UTF-16 units. */
export function cleanText(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replace(CONTROL_CHARACTERS, ' ').toWellFormed().trim()
}

/** A text field, cleaned and cut; empty when the value is no string. */
export function textOf(value: unknown, lengthMax: number): string {
  return typeof value === 'string' ? cleanText(value, lengthMax) : ''
}

/** A code that Daraja writes as a string or as a number, as a string; null when it is neither. */
export function codeOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null
  if (typeof value !== 'string') return null
  const code = value.trim()
  return CODE_FORM.test(code) ? code : null
}

/** Whether a code is a zero in another form than `0`, such as `00` or `0.0`: nobody can tell what it says. */
export function isOddZero(code: string): boolean {
  return code !== '0' && Number(code) === 0
}

/** An id of visible ASCII, or null. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && ID_FORM.test(value) ? value : null
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
