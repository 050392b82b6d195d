// Daraja's timestamps: YYYYMMDDHHmmss in East Africa Time, which is UTC+3 all year round.

const EAT_OFFSET_MS = 3 * 60 * 60 * 1000
const FORM = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/

/** Milliseconds since the Unix epoch as `20210628092408` in East Africa Time. */
export function formatEatTimestamp(epochMs: number): string {
  const iso = new Date(epochMs + EAT_OFFSET_MS).toISOString()
  return iso.slice(0, 19).replace(/[-:T]/g, '')
}

/** Milliseconds since the Unix epoch as `2021-06-28 09:24:08` in East Africa Time. */
export function formatEatDateTime(epochMs: number): string {
  const iso = new Date(epochMs + EAT_OFFSET_MS).toISOString()
  return iso.slice(0, 19).replace('T', ' ')
}

/** Reads `20210628092408` as East Africa Time; null when it is no real date. */
export function parseEatTimestamp(text: string): Date | null {
  const parts = FORM.exec(text)
  if (parts === null) return null
  const [, year, month, day, hour, minute, second] = parts
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  // NaN, or 31 February turned into March: only a day that reads back the same was one.
  const date = new Date(epochMs)
  return date.getUTCDate() === Number(day) && date.getUTCHours() === Number(hour)
    ? new Date(epochMs - EAT_OFFSET_MS)
    : null
}
