// The words that a customer reads on the handset: the prompt, and M-PESA's messages afterwards. They follow
// what customers have shared; Safaricom publishes none of them (docs/simulator.md says which are guessed).
import { eatStamp } from './eat-time.ts'
import type { LedgerEntry } from './ledger.ts'

/** What may be paid in one day (Daraja, STK push). */
export const DAY_LIMIT_KES = 500_000

/** Who is paid, as the handset names it, and whether the prompt names an account. */
export type Payee = { name: string; isTill: boolean }

/** What the prompt asks, without the line that asks for the PIN. */
export function promptText(entry: LedgerEntry, payee: Payee): string {
  const ask = `Do you want to pay Kshs. ${entry.amountKes} to ${payee.name}`
  return payee.isTill ? `${ask}?` : `${ask} Account no. ${entry.reference}?`
}

/** The message after a payment. `balanceKes` null is a phone that never runs out: no balance is told. */
export function paidText(
  entry: LedgerEntry,
  payee: Payee,
  left: { balanceKes: number | null; dayKes: number; atMs: number },
): string {
  const what = payee.isTill
    ? `paid to ${payee.name}.`
    : `sent to ${payee.name} for account ${entry.reference}`
  const balance = left.balanceKes === null ? '' : ` New M-PESA balance is ${money(left.balanceKes)}.`
  return (
    `${entry.receipt} Confirmed. ${money(entry.amountKes)} ${what} on ${dayAndTime(left.atMs)}${balance} ` +
    `Transaction cost, Ksh0.00. Amount you can transact within the day is ${amount(left.dayKes)}.`
  )
}

/** The message after each way in which a PIN's payment can fail. */
export const FAILED_TEXTS = {
  low(entry: LedgerEntry, payee: Payee, balanceKes: number): string {
    return (
      `Failed. You do not have enough money in your M-PESA account to pay ${money(entry.amountKes)} ` +
      `to ${payee.name}. Your M-PESA balance is ${money(balanceKes)}.`
    )
  },
  dayLimit(entry: LedgerEntry): string {
    return (
      `Failed. Paying ${money(entry.amountKes)} would take you over the daily limit of ` +
      `${money(DAY_LIMIT_KES)}. Please try again tomorrow.`
    )
  },
  wrongPin(left: number): string {
    const attempts = left === 1 ? '1 attempt' : `${left} attempts`
    return `Failed. You have entered a wrong M-PESA PIN. You have ${attempts} left.`
  },
  locked(): string {
    return 'Failed. Your M-PESA PIN is locked after three wrong attempts. Please call customer care.'
  },
}

/** `Ksh1,250.00`. */
function money(amountKes: number): string {
  return `Ksh${amount(amountKes)}`
}

function amount(amountKes: number): string {
  return amountKes.toLocaleString('en-KE', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

/** `16/2/26 at 9:18 AM`, in East Africa Time. */
function dayAndTime(atMs: number): string {
  const stamp = eatStamp(atMs)
  const hour = Number(stamp.slice(8, 10))
  const day = `${Number(stamp.slice(6, 8))}/${Number(stamp.slice(4, 6))}/${stamp.slice(2, 4)}`
  return `${day} at ${hour % 12 === 0 ? 12 : hour % 12}:${stamp.slice(10, 12)} ${hour < 12 ? 'AM' : 'PM'}`
}
