// Which transactions of a statement may be which payments. Loosely: nothing known speaks against it.
// Strictly: everything that is known says so. Between the two nothing is settled.
import { mayBePhone } from '../daraja/statement.ts'
import { type StatementPayment, surroundingsOf, windowOf } from './statement-payment.ts'
import type { TimedRow } from './statement-times.ts'

/** Transactions and payments that may be each other's, and nobody else's. */
export type Group = { rows: TimedRow[]; payments: StatementPayment[] }

/** Of a masked number, so many digits beyond 254 must be shown for it to tell customers apart. */
const DIGITS_SHOWN_MIN = 4

/** Whether `row` may be the transaction of `payment`. */
export function mayBe(row: TimedRow, payment: StatementPayment): boolean {
  const { fromMs, toMs } = windowOf(payment)
  return (
    isLike(row, payment) &&
    row.atMs >= fromMs &&
    row.atMs <= toMs &&
    (payment.kind === 'till' || row.reference === null || sameLoosely(row.reference, payment.reference))
  )
}

/** Whether `row` is so like `payment`, in what and about when, that it could be a trace of it. */
export function isNearby(row: TimedRow, payment: StatementPayment): boolean {
  const { fromMs, toMs } = surroundingsOf(payment)
  return isLike(row, payment) && row.atMs >= fromMs && row.atMs <= toMs
}

function isLike(row: TimedRow, payment: StatementPayment): boolean {
  return row.amountKes === payment.amountKes && mayBePhone(row.phone, payment.phone)
}

/** Tells whether a row that may be a payment's surely speaks of it. */
export type IsSurely = (row: TimedRow, payment: StatementPayment) => boolean

/**
 * A judge over everything on the statement and everything that is known. With a whole number, that and (of
 * a paybill) the account must be the payment's. A masked number says so only together with an account that
 * no other customer uses; a till has no account, so there it never does.
 */
export function createIsSurely(rows: readonly TimedRow[], payments: readonly StatementPayment[]): IsSurely {
  const phonesOf = groupBy(payments, ({ reference }) => plain(reference))
  const rowsOf = groupBy(rows, ({ reference }) => plain(reference ?? ''))
  const isPersonal = ({ reference, phone }: StatementPayment) =>
    (phonesOf.get(plain(reference)) ?? []).every((other) => other.phone === phone) &&
    (rowsOf.get(plain(reference)) ?? []).every((row) => mayBePhone(row.phone, phone))
  return (row, payment) => {
    const sameAccount =
      row.reference !== null && row.reference.toLowerCase() === payment.reference.trim().toLowerCase()
    if (row.phone.kind === 'full') return payment.kind === 'till' || sameAccount
    if (row.phone.kind === 'hidden' || payment.kind === 'till' || !sameAccount) return false
    const shown = Math.max(0, row.phone.head.length - '254'.length) + row.phone.tail.length
    return shown >= DIGITS_SHOWN_MIN && isPersonal(payment)
  }
}

/** The groups that hang together by `mayBe`. What may be nothing of the other kind is in none. */
export function groupCandidates(rows: readonly TimedRow[], payments: readonly StatementPayment[]): Group[] {
  const paymentsOf = groupBy(payments, ({ amountKes }) => String(amountKes))
  const groupOfPayment = new Map<StatementPayment, Group>()
  const groups = new Set<Group>()
  for (const row of rows) {
    const candidates = (paymentsOf.get(String(row.amountKes)) ?? []).filter((each) => mayBe(row, each))
    if (candidates.length === 0) continue
    const merged: Group = { rows: [row], payments: [] }
    for (const payment of candidates) {
      const former = groupOfPayment.get(payment)
      if (former === undefined) merged.payments.push(payment)
      else if (groups.delete(former)) {
        merged.rows.push(...former.rows)
        merged.payments.push(...former.payments)
      }
    }
    for (const payment of merged.payments) groupOfPayment.set(payment, merged)
    groups.add(merged)
  }
  return [...groups]
}

function sameLoosely(one: string, other: string): boolean {
  const [left, right] = [plain(one), plain(other)]
  return left.startsWith(right) || right.startsWith(left)
}

/** Letters and digits only: accounts are typed, cut and put into capitals on their way. */
function plain(reference: string): string {
  return reference.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function groupBy<T>(list: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const each of list) {
    const group = groups.get(keyOf(each))
    if (group === undefined) groups.set(keyOf(each), [each])
    else group.push(each)
  }
  return groups
}
