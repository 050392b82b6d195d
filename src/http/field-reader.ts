// Reading the fields of a body one by one: every fault is found and named, and what comes out is typed.
import { PHONE_HINT, type Phone, parsePhone } from '../phone.ts'
import { type FieldErrors, HttpError } from './http-error.ts'

/** An M-Pesa payment moves whole shillings within these bounds (Daraja, STK push). */
export const AMOUNT_KES_MIN = 1
/** See `AMOUNT_KES_MIN`. */
export const AMOUNT_KES_MAX = 250_000
/** Daraja's AccountReference; with longer ones no prompt came. */
export const REFERENCE_LENGTH_MAX = 12
/** Daraja's TransactionDesc. */
export const DESCRIPTION_LENGTH_MAX = 13
/** Ours: a label, not a document. */
export const TAG_LENGTH_MAX = 100

/** Control characters, which neither a phone nor PostgreSQL shows. */
const UNPRINTABLE = /\p{Cc}/u

/** What came of one value: itself, or what is wrong with it, as a phrase that follows the field's name. */
export type Reading<T> = { ok: true; value: T } | { ok: false; problem: string }
/** Reads one value that is there; `field-values.ts` has the usual ones. */
export type ValueReader<T> = (value: unknown) => Reading<T>

/** Collects the faults of one body, or of one query string. */
export type FieldReader = {
  /** The text of a field; '' with a fault noted when it is missing or not as it must be. */
  text(name: string, limits: { max: number }): string
  /** As `text`, but null when absent or null. */
  optionalText(name: string, limits: { max: number }): string | null
  phone(name: string): Phone | null
  /** Whole shillings, from a number; with `digits`, from a string of digits as well. */
  amountKes(name: string, options?: { digits?: boolean }): number
  /** What `read` makes of a field; null with a fault noted when it is missing or not as it must be. */
  required<T>(name: string, read: ValueReader<T>): T | null
  /** As `required`, but null without a fault when absent or null. */
  optional<T>(name: string, read: ValueReader<T>): T | null
  /** True when the field is given, be it as null. */
  has(name: string): boolean
  fault(name: string, text: string): void
  /** Throws the `invalid` error that names every fault, if there is any. */
  check(): void
  /** As `check`, and every field that was not asked for until now is a fault too. */
  checkAll(): void
}

/** A reader over `body`; throws at once when the body is no object. */
export function readFields(body: unknown): FieldReader {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpError('malformed_body', 'The body must be an object with the documented fields.')
  }
  const values = createValues(body)
  const faults: FieldErrors = Object.create(null)
  const fault = (name: string, text: string) => {
    const texts = faults[name] ?? []
    texts.push(`The ${name} ${text}.`)
    faults[name] = texts
  }

  function required<T>(name: string, read: ValueReader<T>): T | null {
    const value = values.get(name)
    const reading: Reading<T> = isGiven(value) ? read(value) : { ok: false, problem: 'is required' }
    if (reading.ok) return reading.value
    fault(name, reading.problem)
    return null
  }

  function text(name: string, limits: { max: number }): string {
    const value = values.get(name)
    const problem = textProblem(value, limits.max)
    if (problem === null && typeof value === 'string') return value.trim()
    fault(name, problem ?? 'must be a string')
    return ''
  }

  return {
    text,
    optionalText(name, limits) {
      const value = values.get(name)
      return value === undefined || value === null || value === '' ? null : text(name, limits)
    },
    phone(name) {
      const value = values.get(name)
      const phone = typeof value === 'string' ? parsePhone(value) : null
      if (phone === null) fault(name, isAbsent(value) ? 'is required' : PHONE_HINT)
      return phone
    },
    amountKes(name, options = {}) {
      const value = values.get(name)
      const problem = amountProblem(value, options.digits === true)
      if (problem === null) return Number(value)
      fault(name, problem)
      return Number.NaN
    },
    required,
    optional: (name, read) => (isGiven(values.get(name)) ? required(name, read) : null),
    has: (name) => values.get(name) !== undefined,
    fault,
    check: () => throwIfAny(faults),
    checkAll() {
      for (const name of values.unread()) fault(name, 'is not a field of this request')
      throwIfAny(faults)
    },
  }
}

/** Names of unknown fields are the sender's own: no more and no longer ones are repeated than help. */
const UNKNOWN_NAMED_MAX = 10
const UNKNOWN_NAME_LENGTH_MAX = 80

/** The fields of `body`, with a note of those that were asked for. */
function createValues(body: object) {
  const values = new Map<string, unknown>(Object.entries(body))
  const asked = new Set<string>()
  return {
    get(name: string): unknown {
      asked.add(name)
      return values.get(name)
    },
    unread(): string[] {
      const names = [...values.keys()].filter((name) => !asked.has(name))
      return names
        .slice(0, UNKNOWN_NAMED_MAX)
        .map((name) => name.slice(0, UNKNOWN_NAME_LENGTH_MAX).toWellFormed())
    },
  }
}

function throwIfAny(faults: FieldErrors): void {
  const names = Object.keys(faults)
  if (names.length === 0) return
  throw new HttpError('invalid', `Invalid input: ${names.join(', ')}.`, { fields: { ...faults } })
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function textProblem(value: unknown, max: number): string | null {
  if (isAbsent(value)) return 'is required'
  if (typeof value !== 'string') return 'must be a string'
  const trimmed = value.trim()
  if (trimmed === '') return 'is required'
  if (trimmed.length > max) return `must have at most ${max} characters`
  if (!trimmed.isWellFormed() || UNPRINTABLE.test(trimmed)) return 'must hold printable characters only'
  return null
}

function amountProblem(value: unknown, digits: boolean): string | null {
  if (isAbsent(value)) return 'is required'
  if (digits && typeof value === 'string' && !/^\d{1,9}$/.test(value))
    return 'must be a whole number of shillings'
  if (typeof value !== 'number' && !(digits && typeof value === 'string')) return 'must be a number'
  const amount = Number(value)
  if (!Number.isFinite(amount) || !Number.isInteger(amount)) return 'must be a whole number of shillings'
  if (amount < AMOUNT_KES_MIN || amount > AMOUNT_KES_MAX) {
    return `must be between ${AMOUNT_KES_MIN} and ${AMOUNT_KES_MAX}`
  }
  return null
}
