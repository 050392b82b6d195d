// The audit of verdicts: each is the simulator's own, every callback that was answered has left its mark, and
// no payment is open.
import type { Breach } from './audit.ts'
import type { Ledgers, Truth } from './ledgers.ts'
import type { Outcome } from './outcome-store.ts'

const PAID = '0'

/** Breaches of what the database holds. */
export function auditVerdicts(
  { outcomes }: Pick<Ledgers, 'outcomes'>,
  truths: ReadonlyMap<string, Truth>,
): Breach[] {
  return outcomes.flatMap((outcome) => {
    const truth = truths.get(outcome.id) ?? null
    const breaches: Breach[] = []
    const what = (text: string) => `${outcome.reference}: ${text} (${outcome.id})`
    const answered = truth?.callbacksAnswered ?? 0
    // A second copy of the same words may be answered from memory; the first one never.
    if (answered > 0 && outcome.callbacksKept === 0) {
      breaches.push({ figure: 'lostCallbacks', what: what(`${answered} callbacks answered, none kept`) })
    }
    if (outcome.state !== 'succeeded' && outcome.state !== 'failed') {
      const unaskable = outcome.state === 'uncertain' && outcome.checkoutRequestId === null
      breaches.push({ figure: unaskable ? 'unaskable' : 'open', what: what(outcome.state) })
      return breaches
    }
    const wrong = differenceOf(outcome, truth)
    if (wrong !== null) breaches.push({ figure: 'wrongVerdicts', what: what(wrong) })
    return breaches
  })
}

/** Why a settled payment is not what the simulator knows it to be; null when it is. */
function differenceOf(outcome: Outcome, truth: Truth | null): string | null {
  const begun = truth?.begun ?? null
  const really = begun === null ? 'never begun' : (begun.resultCode ?? 'in flight')
  if (outcome.state === 'succeeded') {
    if (begun?.resultCode !== PAID) return `called paid, really ${really}`
    if (outcome.receipt !== null && outcome.receipt !== begun.receipt) return 'paid with another receipt'
    return outcome.amountKes === begun.amountKes ? null : 'paid with another amount'
  }
  if (begun?.resultCode === PAID) return `called ${outcome.outcome}, really paid`
  // The statement says no more than that no money came.
  if (outcome.evidence === 'statement') return null
  if (outcome.outcome === 'declined') {
    return begun?.resultCode === outcome.resultCode ? null : `called ${outcome.resultCode}, really ${really}`
  }
  return begun === null ? null : `called ${outcome.outcome}, really ${really}`
}
