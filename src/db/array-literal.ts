// The columns of grouped statements as PostgreSQL's array texts. The driver can write them too; it takes
// twice as long, most of it over times, which here are mostly of the same second.

const SECOND_MS = 1_000
/** Years of four digits: beyond them ISO 8601 and PostgreSQL write years differently. */
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z')
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z')
/** What has a meaning of its own between the quotes of an element. */
const ESCAPED = /["\\]/

/**
 * `values` as the text of a one-dimensional array. Null when one of them is nothing plain (text, number,
 * boolean, bytes, a time of the years 1 to 9999, null): such a column is for the driver to write.
 */
export function arrayLiteral(values: readonly unknown[]): string | null {
  const timeText = createTimeText()
  let text = ''
  for (const value of values) {
    const element = value instanceof Date ? timeText(value) : elementText(value)
    if (element === null) return null
    text += text === '' ? element : `,${element}`
  }
  return `{${text}}`
}

/** Null when the value is nothing plain. */
function elementText(value: unknown): string | null {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return `"${ESCAPED.test(value) ? escaped(value) : value}"`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Buffer.isBuffer(value) ? `"\\\\x${value.toString('hex')}"` : null
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')
}

/** Writes times in UTC, to the millisecond; the text up to the second is kept for the next one. */
function createTimeText(): (time: Date) => string | null {
  let knownSecond = Number.NaN
  let known = ''
  return (time) => {
    const epochMs = time.getTime()
    // Also false for what is no time at all.
    if (!(epochMs >= EARLIEST_MS && epochMs <= LATEST_MS)) return null
    const second = Math.floor(epochMs / SECOND_MS)
    if (second !== knownSecond) {
      knownSecond = second
      known = time.toISOString().slice(0, -'.000Z'.length)
    }
    return `"${known}.${String(epochMs - second * SECOND_MS).padStart(3, '0')}Z"`
  }
}
