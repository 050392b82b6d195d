// Sending: one push for a payment that is committed as `sending`, and the record of what became of it.
import type { PushOutcome } from '../daraja/client.ts'
import { maskPhone } from '../log.ts'
import { firstQuestionAt, PROMPT_LIFE_MS } from './ask-schedule.ts'
import { SEND_LEASE_MS } from './create.ts'
import { createHold } from './held-answers.ts'
import type { LivePrompts } from './live-prompts.ts'
import { type MoveDeps, moveOpen } from './move.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { Place } from './push-governor.ts'
import type { LifeEvent } from './state-table.ts'

/**
 * `now`: a caller waits, and a push that was not processed ends the payment, so that a new try is safe.
 * `soon`: it goes back into the queue until `expires_in`.
 */
export type SendMode = 'now' | 'soon'

/** Sends payments, each in the place that the governor gave it. */
export type Dispatcher = {
  /**
   * Pushes a payment that this process holds under its lease; `attempts` counts the pushes before. Resolves
   * to the payment as it is then (with `soon`, where nobody waits for it, without what a faster callback has
   * said), and never rejects. What cannot be recorded so soon is held on to behind that; what cannot be at
   * all stays `sending`, and its lease will end in `uncertain`.
   */
  send(payment: Payment, mode: SendMode, attempts: number, place: Place): Promise<Payment>
  /**
   * Puts a payment that this process holds back into the queue: its phone has another prompt up. As `send`
   * it never rejects.
   */
  holdBack(payment: Payment, attempts: number): Promise<Payment>
  /** Pushes under way, and those whose answer is still to be written. */
  inFlight(): number
  /** Resolves when there are none of either. */
  idle(): Promise<void>
}

/** The parts of the core that sending needs. */
export type DispatchDeps = MoveDeps &
  Pick<PaymentDeps, 'daraja' | 'shortcodes' | 'callbackUrl' | 'random'> & { livePrompts: LivePrompts }

/**
 * What is as good after the lease as within it is held for this long while the database is away: longer than
 * a failover takes, or a large server to start again. Nobody else has it.
 */
const HELD_MS = 10 * 60_000
/** What the customer sees below the amount where the merchant says nothing. */
const DEFAULT_DESCRIPTION = 'Payment'
const RETRY_FIRST_MS = 1_000
const RETRY_MAX_MS = 15_000

/** Daraja said that another prompt is up, which may have been there for a while: it stays up about 60 s. */
const CUSTOMER_BUSY_PAUSE_MS = 10_000
/** This process knows of the other prompt: looking again costs no push. */
const HELD_PAUSE_MS = 4_000

/** What a payment that never went out carries in place of M-Pesa's code. */
export const NOT_SENT_CODE = 'not_sent'
/** What it carries when another prompt was up on the customer's phone for as long as it could be sent. */
export const CUSTOMER_BUSY = {
  resultCode: 'customer_busy',
  resultDesc: "Another M-Pesa prompt was open on the customer's phone.",
}

