// The payment core put together: what surfaces, sweep and hooks call. Nothing outside `payments/` reaches
// past this.
import type { Uuid } from '../ids.ts'
import { createCallbackGuard } from './callback-guard.ts'
import { type CreateResult, createPayment, type PaymentRequest } from './create.ts'
import { createDisowner } from './disown.ts'
import { createDispatcher, type SendMode } from './dispatch.ts'
import { type FeedPosition, listEvents, listPaymentEvents, type StoredEvent } from './event-store.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import { type Backlog, readBacklog } from './payment-due-store.ts'
import {
  findPayment,
  findPaymentByCheckout,
  listPayments,
  type Owner,
  type Page,
  type PaymentFilter,
} from './payment-read-store.ts'
import { createQueryBudget } from './query-budget.ts'
import { type CallbackResult, type IncomingCallback, receiveCallback } from './receive-callback.ts'
import { sweepOpen } from './reconcile.ts'
import { sweepQueued } from './sweep-queued.ts'
import type { Waiters } from './waiters.ts'

/** What the core offers. Reads name the owner; what is not theirs is not found. */
export type PaymentService = {
  /** See `createPayment`. */
  create(request: PaymentRequest, mode: SendMode): Promise<CreateResult>
  find(owner: Owner, id: Uuid): Promise<Payment | null>
  findByCheckout(owner: Owner, checkoutRequestId: string): Promise<Payment | null>
  list(owner: Owner, filter: PaymentFilter, page: Page): Promise<Payment[]>
  eventsOf(payment: Payment): Promise<StoredEvent[]>
  feed(
    owner: Owner,
    page: { limit: number; after: FeedPosition | null; type: string | null },
  ): Promise<StoredEvent[]>
  waitFor: Waiters['waitFor']
  subscribe: Waiters['subscribe']
  /** See `receiveCallback`. */
  receiveCallback(incoming: IncomingCallback): Promise<CallbackResult>
  /** One batch of what is queued and due; see `sweepQueued`. */
  sweepQueued(): Promise<number>
  /** One batch of what is open and due; see `sweepOpen`. */
  sweepOpen(): Promise<number>
  backlog(): Promise<Backlog[]>
  /** Pushes under way. */
  inFlight(): number
  /** Resolves when no push is under way. */
  idle(): Promise<void>
}

/** A backlog is counted up to this many. */
const BACKLOG_COUNT_MAX = 10_000

/** The core over its parts. */
export function createPaymentService(deps: PaymentDeps): PaymentService {
  const dispatcher = createDispatcher(deps)
  const disown = createDisowner(deps)
  const createDeps = { ...deps, dispatcher, disown }
  const reconcileDeps = { ...deps, budget: createQueryBudget(deps) }
  const callbackDeps = { ...deps, guard: createCallbackGuard<CallbackResult>(deps) }
  return {
    create: (request, mode) => createPayment(createDeps, request, mode),
    find: (owner, id) => findPayment(deps, owner, id),
    findByCheckout: (owner, checkoutRequestId) => findPaymentByCheckout(deps, owner, checkoutRequestId),
    list: (owner, filter, page) => listPayments(deps, owner, filter, page),
    eventsOf: (payment) => listPaymentEvents(deps, payment),
    feed: (owner, page) => listEvents(deps, owner, page),
    waitFor: deps.waiters.waitFor,
    subscribe: deps.waiters.subscribe,
    receiveCallback: (incoming) => receiveCallback(callbackDeps, incoming),
    sweepQueued: () => sweepQueued({ ...deps, dispatcher }),
    sweepOpen: () => sweepOpen(reconcileDeps),
    backlog: () => readBacklog(deps, BACKLOG_COUNT_MAX),
    inFlight: dispatcher.inFlight,
    idle: dispatcher.idle,
  }
}
