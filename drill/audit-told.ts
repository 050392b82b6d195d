// The audit of webhooks: every verdict was told to both endpoints as it really is, each payment's events came
// in the order of their numbers, and nothing told was taken back.
import type { Breach } from './audit.ts'
import { groupBy, type Ledgers, type Truth } from './ledgers.ts'
import type { Outcome } from './outcome-store.ts'
import type { Told } from './receiver.ts'

const PAID = '0'
const SETTLED = ['succeeded', 'failed']

/** Breaches of what the receiver acknowledged. */
export function auditTold(
  { outcomes, told }: Pick<Ledgers, 'outcomes' | 'told'>,
  truths: ReadonlyMap<string, Truth>,
): Breach[] {
  const byPayment = groupBy(told, (each) => `${each.format} ${each.paymentId}`)
  return outcomes.flatMap((outcome) => {
    const events = byPayment.get(`event ${outcome.id}`) ?? []
    const callbacks = byPayment.get(`daraja ${outcome.id}`) ?? []
    const truth = truths.get(outcome.id) ?? null
    return [...orderBreaches(outcome, events), ...tellingBreaches(outcome, truth, { events, callbacks })]
  })
}

/** First arrivals by number, and what each number said. */
function orderBreaches(outcome: Outcome, events: readonly Told[]): Breach[] {
  const breaches: Breach[] = []
  const what = (text: string) => `${outcome.reference}: ${text} (${outcome.id})`
  const firsts = new Map<number, Told>()
  let highest = 0
  for (const event of events) {
    const sequence = event.sequence ?? 0
    const first = firsts.get(sequence)
    if (first === undefined) {
      firsts.set(sequence, event)
      if (sequence !== highest + 1) {
        breaches.push({ figure: 'toldOutOfOrder', what: what(`number ${sequence} after number ${highest}`) })
      }
      highest = Math.max(highest, sequence)
    } else if (first.webhookId !== event.webhookId || first.status !== event.status) {
      breaches.push({ figure: 'toldOutOfOrder', what: what(`number ${sequence} is two events`) })
    }
  }
  let settledAs: string | null = null
  for (const [sequence, { type, status }] of [...firsts].sort(([a], [b]) => a - b)) {
    const isCorrection = type === 'payment.corrected' && settledAs === 'failed' && status === 'succeeded'
    const isVerdict = type === 'payment.succeeded' || type === 'payment.failed'
    if (settledAs !== null && !isCorrection && (status !== settledAs || isVerdict)) {
      const text = `${settledAs}, and then number ${sequence}: ${type}, ${status}`
      breaches.push({ figure: 'overturned', what: what(text) })
    }
    if (status !== null && SETTLED.includes(status)) settledAs = status
  }
  return breaches
}

function tellingBreaches(
  outcome: Outcome,
  truth: Truth | null,
  { events, callbacks }: { events: readonly Told[]; callbacks: readonly Told[] },
): Breach[] {
  const breaches: Breach[] = []
  const what = (text: string) => `${outcome.reference}: ${text} (${outcome.id})`
  const last = events.toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0)).at(-1) ?? null
  const lastCallback = lastNew(callbacks)
  if (SETTLED.includes(outcome.state)) {
    if (last?.status !== outcome.state) {
      breaches.push({
        figure: 'neverTold',
        what: what(`${outcome.state}, told ${last?.status ?? 'nothing'}`),
      })
    } else if (last.receipt !== outcome.receipt) {
      breaches.push({ figure: 'neverTold', what: what(`receipt ${outcome.receipt}, told ${last.receipt}`) })
    }
    if (lastCallback === null)
      breaches.push({ figure: 'neverTold', what: what('no callback of Daraja form') })
  }
  const wrong = last !== null && SETTLED.includes(last.status ?? '') ? toldOtherwise(last, truth) : null
  if (wrong !== null) breaches.push({ figure: 'wronglyTold', what: what(`told ${wrong}`) })
  const wrongCallback = lastCallback === null ? null : toldOtherwise(lastCallback, truth)
  if (wrongCallback !== null) {
    breaches.push({ figure: 'wronglyTold', what: what(`told by callback ${wrongCallback}`) })
  }
  return breaches
}

/** The last telling of something new: the same webhook may come again at any time. */
function lastNew(tellings: readonly Told[]): Told | null {
  const seen = new Map(tellings.toReversed().map((telling) => [telling.webhookId, telling]))
  const firsts = tellings.filter((telling) => seen.get(telling.webhookId) === telling)
  return firsts.at(-1) ?? null
}

/** What a telling of a verdict says that is not so; null when it is so. */
function toldOtherwise(telling: Told, truth: Truth | null): string | null {
  const begun = truth?.begun ?? null
  const paid = telling.status === null ? telling.resultCode === PAID : telling.status === 'succeeded'
  if (paid !== (begun?.resultCode === PAID)) {
    const said = paid ? 'paid' : `not paid (${telling.resultCode})`
    return `${said}, really ${begun?.resultCode ?? 'never begun'}`
  }
  if (!paid) return null
  if (telling.receipt !== null && telling.receipt !== begun?.receipt) return 'another receipt'
  return telling.amountKes === begun?.amountKes ? null : 'another amount'
}
