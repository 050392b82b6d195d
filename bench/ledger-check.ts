// The benchmark's figures count only when every payment was really made: what shops, M-Pesa, the database and
// the webhook receiver know of must be the same.
import type { Prompts } from './simulator-process.ts'
import type { Totals } from './totals-store.ts'
import type { Told } from './webhook-sink.ts'

/** What each party has seen; `accepted` were answered with 202. */
export type Seen = { accepted: number; totals: Totals; prompts: Prompts; told: Told }

/** Each disagreement in a sentence; none when all is well. */
export function findDisagreements({ accepted, totals, prompts, told }: Seen): string[] {
  const all = (name: string) => ({ [name]: accepted })
  const claims: [what: string, found: unknown, expected: unknown][] = [
    ['payments in the database', totals.payments, all('succeeded')],
    ['events in the database', totals.events, all('payment.succeeded')],
    ['deliveries in the database', totals.deliveries, all('delivered')],
    ['prompts shown by M-Pesa', prompts, { prompts: accepted, phones: accepted }],
    ['webhooks received', told, { payments: accepted, repeats: 0, others: 0 }],
  ]
  return claims
    .map(([what, found, expected]) => [what, JSON.stringify(found), JSON.stringify(expected)] as const)
    .filter(([, found, expected]) => found !== expected)
    .map(([what, found, expected]) => `${what}: ${found}, and not ${expected}`)
}
