// Safaricom's callback: believed only with evidence. With the payment's own token it settles, provided that
// ids, amount and address match; without one it is a hint that makes the payment's query due.
import { readCallback, type StkCallback } from '../daraja/callback-reader.ts'
import { isOddZero } from '../daraja/json-fields.ts'
import type { Uuid } from '../ids.ts'
import { askedOnce, type CallbackGuard, guardOfOne, type Judged, type MatchFacts } from './callback-guard.ts'
import type { OddCallback, OddCallbackKind } from './callback-store.ts'
import { raiseContradiction } from './contradiction.ts'
import { takeInLate } from './late-callback.ts'
import { type MoveDeps, type MoveFacts, moveCorrected, moveOpen } from './move.ts'
import type { Evidence, Payment } from './payment.ts'
import { type LifeEvent, transition } from './state-table.ts'

/** The parts of the core that a callback needs. */
export type CallbackDeps = MoveDeps & { guard: CallbackGuard<CallbackResult> }

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

/** What became of it, for metrics; Safaricom gets one answer for all but the last two. */
export type CallbackResult =
  | 'settled'
  | 'corrected'
  | 'receipt'
  | 'duplicate'
  | 'contradicted'
  | 'hint'
  | Refusal
  | 'unmatched'
  /** A hint above what is looked up or asked: counted, and nothing else. */
  | 'shed'
  /** Too many different words about one payment at once: to be sent again. */
  | 'crowded'
  | 'not_a_callback'

/** What a forged callback got wrong. */
export type Refusal = 'refused_token' | 'refused_address' | 'refused_ids' | 'refused_amount'

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

/** What one callback is taken in with, however often that is tried: it raises one event, if any. */
type TakeDeps = CallbackDeps & { startedAtMs: number; eventId: () => Uuid }

/**
 * Takes in one callback. Resolves once all that it changed is committed; only then may it be acknowledged.
 * Rejects when that takes too long, and with a token goes on all the same.
 */
export async function receiveCallback(
  deps: CallbackDeps,
  incoming: IncomingCallback,
): Promise<CallbackResult> {
  const startedAtMs = performance.now()
  const result = await takeIn(
    { ...deps, guard: guardOfOne(deps.guard), startedAtMs, eventId: askedOnce(deps.newUuid) },
    incoming,
  )
  deps.observe.callback(result, performance.now() - startedAtMs)
  return result
}

/**
 * Whether a callback with this token is to be answered unread, because too many of its sort come: it is
 * counted then. Never one that a token vouches for, or that comes from Safaricom's addresses.
 */
export function shedUnread(
  deps: Pick<CallbackDeps, 'guard' | 'observe'>,
  { token, addressAllowed }: Pick<IncomingCallback, 'token' | 'addressAllowed'>,
): boolean {
  if (typeof token === 'object' || addressAllowed || deps.guard.mayRead()) return false
  deps.observe.callback(token === 'wrong' ? 'refused_token' : 'shed', 0)
  return true
}

/** Without the database where that is enough: a wrong token never gets as far as that. */
async function takeIn(deps: TakeDeps, incoming: IncomingCallback): Promise<CallbackResult> {
  const read = readCallback(incoming.body)
  if (read.kind === 'not_a_callback') return 'not_a_callback'
  const { callback } = read
  const { token } = incoming
  if (token === 'wrong') {
    keepUnclaimed(deps, incoming, 'refused', 'a wrong token')
    return 'refused_token'
  }
  // Taking it in twice changes nothing: whatever the first try committed, the second finds settled.
  if (token === 'none') return deps.untilAvailable(HELD_MAX_MS, () => takeBare(deps, incoming, callback))
  const words = wordsOf(incoming, callback)
  const judge = () => takeVouchedFor(deps, incoming, callback, token)
  try {
    return await deps.guard.once(token.paymentId, words, () => deps.untilAvailable(HELD_MAX_MS, judge))
  } catch (error) {
    const { text } = incoming
    takeInLate(deps, { paymentId: token.paymentId, words, text, startedAtMs: deps.startedAtMs, judge }, error)
    throw error
  }
}

/** All of a callback that is ever judged, so that the same words always come to the same. */
function wordsOf(incoming: IncomingCallback, callback: StkCallback): string {
  const { resultCode, amountKes, receipt, checkoutRequestId, merchantRequestId } = callback
  const { addressAllowed } = incoming
  return JSON.stringify([
    addressAllowed,
    resultCode,
    amountKes,
    receipt,
    checkoutRequestId,
    merchantRequestId,
  ])
}

type TokenKey = { merchantId: Uuid; paymentId: Uuid }

