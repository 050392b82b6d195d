// The audit: joins what the merchant was acknowledged, what the simulator really did, what the receiver
// verified and what the database holds, and counts every promise that was broken.
import { auditPushes } from './audit-pushes.ts'
import { auditTold } from './audit-told.ts'
import { auditVerdicts } from './audit-verdicts.ts'
import { type Ledgers, truthByPayment } from './ledgers.ts'

/** The figures, in the order of the report; each of them must be 0. */
export const FIGURES = {
  missing: 'acknowledged and missing',
  unacknowledged: 'requests never acknowledged',
  badAnswers: 'answers that no good request should get',
  doubled: 'second payments for one Idempotency-Key',
  secondPrompts: 'second prompts',
  strangePrompts: 'prompts of no payment',
  latePrompts: 'prompts after expires_in',
  wrongVerdicts: "verdicts that differ from the simulator's",
  lostCallbacks: 'callbacks acknowledged and lost',
  wronglyTold: "tellings that differ from the simulator's",
  neverTold: 'verdicts never told',
  toldOutOfOrder: 'tellings out of order',
  overturned: 'verdicts told and taken back',
  wronglySigned: 'webhooks wrongly signed',
  deliveriesOpen: 'webhooks not delivered at the end',
  open: 'open payments at the end',
  unaskable: 'open payments at the end, nothing to ask by',
} as const

/** The name of a figure. */
export type Figure = keyof typeof FIGURES

/** One broken promise, in words. */
export type Breach = { figure: Figure; what: string }

/** The figures, some breaches of each as examples, and how late the latest prompt was. */
export type Audit = {
  figures: Record<Figure, number>
  examples: Breach[]
  /** The most that any prompt was after its payment's expiry, by the fast clock; negative for none. */
  latestPromptMs: number
}

/** What is not counted as a breach. */
export type Allowances = {
  /** Milliseconds by the fast clock that a request may take from the gateway's last look to Safaricom. */
  transitMs: number
}

const EXAMPLES_MAX = 5

/** Audits the ledgers of a drill. */
export function audit(ledgers: Ledgers, allowances: Allowances): Audit {
  const truths = truthByPayment(ledgers.pushes)
  const pushes = auditPushes(ledgers, truths, allowances)
  const breaches = [
    ...auditAcknowledgements(ledgers),
    ...pushes.breaches,
    ...auditVerdicts(ledgers, truths),
    ...auditTold(ledgers, truths),
  ]
  const figures = Object.fromEntries(Object.keys(FIGURES).map((name) => [name, 0])) as Record<Figure, number>
  const examples: Breach[] = []
  for (const breach of breaches) {
    figures[breach.figure] += 1
    if (figures[breach.figure] <= EXAMPLES_MAX) examples.push(breach)
  }
  figures.wronglySigned = ledgers.counts.wronglySigned
  figures.deliveriesOpen = ledgers.deliveriesOpen
  return { figures, examples, latestPromptMs: pushes.latestMs }
}

/** The figures that are not 0. */
export function brokenFigures(figures: Audit['figures'], tolerated: readonly Figure[]): Figure[] {
  const names = Object.keys(FIGURES) as Figure[]
  return names.filter((name) => figures[name] !== 0 && !tolerated.includes(name))
}

function auditAcknowledgements({ asked, outcomes }: Ledgers): Breach[] {
  const kept = new Map(outcomes.map((outcome) => [outcome.id, outcome]))
  return asked.flatMap((each): Breach[] => {
    const { reference } = each
    if (each.unexpected !== null) return [{ figure: 'badAnswers', what: `${reference}: ${each.unexpected}` }]
    if (each.paymentId === null) {
      const what = `${reference}: ${each.requests} requests in ${Math.round(each.tookMs)} ms`
      return [{ figure: 'unacknowledged', what }]
    }
    const found = kept.get(each.paymentId)
    if (found === undefined) return [{ figure: 'missing', what: `${reference}: ${each.paymentId}` }]
    const same =
      found.reference === reference && found.phone === each.phone && found.amountKes === each.amountKes
    return same ? [] : [{ figure: 'missing', what: `${reference}: ${found.id} is of ${found.reference}` }]
  })
}
