// Making a transition: the table says what it leads to, the statement commits it with its event, and then
// whoever must know is told from memory.
import type { Uuid } from '../ids.ts'
import { maskPhone } from '../log.ts'
import type { Evidence, Payment, PaymentState } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { Move } from './payment-move-store.ts'
import { type LifeEvent, STATE_TABLE, type Transition } from './state-table.ts'

/** The parts of the core that a move needs. */
export type MoveDeps = Pick<
  PaymentDeps,
  'clock' | 'log' | 'newUuid' | 'process' | 'store' | 'deliver' | 'waiters' | 'observe' | 'untilAvailable'
>

/** What is known of the payment through the event; all of it may be unknown. */
export type MoveFacts = Partial<
  Pick<
    Move,
    | 'resultCode'
    | 'resultDesc'
    | 'receipt'
    | 'paidAt'
    | 'merchantRequestId'
    | 'checkoutRequestId'
    | 'unsentAt'
    | 'amountKes'
    | 'callback'
    | 'addressAllowed'
    | 'dueAt'
    | 'query'
  >
> & { evidence?: Omit<Evidence, 'amount_match' | 'ids_match'> }

/** The open states from which `event` moves a payment, and where to: the same from all of them. */
export function openMove(event: LifeEvent): { from: PaymentState[]; to: Transition } | null {
  const from: PaymentState[] = []
  let to: Transition | null = null
  for (const state of ['queued', 'sending', 'pending', 'uncertain'] as const) {
    const next = STATE_TABLE[state][event]
    if (typeof next === 'string') continue
    from.push(state)
    to = next
  }
  return to === null ? null : { from, to }
}

/**
 * Moves an open payment by `event`. Resolves to the payment as it is then; undefined when it was in no state
 * to be moved so, or when the facts do not match it.
 */
export async function moveOpen(
  deps: MoveDeps,
  target: { merchantId: Uuid; paymentId: Uuid },
  event: LifeEvent,
  facts: MoveFacts,
): Promise<Payment | undefined> {
  const move = openMove(event)
  if (move === null) throw new Error(`${event} moves no open payment`)
  return makeMove(deps, target, move, facts)
}

/** As `moveOpen`, but only from the state that the caller knows the payment to be in. */
export async function moveFrom(
  deps: MoveDeps,
  payment: Payment,
  event: LifeEvent,
  facts: MoveFacts,
): Promise<Payment | undefined> {
  const to = STATE_TABLE[payment.state][event]
  if (typeof to === 'string') return undefined
  const target = { merchantId: payment.merchantId, paymentId: payment.id }
  return makeMove(deps, target, { from: [payment.state], to }, facts)
}

/** Overturns a `failed` by the proof of a payment. Undefined as in `moveOpen`. */
export async function moveCorrected(
  deps: MoveDeps,
  target: { merchantId: Uuid; paymentId: Uuid },
  facts: MoveFacts,
): Promise<Payment | undefined> {
  const to = STATE_TABLE.failed.paid_proven
  if (typeof to === 'string') throw new Error('the table corrects no failure')
  return makeMove(deps, target, { from: ['failed'], to }, facts)
}

async function makeMove(
  deps: MoveDeps,
  target: { merchantId: Uuid; paymentId: Uuid },
  move: { from: PaymentState[]; to: Transition },
  facts: MoveFacts,
): Promise<Payment | undefined> {
  const nowMs = deps.clock.now()
  const { tell, state, outcome } = move.to
  if (tell === undefined) throw new Error(`a move to ${state} tells nothing and needs its own statement`)
  const eventId = deps.newUuid()
  const callback = facts.callback ?? null
  const moved = await deps.store.move({
    ...target,
    from: move.from,
    state,
    outcome: outcome ?? null,
    tell,
    eventId,
    nowMs,
    dueAt: facts.dueAt ?? null,
    resultCode: facts.resultCode ?? null,
    resultDesc: facts.resultDesc ?? null,
    receipt: facts.receipt ?? null,
    paidAt: facts.paidAt ?? null,
    evidence: facts.evidence ?? null,
    query: facts.query ?? null,
    merchantRequestId: facts.merchantRequestId ?? null,
    checkoutRequestId: facts.checkoutRequestId ?? null,
    unsentAt: facts.unsentAt ?? null,
    amountKes: facts.amountKes ?? null,
    addressAllowed: facts.addressAllowed ?? true,
    callback,
    deliverBy: deps.deliver === null ? null : deps.process,
    deliverLeaseUntil: deps.deliver === null ? null : new Date(nowMs + deps.deliver.leaseMs),
  })
  if (moved === undefined) return undefined
  const { payment, sequence, deliveries } = moved
  if (deps.deliver !== null && deliveries.length > 0) {
    const createdAt = new Date(nowMs)
    deps.deliver.now(
      { merchantId: payment.merchantId, id: eventId, type: tell, sequence, payment, callback, createdAt },
      deliveries,
    )
  }
  announce(deps, payment)
  return payment
}

function announce(deps: Pick<MoveDeps, 'log' | 'waiters' | 'observe'>, payment: Payment): void {
  deps.waiters.changed(payment)
  const sincePromptMs =
    payment.settledAt === null || payment.promptedAt === null
      ? null
      : payment.settledAt.getTime() - payment.promptedAt.getTime()
  if (payment.settledAt !== null) deps.observe.settled(payment, sincePromptMs)
  deps.log.info(
    {
      step: 'payment',
      payment: payment.id,
      merchant: payment.merchantId,
      state: payment.state,
      outcome: payment.outcome,
      code: payment.resultCode,
      source: payment.evidence?.source,
      phone: maskPhone(payment.phone),
      amountKes: payment.amountKes,
      sincePromptMs,
    },
    'payment moved',
  )
}
