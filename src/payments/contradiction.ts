// What says otherwise than a verdict changes nothing, and is raised so that somebody looks into it.
import type { Uuid } from '../ids.ts'
import type { MoveDeps } from './move.ts'
import type { Payment } from './payment.ts'

/** Who said it, and the callback, where that brought it. */
export type Contradiction = { step: 'callback' | 'query'; eventId: Uuid; callback: string | null }

/** Raises `payment.contradicted`; said again with the same event id, it is raised once. */
export async function raiseContradiction(
  deps: Pick<MoveDeps, 'clock' | 'log' | 'store'>,
  payment: Payment,
  { step, eventId, callback }: Contradiction,
): Promise<void> {
  const isRaised = await deps.store.recordRemark({
    payment,
    eventId,
    type: 'payment.contradicted',
    receipt: null,
    paidAt: null,
    evidence: null,
    callback,
    at: new Date(deps.clock.now()),
  })
  const said = { step, payment: payment.id, state: payment.state }
  if (isRaised) deps.log.warn(said, `${step} contradicts verdict`)
}
