// When the rows of a statement were: a time that ends in `Z` may be UTC or East Africa Time, and only what is
// known otherwise may decide that. Where nothing does, no row has a time.
import type { Statement, StatementRow } from '../daraja/statement.ts'
import type { StatementPayment } from './statement-payment.ts'

/** A row whose time is known. */
export type TimedRow = StatementRow & { atMs: number }

/** The rows with their times, or why they have none. */
export type TimedRows = { ok: true; rows: TimedRow[] } | { ok: false; why: 'unknown_zone' | 'outside' }

const MINUTE_MS = 60_000
/** The callback's time of a payment and the statement's are the same to the second, or nearly. */
const ANCHOR_MS = 5 * MINUTE_MS
/** Rows have whole seconds, and clocks differ a little. */
const EDGE_MS = 2 * MINUTE_MS

type Reading = 'asUtcMs' | 'asEatMs'
const READINGS: readonly Reading[] = ['asUtcMs', 'asEatMs']

/**
 * Gives each row its time. By payments whose receipts and times are known from elsewhere; else by the time
 * asked for, when only one reading lies within it, which tells only if the statement reaches to the present.
 */
export function timeRows(statement: Statement, payments: readonly StatementPayment[]): TimedRows {
  const { rows } = statement
  const isExact = rows.every(({ at }) => at.asUtcMs === at.asEatMs)
  const reading = byAnchors(rows, payments) ?? (isExact ? 'asUtcMs' : byFit(statement))
  if (reading === null || reading === 'contradicted') return { ok: false, why: 'unknown_zone' }
  // Rows from another time than asked for: whoever answered did not understand the question.
  if (!fits(statement, reading)) return { ok: false, why: 'outside' }
  return { ok: true, rows: rows.map((row) => ({ ...row, atMs: row.at[reading] })) }
}

function byAnchors(
  rows: readonly StatementRow[],
  payments: readonly StatementPayment[],
): Reading | 'contradicted' | null {
  const paidAt = new Map<string, number>()
  for (const { receipt, paidAtMs, source } of payments) {
    // What a statement said itself is no witness for how to read it.
    if (receipt !== null && paidAtMs !== null && source !== 'statement') paidAt.set(receipt, paidAtMs)
  }
  const votes = new Set<Reading | 'contradicted'>()
  for (const row of rows) {
    const knownMs = paidAt.get(row.receipt)
    if (knownMs === undefined) continue
    const agreeing = READINGS.filter((reading) => Math.abs(row.at[reading] - knownMs) <= ANCHOR_MS)
    const [agreed] = agreeing
    // A time whose zone is known agrees in both readings, and casts no vote.
    if (agreeing.length < READINGS.length) votes.add(agreed ?? 'contradicted')
  }
  const [vote] = votes
  if (vote === undefined) return null
  return votes.size === 1 ? vote : 'contradicted'
}

function byFit(statement: Statement): Reading | null {
  if (statement.toMs < statement.takenAtMs - EDGE_MS) return null
  const fitting = READINGS.filter((reading) => fits(statement, reading))
  return fitting.length === 1 ? (fitting[0] ?? null) : null
}

function fits({ rows, fromMs, toMs }: Statement, reading: Reading): boolean {
  return rows.every(({ at }) => at[reading] >= fromMs - EDGE_MS && at[reading] <= toMs + EDGE_MS)
}
