// Sending what waits: the sweep takes queued payments that are due, and gives up those that have expired.
import { SEND_LEASE_MS } from './create.ts'
import { type Dispatcher, NOT_SENT_CODE } from './dispatch.ts'
import { type MoveDeps, moveOpen } from './move.ts'
import type { DuePayment } from './payment-due-store.ts'

/** The parts of the core that sending from the queue needs. */
export type QueueSweepDeps = MoveDeps & { dispatcher: Dispatcher }

/** Claimed at a time; each of them costs at most one exchange with Daraja. */
const BATCH_MAX = 100

/** Starts to send one batch of what is queued and due, without waiting for Daraja. Resolves to its size. */
export async function sweepQueued(deps: QueueSweepDeps): Promise<number> {
  if (!deps.dispatcher.hasRoom()) return 0
  const nowMs = deps.clock.now()
  const queued = await deps.store.claimDue({
    now: new Date(nowMs),
    process: deps.process,
    leaseUntil: new Date(nowMs + SEND_LEASE_MS),
    limit: BATCH_MAX,
    kind: 'queued',
  })
  for (const due of queued) await takeQueued(deps, due)
  return queued.length
}

async function takeQueued(deps: QueueSweepDeps, due: DuePayment): Promise<void> {
  const { payment } = due
  if (payment.state === 'sending') {
    void deps.dispatcher.send(payment, 'soon', due.attempts)
    return
  }
  const key = { merchantId: payment.merchantId, paymentId: payment.id }
  await moveOpen(deps, key, 'given_up', {
    resultCode: NOT_SENT_CODE,
    resultDesc: 'It could not be sent before it expired.',
    evidence: { source: 'gateway', confidence: 'proven', token: null, ip: null, query: null },
  })
}
