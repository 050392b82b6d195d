// Safaricom's callback: believed only with evidence. With the payment's own token it settles, provided that
// ids, amount and address match; without one it is a hint that makes the payment's query due.
import { readCallback, type StkCallback } from '../daraja/callback-reader.ts'
import type { Uuid } from '../ids.ts'
import type { OddCallbackKind } from './callback-store.ts'
import { type MoveDeps, type MoveFacts, moveCorrected, moveOpen } from './move.ts'
import type { Payment } from './payment.ts'
import { type LifeEvent, transition } from './state-table.ts'

/** The parts of the core that a callback needs. */
export type CallbackDeps = MoveDeps

/** A callback as it came over HTTP. */
export type IncomingCallback = {
  /** The parsed body, and the body as it came. */
  body: unknown
  text: string
  ip: string | null
  /** False when `ip` is not one of Safaricom's addresses; matters for live payments alone. */
  addressAllowed: boolean
  /** What the token of the path vouches for; `none` on the bare hook, `wrong` when it is no token of ours. */
  token: { merchantId: Uuid; paymentId: Uuid } | 'none' | 'wrong'
}

/** What became of it, for metrics; Safaricom gets one answer for all but the last. */
export type CallbackResult =
  | 'settled'
  | 'corrected'
  | 'receipt'
  | 'duplicate'
  | 'contradicted'
  | 'hint'
  | 'refused'
  | 'unmatched'
  | 'not_a_callback'

/**
 * Safaricom is not known to call again, so a callback is held while the database is away; for less than the
 * 5 s after which it is said to hang up (Daraja, the callback).
 */
const HELD_MAX_MS = 4_000
const SUCCESS_CODE = '0'
/** "Still under processing": an answer of the query API, no verdict wherever it is seen. */
const IN_FLIGHT_CODE = '4999'
/** Kept of an odd callback; a true one has about 500 bytes. */
const KEPT_CHARACTERS_MAX = 4_096

/**
 * Takes in one callback. Resolves once all that it changed is committed; only then may it be acknowledged.
 */
export async function receiveCallback(
  deps: CallbackDeps,
  incoming: IncomingCallback,
): Promise<CallbackResult> {
  const startedAt = performance.now()
  // Taking it in twice changes nothing: whatever the first try committed, the second finds settled.
  const result = await deps.untilAvailable(HELD_MAX_MS, () => takeIn(deps, incoming))
  deps.observe.callback(result, performance.now() - startedAt)
  return result
}

async function takeIn(deps: CallbackDeps, incoming: IncomingCallback): Promise<CallbackResult> {
  const read = readCallback(incoming.body)
  if (read.kind === 'not_a_callback') return 'not_a_callback'
  const { callback } = read
  if (typeof incoming.token === 'string') return takeHint(deps, incoming, callback, incoming.token)
  const event = lifeEventOf(callback)
  if (event === null) return takeHint(deps, incoming, callback, 'none')
  const facts = factsOf(incoming, callback)
  if ((await moveOpen(deps, incoming.token, event, facts)) !== undefined) return 'settled'
  return takeOdd(deps, incoming, callback, event, incoming.token)
}

/** A success without receipt or amount proves nothing; a failure needs only its code. */
function lifeEventOf(callback: StkCallback): Extract<LifeEvent, 'paid_proven' | 'declined'> | null {
  if (callback.resultCode === IN_FLIGHT_CODE) return null
  if (callback.resultCode !== SUCCESS_CODE) return 'declined'
  return callback.receipt === null || callback.amountKes === null ? null : 'paid_proven'
}

function factsOf(incoming: IncomingCallback, callback: StkCallback): MoveFacts {
  const paid = callback.resultCode === SUCCESS_CODE
  return {
    resultCode: callback.resultCode,
    resultDesc: callback.resultDesc,
    receipt: paid ? callback.receipt : null,
    paidAt: paid ? callback.transactionDate : null,
    merchantRequestId: callback.merchantRequestId,
    checkoutRequestId: callback.checkoutRequestId,
    amountKes: callback.amountKes,
    addressAllowed: incoming.addressAllowed,
    callback: incoming.text,
    evidence: { source: 'callback', confidence: 'proven', token: true, ip: incoming.ip, query: null },
  }
}

