// The invariants of a world: held at every change of a row, at every prompt, and once more when all is over.
import type { Uuid } from '../../src/ids.ts'
import { isSettled, type Payment } from '../../src/payments/payment.ts'
import type { PaymentKey } from '../../src/payments/payment-store.ts'
import type { CallbackResult } from '../../src/payments/receive-callback.ts'
import type { MemoryPaymentStore } from './memory-payment-store.ts'
import type { MemoryEvent, MemoryRow } from './memory-tables.ts'
import type { Prompt } from './virtual-daraja.ts'

/** An invariant that did not hold. */
export class BreachError extends Error {
  override name = 'BreachError'
}

/** Holds the world to its invariants; every method throws a `BreachError` by `onBreach`. */
export type Audit = {
  rowChanged(before: MemoryRow | null, after: MemoryRow): void
  pushLeaves(key: PaymentKey, atMs: number): void
  promptShown(key: PaymentKey, prompt: Prompt): void
  /** A merchant was told that this payment exists, and how it stood. */
  acknowledged(payment: Payment): void
  /** What a true callback with the payment's own token came to. */
  callbackTaken(key: PaymentKey, prompt: Prompt, result: CallbackResult): void
  /** Once nothing more happens: everything that can be settled is. */
  finish(): Ending
}

/** How the payments of a world ended. */
export type Ending = { settled: number; unaskable: number; corrected: number; contradicted: number }

/** What becomes of a callback that says the truth, with evidence. */
const BELIEVED: ReadonlySet<CallbackResult> = new Set([
  'settled',
  'corrected',
  'receipt',
  'duplicate',
  'contradicted',
])

type Known = {
  key: PaymentKey
  prompts: Prompt[]
  acknowledged: Payment[]
  callbacksTaken: Prompt[]
}

/** An audit over the tables of a world. */
export function createAudit(deps: {
  store: () => MemoryPaymentStore
  nowMs: () => number
  onBreach: (text: string) => void
}): Audit {
  const known = new Map<Uuid, Known>()
  const fail = (payment: Uuid, text: string) => deps.onBreach(`${payment}: ${text}`)
  const of = (key: PaymentKey): Known => {
    const found = known.get(key.paymentId) ?? { key, prompts: [], acknowledged: [], callbacksTaken: [] }
    known.set(key.paymentId, found)
    return found
  }
  const keyOf = (payment: Payment) => ({ merchantId: payment.merchantId, paymentId: payment.id })
  return {
    rowChanged(before, after) {
      const { prompts } = of(keyOf(after.payment))
      const text = brokenChange(before, after) ?? brokenVerdict(before, after.payment, prompts, deps.nowMs())
      if (text !== null) fail(after.payment.id, text)
    },
    pushLeaves(key, atMs) {
      const row = deps.store().rowOf(key)
      if (row === undefined) fail(key.paymentId, 'pushed before it was committed')
      else if (atMs >= row.payment.expiresAt.getTime()) fail(key.paymentId, 'pushed after it had expired')
    },
    promptShown(key, prompt) {
      const { prompts } = of(key)
      prompts.push(prompt)
      if (prompts.length > 1) fail(key.paymentId, `prompt number ${prompts.length}`)
      const row = deps.store().rowOf(key)
      if (row !== undefined && wasNotSent(row.payment)) fail(key.paymentId, 'a prompt after it had ended')
    },
    acknowledged: (payment) => of(keyOf(payment)).acknowledged.push(payment),
    callbackTaken(key, prompt, result) {
      if (BELIEVED.has(result)) of(key).callbacksTaken.push(prompt)
      else if (result !== 'crowded') fail(key.paymentId, `a true callback was ${result}`)
    },
    finish() {
      const ending: Ending = { settled: 0, unaskable: 0, corrected: 0, contradicted: 0 }
      for (const one of known.values()) {
        const row = deps.store().rowOf(one.key)
        const events = deps.store().eventsOf(one.key)
        const text = brokenEnd(one, row, events)
        if (text !== null) fail(one.key.paymentId, text)
        if (row === undefined) continue
        if (isSettled(row.payment)) ending.settled += 1
        else ending.unaskable += 1
        if (events.some(({ type }) => type === 'payment.corrected')) ending.corrected += 1
        if (events.some(({ type }) => type === 'payment.contradicted')) ending.contradicted += 1
      }
      return ending
    },
  }
}

function wasNotSent({ outcome }: Payment): boolean {
  return outcome === 'not_sent' || outcome === 'refused'
}

