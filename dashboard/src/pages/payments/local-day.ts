// Days as the merchant's clock has them: `YYYY-MM-DD`, and the instants at which they begin.

const DAY_MS = 86_400_000
/** While a year is typed into its field it is 0002, 0020 and 0202, and a fifth digit makes it 20261. */
const DAY = /^[1-9]\d{3}-\d\d-\d\d$/
/** The value of a `datetime-local` field. */
const DAY_AND_TIME = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/

/** The day of `at` in `timeZone`. */
export function dayOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(at)
}

/** The day `days` after `day`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The instant at which `day` begins in `timeZone`; null when it is no day. */
export function startOfDay(day: string, timeZone: string): Date | null {
  return DAY.test(day) ? instantOf(`${day}T00:00`, timeZone) : null
}

/** The instant at which the clocks of `timeZone` show `local`, `YYYY-MM-DDTHH:MM`; null when it is none. */
export function instantOf(local: string, timeZone: string): Date | null {
  const asUtc = Date.parse(`${local}Z`)
  if (!DAY_AND_TIME.test(local) || Number.isNaN(asUtc)) return null
  // Twice, as the first guess may lie on the other side of a change of clocks.
  const guess = asUtc - offsetMs(asUtc, timeZone)
  return new Date(asUtc - offsetMs(guess, timeZone))
}

/** The instant at which `day` has ended in `timeZone`; null when it is no day. */
export function endOfDay(day: string, timeZone: string): Date | null {
  return startOfDay(day, timeZone) === null ? null : startOfDay(addDays(day, 1), timeZone)
}

/** How far the clocks of `timeZone` are ahead of UTC at an instant. */
function offsetMs(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]))
  const year = part.year?.padStart(4, '0')
  const asUtc = `${year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`
  return Date.parse(asUtc) - Math.floor(atMs / 1000) * 1000
}
