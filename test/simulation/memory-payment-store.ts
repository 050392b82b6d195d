// The payment core's tables in memory, behind the port that PostgreSQL implements in a gateway: statement by
// statement the same guards and the same rows. `memory-payment-store.test.ts` holds the two to each other.
import type { Uuid } from '../../src/ids.ts'
import type { OddCallback } from '../../src/payments/callback-store.ts'
import type { PaymentRemark } from '../../src/payments/event-store.ts'
import type { Lease } from '../../src/payments/lost-claim-store.ts'
import type { Evidence, Payment, PaymentEventType } from '../../src/payments/payment.ts'
import type { PaymentInsert } from '../../src/payments/payment-create-store.ts'
import type { Move, Moved } from '../../src/payments/payment-move-store.ts'
import type { Acceptance, Accepted, Postponement, Requeue } from '../../src/payments/payment-push-store.ts'
import type { PaymentKey, PaymentStore } from '../../src/payments/payment-store.ts'
import { PAID_WHILE_OPEN } from '../../src/payments/query-answer.ts'
import { claimExpired, claimQueued, findWaiting, putBackClaimed, releaseQueued } from './memory-queue.ts'
import {
  claimDue,
  claimQuestions,
  makeDue,
  markWanted,
  noteRequestIds,
  readQuestions,
} from './memory-sweep.ts'
import {
  createTables,
  isAskable,
  keyOf,
  type MemoryEvent,
  type MemoryRow,
  nameOf,
  put,
  type RowObserver,
  type Tables,
} from './memory-tables.ts'

/** The tables, and the port over them. Every statement takes effect in the call itself. */
export type MemoryPaymentStore = PaymentStore & {
  /** What `mendLostClaims` puts back; a process does that around its own way to the tables. */
  putBack(lost: Lease): Promise<number>
  rowOf(key: PaymentKey): MemoryRow | undefined
  eventsOf(key: PaymentKey): readonly MemoryEvent[]
  oddCallbacksOf(key: PaymentKey): readonly OddCallback[]
  rows(): Iterable<MemoryRow>
  /** The rows that a sweep may still have work with, now or later. */
  openRows(): Iterable<MemoryRow>
}

/** The caps of the SQL. */
const EVENTS_MAX = 20
const ODD_CALLBACKS_MAX = 20

/** A store over empty tables. */
export function createMemoryPaymentStore(observe: RowObserver = () => undefined): MemoryPaymentStore {
  const tables = createTables(observe)
  return {
    insert: async (row) => insert(tables, row),
    move: async (move) => moveRow(tables, move),
    accept: async (acceptance) => accept(tables, acceptance),
    requeue: async (requeue) => requeueRow(tables, requeue),
    postpone: async (postponement) => postpone(tables, postponement),
    findWaiting: async (page) => findWaiting(tables, page),
    claimQueued: async (claim) => claimQueued(tables, claim),
    releaseQueued: async (release) => releaseQueued(tables, release),
    claimExpired: async (claim) => claimExpired(tables, claim),
    claimDue: async (claim) => claimDue(tables, claim),
    readQuestions: async (page) => readQuestions(tables, page),
    claimQuestions: async (claim) => claimQuestions(tables, claim),
    markWanted: async (wanted) => markWanted(tables, wanted),
    makeDue: async (payment) => makeDue(tables, payment),
    noteRequestIds: async (ids) => noteRequestIds(tables, ids),
    find: async (key) => tables.payments.get(nameOf(key))?.payment ?? null,
    findAnyByCheckout: async (id) => findAnyByCheckout(tables, id),
    findByIdempotencyKey: async (key) => findByIdempotencyKey(tables, key),
    keepOddCallback: async (callback) => keepOddCallback(tables, callback),
    recordRemark: async (remark) => recordRemark(tables, remark),
    putBack: async (lost) => putBackClaimed(tables, lost),
    rowOf: (key) => tables.payments.get(nameOf(key)),
    eventsOf: (key) => tables.events.get(nameOf(key)) ?? [],
    oddCallbacksOf: (key) => tables.oddCallbacks.get(nameOf(key)) ?? [],
    rows: () => tables.payments.values(),
    openRows: () => tables.due.values(),
  }
}

