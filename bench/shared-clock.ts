// One clock for all processes of a run, and a receipt that carries what M-Pesa's side measured with it: the
// gateway hands receipts through untouched, so that nothing has to be kept to join the two ends.

const NS_PER_MS = 1_000_000
/** Six digits to the base of 36, in hundredths of a millisecond: they begin anew after six hours. */
const SENT_UNITS_PER_MS = 100
const SENT_DIGITS = 6
const SENT_SPAN = 36 ** SENT_DIGITS
/** Four digits in tenths of a millisecond: up to 168 s. */
const HELD_UNITS_PER_MS = 10
const HELD_DIGITS = 4
const HELD_MAX = 36 ** HELD_DIGITS - 1
const RECEIPT = /^[0-9A-Z]{10}$/

/** What a receipt carries, milliseconds. */
export type ReceiptTimes = {
  /** Since the callback was sent. */
  sinceSentMs: number
  /** From the push to the callback, on M-Pesa's side alone. */
  heldMs: number
}

/** Milliseconds of the machine's steady clock, the same in all its processes. */
export function machineNowMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS
}

/** Makes receipts, each one once: two of the same moment are told apart by its last digit. */
export function createReceipts(): (sentAtMs: number, heldMs: number) => string {
  let last = 0
  return (sentAtMs, heldMs) => {
    last = Math.max(last + 1, Math.floor(sentAtMs * SENT_UNITS_PER_MS))
    const held = Math.min(HELD_MAX, Math.max(0, Math.round(heldMs * HELD_UNITS_PER_MS)))
    return (digits(last % SENT_SPAN, SENT_DIGITS) + digits(held, HELD_DIGITS)).toUpperCase()
  }
}

/** Reads one; null for a receipt of another make. */
export function readReceipt(receipt: string, nowMs: number): ReceiptTimes | null {
  if (!RECEIPT.test(receipt)) return null
  const sent = Number.parseInt(receipt.slice(0, SENT_DIGITS), 36)
  const held = Number.parseInt(receipt.slice(SENT_DIGITS), 36)
  const since = (((nowMs * SENT_UNITS_PER_MS - sent) % SENT_SPAN) + SENT_SPAN) % SENT_SPAN
  // The units are coarser than the clock: what has just been sent may seem to come from a moment ahead.
  const isAhead = since > SENT_SPAN / 2
  return {
    sinceSentMs: isAhead ? 0 : since / SENT_UNITS_PER_MS,
    heldMs: held / HELD_UNITS_PER_MS,
  }
}

function digits(value: number, length: number): string {
  return value.toString(36).padStart(length, '0')
}
