// What a statement proves becomes verdicts, by the ordinary moves of the state table.
import type { Statement } from '../daraja/statement.ts'
import type { Uuid } from '../ids.ts'
import { type MoveDeps, type MoveFacts, moveCorrected, moveOpen } from './move.ts'
import type { Evidence } from './payment.ts'
import { readStatement, type StatementReading, type StatementVerdict } from './statement-match.ts'
import { type StatementPayment, windowOf } from './statement-payment.ts'
import type { StatementStore, StatementSubject } from './statement-store.ts'

/** What a payment that a whole statement does not show carries in place of M-Pesa's code. */
export const NOT_ON_STATEMENT_CODE = 'not_on_statement'

/** The parts of the core that statements settle with. */
export type SettleDeps = MoveDeps & { statements: StatementStore }

/** Read, or too much is known of its time to be held at once: ask about less time. */
export type KnownReading = { kind: 'read'; reading: StatementReading } | { kind: 'too_long' }

/** Some 25 MB. Four hours of a shortcode with ten thousand payments an hour. */
const PAYMENTS_MAX = 50_000
/** A payment is made up to an hour before it is sent, and sent up to some minutes before it is paid. */
const MADE_BEFORE_MS = 2 * 60 * 60_000
/** Clocks differ; otherwise what was made later cannot be on it. */
const MADE_AFTER_MS = 10 * 60_000
const SUCCESS_CODE = '0'

/**
 * Reads a statement against all that is known of its shortcode. To be called after the statement was had:
 * whatever payment can have a transaction on it is committed by then.
 */
export async function readAgainstKnown(
  deps: Pick<SettleDeps, 'statements'>,
  subject: StatementSubject,
  statement: Statement,
  needsKnown: boolean,
): Promise<KnownReading> {
  const time = { fromMs: statement.fromMs - MADE_BEFORE_MS, toMs: statement.toMs + MADE_AFTER_MS }
  const payments = await deps.statements.paymentsBetween(subject, time, PAYMENTS_MAX + 1)
  if (payments.length > PAYMENTS_MAX) return { kind: 'too_long' }
  const receipts = statement.rows.map(({ receipt }) => receipt)
  const takenReceipts = await deps.statements.takenReceipts(subject, receipts)
  const inTime = payments.filter((payment) => {
    const window = windowOf(payment)
    return payment.receipt !== null || (window.toMs >= statement.fromMs && window.fromMs <= statement.toMs)
  })
  return { kind: 'read', reading: readStatement(statement, { payments: inTime, takenReceipts, needsKnown }) }
}

/** What was settled: how often each kind of verdict changed a payment. */
export type Settled = { paid: number; corrected: number; receipts: number; notPaid: number }

/** Settles what `reading` proves about payments of one merchant's shortcode. */
export async function settleByReading(
  deps: SettleDeps,
  owner: { merchantId: Uuid; shortcodeId: Uuid },
  reading: StatementReading,
): Promise<Settled> {
  const settled: Settled = { paid: 0, corrected: 0, receipts: 0, notPaid: 0 }
  for (const verdict of reading.verdicts) {
    const { merchantId, shortcodeId } = verdict.payment
    if (merchantId !== owner.merchantId || shortcodeId !== owner.shortcodeId) continue
    const what = await settle(deps, verdict)
    if (what !== null) settled[what] += 1
  }
  return settled
}

async function settle(deps: SettleDeps, verdict: StatementVerdict): Promise<keyof Settled | null> {
  switch (verdict.kind) {
    case 'open':
      return null
    case 'not_paid': {
      const moved = await moveOpen(deps, keyOf(verdict.payment), 'declined', {
        resultCode: NOT_ON_STATEMENT_CODE,
        resultDesc: "The shortcode's M-Pesa statement does not show it.",
        evidence: evidenceOf('confirmed'),
      })
      return moved === undefined ? null : 'notPaid'
    }
    case 'receipt':
      return fillIn(deps, verdict)
    case 'paid':
      return settlePaid(deps, verdict)
  }
}

async function settlePaid(
  deps: SettleDeps,
  verdict: StatementVerdict & { kind: 'paid' },
): Promise<'paid' | 'corrected' | null> {
  const { payment, receipt, paidAtMs } = verdict
  const isProven = receipt !== null
  const facts: MoveFacts = {
    resultCode: SUCCESS_CODE,
    resultDesc: "The shortcode's M-Pesa statement shows it.",
    receipt,
    paidAt: paidAtMs === null ? null : new Date(paidAtMs),
    amountKes: payment.amountKes,
    evidence: evidenceOf(isProven ? 'proven' : 'confirmed'),
  }
  if (payment.state === 'failed') {
    // Only what is proven overturns a failure.
    if (!isProven) return null
    return (await moveCorrected(deps, keyOf(payment), facts)) === undefined ? null : 'corrected'
  }
  const event = isProven ? 'paid_proven' : 'paid_confirmed'
  return (await moveOpen(deps, keyOf(payment), event, facts)) === undefined ? null : 'paid'
}

async function fillIn(
  deps: SettleDeps,
  { payment, receipt, paidAtMs }: StatementVerdict & { kind: 'receipt' },
): Promise<'receipts' | null> {
  const found = await deps.store.find(keyOf(payment))
  if (found === null) return null
  const filledIn = await deps.store.recordRemark({
    payment: found,
    eventId: deps.newUuid(),
    type: 'payment.updated',
    receipt,
    paidAt: new Date(paidAtMs),
    evidence: {
      ...evidenceOf('proven'),
      amount_match: true,
      ids_match: null,
      query: found.evidence?.query ?? null,
    },
    callback: null,
    at: new Date(deps.clock.now()),
  })
  return filledIn ? 'receipts' : null
}

function evidenceOf(confidence: Evidence['confidence']): NonNullable<MoveFacts['evidence']> {
  return { source: 'statement', confidence, token: null, ip: null, query: null }
}

function keyOf({ merchantId, paymentId }: StatementPayment) {
  return { merchantId, paymentId }
}