async function takeVouchedFor(
  deps: TakeDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
  token: TokenKey,
): Promise<Judged<CallbackResult>> {
  const event = lifeEventOf(callback)
  if (event === null) return open(await takeTokenHint(deps, incoming, callback, token))
  const known = deps.guard.factsOf(token.paymentId)
  const mismatch = known === null ? null : mismatchOf(incoming, callback, known)
  // What never changes does not match: there is nothing to ask the database.
  if (mismatch !== null) {
    const payment = { merchantId: token.merchantId, id: token.paymentId }
    await keep(deps, incoming, payment, 'refused', mismatch.reason)
    return final(mismatch.result)
  }
  if ((await moveOpen(deps, token, event, factsOf(incoming, callback))) !== undefined) {
    deps.guard.forget(token.paymentId)
    return open('settled')
  }
  return takeOdd(deps, incoming, callback, event, token)
}

const final = (result: CallbackResult): Judged<CallbackResult> => ({ result, isFinal: true })
const open = (result: CallbackResult): Judged<CallbackResult> => ({ result, isFinal: false })

/** A success without receipt or amount proves nothing; a failure needs only its code. */
function lifeEventOf(callback: StkCallback): Extract<LifeEvent, 'paid_proven' | 'declined'> | null {
  const { resultCode } = callback
  if (resultCode === IN_FLIGHT_CODE || isOddZero(resultCode)) return null
  if (resultCode !== SUCCESS_CODE) return 'declined'
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
    evidence: evidenceOf(incoming),
  }
}

function evidenceOf(incoming: IncomingCallback): Omit<Evidence, 'amount_match' | 'ids_match'> {
  return { source: 'callback', confidence: 'proven', token: true, ip: incoming.ip, query: null }
}

/** The guards let nothing change: find out why, and keep the callback under that reason. */
async function takeOdd(
  deps: TakeDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
  event: 'paid_proven' | 'declined',
  token: TokenKey,
): Promise<Judged<CallbackResult>> {
  const payment = await deps.store.find(token)
  if (payment === null) {
    keepUnclaimed(deps, incoming, 'unmatched', 'its token names no payment')
    return open('unmatched')
  }
  deps.guard.noteFacts(payment.id, payment)
  const mismatch = mismatchOf(incoming, callback, payment)
  if (mismatch !== null) {
    await keep(deps, incoming, payment, 'refused', mismatch.reason)
    return final(mismatch.result)
  }
  const next = transition(payment.state, event)
  if (next === 'contradicted') return final(await contradict(deps, incoming, payment))
  if (next === 'repeated') return repeat(deps, incoming, callback, payment)
  if (payment.state === 'failed') {
    const corrected = await moveCorrected(deps, token, factsOf(incoming, callback))
    deps.guard.forget(token.paymentId)
    if (corrected !== undefined) return open('corrected')
  }
  // Settled by another between the two statements; the next look finds it so.
  await keep(deps, incoming, payment, 'duplicate', 'came together with another')
  return open('duplicate')
}

function mismatchOf(
  incoming: IncomingCallback,
  callback: StkCallback,
  payment: MatchFacts,
): { result: Refusal; reason: string } | null {
  const differs = <T>(theirs: T | null, ours: T | null) => theirs !== null && ours !== null && theirs !== ours
  if (payment.live && !incoming.addressAllowed) {
    return { result: 'refused_address', reason: 'a foreign address' }
  }
  if (differs(callback.checkoutRequestId, payment.checkoutRequestId)) {
    return { result: 'refused_ids', reason: 'another CheckoutRequestID' }
  }
  if (differs(callback.merchantRequestId, payment.merchantRequestId)) {
    return { result: 'refused_ids', reason: 'another MerchantRequestID' }
  }
  if (differs(callback.amountKes, payment.amountKes)) {
    return { result: 'refused_amount', reason: 'another amount' }
  }
  return null
}

async function contradict(
  deps: TakeDeps,
  incoming: IncomingCallback,
  payment: Payment,
): Promise<'contradicted'> {
  const said = { step: 'callback', eventId: deps.eventId(), callback: incoming.text } as const
  await raiseContradiction(deps, payment, said)
  await keep(deps, incoming, payment, 'contradicted', `the payment is ${payment.state}`)
  return 'contradicted'
}

/** Says again what is settled; after a verdict by query it brings the receipt. */
async function repeat(
  deps: TakeDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
  payment: Payment,
): Promise<Judged<CallbackResult>> {
  if (payment.receipt !== null && callback.receipt !== null && payment.receipt !== callback.receipt) {
    return final(await contradict(deps, incoming, payment))
  }
  const bringsReceipt = payment.state === 'succeeded' && payment.receipt === null && callback.receipt !== null
  if (bringsReceipt) return open(await fillIn(deps, incoming, callback, payment))
  await keep(deps, incoming, payment, 'duplicate', `the payment is ${payment.state}`)
  return final('duplicate')
}

