// A whole statement out of pages. Sources disagree on whether OffSetValue counts rows or pages, so the second
// request finds out: offset 1 repeats most of the first page where it counts rows, and nothing of it else.
import type { Clock } from '../clock.ts'
import type { PullOutcome, PullRequest } from './client.ts'
import type { DarajaCredential } from './credential.ts'
import type { PullFailure } from './pull-outcome.ts'
import type { Statement, StatementRow } from './statement.ts'

/** Pulls one page; the client's own `pull`. */
export type PullOne = (credential: DarajaCredential, request: PullRequest) => Promise<PullOutcome>

/** A statement, or why there is none. */
export type PulledStatement =
  | { kind: 'statement'; statement: Statement }
  /** More rows than are held at once: ask for less time. */
  | { kind: 'too_long' }
  | { kind: 'failed'; reason: PullFailure; detail: string; retryAfterMs: number | null }

/** Rows held at once: some megabytes, and more than most shortcodes are paid in a day. */
const ROWS_MAX = 20_000
/** With the smallest pages seen (100 rows) as many as the rows above. */
const PAGES_MAX = 210

type Collected = {
  byReceipt: Map<string, StatementRow>
  unreadable: number
  totalPages: number | null
  garbled: boolean
}

/**
 * Pulls everything that was paid to the shortcode of `credential` in a time. A statement whose end or whose
 * every row could not be made out is marked `incomplete`; one that contradicts itself is a failure.
 */
export async function pullStatement(
  deps: { clock: Clock; pull: PullOne },
  credential: DarajaCredential,
  time: { fromMs: number; toMs: number },
): Promise<PulledStatement> {
  const takenAtMs = deps.clock.now()
  const held: Collected = { byReceipt: new Map(), unreadable: 0, totalPages: null, garbled: false }
  const ask = (offset: number) => deps.pull(credential, { ...time, offset })
  const done = (incomplete: string | null): PulledStatement => {
    if (held.garbled) return failure('garbled', 'a receipt that stands for two transactions')
    const rows = [...held.byReceipt.values()]
    const lacking = held.unreadable > 0 ? `${held.unreadable} rows could not be read` : incomplete
    return { kind: 'statement', statement: { rows, ...time, takenAtMs, incomplete: lacking } }
  }
  const first = await ask(0)
  if (first.kind === 'failed') return first
  if (first.kind === 'none') return done('no records: nothing was paid, or nothing is to be had')
  collect(held, first)
  if (held.byReceipt.size === 0) return done('no records')
  const second = await ask(1)
  if (second.kind === 'failed') return second
  if (second.kind === 'none' || second.rows.length === 0) return done(lacksPages(held, 1))
  const added = collect(held, second)
  const repeats = second.rows.length - added
  // After one row only, offset 1 is the second row and the second page alike.
  const counts = repeats === 0 ? 'pages' : 'rows'
  if (counts === 'rows' && !oneRowOn(first.rows.length, second.rows.length, added)) {
    return done('the pages overlap, so there may be more')
  }
  for (let asked = 2; asked < PAGES_MAX; asked += 1) {
    if (held.byReceipt.size > ROWS_MAX) return { kind: 'too_long' }
    const next = await ask(counts === 'pages' ? asked : held.byReceipt.size)
    if (next.kind === 'failed') return next
    if (next.kind === 'none' || next.rows.length === 0) return done(lacksPages(held, asked))
    // A page of nothing new is no end: rows may have moved while they were read.
    if (collect(held, next) === 0) return done('a page repeated former ones')
  }
  return { kind: 'too_long' }
}

/** Whether a second page can be the first one from its second row on: heeded, and not moved meanwhile. */
function oneRowOn(firstRows: number, secondRows: number, added: number): boolean {
  return added === 0 ? secondRows === firstRows - 1 : added === 1 && firstRows > 2
}

/** Keeps the rows that are new; resolves to how many they were. */
function collect(held: Collected, page: PullOutcome & { kind: 'page' }): number {
  let added = 0
  held.unreadable += page.unreadable
  held.totalPages = Math.max(held.totalPages ?? 0, page.totalPages ?? 0)
  for (const row of page.rows) {
    const former = held.byReceipt.get(row.receipt)
    if (former === undefined) {
      held.byReceipt.set(row.receipt, row)
      added += 1
    } else if (former.amountKes !== row.amountKes || former.at.asUtcMs !== row.at.asUtcMs) {
      held.garbled = true
    }
  }
  return added
}

/** Where Daraja says how many pages there are, so many must have been read. */
function lacksPages(held: Collected, pages: number): string | null {
  return held.totalPages !== null && held.totalPages > pages
    ? `${pages} of ${held.totalPages} pages could be read`
    : null
}

function failure(reason: PullFailure, detail: string): PulledStatement {
  return { kind: 'failed', reason, detail, retryAfterMs: null }
}