/** A dispatcher over `deps`. */
export function createDispatcher(deps: DispatchDeps): Dispatcher {
  const underWay = new Set<Promise<Payment>>()
  const hold = createHold(deps, (payment, recording) => {
    void track(recording.catch((error: unknown) => notRecorded(payment, error)))
  })

  function notRecorded(payment: Payment, error: unknown): Payment {
    deps.log.error({ step: 'push', payment: payment.id, err: error }, 'push not recorded')
    return payment
  }

  async function sendAndRecord(
    payment: Payment,
    mode: SendMode,
    attempts: number,
    place: Place,
  ): Promise<Payment> {
    let told: Parameters<Place['leave']>[0] = null
    try {
      const outcome = await push(deps, payment)
      told = { outcome, phone: payment.phone }
      logPush(deps, payment, outcome)
      // Judged once: a repetition comes to the same, however late it is.
      const sent: Sent = { payment, mode, attempts, now: new Date(deps.clock.now()) }
      return await hold(payment, heldUntilMs(sent, outcome), () => record(deps, sent, outcome))
    } catch (error) {
      return notRecorded(payment, error)
    } finally {
      place.leave(told)
    }
  }

  /** Held like an answer of Daraja's: nobody else knows that nothing was sent. */
  async function putBack(payment: Payment, attempts: number): Promise<Payment> {
    const held = { payment, attempts, now: new Date(deps.clock.now()) }
    const why = { pauseMs: HELD_PAUSE_MS * (0.75 + deps.random() / 2), because: CUSTOMER_BUSY }
    try {
      return await hold(payment, leaseEndMs(payment), () => requeue(deps, held, why))
    } catch (error) {
      deps.log.error({ step: 'push', payment: payment.id, err: error }, 'payment not put back')
      return payment
    }
  }

  function track(work: Promise<Payment>): Promise<Payment> {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
    return work
  }

  return {
    send: (payment, mode, attempts, place) => track(sendAndRecord(payment, mode, attempts, place)),
    holdBack: (payment, attempts) => track(putBack(payment, attempts)),
    inFlight: () => underWay.size,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** From then on another process may have declared it uncertain. */
function leaseEndMs({ sentAt, createdAt }: Payment): number {
  return (sentAt ?? createdAt).getTime() + SEND_LEASE_MS
}

/** Request ids are good at any time, and so is the certainty that nothing was sent; all else is not. */
function heldUntilMs({ payment, now }: Sent, { kind }: PushOutcome): number {
  const outlastsLease = kind === 'accepted' || kind === 'not_processed'
  return outlastsLease ? now.getTime() + HELD_MS : leaseEndMs(payment)
}

async function push(deps: DispatchDeps, payment: Payment): Promise<PushOutcome> {
  const notSent = (detail: string): PushOutcome => ({
    kind: 'not_processed',
    reason: 'token',
    retryAfterMs: null,
    detail,
    durationMs: 0,
  })
  let credential: Awaited<ReturnType<typeof deps.shortcodes.credentialOf>>
  try {
    credential = await deps.shortcodes.credentialOf(payment.merchantId, payment.shortcodeId)
  } catch (error) {
    deps.log.error({ payment: payment.id, err: error }, 'credentials could not be read')
    return notSent('the credentials of the shortcode could not be read')
  }
  if (credential === null) return notSent('the shortcode is gone, or its environment has no address here')
  const request = {
    amountKes: payment.amountKes,
    phone: payment.phone,
    accountReference: payment.reference,
    transactionDesc: payment.description ?? DEFAULT_DESCRIPTION,
    callbackUrl: deps.callbackUrl(payment),
  }
  // Never late, and never under a lease that has ended: others may have told of it by then. The last look at
  // the clock is just before the first byte.
  const sendableUntilMs = Math.min(payment.expiresAt.getTime(), leaseEndMs(payment))
  const beforeSend = () => deps.clock.now() < sendableUntilMs
  return deps.daraja.push(credential, request, { beforeSend })
}

/** One push: of what, how often it was tried before, and when its answer was there. */
type Sent = { payment: Payment; mode: SendMode; attempts: number; now: Date }

/** Commit ②. Safe to repeat: every statement in it is guarded by the payment's state. */
async function record(deps: DispatchDeps, sent: Sent, outcome: PushOutcome): Promise<Payment> {
  const { mode } = sent
  switch (outcome.kind) {
    case 'accepted':
      return accept(deps, sent, outcome)
    case 'refused':
      if (mode === 'soon' && outcome.cause === 'subscriber_locked') return waitForPhone(deps, sent)
      return move(deps, sent, 'refused', {
        resultCode: outcome.errorCode,
        resultDesc: outcome.errorMessage,
        evidence: evidenceOf('push'),
      })
    case 'not_processed':
      return recordNotProcessed(deps, sent, outcome)
    case 'unknown':
      return move(deps, sent, 'unknown', { resultDesc: outcome.detail })
  }
}

/** Certainly nothing was sent: it ends, or may be sent later. */
async function recordNotProcessed(
  deps: DispatchDeps,
  sent: Sent,
  outcome: PushOutcome & { kind: 'not_processed' },
): Promise<Payment> {
  const { payment, mode, attempts, now } = sent
  const why = { resultCode: NOT_SENT_CODE, resultDesc: outcome.detail, evidence: evidenceOf('gateway') }
  if (deps.clock.now() >= leaseEndMs(payment)) {
    // Others may have told of it as uncertain: then this is how it ended.
    const key = { merchantId: payment.merchantId, paymentId: payment.id }
    const ended = await moveOpen(deps, key, 'never_sent', { ...why, unsentAt: payment.sentAt })
    if (ended !== undefined) return ended
  }
  if (mode === 'now' || now >= payment.expiresAt) return move(deps, sent, 'given_up', why)
  return requeue(deps, sent, { pauseMs: retryPauseMs(deps, outcome.retryAfterMs, attempts) })
}

async function accept(
  deps: DispatchDeps,
  sent: Sent,
  outcome: PushOutcome & { kind: 'accepted' },
): Promise<Payment> {
  const { payment, now } = sent
  const accepted = await deps.store.accept({
    merchantId: payment.merchantId,
    paymentId: payment.id,
    merchantRequestId: outcome.merchantRequestId,
    checkoutRequestId: outcome.checkoutRequestId,
    at: now,
    dueAt: firstQuestionAt(now),
  })
  if (accepted === undefined) throw new Error('an accepted payment is no longer there')
  if (accepted.checkoutRequestId !== outcome.checkoutRequestId) {
    deps.log.error({ step: 'push', payment: payment.id }, 'its callback came first, with other request ids')
  }
  if (accepted.state !== 'pending') return overtaken(deps, sent)
  // Held for long, its prompt is over.
  if (deps.clock.now() < now.getTime() + PROMPT_LIFE_MS) deps.livePrompts.began(payment)
  const pending: Payment = { ...payment, ...accepted, promptedAt: now, updatedAt: now }
  deps.waiters.changed(pending)
  return pending
}

async function move(
  deps: DispatchDeps,
  sent: Sent,
  event: LifeEvent,
  facts: Parameters<typeof moveOpen>[3],
): Promise<Payment> {
  const { merchantId, id } = sent.payment
  const moved = await moveOpen(deps, { merchantId, paymentId: id }, event, facts)
  return moved ?? overtaken(deps, sent)
}

/** Its callback was faster than the push's own answer: what that said is read for those who wait for it. */
async function overtaken(deps: DispatchDeps, { payment, mode }: Sent): Promise<Payment> {
  if (mode === 'soon') return payment
  return (await deps.store.find({ merchantId: payment.merchantId, paymentId: payment.id })) ?? payment
}

/** Another prompt is up on the phone: no failure of this payment, unless it expires before that one ends. */
async function waitForPhone(deps: DispatchDeps, sent: Sent): Promise<Payment> {
  const { payment, now } = sent
  if (now >= payment.expiresAt) {
    return move(deps, sent, 'given_up', { ...CUSTOMER_BUSY, evidence: evidenceOf('push') })
  }
  const pauseMs = CUSTOMER_BUSY_PAUSE_MS * (0.75 + deps.random() / 2)
  return requeue(deps, sent, { pauseMs, because: CUSTOMER_BUSY })
}

async function requeue(
  deps: DispatchDeps,
  { payment, attempts, now }: Omit<Sent, 'mode'>,
  { pauseMs, because }: { pauseMs: number; because?: typeof CUSTOMER_BUSY },
): Promise<Payment> {
  // Never past its expiry: it must not stay open for longer than it can be sent.
  const dueAt = new Date(Math.min(now.getTime() + pauseMs, payment.expiresAt.getTime()))
  const leasedBy = deps.process
  const keys = { merchantId: payment.merchantId, paymentId: payment.id }
  const why = because ?? { resultCode: null, resultDesc: null }
  const requeued = await deps.store.requeue({ ...keys, leasedBy, attempts, at: now, dueAt, ...why })
  if (requeued === undefined) return payment
  const queued: Payment = { ...payment, ...why, state: 'queued', sentAt: null, updatedAt: now }
  deps.waiters.changed(queued)
  return queued
}

/**
 * For how long a push that was not processed waits: doubles from a second, with a random half so that a crowd
 * turned away together comes back spread out; not before Daraja wishes (`wishMs`), and a little later.
 */
export function retryPauseMs(
  deps: Pick<DispatchDeps, 'random'>,
  wishMs: number | null,
  attempts: number,
): number {
  if (wishMs !== null) return wishMs + deps.random() * Math.max(RETRY_FIRST_MS, wishMs / 2)
  const pauseMs = Math.min(RETRY_FIRST_MS * 2 ** attempts, RETRY_MAX_MS)
  return pauseMs / 2 + (deps.random() * pauseMs) / 2
}

function evidenceOf(source: 'push' | 'gateway') {
  return { source, confidence: 'proven' as const, token: null, ip: null, query: null }
}

function logPush(deps: DispatchDeps, payment: Payment, outcome: PushOutcome): void {
  const kind = outcome.kind === 'not_processed' ? outcome.reason : outcome.kind
  deps.observe.pushed(kind, outcome.durationMs, payment)
  const detail =
    outcome.kind === 'accepted'
      ? outcome.checkoutRequestId.slice(0, -9)
      : outcome.kind === 'refused'
        ? `${outcome.errorCode} ${outcome.errorMessage}`
        : outcome.detail
  deps.log.info(
    {
      step: 'push',
      payment: payment.id,
      merchant: payment.merchantId,
      outcome: outcome.kind,
      detail,
      durationMs: Math.round(outcome.durationMs),
      phone: maskPhone(payment.phone),
    },
    'push answered',
  )
}
