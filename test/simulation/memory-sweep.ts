// What sweeps do to the tables in memory: what is due and under nobody's lease is claimed, because it has
// lapsed or for a question to M-Pesa.
import type { Uuid } from '../../src/ids.ts'
import { PROMPT_LIFE_AND_GRACE_MS } from '../../src/payments/ask-schedule.ts'
import type { Payment } from '../../src/payments/payment.ts'
import type { Claim, DuePayment, NamedIds } from '../../src/payments/payment-due-store.ts'
import type {
  Question,
  QuestionClaim,
  QuestionPage,
  Questions,
  Wanted,
} from '../../src/payments/payment-question-store.ts'
import type { PaymentKey } from '../../src/payments/payment-store.ts'
import { isAskable, type MemoryRow, nameOf, put, type Tables } from './memory-tables.ts'

/** A hint hastens a payment's question this often, as in the SQL. */
const HINTS_APART_MS = 5 * 60_000

/** As `claimDuePayments`. */
export function claimDue(tables: Tables, claim: Claim): DuePayment[] {
  const due = [...tables.due.values()].filter(
    (row) => isFree(row, claim.now) && hasLapsed(row.payment, claim.now),
  )
  return oldestDue(due, claim.limit).map((row) => claimRow(tables, row, claim))
}

function isFree({ dueAt, leasedUntil }: MemoryRow, now: Date, early = false): boolean {
  const isDue = dueAt !== null && (dueAt <= now || early)
  return isDue && (leasedUntil === null || leasedUntil <= now)
}

function oldestDue(rows: MemoryRow[], limit: number): MemoryRow[] {
  return highest(rows, limit, (row) => -dueMsOf(row))
}

function dueMsOf({ dueAt }: MemoryRow): number {
  return dueAt?.getTime() ?? 0
}

function highest(rows: MemoryRow[], limit: number, by: (row: MemoryRow) => number): MemoryRow[] {
  return rows.toSorted((a, b) => by(b) - by(a)).slice(0, limit)
}

/** Sent by a process that died, without a verdict though the prompt is over, or not to be asked about. */
function hasLapsed(payment: Payment, now: Date): boolean {
  const { state, checkoutRequestId, promptedAt } = payment
  if (state === 'uncertain') return checkoutRequestId === null
  if (state !== 'pending') return state === 'sending'
  const overdueSinceMs = now.getTime() - PROMPT_LIFE_AND_GRACE_MS
  return checkoutRequestId === null || (promptedAt !== null && promptedAt.getTime() <= overdueSinceMs)
}

function claimRow(tables: Tables, row: MemoryRow, claim: Claim): DuePayment {
  const { attempts, queries } = row
  const payment = { ...row.payment, updatedAt: claim.now }
  put(tables, row, { ...row, payment, leasedBy: claim.process, leasedUntil: claim.leaseUntil })
  return { payment, foundState: payment.state, attempts, queries }
}

/** As `readQuestions`. */
export function readQuestions(tables: Tables, page: QuestionPage): Questions {
  const byShortcode = new Map<Uuid, MemoryRow[]>()
  for (const row of tables.due.values()) {
    const { shortcodeId, checkoutRequestId } = row.payment
    if (!isAskable(row.payment) || checkoutRequestId === null) continue
    if (page.after !== null && shortcodeId <= page.after) continue
    const rows = byShortcode.get(shortcodeId) ?? []
    byShortcode.set(shortcodeId, rows)
    rows.push(row)
  }
  const shortcodes = [...byShortcode.keys()].sort().slice(0, page.shortcodesMax)
  return {
    questions: shortcodes.flatMap((id) => questionsOf(byShortcode.get(id) ?? [], page)),
    next: shortcodes.length < page.shortcodesMax ? null : (shortcodes.at(-1) ?? null),
  }
}

function questionsOf(rows: MemoryRow[], { now, eachMax }: QuestionPage): Question[] {
  const free = rows.filter((row) => isFree(row, now))
  const found = new Set([
    ...oldestDue(free, eachMax),
    ...highest(
      free.filter(({ payment }) => payment.state === 'uncertain'),
      eachMax,
      ({ payment }) => payment.amountKes,
    ),
    ...highest(
      free.filter(({ wantedAt }) => wantedAt !== null),
      eachMax,
      ({ wantedAt }) => wantedAt?.getTime() ?? 0,
    ),
  ])
  return [...found].map(questionOf)
}

function questionOf(row: MemoryRow): Question {
  const { payment, wantedAt, queries } = row
  return {
    merchantId: payment.merchantId,
    paymentId: payment.id,
    shortcodeId: payment.shortcodeId,
    amountKes: payment.amountKes,
    promptedAtMs: (payment.promptedAt ?? payment.sentAt ?? payment.createdAt).getTime(),
    dueAtMs: dueMsOf(row),
    wantedAtMs: wantedAt?.getTime() ?? null,
    queries,
  }
}

/** As `claimQuestions`. */
export function claimQuestions(tables: Tables, claim: QuestionClaim): Payment[] {
  const names = new Set(claim.keys.map(nameOf))
  return [...names].flatMap((name) => {
    const row = tables.payments.get(name)
    if (row === undefined || !isFree(row, claim.now, claim.early)) return []
    if (!isAskable(row.payment) || row.payment.checkoutRequestId === null) return []
    const payment = { ...row.payment, updatedAt: claim.now }
    put(tables, row, { ...row, payment, leasedBy: claim.process, leasedUntil: claim.leaseUntil })
    return [payment]
  })
}

/** As `createMarkWanted`'s statement. */
export function markWanted(tables: Tables, wanted: Wanted): true | undefined {
  const row = tables.payments.get(nameOf(wanted))
  if (row === undefined || !isAskable(row.payment)) return undefined
  put(tables, row, { ...row, wantedAt: wanted.at })
  return true
}

/** As `makeDue`. */
export function makeDue(tables: Tables, wanted: PaymentKey & { now: Date }): void {
  const row = tables.payments.get(nameOf(wanted))
  if (row === undefined || !isAskable(row.payment)) return
  if (row.leasedUntil !== null || row.payment.checkoutRequestId === null) return
  if (row.dueAt !== null && row.dueAt <= wanted.now) return
  if (row.hintedAt !== null && row.hintedAt.getTime() > wanted.now.getTime() - HINTS_APART_MS) return
  put(tables, row, { ...row, dueAt: wanted.now, hintedAt: wanted.now })
}

/** As `noteRequestIds`. */
export function noteRequestIds(tables: Tables, ids: NamedIds): void {
  const row = tables.payments.get(nameOf(ids))
  if (row === undefined || row.payment.checkoutRequestId !== null) return
  const { payment } = row
  if (payment.state !== 'sending' && payment.state !== 'uncertain') return
  const merchantRequestId = payment.merchantRequestId ?? ids.merchantRequestId
  const { checkoutRequestId, at: updatedAt } = ids
  put(tables, row, { ...row, payment: { ...payment, merchantRequestId, checkoutRequestId, updatedAt } })
}
