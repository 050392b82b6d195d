// The ledger: what really happened to every push, for tests and drills to hold a gateway's own story against.

/** What one push met. Times are milliseconds since the Unix epoch, null for "not (yet)". */
export type LedgerEntry = {
  /** Counts pushes from 1. */
  sequence: number
  checkoutRequestId: string | null
  merchantRequestId: string | null
  shortcode: string
  transactionType: string
  partyB: string
  phone: string
  amountKes: number
  reference: string
  callbackUrl: string
  /** The digit B of a test phone, null for every other number. */
  behaviour: number | null
  /** What the caller was told: `accepted`, `dropped`, `spike_arrest`, an EdgeError or Daraja's errorCode. */
  answer: string
  promptShown: boolean
  pushedAtMs: number
  endedAtMs: number | null
  /** How the payment ended, as text; null while it is in flight, and for ever when nothing was begun. */
  resultCode: string | null
  receipt: string | null
  callbacksAttempted: number
  /** Callbacks answered with 2xx. */
  callbacksAnswered: number
  /** Queries that named this payment, refused ones apart. */
  queries: number
}

/** Which entries to look for; every condition given must hold. */
export type LedgerFilter = {
  checkoutRequestId?: string
  phone?: string
  reference?: string
  /** Only pushes before this sequence number. */
  before?: number
}

/** The latest pushes of one simulator. */
export type Ledger = {
  /** Keeps an entry under the next sequence number, forgetting the oldest beyond the limit. */
  add(entry: Omit<LedgerEntry, 'sequence'>): LedgerEntry
  byCheckout(checkoutRequestId: string): LedgerEntry | null
  /** Up to `limit` entries, newest first. */
  list(filter: LedgerFilter, limit: number): LedgerEntry[]
  /** Shows the entries themselves, newest first, until `look` answers false. */
  visit(look: (entry: LedgerEntry) => boolean): void
  /** Every entry kept, oldest first. */
  all(): LedgerEntry[]
  /** Pushes ever seen, the forgotten ones included. */
  count(): number
}

/** A ledger of the latest `capacity` pushes; `onAdd` hears of each new one. */
export function createLedger(
  capacity: number,
  onAdd: (entry: LedgerEntry) => void = () => undefined,
): Ledger {
  const ring: LedgerEntry[] = []
  const byCheckout = new Map<string, LedgerEntry>()
  let count = 0
  const at = (sequence: number): LedgerEntry | undefined => ring[(sequence - 1) % capacity]
  const oldest = (): number => Math.max(1, count - capacity + 1)
  function* newestFirst(before: number): Generator<LedgerEntry> {
    for (let sequence = Math.min(count, before - 1); sequence >= oldest(); sequence--) {
      const entry = at(sequence)
      if (entry) yield entry
    }
  }
  return {
    add(fields) {
      count += 1
      const entry: LedgerEntry = { sequence: count, ...fields }
      const forgotten = at(count)
      if (forgotten?.checkoutRequestId) byCheckout.delete(forgotten.checkoutRequestId)
      ring[(count - 1) % capacity] = entry
      if (entry.checkoutRequestId) byCheckout.set(entry.checkoutRequestId, entry)
      onAdd(entry)
      return entry
    },
    byCheckout: (checkoutRequestId) => byCheckout.get(checkoutRequestId) ?? null,
    list(filter, limit) {
      const found: LedgerEntry[] = []
      for (const entry of newestFirst(filter.before ?? Number.POSITIVE_INFINITY)) {
        if (found.length >= limit) break
        if (matches(entry, filter)) found.push({ ...entry })
      }
      return found
    },
    visit(look) {
      for (const entry of newestFirst(Number.POSITIVE_INFINITY)) if (!look(entry)) return
    },
    all: () => [...newestFirst(Number.POSITIVE_INFINITY)].reverse().map((entry) => ({ ...entry })),
    count: () => count,
  }
}

function matches(entry: LedgerEntry, filter: LedgerFilter): boolean {
  if (filter.checkoutRequestId !== undefined && entry.checkoutRequestId !== filter.checkoutRequestId)
    return false
  if (filter.phone !== undefined && entry.phone !== filter.phone) return false
  return filter.reference === undefined || entry.reference === filter.reference
}