/** `on conflict do nothing`, and the number that it uses up all the same. */
function insert(tables: Tables, row: PaymentInsert): number | undefined {
  const { payment, idempotencyKey } = row
  tables.numbers += 1
  const name = nameOf(keyOf(payment))
  if (tables.payments.has(name)) return undefined
  if (idempotencyKey !== null) {
    const taken = idempotencyName({ ...payment, idempotencyKey })
    if (tables.byIdempotencyKey.has(taken)) return undefined
    tables.byIdempotencyKey.set(taken, name)
  }
  put(tables, null, {
    payment: { ...payment, number: tables.numbers },
    idempotencyKey,
    requestHash: row.requestHash,
    dueAt: row.dueAt,
    leasedBy: row.leasedBy,
    leasedUntil: row.leasedUntil,
    attempts: 0,
    queries: 0,
    lastQuery: null,
    wantedAt: null,
    hintedAt: null,
    eventCount: 0,
  })
  return tables.numbers
}

function idempotencyName(key: { merchantId: Uuid; live: boolean; idempotencyKey: string }): string {
  return `${key.merchantId}/${key.live}/${key.idempotencyKey}`
}

/** Commit ③: the state and the event in one. */
function moveRow(tables: Tables, move: Move): Moved | undefined {
  const row = tables.payments.get(nameOf(move))
  if (row === undefined || !allows(row.payment, move)) return undefined
  const { payment } = row
  const at = new Date(move.nowMs)
  const isAskedAbout = move.outcome === null && (payment.checkoutRequestId ?? move.checkoutRequestId) !== null
  const after: MemoryRow = {
    ...row,
    payment: {
      ...payment,
      state: move.state,
      outcome: move.outcome,
      resultCode: move.resultCode ?? payment.resultCode,
      resultDesc: move.resultDesc ?? payment.resultDesc,
      receipt: move.receipt ?? payment.receipt,
      paidAt: move.paidAt ?? payment.paidAt,
      evidence: evidenceOf(payment, move),
      merchantRequestId: payment.merchantRequestId ?? move.merchantRequestId,
      checkoutRequestId: payment.checkoutRequestId ?? move.checkoutRequestId,
      updatedAt: at,
      settledAt: move.outcome === null ? null : at,
    },
    dueAt: isAskedAbout ? (move.dueAt ?? at) : move.dueAt,
    leasedBy: null,
    leasedUntil: null,
    queries: row.queries + (move.query === null ? 0 : 1),
    lastQuery: move.query ?? row.lastQuery,
    eventCount: row.eventCount + 1,
  }
  put(tables, row, after)
  tell(tables, after, { id: move.eventId, type: move.tell, callback: move.callback, at })
  return { payment: after.payment, sequence: after.eventCount, deliveries: [] }
}

function allows(payment: Payment, move: Move): boolean {
  const fits = <T>(theirs: T | null, ours: T | null) => theirs === null || ours === null || theirs === ours
  return (
    move.from.includes(payment.state) &&
    fits(move.checkoutRequestId, payment.checkoutRequestId) &&
    fits(move.merchantRequestId, payment.merchantRequestId) &&
    fits(move.amountKes, payment.amountKes) &&
    (move.addressAllowed || !payment.live) &&
    (move.unsentAt === null ||
      (move.unsentAt.getTime() === payment.sentAt?.getTime() && payment.checkoutRequestId === null))
  )
}

function evidenceOf(payment: Payment, move: Move): Evidence | null {
  if (move.evidence === null) return payment.evidence
  const checkout = equal(move.checkoutRequestId, payment.checkoutRequestId)
  const merchant = equal(move.merchantRequestId, payment.merchantRequestId)
  return {
    ...move.evidence,
    amount_match: equal(move.amountKes, payment.amountKes),
    ids_match: bothHold(checkout, merchant),
  }
}

/** SQL's `=`, where null is not known. */
function equal<T>(a: T | null, b: T | null): boolean | null {
  return a === null || b === null ? null : a === b
}

/** SQL's `and`. */
function bothHold(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false
  return a === null || b === null ? null : true
}

function tell(
  tables: Tables,
  row: MemoryRow,
  event: { id: Uuid; type: PaymentEventType; callback: string | null; at: Date },
): void {
  const name = nameOf(keyOf(row.payment))
  const told = tables.events.get(name) ?? []
  tables.events.set(name, told)
  told.push({
    id: event.id,
    type: event.type,
    sequence: row.eventCount,
    live: row.payment.live,
    snapshot: row.payment,
    callback: event.callback,
    createdAt: event.at,
  })
}

