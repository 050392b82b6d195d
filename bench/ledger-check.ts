// The benchmark's figures count only when every payment was really made: what shops, M-Pesa, the database and
// the webhook receiver know of must be the same.
import type { DarajaTotals } from './daraja-double.ts'
import type { Stage } from './stage.ts'
import { readTotals, type Totals } from './totals-store.ts'
import type { Told } from './webhook-sink.ts'

/** What each party has seen. */
export type Seen = {
  /** Payments that the gateway answered for. */
  accepted: number
  /** Payments that baselines answered for, and had M-Pesa prompt. */
  others: number
  /** Settled payments with a delivered webhook that were copied in the database, and never prompted. */
  copies?: number
  totals: Totals
  daraja: Pick<DarajaTotals, 'prompts' | 'phones' | 'callbacks'>
  told: Told
}

/** Each disagreement in a sentence; none when all is well. */
export function findDisagreements({ accepted, others, copies = 0, totals, daraja, told }: Seen): string[] {
  const all = (name: string) => ({ [name]: accepted + copies })
  const sum = accepted + others
  const { prompts, phones, callbacks } = daraja
  const { payments, repeats, others: strange, badSignatures } = told
  const claims: [what: string, found: unknown, expected: unknown][] = [
    ['payments in the database', totals.payments, all('succeeded')],
    ['events in the database', totals.events, all('payment.succeeded')],
    ['deliveries in the database', totals.deliveries, all('delivered')],
    [
      'prompts shown by M-Pesa',
      { prompts, phones, callbacks },
      { prompts: sum, phones: sum, callbacks: sum },
    ],
    [
      'webhooks received',
      { payments, repeats, strange, badSignatures },
      { payments: sum, repeats: 0, strange: 0, badSignatures: 0 },
    ],
  ]
  const found = claims
    .map(([what, found, expected]) => [what, JSON.stringify(found), JSON.stringify(expected)] as const)
    .filter(([, found, expected]) => found !== expected)
    .map(([what, found, expected]) => `${what}: ${found}, and not ${expected}`)
  return accepted === 0 ? [...found, 'no payment was accepted'] : found
}

/** What everybody has seen, and where it disagrees. */
export async function findLedgerFaults(
  stage: Stage,
  made: Pick<Seen, 'accepted' | 'others'>,
): Promise<string[]> {
  return findDisagreements({
    ...made,
    totals: await readTotals(stage.db),
    daraja: readDarajaTotals(await stage.daraja.call('totals')),
    told: readTold(await stage.load.call('told')),
  })
}

/** Throws unless everybody has seen the same payments. */
export async function checkLedgers(
  stage: Stage,
  made: Pick<Seen, 'accepted' | 'others' | 'copies'>,
): Promise<void> {
  const disagreements = await findLedgerFaults(stage, made)
  if (disagreements.length > 0) throw new Error(`The figures do not count:\n${disagreements.join('\n')}`)
}

/** Both come from processes of this folder. */
function readDarajaTotals(value: unknown): DarajaTotals {
  return value as DarajaTotals
}

function readTold(value: unknown): Told {
  return value as Told
}
