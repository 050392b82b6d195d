// What a statement proves about the payments of its shortcode. Pure, so that it can be tried with anything:
// where two readings are possible, or something that should be there is missing, it settles nothing.
import type { Statement } from '../daraja/statement.ts'
import {
  createIsSurely,
  type Group,
  groupCandidates,
  type IsSurely,
  isNearby,
} from './statement-candidates.ts'
import { STATEMENT_LAG_MS, type StatementPayment, seeksReceipt, windowOf } from './statement-payment.ts'
import { type TimedRow, timeRows } from './statement-times.ts'

/** Why a statement left a payment open. */
export type OpenWhy =
  /** Its transactions, or those of others like it, cannot be told apart. */
  | 'ambiguous'
  /** It was sent too lately for its absence to mean anything. */
  | 'too_recent'
  /** The statement does not cover all of the time in which it could have been paid. */
  | 'not_covered'
  /** Not all of the statement could be read. */
  | 'incomplete'
  /** Something that is known to have been paid is missing from it. */
  | 'known_missing'
  /** Nothing on it is later, so it may not reach that far. */
  | 'no_witness'
  /** A transaction of the same customer and amount lies near it, that no payment accounts for. */
  | 'like_it'
  /** It cannot be told in which time zone its times are, or they are of another time than asked for. */
  | 'unknown_times'

/** What becomes of one payment. */
export type StatementVerdict =
  /** Receipt and time are null where several like it were paid together, and each of them was. */
  | { kind: 'paid'; payment: StatementPayment; receipt: string | null; paidAtMs: number | null }
  /** It was known to be paid; this is its receipt. */
  | { kind: 'receipt'; payment: StatementPayment; receipt: string; paidAtMs: number }
  | { kind: 'not_paid'; payment: StatementPayment }
  | { kind: 'open'; payment: StatementPayment; why: OpenWhy }

/** All that a statement says. */
export type StatementReading = {
  verdicts: StatementVerdict[]
  /** Transactions that are no payment's here: paid by hand, or through another system. */
  foreign: TimedRow[]
  /** Payments that are called paid, and are not on a statement that should have them: an alarm. */
  missing: StatementPayment[]
}

/** What is known besides the statement. */
export type Known = {
  /** Every payment of the shortcode, whoever's, that can have a transaction in the statement's time. */
  payments: readonly StatementPayment[]
  /** Receipts on it that belong to payments of other times or shortcodes. */
  takenReceipts: ReadonlySet<string>
  /** Whether a statement that shows nothing known proves nothing: it may be another shortcode's. */
  needsKnown: boolean
}

/** A statement of more rows than this came in pages; one of fewer fits the smallest page that was seen. */
const ONE_PAGE_ROWS = 50

/** Reads `statement` against what is known. Payments that are settled already are only witnesses. */
export function readStatement(statement: Statement, known: Known): StatementReading {
  const timed = timeRows(statement, known.payments)
  const seeking = known.payments.filter(seeksReceipt)
  if (!timed.ok) {
    const verdicts = openOnes(seeking).map((payment) => open(payment, 'unknown_times'))
    return { verdicts, foreign: [], missing: [] }
  }
  const own = new Set(known.payments.map(({ receipt }) => receipt))
  const free = timed.rows.filter(({ receipt }) => !own.has(receipt) && !known.takenReceipts.has(receipt))
  const groups = groupCandidates(free, seeking)
  const isSurely = createIsSurely(timed.rows, known.payments)
  const clear = groups.filter((group) => isClear(group, isSurely))
  const positive = groups.flatMap((group) => judgeGroup(group, clear.includes(group)))
  const grouped = new Set(groups.flatMap(({ payments }) => payments))
  const accounted = new Set(clear.flatMap(({ rows }) => rows))
  const unaccounted = free.filter((row) => !accounted.has(row))
  const missing = findMissing(statement, timed.rows, known.payments, grouped)
  const isKnown = ({ receipt }: TimedRow) => own.has(receipt) || known.takenReceipts.has(receipt)
  const knowsNone = known.needsKnown && !timed.rows.some(isKnown)
  const context = { statement, rows: timed.rows, unaccounted, knowsNone, missing }
  const negative = openOnes(seeking)
    .filter((payment) => !grouped.has(payment))
    .map((payment) => judgeAbsence(context, payment))
  const ambiguous = new Set(groups.flatMap(({ rows }) => rows))
  const foreign = free.filter((row) => !ambiguous.has(row))
  return { verdicts: [...positive, ...negative], foreign, missing }
}