/** Settled stays settled, but for a failure that is proven to be a payment; and what is known stays. */
function brokenChange(before: MemoryRow | null, after: MemoryRow): string | null {
  if (before === null) return null
  const [was, is] = [before.payment, after.payment]
  const turns = `${was.state} became ${is.state}`
  if (was.state === 'succeeded' && is.state !== 'succeeded') return turns
  if (was.state === 'failed' && is.state !== 'failed' && is.state !== 'succeeded') return turns
  if (was.state === 'failed' && is.state === 'succeeded' && is.evidence?.confidence !== 'proven') return turns
  if ((was.state === 'pending' || was.state === 'uncertain') && is.state === 'queued') return turns
  if (was.receipt !== null && was.receipt !== is.receipt) return 'its receipt changed'
  if (was.checkoutRequestId !== null && was.checkoutRequestId !== is.checkoutRequestId)
    return 'its id changed'
  if (after.eventCount < before.eventCount) return 'its events were counted down'
  return null
}

/** A verdict is the truth at the time that it is committed. */
function brokenVerdict(
  before: MemoryRow | null,
  payment: Payment,
  prompts: readonly Prompt[],
  nowMs: number,
): string | null {
  const isNew = isSettled(payment) && before?.payment.outcome !== payment.outcome
  if (!isNew) return null
  if (payment.evidence === null) return `${payment.outcome} without evidence`
  const [prompt] = prompts
  if (wasNotSent(payment)) return prompt === undefined ? null : `${payment.outcome}, with a prompt`
  if (prompt === undefined) return `${payment.outcome}, without a prompt`
  const isBelied = prompt.beliedCode !== null && payment.resultCode === prompt.beliedCode
  if (isBelied) return null
  if (prompt.endsAtMs > nowMs) return `${payment.outcome} while the prompt was up`
  if ((payment.outcome === 'paid') !== (prompt.resultCode === '0')) {
    return `${payment.outcome}, but M-Pesa said ${prompt.resultCode}`
  }
  if (payment.resultCode !== prompt.resultCode) return `code ${payment.resultCode}, not ${prompt.resultCode}`
  if (payment.receipt !== null && payment.receipt !== prompt.receipt) return 'a receipt of another'
  return null
}

function brokenEnd(one: Known, row: MemoryRow | undefined, events: readonly MemoryEvent[]): string | null {
  if (row === undefined) {
    if (one.prompts.length > 0) return 'a prompt without a payment'
    return one.acknowledged.length > 0 ? 'acknowledged, and not there' : null
  }
  return brokenStory(row, events) ?? brokenAnswers(one, row.payment) ?? brokenRest(one, row)
}

const STATE_OF = {
  'payment.succeeded': ['succeeded'],
  'payment.failed': ['failed'],
  'payment.uncertain': ['uncertain'],
  'payment.corrected': ['succeeded'],
  'payment.updated': ['succeeded'],
  'payment.contradicted': ['succeeded', 'failed'],
} as const

/** The events tell the life of the payment, each once and in order. */
function brokenStory(row: MemoryRow, events: readonly MemoryEvent[]): string | null {
  const { payment, eventCount } = row
  if (events.length !== eventCount) return `${events.length} events, but counted ${eventCount}`
  let told: string | null = null
  for (const [index, { sequence, type, snapshot }] of events.entries()) {
    if (sequence !== index + 1) return `event ${index + 1} has the number ${sequence}`
    const states: readonly string[] = STATE_OF[type]
    if (!states.includes(snapshot.state)) return `${type} tells of a payment that is ${snapshot.state}`
    const isNews = type !== 'payment.contradicted' && type !== 'payment.updated'
    if (isNews && snapshot.state === told) return `${snapshot.state} was told twice`
    if (told === 'succeeded' && isNews) return `${type} after it had succeeded`
    if (type === 'payment.corrected' && told !== 'failed') return 'corrected without a failure'
    if (isNews) told = snapshot.state
  }
  const isTold = isSettled(payment) || payment.state === 'uncertain'
  if (isTold && told !== payment.state) return `${payment.state}, but told as ${told}`
  return null
}

function brokenAnswers(one: Known, payment: Payment): string | null {
  for (const { state } of one.acknowledged) {
    if (state === 'succeeded' && payment.state !== 'succeeded') return 'its merchant was told of a success'
    if (state === 'failed' && !isSettled(payment)) return 'its merchant was told of a failure'
  }
  for (const { resultCode } of one.callbacksTaken) {
    if ((resultCode === '0') !== (payment.state === 'succeeded')) {
      return `a callback of ${resultCode} was acknowledged, and it is ${payment.state}`
    }
  }
  return null
}

/** Nothing is left in between: it is settled, or uncertain with nothing to ask about. */
function brokenRest(one: Known, row: MemoryRow): string | null {
  const { payment } = row
  const [prompt] = one.prompts
  if (!isSettled(payment)) {
    if (payment.state !== 'uncertain') return `left ${payment.state}`
    return payment.checkoutRequestId === null ? null : 'left uncertain, though it can be asked about'
  }
  const isBelied = prompt?.beliedCode !== undefined && prompt.beliedCode !== null
  if (isBelied && payment.resultCode === prompt.beliedCode) return null
  return brokenVerdict(null, payment, one.prompts, Number.POSITIVE_INFINITY)
}