/** Commit ②. */
function accept(tables: Tables, acceptance: Acceptance): Accepted | undefined {
  const row = tables.payments.get(nameOf(acceptance))
  if (row === undefined || row.payment.state === 'queued') return undefined
  const { payment } = row
  const { state } = payment
  const merchantRequestId = payment.merchantRequestId ?? acceptance.merchantRequestId
  const checkoutRequestId = payment.checkoutRequestId ?? acceptance.checkoutRequestId
  const isNews = state === 'sending' || payment.checkoutRequestId === null
  const isToBeAsked = state === 'sending' || state === 'uncertain'
  const after: MemoryRow = {
    ...row,
    payment: {
      ...payment,
      state: state === 'sending' ? 'pending' : state,
      merchantRequestId,
      checkoutRequestId,
      promptedAt: payment.promptedAt ?? acceptance.at,
      updatedAt: acceptance.at,
    },
    dueAt: isNews && isToBeAsked ? acceptance.dueAt : row.dueAt,
    leasedBy: isNews ? null : row.leasedBy,
    leasedUntil: isNews ? null : row.leasedUntil,
  }
  put(tables, row, after)
  return { state: after.payment.state, merchantRequestId, checkoutRequestId }
}

function requeueRow(tables: Tables, requeue: Requeue): true | undefined {
  const row = tables.payments.get(nameOf(requeue))
  if (row === undefined || row.payment.state !== 'sending') return undefined
  if (row.leasedBy !== requeue.leasedBy || row.attempts !== requeue.attempts) return undefined
  put(tables, row, {
    ...row,
    payment: {
      ...row.payment,
      state: 'queued',
      sentAt: null,
      resultCode: requeue.resultCode,
      resultDesc: requeue.resultDesc,
      updatedAt: requeue.at,
    },
    attempts: row.attempts + 1,
    dueAt: requeue.dueAt,
    leasedBy: null,
    leasedUntil: null,
  })
  return true
}

function postpone(tables: Tables, postponement: Postponement): true | undefined {
  const row = tables.payments.get(nameOf(postponement))
  if (row === undefined || !isAskable(row.payment) || row.leasedBy !== postponement.leasedBy) return undefined
  const isCounted = postponement.query !== null && postponement.query.kind !== PAID_WHILE_OPEN
  put(tables, row, {
    ...row,
    queries: row.queries + (isCounted ? 1 : 0),
    lastQuery: postponement.query ?? row.lastQuery,
    dueAt: postponement.dueAt,
    leasedBy: null,
    leasedUntil: null,
  })
  return true
}

function findAnyByCheckout(tables: Tables, checkoutRequestId: string): Payment[] {
  const found: Payment[] = []
  for (const { payment } of tables.payments.values()) {
    if (payment.checkoutRequestId === checkoutRequestId && found.length < 2) found.push(payment)
  }
  return found
}

function findByIdempotencyKey(
  tables: Tables,
  key: { merchantId: Uuid; live: boolean; idempotencyKey: string },
): { payment: Payment; requestHash: Buffer } | null {
  const name = tables.byIdempotencyKey.get(idempotencyName(key))
  const row = name === undefined ? undefined : tables.payments.get(name)
  if (row === undefined) return null
  return { payment: row.payment, requestHash: row.requestHash ?? Buffer.alloc(0) }
}

function keepOddCallback(tables: Tables, callback: OddCallback): void {
  // Unmatched ones belong to nobody, and nothing of a payment's life depends on them.
  if (callback.payment === null) return
  const name = nameOf(keyOf({ merchantId: callback.payment.merchantId, id: callback.payment.id }))
  const kept = tables.oddCallbacks.get(name) ?? []
  tables.oddCallbacks.set(name, kept)
  if (kept.length < ODD_CALLBACKS_MAX) kept.push(callback)
}

function recordRemark(tables: Tables, remark: PaymentRemark): boolean {
  const row = tables.payments.get(nameOf(keyOf(remark.payment)))
  if (row === undefined || row.eventCount >= EVENTS_MAX) return false
  const told = tables.events.get(nameOf(keyOf(remark.payment))) ?? []
  if (told.some(({ id }) => id === remark.eventId)) return false
  const { payment } = row
  const brings = payment.receipt === null && payment.state === 'succeeded'
  if (remark.type === 'payment.updated' && !brings) return false
  const after: MemoryRow = {
    ...row,
    payment: {
      ...payment,
      receipt: payment.receipt ?? remark.receipt,
      paidAt: payment.receipt === null ? (remark.paidAt ?? payment.paidAt) : payment.paidAt,
      evidence: remark.evidence ?? payment.evidence,
      updatedAt: remark.at,
    },
    eventCount: row.eventCount + 1,
  }
  put(tables, row, after)
  tell(tables, after, { id: remark.eventId, type: remark.type, callback: remark.callback, at: remark.at })
  return true
}