/** The guards let nothing change: find out why, and keep the callback under that reason. */
async function takeOdd(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
  event: 'paid_proven' | 'declined',
  token: { merchantId: Uuid; paymentId: Uuid },
): Promise<CallbackResult> {
  const payment = await deps.store.find(token)
  if (payment === null) return keep(deps, incoming, null, 'unmatched', 'its token names no payment')
  const mismatch = mismatchOf(incoming, callback, payment)
  if (mismatch !== null) return keep(deps, incoming, payment, 'refused', mismatch)
  const next = transition(payment.state, event)
  if (next === 'contradicted') return contradict(deps, incoming, payment)
  if (next === 'repeated') return repeat(deps, incoming, callback, payment)
  if (payment.state === 'failed') {
    const corrected = await moveCorrected(deps, token, factsOf(incoming, callback))
    if (corrected !== undefined) return 'corrected'
  }
  // Settled by another between the two statements; the next look finds it so.
  return keep(deps, incoming, payment, 'duplicate', 'came together with another')
}

function mismatchOf(incoming: IncomingCallback, callback: StkCallback, payment: Payment): string | null {
  const differs = <T>(theirs: T | null, ours: T | null) => theirs !== null && ours !== null && theirs !== ours
  if (payment.live && !incoming.addressAllowed) return 'a foreign address'
  if (differs(callback.checkoutRequestId, payment.checkoutRequestId)) return 'another CheckoutRequestID'
  if (differs(callback.merchantRequestId, payment.merchantRequestId)) return 'another MerchantRequestID'
  if (differs(callback.amountKes, payment.amountKes)) return 'another amount'
  return null
}

async function contradict(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  payment: Payment,
): Promise<CallbackResult> {
  await deps.store.recordRemark({
    payment,
    eventId: deps.newUuid(),
    type: 'payment.contradicted',
    receipt: null,
    paidAt: null,
    callback: incoming.text,
    at: new Date(deps.clock.now()),
  })
  deps.log.warn(
    { step: 'callback', payment: payment.id, state: payment.state },
    'callback contradicts verdict',
  )
  return keep(deps, incoming, payment, 'contradicted', `the payment is ${payment.state}`)
}

/** Says again what is settled; after a verdict by query it brings the receipt. */
async function repeat(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
  payment: Payment,
): Promise<CallbackResult> {
  if (payment.receipt !== null && callback.receipt !== null && payment.receipt !== callback.receipt) {
    return contradict(deps, incoming, payment)
  }
  const bringsReceipt = payment.state === 'succeeded' && payment.receipt === null && callback.receipt !== null
  if (!bringsReceipt) return keep(deps, incoming, payment, 'duplicate', `the payment is ${payment.state}`)
  const filledIn = await deps.store.recordRemark({
    payment,
    eventId: deps.newUuid(),
    type: 'payment.updated',
    receipt: callback.receipt,
    paidAt: callback.transactionDate,
    callback: incoming.text,
    at: new Date(deps.clock.now()),
  })
  const [kind, reason] = filledIn
    ? (['receipt', 'brought the receipt'] as const)
    : (['duplicate', 'the receipt was there'] as const)
  return keep(deps, incoming, payment, kind, reason)
}

/** Without the payment's token a callback changes nothing by itself: M-Pesa is asked at once. */
async function takeHint(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
  token: 'none' | 'wrong',
): Promise<CallbackResult> {
  const found =
    typeof incoming.token === 'object'
      ? [await deps.store.find(incoming.token)]
      : callback.checkoutRequestId === null
        ? []
        : await deps.store.findAnyByCheckout(callback.checkoutRequestId)
  const payment = found.length === 1 ? (found[0] ?? null) : null
  if (payment === null) return keep(deps, incoming, null, 'unmatched', 'names no payment')
  if (token === 'wrong') return keep(deps, incoming, payment, 'refused', 'a wrong token')
  await deps.store.makeDue({
    merchantId: payment.merchantId,
    paymentId: payment.id,
    now: new Date(deps.clock.now()),
  })
  return keep(deps, incoming, payment, 'hint', 'no evidence in it; M-Pesa is asked')
}

async function keep(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  payment: Payment | null,
  kind: OddCallbackKind,
  reason: string,
): Promise<OddCallbackKind> {
  await deps.store.keepOddCallback({
    id: deps.newUuid(),
    payment,
    kind,
    reason,
    body: incoming.text.slice(0, KEPT_CHARACTERS_MAX),
    ip: incoming.ip,
    receivedAt: new Date(deps.clock.now()),
  })
  return kind
}