function openOnes(payments: readonly StatementPayment[]): StatementPayment[] {
  return payments.filter(({ state }) => state === 'uncertain' || state === 'pending')
}

function open(payment: StatementPayment, why: OpenWhy): StatementVerdict {
  return { kind: 'open', payment, why }
}

/** One transaction and one payment are each other's; as many of both, all alike, were all paid. */
function isClear({ rows, payments }: Group, isSurely: IsSurely): boolean {
  const undecided = payments.some(({ state }) => state === 'queued' || state === 'sending')
  const allSure = rows.every((row) => payments.every((payment) => isSurely(row, payment)))
  return allSure && !undecided && rows.length === payments.length
}

function judgeGroup({ rows, payments }: Group, clear: boolean): StatementVerdict[] {
  const [row] = rows
  const [payment] = payments
  if (!clear) return openOnes(payments).map((each) => open(each, 'ambiguous'))
  if (rows.length > 1) {
    return payments
      .filter(({ state }) => state !== 'succeeded')
      .map((each) => ({ kind: 'paid', payment: each, receipt: null, paidAtMs: null }))
  }
  if (row === undefined || payment === undefined) return []
  const { receipt, atMs: paidAtMs } = row
  if (payment.state === 'succeeded') return [{ kind: 'receipt', payment, receipt, paidAtMs }]
  return [{ kind: 'paid', payment, receipt, paidAtMs }]
}

type Context = {
  statement: Statement
  rows: readonly TimedRow[]
  unaccounted: readonly TimedRow[]
  /** Nothing known is on a statement that would need it. */
  knowsNone: boolean
  missing: readonly StatementPayment[]
}

/** No transaction may be this payment's: whether that means that it was not paid. */
function judgeAbsence(context: Context, payment: StatementPayment): StatementVerdict {
  const { statement, rows, unaccounted, knowsNone, missing } = context
  const window = windowOf(payment)
  if (payment.state !== 'uncertain') return open(payment, 'too_recent')
  if (statement.takenAtMs < window.toMs + STATEMENT_LAG_MS) return open(payment, 'too_recent')
  if (statement.fromMs > window.fromMs || statement.toMs < window.toMs) return open(payment, 'not_covered')
  if (statement.incomplete !== null) return open(payment, 'incomplete')
  if (missing.length > 0) return open(payment, 'known_missing')
  if (knowsNone) return open(payment, 'incomplete')
  const reachesPast = rows.some(({ atMs }) => atMs > window.toMs)
  const reachesBack = rows.length < ONE_PAGE_ROWS || rows.some(({ atMs }) => atMs < window.fromMs)
  if (!reachesPast || !reachesBack) return open(payment, 'no_witness')
  if (unaccounted.some((row) => isNearby(row, payment))) return open(payment, 'like_it')
  return { kind: 'not_paid', payment }
}

/** What is called paid and should be on the statement, and is not. */
function findMissing(
  statement: Statement,
  rows: readonly TimedRow[],
  payments: readonly StatementPayment[],
  grouped: ReadonlySet<StatementPayment>,
): StatementPayment[] {
  // On a part of a statement anything may be missing.
  if (statement.incomplete !== null) return []
  const receipts = new Set(rows.map(({ receipt }) => receipt))
  const settledByMs = Math.min(statement.toMs, statement.takenAtMs - STATEMENT_LAG_MS)
  const covers = (fromMs: number, toMs: number) => fromMs > statement.fromMs && toMs < settledByMs
  return payments.filter((payment) => {
    if (payment.state !== 'succeeded') return false
    const { receipt, paidAtMs } = payment
    if (receipt === null) {
      const window = windowOf(payment)
      return covers(window.fromMs, window.toMs) && !grouped.has(payment)
    }
    return paidAtMs !== null && covers(paidAtMs, paidAtMs) && !receipts.has(receipt)
  })
}
