// Readers of single values, for bodies and for query strings (whose values are texts, or arrays when a
// parameter is repeated).
import { parseTimeZone, TIME_ZONE_HINT } from '../local-time.ts'
import { PHONE_HINT, type Phone, parsePhone } from '../phone.ts'
import type { Reading, ValueReader } from './field-reader.ts'

/** Control characters, which neither a phone nor PostgreSQL shows. */
const UNPRINTABLE = /\p{Cc}/u
/** RFC 3339: a date, a time to the nanosecond at most, and an offset. */
const TIME_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i
const TIME_HINT = 'must be a time such as 2026-03-21T14:30:55Z'

function accepted<T>(value: T): Reading<T> {
  return { ok: true, value }
}

function refused<T>(problem: string): Reading<T> {
  return { ok: false, problem }
}

/** Why a value is no text of the query string or body. */
function notText(value: unknown): string {
  return Array.isArray(value) ? 'must be given once, as a string' : 'must be a string'
}

/** A text of 1 to `max` printable characters, without the blanks around it. */
export function textOf(limits: { max: number }): ValueReader<string> {
  return (value) => {
    if (typeof value !== 'string') return refused(notText(value))
    const text = value.trim()
    if (text === '') return refused('must not be empty')
    if (text.length > limits.max) return refused(`must have at most ${limits.max} characters`)
    if (!text.isWellFormed() || UNPRINTABLE.test(text)) return refused('must hold printable characters only')
    return accepted(text)
  }
}

/** The name of a time zone, as the IANA database writes it. */
export const timeZoneOf: ValueReader<string> = (value) => {
  if (typeof value !== 'string') return refused(notText(value))
  const zone = parseTimeZone(value)
  return zone === null ? refused(TIME_ZONE_HINT) : accepted(zone)
}

/** One of `choices`, as written. */
export function choiceOf<const C extends string>(choices: readonly C[]): ValueReader<C> {
  return (value) => {
    const found = choices.find((choice) => choice === value)
    return found === undefined ? refused(`must be one of ${choices.join(', ')}`) : accepted(found)
  }
}

/** One or more of `choices`, separated by commas, out of a query string. */
export function choicesOf<const C extends string>(choices: readonly C[]): ValueReader<C[]> {
  return (value) => {
    if (typeof value !== 'string') return refused(notText(value))
    const asked = value.split(',').map((each) => each.trim())
    const found = choices.filter((choice) => asked.includes(choice))
    const known = asked.every((each) => found.some((choice) => choice === each))
    return known ? accepted(found) : refused(`must be any of ${choices.join(', ')}, separated by commas`)
  }
}

/** A list of `choices`; whether it may be empty or name one twice is for others to say. */
export function choiceListOf<const C extends string>(choices: readonly C[]): ValueReader<C[]> {
  return (value) => {
    const given: unknown[] = Array.isArray(value) ? value : [null]
    const found = given.flatMap((each) => choices.filter((choice) => choice === each))
    const isKnown = found.length === given.length && given.length <= choices.length
    return isKnown ? accepted(found) : refused(`must be a list of ${choices.join(', ')}`)
  }
}

/** True or false. */
export const booleanOf: ValueReader<boolean> = (value) =>
  typeof value === 'boolean' ? accepted(value) : refused('must be true or false')

/** A JSON number within the bounds; with `whole`, one without a fraction. */
export function numberOf(limits: { min: number; max: number; whole: boolean }): ValueReader<number> {
  const kind = limits.whole ? 'a whole number' : 'a number'
  return (value) => {
    const right = typeof value === 'number' && value >= limits.min && value <= limits.max
    if (right && (!limits.whole || Number.isInteger(value))) return accepted(value)
    return refused(`must be ${kind} from ${limits.min} to ${limits.max}`)
  }
}

/** A whole number within the bounds, in digits, out of a query string. */
export function digitsOf(limits: { min: number; max: number }): ValueReader<number> {
  const read = numberOf({ ...limits, whole: true })
  return (value) => read(typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN)
}

/** A point in time, from 1970 on: RFC 3339 with its offset. */
export const timeOf: ValueReader<Date> = (value) => {
  if (typeof value !== 'string' || !TIME_FORM.test(value)) return refused(TIME_HINT)
  const time = new Date(value)
  return time.getTime() >= 0 && isCalendarDay(value.slice(0, 10)) ? accepted(time) : refused(TIME_HINT)
}

/** False for 30 February, which `Date` takes for 2 March. */
function isCalendarDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}

/** A Kenyan mobile number in any form. */
export const phoneOf: ValueReader<Phone> = (value) => {
  const phone = typeof value === 'string' ? parsePhone(value) : null
  return phone === null ? refused(PHONE_HINT) : accepted(phone)
}

/** A list of at most `max` texts of at most `length` characters; what they must be is for others to say. */
export function textsOf(limits: { max: number; length: number }): ValueReader<string[]> {
  const read = textOf({ max: limits.length })
  return (value) => {
    const hint = `must be a list of at most ${limits.max} strings`
    if (!Array.isArray(value) || value.length > limits.max) return refused(hint)
    const texts: string[] = []
    for (const each of value) {
      const text = read(each)
      if (!text.ok) return refused(`${hint}, each of which ${text.problem}`)
      texts.push(text.value)
    }
    return accepted(texts)
  }
}

/** A flat object of at most `max` texts; keys are printable, values hold no NUL. Null when it is empty. */
export function textMapOf(limits: {
  max: number
  key: number
  value: number
}): ValueReader<Record<string, string> | null> {
  const readKey = textOf({ max: limits.key })
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refused('must be a flat object of strings')
    }
    const entries = Object.entries(value)
    if (entries.length > limits.max) return refused(`must have at most ${limits.max} keys`)
    for (const [key, each] of entries) {
      const readingKey = readKey(key)
      if (!readingKey.ok) return refused(`must have keys of 1 to ${limits.key} printable characters`)
      if (readingKey.value !== key) return refused('must have keys without blanks around them')
      if (typeof each !== 'string') return refused(`must hold strings only, unlike its key "${key}"`)
      if (each.length > limits.value) return refused(`must have values of at most ${limits.value} characters`)
      if (!each.isWellFormed() || each.includes('\u0000')) {
        return refused(`must hold text only, unlike its key "${key}"`)
      }
    }
    return accepted(entries.length === 0 ? null : Object.fromEntries(entries))
  }
}
