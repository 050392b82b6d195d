// East Africa Time (UTC+3, no summer time), in the two forms that Daraja writes it.

const EAT_OFFSET_MS = 3 * 60 * 60 * 1000
const STAMP_FORM = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/

/** `YYYYMMDDHHmmss` in EAT, as in Timestamp and TransactionDate. */
export function eatStamp(atMs: number): string {
  return new Date(atMs + EAT_OFFSET_MS).toISOString().replace(/[-T:]/g, '').slice(0, 14)
}

/** `DDMMYYYYHHmmss` in EAT, as inside a CheckoutRequestID. */
export function eatDayFirst(atMs: number): string {
  const stamp = eatStamp(atMs)
  return stamp.slice(6, 8) + stamp.slice(4, 6) + stamp.slice(0, 4) + stamp.slice(8)
}

/** The instant that `YYYYMMDDHHmmss` in EAT stands for, in epoch ms; null unless there is such a second. */
export function readStamp(text: string): number | null {
  const parts = STAMP_FORM.exec(text)
  if (!parts) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number)
  const atMs = Date.UTC(year, month - 1, day, hour, minute, second) - EAT_OFFSET_MS
  return eatStamp(atMs) === text ? atMs : null
}

/** True for fourteen digits that name a real second of a real day. */
export function isStamp(text: string): boolean {
  return readStamp(text) !== null
}
