// Finding out: the sweep takes every open payment that is due, to be declared uncertain or asked for, and
// M-Pesa is asked about those whose callback has not come.
import type { QueryOutcome } from '../daraja/client.ts'
import { nextQuestionAt, PROMPT_LIFE_AND_GRACE_MS } from './ask-schedule.ts'
import { SEND_LEASE_MS } from './create.ts'
import { type MoveDeps, type MoveFacts, moveOpen } from './move.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { DuePayment } from './payment-due-store.ts'
import type { QueryBudget } from './query-budget.ts'

/** The parts of the core that reconciliation needs. */
export type ReconcileDeps = MoveDeps &
  Pick<PaymentDeps, 'daraja' | 'shortcodes'> & {
    budget: QueryBudget
  }

/** Claimed at a time; each of them costs at most one exchange with Daraja. */
const BATCH_MAX = 100
/** A shortcode without an address or credentials here, such as the simulator when that is off: look again. */
const NO_CREDENTIAL_PAUSE_MS = 60_000
const SUCCESS_CODE = '0'

/**
 * Finds out about one batch of what is open and due; resolves to its size when all are done. In a loop of its
 * own: a Daraja that hangs on queries must not keep what is queued from being sent before it expires.
 */
export async function sweepOpen(deps: ReconcileDeps): Promise<number> {
  const open = await claim(deps, 'open')
  const results = await Promise.allSettled(open.map((due) => takeOpen(deps, due)))
  for (const result of results) {
    if (result.status === 'rejected') deps.log.error({ err: result.reason }, 'a due payment was put back')
  }
  return open.length
}

function claim(deps: ReconcileDeps, kind: 'queued' | 'open') {
  const nowMs = deps.clock.now()
  return deps.store.claimDue({
    now: new Date(nowMs),
    process: deps.process,
    leaseUntil: new Date(nowMs + SEND_LEASE_MS),
    limit: BATCH_MAX,
    kind,
  })
}

async function takeOpen(deps: ReconcileDeps, due: DuePayment): Promise<void> {
  const { payment } = due
  if (due.foundState === 'sending') {
    // Its process died, or could not write: the push may have reached M-Pesa, so it is never sent again.
    await moveOpen(deps, keyOf(payment), 'unknown', {
      resultDesc: 'The process that sent it ended before it knew what became of it.',
      dueAt: null,
    })
    return
  }
  await ask(deps, payment)
}

async function ask(deps: ReconcileDeps, payment: Payment): Promise<void> {
  const { checkoutRequestId } = payment
  // Without an id there is nothing to ask with; its callback can still settle it.
  if (checkoutRequestId === null) return postpone(deps, payment, null, false)
  const budget = deps.budget.take(payment.shortcodeId)
  if (!budget.ok) return stillOpen(deps, payment, budget.waitMs, false)
  const credential = await deps.shortcodes.credentialOf(payment.merchantId, payment.shortcodeId)
  if (credential === null) return stillOpen(deps, payment, NO_CREDENTIAL_PAUSE_MS, false)
  const outcome = await deps.daraja.query(credential, checkoutRequestId)
  report(deps, payment, outcome)
  if (outcome.kind === 'open') return stillOpen(deps, payment, outcome.retryAfterMs, true)
  const event = outcome.resultCode === SUCCESS_CODE ? 'paid_confirmed' : 'declined'
  await moveOpen(deps, keyOf(payment), event, verdictFacts(checkoutRequestId, outcome))
}

function verdictFacts(checkoutRequestId: string, outcome: QueryOutcome & { kind: 'verdict' }): MoveFacts {
  const query = { result_code: outcome.resultCode, result_desc: outcome.resultDesc }
  return {
    checkoutRequestId,
    resultCode: outcome.resultCode,
    resultDesc: outcome.resultDesc,
    evidence: { source: 'query', confidence: 'confirmed', token: null, ip: null, query },
  }
}

/** No verdict: asked again later, and told as uncertain once its prompt cannot be up any longer. */
async function stillOpen(
  deps: ReconcileDeps,
  payment: Payment,
  waitMs: number | null,
  asked: boolean,
): Promise<void> {
  const now = new Date(deps.clock.now())
  const since = payment.promptedAt ?? payment.sentAt ?? payment.createdAt
  const scheduled = nextQuestionAt(since, now)
  const dueAt = new Date(
    Math.max(waitMs === null ? 0 : now.getTime() + waitMs, asked ? scheduled.getTime() : 0),
  )
  if (payment.state === 'pending' && now.getTime() - since.getTime() >= PROMPT_LIFE_AND_GRACE_MS) {
    await moveOpen(deps, keyOf(payment), 'overdue', { dueAt })
    return
  }
  await postpone(deps, payment, dueAt, asked)
}

async function postpone(
  deps: ReconcileDeps,
  payment: Payment,
  dueAt: Date | null,
  asked: boolean,
): Promise<void> {
  await deps.store.postpone({ ...keyOf(payment), leasedBy: deps.process, dueAt, asked })
}

function report(deps: ReconcileDeps, payment: Payment, outcome: QueryOutcome): void {
  const what = outcome.kind === 'verdict' ? 'verdict' : outcome.reason
  deps.observe.queried(what, outcome.durationMs)
  if (what === 'rate_limited') {
    deps.budget.refused(payment.shortcodeId, outcome.kind === 'open' ? outcome.retryAfterMs : null)
  } else if (what === 'verdict' || what === 'in_flight') {
    deps.budget.answered(payment.shortcodeId)
  }
  deps.log.info(
    {
      step: 'query',
      payment: payment.id,
      merchant: payment.merchantId,
      outcome: what,
      code: outcome.kind === 'verdict' ? outcome.resultCode : outcome.code,
      durationMs: Math.round(outcome.durationMs),
    },
    'query answered',
  )
}

function keyOf(payment: Payment) {
  return { merchantId: payment.merchantId, paymentId: payment.id }
}
