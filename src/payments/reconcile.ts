// The sweep's part in what is open that needs no answer of M-Pesa's: a payment whose sender died, or whose
// prompt is over without a verdict, is declared uncertain. `ask.ts` finds out what became of it.
import { SEND_LEASE_MS } from './create.ts'
import { type MoveDeps, moveOpen } from './move.ts'
import type { DuePayment } from './payment-due-store.ts'

/** Claimed at a time. */
const BATCH_MAX = 100

/** Takes one batch of what has lapsed. Resolves to its size when all are done. */
export async function sweepLapsed(deps: MoveDeps): Promise<number> {
  const nowMs = deps.clock.now()
  const lapsed = await deps.store.claimDue({
    now: new Date(nowMs),
    process: deps.process,
    leaseUntil: new Date(nowMs + SEND_LEASE_MS),
    limit: BATCH_MAX,
    kind: 'lapsed',
  })
  const results = await Promise.allSettled(lapsed.map((due) => takeLapsed(deps, due)))
  for (const result of results) {
    if (result.status === 'rejected') deps.log.error({ err: result.reason }, 'a due payment was put back')
  }
  return lapsed.length
}

async function takeLapsed(deps: MoveDeps, { payment, foundState }: DuePayment): Promise<void> {
  const key = { merchantId: payment.merchantId, paymentId: payment.id }
  if (foundState === 'sending') {
    // Its process died, or could not write: the push may have reached M-Pesa, so it is never sent again.
    await moveOpen(deps, key, 'unknown', {
      resultDesc: 'The process that sent it ended before it knew what became of it.',
      dueAt: null,
    })
  } else if (payment.checkoutRequestId === null) {
    // Without an id there is nothing to ask with; its callback can still settle it.
    await deps.store.postpone({ ...key, leasedBy: deps.process, dueAt: null, query: null })
  } else {
    await moveOpen(deps, key, 'overdue', { dueAt: new Date(deps.clock.now()) })
  }
}