async function fillIn(
  deps: TakeDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
  payment: Payment,
): Promise<'receipt' | 'duplicate'> {
  const filledIn = await deps.store.recordRemark({
    payment,
    eventId: deps.eventId(),
    type: 'payment.updated',
    receipt: callback.receipt,
    paidAt: callback.transactionDate,
    // What the query had said stays in it; only a callback that matches in full gets here.
    evidence: {
      ...evidenceOf(incoming),
      query: payment.evidence?.query ?? null,
      amount_match: callback.amountKes === null ? null : callback.amountKes === payment.amountKes,
      ids_match: idsMatch(callback, payment),
    },
    callback: incoming.text,
    at: new Date(deps.clock.now()),
  })
  const [kind, reason] = filledIn
    ? (['receipt', 'brought the receipt'] as const)
    : (['duplicate', 'the receipt was there'] as const)
  await keep(deps, incoming, payment, kind, reason)
  return kind
}

/** Null where one of the ids is not known on both sides. */
function idsMatch(callback: StkCallback, payment: Payment): boolean | null {
  const { checkoutRequestId, merchantRequestId } = payment
  const pairs = [
    [callback.checkoutRequestId, checkoutRequestId],
    [callback.merchantRequestId, merchantRequestId],
  ]
  if (pairs.some(([theirs, ours]) => theirs === null || ours === null)) return null
  return pairs.every(([theirs, ours]) => theirs === ours)
}

/** With the payment's token and no verdict in it: M-Pesa is asked, once in a while. */
async function takeTokenHint(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
  token: TokenKey,
): Promise<CallbackResult> {
  if (!deps.guard.mayAsk(token.paymentId, null)) return 'shed'
  const payment = await deps.store.find(token)
  if (payment === null) {
    keepUnclaimed(deps, incoming, 'unmatched', 'its token names no payment')
    return 'unmatched'
  }
  const { merchantRequestId, checkoutRequestId } = callback
  // The push's own answer was lost: by this id, and by no other, M-Pesa can be asked.
  const isWanted = payment.checkoutRequestId === null && mismatchOf(incoming, callback, payment) === null
  if (isWanted && checkoutRequestId !== null) {
    const at = new Date(deps.clock.now())
    await deps.store.noteRequestIds({ ...token, merchantRequestId, checkoutRequestId, at })
  }
  return ask(deps, incoming, payment)
}

/** Without a token a callback changes nothing by itself: M-Pesa is asked at once. */
async function takeBare(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  callback: StkCallback,
): Promise<CallbackResult> {
  const { addressAllowed } = incoming
  const { checkoutRequestId } = callback
  if (checkoutRequestId !== null && !deps.guard.mayLookUp(addressAllowed)) return 'shed'
  const found = checkoutRequestId === null ? [] : await deps.store.findAnyByCheckout(checkoutRequestId)
  const payment = found.length === 1 ? found[0] : undefined
  if (payment === undefined) {
    keepUnclaimed(deps, incoming, 'unmatched', 'names no payment')
    return 'unmatched'
  }
  if (!deps.guard.mayAsk(payment.id, addressAllowed ? null : payment.shortcodeId)) return 'shed'
  return ask(deps, incoming, payment)
}

async function ask(deps: CallbackDeps, incoming: IncomingCallback, payment: Payment): Promise<'hint'> {
  const now = new Date(deps.clock.now())
  await deps.store.makeDue({ merchantId: payment.merchantId, paymentId: payment.id, now })
  await keep(deps, incoming, payment, 'hint', 'no evidence in it; M-Pesa is asked')
  return 'hint'
}

async function keep(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  payment: OddCallback['payment'] & object,
  kind: OddCallbackKind,
  reason: string,
): Promise<void> {
  if (!deps.guard.mayKeepOf(payment.id)) return
  await deps.store.keepOddCallback(oddCallback(deps, incoming, payment, kind, reason))
}

/** Nobody waits for it, so that it cannot hold up anybody; beyond a few a second it is counted alone. */
function keepUnclaimed(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  kind: 'refused' | 'unmatched',
  reason: string,
): void {
  if (!deps.guard.mayKeepUnclaimed()) return
  deps.store
    .keepOddCallback(oddCallback(deps, incoming, null, kind, reason))
    .catch((error: unknown) => deps.log.warn({ err: error }, 'a callback of nobody was not kept'))
}

function oddCallback(
  deps: CallbackDeps,
  incoming: IncomingCallback,
  payment: OddCallback['payment'],
  kind: OddCallbackKind,
  reason: string,
): OddCallback {
  return {
    id: deps.newUuid(),
    payment,
    kind,
    reason,
    body: incoming.text.slice(0, KEPT_CHARACTERS_MAX),
    ip: incoming.ip,
    receivedAt: new Date(deps.clock.now()),
  }
}
