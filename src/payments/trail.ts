// The trail of a payment: everything known about it in one answer, with what is uncertain and why, and what
// happens next and when.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { listOddCallbacks, type OddCallback } from './callback-store.ts'
import { listPaymentEvents, type StoredEvent } from './event-store.ts'
import { isSettled, type Payment } from './payment.ts'
import type { Owner } from './payment-read-store.ts'
import type { OpenWhy } from './statement-match.ts'
import { ASKABLE_AGE_MS, PULL_REACH_MS, UNASKABLE_AGE_MS } from './statement-schedule.ts'
import type { PullState, StatementStore } from './statement-store.ts'
import { OPEN_WHY_TEXTS } from './statement-texts.ts'
import { findTrackedPayment, type TrackedPayment } from './trail-store.ts'

/** One thing that happened. */
export type TrailStep = {
  at: Date
  what: 'created' | 'sent' | 'prompted' | 'event' | 'question' | 'callback' | 'statement'
  detail: string
}

/** One thing that may settle it, or that is done next; `at` is null where it cannot be foreseen. */
export type TrailNext = {
  what: 'send' | 'give_up' | 'lapse' | 'callback' | 'question' | 'statement'
  at: Date | null
  detail: string
}

/** Why a payment is uncertain. */
export type TrailDoubt = { since: Date | null; code: 'no_request_id' | 'no_verdict'; detail: string }

/** Everything known about one payment, its webhook deliveries apart. */
export type Trail = {
  tracked: TrackedPayment
  /** In the order in which it happened. */
  life: TrailStep[]
  /** Null unless it is uncertain. */
  doubt: TrailDoubt | null
  next: TrailNext[]
  events: StoredEvent[]
  /** Callbacks that changed no state, oldest first. */
  callbacks: OddCallback[]
  /** The pulls of its shortcode. */
  pull: PullState | null
}

/** The trail of one payment of `owner`, or null. */
export async function readTrail(
  deps: { db: Database; clock: Clock; statements: Pick<StatementStore, 'pullState'> },
  owner: Owner,
  id: Uuid,
): Promise<Trail | null> {
  const tracked = await findTrackedPayment(deps, owner, id)
  if (tracked === null) return null
  const { payment } = tracked
  const { merchantId, shortcodeId } = payment
  const [events, callbacks, pull] = await Promise.all([
    listPaymentEvents(deps, payment),
    listOddCallbacks(deps, payment),
    deps.statements.pullState({ merchantId, shortcodeId, paymentId: id }),
  ])
  const told = { tracked, events, callbacks, pull }
  return {
    ...told,
    life: lifeOf(told),
    doubt: doubtOf(payment, events),
    next: nextOf(told, deps.clock.now()),
  }
}

type Told = Pick<Trail, 'tracked' | 'events' | 'callbacks' | 'pull'>

function lifeOf({ tracked, events, callbacks, pull }: Told): TrailStep[] {
  const { payment, lastAnswer } = tracked
  const steps: TrailStep[] = [{ at: payment.createdAt, what: 'created', detail: 'Committed.' }]
  const add = (at: Date | null, what: TrailStep['what'], detail: string) => {
    if (at !== null) steps.push({ at, what, detail })
  }
  add(payment.sentAt, 'sent', 'The push was handed to Daraja.')
  add(payment.promptedAt, 'prompted', 'Daraja said that the prompt is on its way.')
  for (const event of events) add(event.createdAt, 'event', event.type)
  for (const callback of callbacks) {
    add(callback.receivedAt, 'callback', `Kept as ${callback.kind}: ${callback.reason}.`)
  }
  if (lastAnswer !== null) {
    add(
      new Date(lastAnswer.at),
      'question',
      `M-Pesa was asked last: ${lastAnswer.kind}, ${lastAnswer.detail}`,
    )
  }
  const remark = remarkText(pull)
  if (remark !== null) add(pull?.lastAt ?? null, 'statement', remark)
  return steps.sort((one, other) => one.at.getTime() - other.at.getTime())
}

function doubtOf(payment: Payment, events: readonly StoredEvent[]): TrailDoubt | null {
  if (payment.state !== 'uncertain') return null
  const since = events.find(({ type }) => type === 'payment.uncertain')?.createdAt ?? null
  const said = payment.resultDesc === null ? '' : ` ${payment.resultDesc}`
  if (payment.checkoutRequestId === null) {
    const detail = `Daraja's answer to the push is not known, so there is no id to ask M-Pesa by.${said}`
    return { since, code: 'no_request_id', detail }
  }
  const detail = `The prompt's time is over, and M-Pesa has not said how it ended.${said}`
  return { since, code: 'no_verdict', detail }
}

function nextOf(told: Told, nowMs: number): TrailNext[] {
  const { payment, dueAt, leasedUntil } = told.tracked
  if (isSettled(payment)) return []
  if (payment.state === 'queued') {
    return [
      { what: 'send', at: dueAt, detail: 'It is sent as soon as there is room for it.' },
      { what: 'give_up', at: payment.expiresAt, detail: 'Not sent by then, it never is.' },
    ]
  }
  const callback: TrailNext = {
    what: 'callback',
    at: null,
    detail: 'Its callback settles it whenever it comes.',
  }
  if (payment.state === 'sending') {
    const detail = 'If the process that sends it has died, it becomes uncertain then.'
    return [{ what: 'lapse', at: leasedUntil, detail }, callback]
  }
  const question = questionOf(told.tracked)
  return [...(question === null ? [] : [question]), statementOf(told, nowMs), callback]
}

function questionOf({ payment, dueAt, queries }: TrackedPayment): TrailNext | null {
  if (payment.checkoutRequestId === null || dueAt === null) return null
  return {
    what: 'question',
    at: dueAt,
    detail: `M-Pesa is asked by STK query; it was ${queries} times so far.`,
  }
}

function statementOf({ tracked, pull }: Told, nowMs: number): TrailNext {
  const { payment } = tracked
  const sentMs = (payment.sentAt ?? payment.createdAt).getTime()
  if (pull === null || !pull.enabled) {
    const detail = 'Pull Transactions is off for its shortcode: switch it on, or import a statement by hand.'
    return { what: 'statement', at: null, detail }
  }
  if (sentMs <= nowMs - PULL_REACH_MS) {
    const detail = 'It is older than the 48 hours that M-Pesa lists: import a statement by hand.'
    return { what: 'statement', at: null, detail }
  }
  const ageMs = payment.checkoutRequestId === null ? UNASKABLE_AGE_MS : ASKABLE_AGE_MS
  const atMs = Math.max(sentMs + ageMs, pull.nextAt?.getTime() ?? 0, nowMs)
  const detail = remarkText(pull) ?? "M-Pesa's own list of the shortcode's payments is read."
  return { what: 'statement', at: new Date(atMs), detail }
}

function remarkText(pull: PullState | null): string | null {
  const remark = pull?.remark ?? null
  return remark === null ? null : isWhy(remark) ? OPEN_WHY_TEXTS[remark] : remark
}

function isWhy(text: string): text is OpenWhy {
  return Object.hasOwn(OPEN_WHY_TEXTS, text)
}
