// Days and hours as a person somewhere sees them: of an IANA time zone, without a library.

/** A time as a clock on the wall there shows it. */
export type LocalTime = {
  /** `2026-03-21` */
  date: string
  /** 0 to 23 */
  hour: number
  /** 0 to 59 */
  minute: number
  /** 0 to 59 */
  second: number
}

/** A time zone, ready to be asked. */
export type LocalClock = {
  timeZone: string
  /** What the clock shows at `epochMs`. */
  at(epochMs: number): LocalTime
  /** The moment at which `hour` of `date` begins there; where clocks skip it, about when it would have. */
  startOf(date: string, hour?: number): number
}

/** Every zone's offset, past ones since 1973 too, holds for whole quarters of an hour. */
const QUARTER_MS = 15 * 60_000
/** Offsets remembered: a month of quarters. */
const REMEMBERED_MAX = 3_000

/** Names of the IANA database. Offsets such as `+03:00` are none: they know no summer, and no history. */
const ZONE_FORM = /^[A-Za-z][A-Za-z0-9_+-]{0,29}(\/[A-Za-z0-9_+-]{1,30}){0,2}$/

/** What is said of a text that is no time zone. */
export const TIME_ZONE_HINT = 'must be an IANA time zone such as Africa/Nairobi'

/** The zone as it is written in the IANA database, or null when there is no such zone. */
export function parseTimeZone(text: string): string | null {
  const name = text.trim()
  if (!ZONE_FORM.test(name)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

/** The clock of `timeZone`; throws a `RangeError` when there is no such zone. */
export function createLocalClock(timeZone: string): LocalClock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const offsets = new Map<number, number>()

  function offsetAt(epochMs: number): number {
    const quarter = Math.floor(epochMs / QUARTER_MS)
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    const startMs = quarter * QUARTER_MS
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(startMs)) part[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - startMs
    if (offsets.size >= REMEMBERED_MAX) offsets.clear()
    offsets.set(quarter, offset)
    return offset
  }

  return {
    timeZone,
    at(epochMs) {
      const shown = new Date(epochMs + offsetAt(epochMs))
      return {
        date: shown.toISOString().slice(0, 10),
        hour: shown.getUTCHours(),
        minute: shown.getUTCMinutes(),
        second: shown.getUTCSeconds(),
      }
    },
    startOf(date, hour = 0) {
      const shownMs = Date.parse(`${date}T${String(hour).padStart(2, '0')}:00:00Z`)
      const guess = shownMs - offsetAt(shownMs)
      return shownMs - offsetAt(guess)
    },
  }
}

/** The date so many days after `date`, or before it. */
export function addDays(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + days)
  return day.toISOString().slice(0, 10)
}
