// The payment core put together: what surfaces, sweep and hooks call. Nothing outside `payments/` reaches
// past this.
import type { Uuid } from '../ids.ts'
import { createAsker } from './ask.ts'
import { type AskResult, askNow } from './ask-now.ts'
import { createCallbackGuard } from './callback-guard.ts'
import { type CreateResult, createPayment, type PaymentRequest } from './create.ts'
import { createDisowner } from './disown.ts'
import { createDispatcher, type SendMode } from './dispatch.ts'
import {
  type FeedPage,
  type FeedWish,
  listEvents,
  listPaymentEvents,
  type StoredEvent,
} from './event-store.ts'
import { createJustQueued } from './just-queued.ts'
import { createLivePrompts, type LivePrompts } from './live-prompts.ts'
import { lookForOpenWork, type OpenWork } from './open-work-store.ts'
import { isSettled, type Payment } from './payment.ts'
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
import { createPushGovernor } from './push-governor.ts'
import type { LaneSnapshot } from './push-lane.ts'
import {
  type CallbackResult,
  type IncomingCallback,
  receiveCallback,
  shedUnread,
} from './receive-callback.ts'
import { sweepLapsed } from './reconcile.ts'
import { createQueueSweep } from './sweep-queued.ts'
import type { Waiters } from './waiters.ts'
import { createNoteWanted } from './wanted.ts'

/** What the core offers. Reads name the owner; what is not theirs is not found. */
export type PaymentService = {
  /** See `createPayment`. */
  create(request: PaymentRequest, mode: SendMode): Promise<CreateResult>
  find(owner: Owner, id: Uuid): Promise<Payment | null>
  findByCheckout(owner: Owner, checkoutRequestId: string): Promise<Payment | null>
  list(owner: Owner, filter: PaymentFilter, page: Page): Promise<Payment[]>
  eventsOf(payment: Payment): Promise<StoredEvent[]>
  feed(owner: Owner, page: FeedWish): Promise<FeedPage>
  /** See `askNow`. */
  ask(owner: Owner, id: Uuid): Promise<AskResult | null>
  waitFor: Waiters['waitFor']
  subscribe: Waiters['subscribe']
  /** See `receiveCallback`. */
  receiveCallback(incoming: IncomingCallback): Promise<CallbackResult>
  /** See `shedUnread`. */
  shedUnread(incoming: Pick<IncomingCallback, 'token' | 'addressAllowed'>): boolean
  /** What the sweeps are needed for. */
  lookForOpenWork(): Promise<OpenWork>
  /** One batch of what is queued and due; see `createQueueSweep`. */
  sweepQueued(): Promise<number>
  /** Calls `act` from now on when something is queued and due at once; without it the next sweep finds it. */
  whenQueued(act: () => void): void
  /** One batch of what has lapsed; see `sweepLapsed`. */
  sweepLapsed(): Promise<number>
  /** Starts the questions to M-Pesa that are due and may be put now; how many. */
  sweepQuestions(): Promise<number>
  backlog(): Promise<Backlog[]>
  /** Pushes under way. */
  inFlight(): number
  /** How this process sees Daraja, shortcode by shortcode. */
  pushLanes(): LaneSnapshot[]
  /** Resolves when no push and no question is under way. */
  idle(): Promise<void>
}

/** A backlog is counted up to this many. */
const BACKLOG_COUNT_MAX = 10_000

/** The core over its parts. */
export function createPaymentService(given: PaymentDeps): PaymentService {
  const livePrompts = createLivePrompts(given)
  let onQueued = () => {}
  const deps = { ...given, waiters: watchEnds(given.waiters, livePrompts) }
  const justQueued = createJustQueued(deps, () => onQueued())
  const governor = createPushGovernor({ ...deps, onRoom: justQueued.roomCame })
  const dispatcher = createDispatcher({ ...deps, livePrompts })
  const { disown, isDisowned } = createDisowner(deps)
  const createDeps = { ...deps, dispatcher, governor, livePrompts, justQueued, disown }
  const sweepQueued = createQueueSweep({ ...deps, dispatcher, governor, livePrompts, isDisowned })
  const asker = createAsker(deps)
  const noteWanted = createNoteWanted(deps)
  const callbackDeps = { ...deps, guard: createCallbackGuard<CallbackResult>(deps) }
  return {
    create: (request, mode) => createPayment(createDeps, request, mode),
    find: async (owner, id) => noteWanted(await findPayment(deps, owner, id)),
    findByCheckout: async (owner, checkoutRequestId) =>
      noteWanted(await findPaymentByCheckout(deps, owner, checkoutRequestId)),
    list: (owner, filter, page) => listPayments(deps, owner, filter, page),
    eventsOf: (payment) => listPaymentEvents(deps, payment),
    feed: (owner, page) => listEvents(deps, owner, page),
    ask: (owner, id) => askNow({ ...deps, asker }, owner, id),
    waitFor: deps.waiters.waitFor,
    subscribe: deps.waiters.subscribe,
    receiveCallback: (incoming) => receiveCallback(callbackDeps, incoming),
    shedUnread: (incoming) => shedUnread(callbackDeps, incoming),
    lookForOpenWork: () => lookForOpenWork(deps, new Date(deps.clock.now())),
    sweepQueued,
    whenQueued: (act) => {
      onQueued = act
    },
    sweepLapsed: () => sweepLapsed(deps),
    sweepQuestions: asker.sweep,
    backlog: () => readBacklog(deps, BACKLOG_COUNT_MAX),
    inFlight: dispatcher.inFlight,
    pushLanes: governor.snapshot,
    idle: async () => {
      await Promise.all([dispatcher.idle(), asker.idle()])
    },
  }
}

/** The waiters, with an ear for prompts that are over. */
function watchEnds(waiters: Waiters, livePrompts: LivePrompts): Waiters {
  return {
    ...waiters,
    changed(payment) {
      if (isSettled(payment)) livePrompts.ended(payment)
      waiters.changed(payment)
    },
  }
}
