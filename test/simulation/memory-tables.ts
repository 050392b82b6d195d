// The payment core's tables in memory as plain rows, for `memory-payment-store.ts` and what it is made of.
import type { Uuid } from '../../src/ids.ts'
import type { OddCallback } from '../../src/payments/callback-store.ts'
import type { LastQuery, Payment, PaymentEventType } from '../../src/payments/payment.ts'
import type { PaymentKey } from '../../src/payments/payment-store.ts'

/** A row of `payments`, whole. Never changed in place: every statement puts a new one in its place. */
export type MemoryRow = {
  readonly payment: Readonly<Payment>
  readonly idempotencyKey: string | null
  readonly requestHash: Buffer | null
  readonly dueAt: Date | null
  readonly leasedBy: Uuid | null
  readonly leasedUntil: Date | null
  readonly attempts: number
  readonly queries: number
  readonly lastQuery: LastQuery | null
  readonly wantedAt: Date | null
  readonly hintedAt: Date | null
  readonly eventCount: number
}

/** A row of `events`. */
export type MemoryEvent = {
  id: Uuid
  type: PaymentEventType
  sequence: number
  live: boolean
  snapshot: Readonly<Payment>
  callback: string | null
  createdAt: Date
}

/** Told of every change of a row, as it is committed. */
export type RowObserver = (before: MemoryRow | null, after: MemoryRow) => void

/** All tables. */
export type Tables = {
  payments: Map<string, MemoryRow>
  /** Those of `payments` that have a time when they are due. */
  due: Map<string, MemoryRow>
  byIdempotencyKey: Map<string, string>
  events: Map<string, MemoryEvent[]>
  oddCallbacks: Map<string, OddCallback[]>
  numbers: number
  observe: RowObserver
}

/** Empty tables. */
export function createTables(observe: RowObserver): Tables {
  return {
    payments: new Map(),
    due: new Map(),
    byIdempotencyKey: new Map(),
    events: new Map(),
    oddCallbacks: new Map(),
    numbers: 0,
    observe,
  }
}

/** The primary key. */
export function nameOf(key: PaymentKey): string {
  return `${key.merchantId}/${key.paymentId}`
}

/** The key of a payment. */
export function keyOf(payment: Pick<Payment, 'merchantId' | 'id'>): PaymentKey {
  return { merchantId: payment.merchantId, paymentId: payment.id }
}

/** Puts `after` in the place of `before`. */
export function put(tables: Tables, before: MemoryRow | null, after: MemoryRow): void {
  const name = nameOf(keyOf(after.payment))
  // The core is handed the row's own payment, and changes none.
  Object.freeze(after.payment)
  tables.payments.set(name, after)
  if (after.dueAt === null) tables.due.delete(name)
  else tables.due.set(name, after)
  tables.observe(before, after)
}

/** Whether M-Pesa may know what became of it. */
export function isAskable({ state }: Pick<Payment, 'state'>): boolean {
  return state === 'pending' || state === 'uncertain'
}
