// What the payment core asks of its tables, as one port: PostgreSQL behind it in a gateway, a model in memory
// behind it in the simulation. A test holds the two to each other.
import type { Database } from '../db/database.ts'
import type { GroupObserver } from '../db/grouped-statement.ts'
import { untilAvailable } from '../db/until-available.ts'
import type { Uuid } from '../ids.ts'
import { keepOddCallback, type OddCallback } from './callback-store.ts'
import { type PaymentRemark, recordRemark } from './event-store.ts'
import { mendLostClaims, putBackClaimed } from './lost-claim-store.ts'
import type { Payment } from './payment.ts'
import { createInsertPayment, findByIdempotencyKey, type InsertPayment } from './payment-create-store.ts'
import {
  type Claim,
  claimDuePayments,
  type DuePayment,
  makeDue,
  type NamedIds,
  noteRequestIds,
} from './payment-due-store.ts'
import { createMovePayment, type MovePayment } from './payment-move-store.ts'
import {
  type AcceptPayment,
  createAcceptPayment,
  createPostponePayment,
  createRequeuePayment,
  type PostponePayment,
  type RequeuePayment,
} from './payment-push-store.ts'
import {
  claimQuestions,
  createMarkWanted,
  type MarkWanted,
  type QuestionClaim,
  type QuestionPage,
  type Questions,
  readQuestions,
} from './payment-question-store.ts'
import {
  claimExpired,
  claimQueued,
  createReleaseQueued,
  findWaiting,
  type QueueClaim,
  type QueuePage,
  type QueueSource,
  type ReleaseQueued,
} from './payment-queue-store.ts'
import { findAnyByCheckout, findPaymentByToken } from './payment-read-store.ts'

/** One payment, as callback tokens and leases name it. */
export type PaymentKey = { merchantId: Uuid; paymentId: Uuid }

/** Each call commits by itself, and rejects with `DatabaseUnavailableError` while the database is away. */
export type PaymentStore = {
  insert: InsertPayment
  move: MovePayment
  accept: AcceptPayment
  requeue: RequeuePayment
  postpone: PostponePayment
  /** See `findWaiting`. */
  findWaiting(page: { now: Date; after: QueueSource | null; limit: number }): Promise<QueuePage>
  /** See `claimQueued`. */
  claimQueued(claim: QueueClaim & { shares: (QueueSource & { count: number })[] }): Promise<DuePayment[]>
  releaseQueued: ReleaseQueued
  /** See `claimExpired`. */
  claimExpired(claim: QueueClaim & { limit: number }): Promise<DuePayment[]>
  /** See `claimDuePayments`. */
  claimDue(claim: Claim): Promise<DuePayment[]>
  /** See `readQuestions`. */
  readQuestions(page: QuestionPage): Promise<Questions>
  /** See `claimQuestions`. */
  claimQuestions(claim: QuestionClaim): Promise<Payment[]>
  markWanted: MarkWanted
  /** See `makeDue`. */
  makeDue(payment: PaymentKey & { now: Date }): Promise<void>
  /** See `noteRequestIds`. */
  noteRequestIds(ids: NamedIds): Promise<void>
  /** See `findPaymentByToken`. */
  find(key: PaymentKey): Promise<Payment | null>
  /** See `findAnyByCheckout`. */
  findAnyByCheckout(checkoutRequestId: string): Promise<Payment[]>
  /** See `findByIdempotencyKey`. */
  findByIdempotencyKey(key: {
    merchantId: Uuid
    live: boolean
    idempotencyKey: string
  }): Promise<{ payment: Payment; requestHash: Buffer } | null>
  /** See `keepOddCallback`. */
  keepOddCallback(callback: OddCallback): Promise<void>
  /** See `recordRemark`. */
  recordRemark(remark: PaymentRemark): Promise<boolean>
}

/** The store over PostgreSQL. */
export function createPaymentStore(deps: {
  db: Database
  /** For what a request waits for; `db` when not given. */
  asked?: Database
  observe?: GroupObserver
}): PaymentStore {
  return {
    insert: createInsertPayment(deps),
    move: createMovePayment(deps),
    accept: createAcceptPayment(deps),
    requeue: createRequeuePayment(deps),
    postpone: createPostponePayment(deps),
    findWaiting: (page) => findWaiting(deps, page),
    claimQueued: mendLostClaims({ putBack: (lost) => putBackClaimed(deps, lost), untilAvailable }, (claim) =>
      claimQueued(deps, claim),
    ),
    releaseQueued: createReleaseQueued(deps),
    claimExpired: (claim) => claimExpired(deps, claim),
    claimDue: (claim) => claimDuePayments(deps, claim),
    readQuestions: (page) => readQuestions(deps, page),
    claimQuestions: (claim) => claimQuestions(deps, claim),
    markWanted: createMarkWanted(deps),
    makeDue: (payment) => makeDue(deps, payment),
    noteRequestIds: (ids) => noteRequestIds(deps, ids),
    find: (key) => findPaymentByToken(deps, key),
    findAnyByCheckout: (checkoutRequestId) => findAnyByCheckout(deps, checkoutRequestId),
    findByIdempotencyKey: (key) => findByIdempotencyKey({ db: deps.asked ?? deps.db }, key),
    keepOddCallback: (callback) => keepOddCallback(deps, callback),
    recordRemark: (remark) => recordRemark(deps, remark),
  }
}
