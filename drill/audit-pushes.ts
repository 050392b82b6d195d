// The audit of prompts: one a payment, none after its expiry, and none that no payment asked for.
import type { Allowances, Breach } from './audit.ts'
import { groupBy, type Ledgers, paymentIdOf, type Truth } from './ledgers.ts'

/** Breaches, and how late the latest prompt was. */
export function auditPushes(
  { pushes, outcomes }: Pick<Ledgers, 'pushes' | 'outcomes'>,
  truths: ReadonlyMap<string, Truth>,
  { transitMs }: Allowances,
): { breaches: Breach[]; latestMs: number } {
  const kept = new Map(outcomes.map((outcome) => [outcome.id, outcome]))
  const breaches: Breach[] = []
  let latestMs = Number.NEGATIVE_INFINITY
  for (const push of pushes) {
    if (!push.promptShown) continue
    const payment = kept.get(paymentIdOf(push))
    if (payment === undefined) {
      breaches.push({ figure: 'strangePrompts', what: `${push.reference}: push ${push.sequence}` })
      continue
    }
    const lateMs = push.arrivedAtMs - payment.expiresAtMs
    latestMs = Math.max(latestMs, lateMs)
    if (lateMs > transitMs) {
      breaches.push({ figure: 'latePrompts', what: `${push.reference}: ${Math.round(lateMs)} ms late` })
    }
  }
  for (const [id, { prompts }] of truths) {
    const [, ...others] = prompts
    for (const other of others) {
      breaches.push({ figure: 'secondPrompts', what: `${other.reference}: ${id}, push ${other.sequence}` })
    }
  }
  return { breaches: [...breaches, ...doubledPayments(outcomes)], latestMs }
}

/** Every reference is used for one wish, and every wish has one Idempotency-Key. */
function doubledPayments(outcomes: Ledgers['outcomes']): Breach[] {
  const groups = groupBy(outcomes, (outcome) => outcome.reference)
  return [...groups].flatMap(([reference, [, ...others]]) =>
    others.map(({ id }): Breach => ({ figure: 'doubled', what: `${reference}: also ${id}` })),
  )
}
