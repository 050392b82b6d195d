// Making a payment: commit first, then send. What a surface has read and checked comes in, a payment or the
// reason for none goes out.
import { createHash } from 'node:crypto'
import { isDatabaseUnavailable, isRolledBack } from '../db/database.ts'
import { PATIENCE_MS } from '../db/guarded-database.ts'
import type { Uuid } from '../ids.ts'
import { maskPhone } from '../log.ts'
import type { Phone } from '../phone.ts'
import type { Dispatcher, SendMode } from './dispatch.ts'
import type { JustQueued } from './just-queued.ts'
import { laneOf } from './lane-name.ts'
import type { LivePrompts } from './live-prompts.ts'
import type { Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { PlaceOrNot, PushGovernor } from './push-governor.ts'
import type { LaneName, NoRoom } from './push-lane.ts'

/** What a merchant asks for. Amounts are whole shillings; texts are within Daraja's lengths already. */
export type PaymentRequest = {
  merchantId: Uuid
  live: boolean
  /** The shortcode that the key is bound to; null: any of the merchant's. */
  shortcodeId: Uuid | null
  /** The shortcode that the request names; null: the bound one, else the merchant's first. */
  shortcodeNumber: string | null
  amountKes: number
  phone: Phone
  reference: string
  description: string | null
  tag: string | null
  metadata: Record<string, string> | null
  expiresInMs: number
  idempotencyKey: string | null
}

/** What became of the request. */
export type CreateResult =
  /** Committed. With mode `now`, Daraja has answered as well. */
  | { code: 'created'; payment: Payment }
  /** The same key and request came before; this is that payment. */
  | { code: 'replayed'; payment: Payment }
  /** The key has named another request before. */
  | { code: 'idempotency_conflict' }
  /** The merchant has no such shortcode, or none at all on this side. */
  | { code: 'no_shortcode' }
  /** With mode `now`: Daraja is asked as much as it takes, or cannot be reached. Nothing is committed. */
  | { code: 'no_room'; reason: NoRoom['code']; retryAfterMs: number }

/** A push takes at most about half of this: a lease that ends means that the process died. */
export const SEND_LEASE_MS = 90_000

/**
 * Sweeps keep off a payment just queued for this long: for longer than its caller waits to hear of its
 * commit, so that one who is told that nothing was sent is told the truth. Who knows of the commit releases
 * it.
 */
const QUEUE_LEASE_MS = PATIENCE_MS + 2_000

/** What making a payment works with. */
export type CreateDeps = Pick<
  PaymentDeps,
  'clock' | 'log' | 'newUuid' | 'process' | 'store' | 'shortcodes' | 'observe'
> & {
  dispatcher: Pick<Dispatcher, 'send'>
  governor: Pick<PushGovernor, 'enter' | 'waitForRoom'>
  livePrompts: Pick<LivePrompts, 'isBusy'>
  justQueued: Pick<JustQueued, 'add'>
  /** Ends a payment that may be committed although its insert failed. */
  disown: (payment: Payment) => void
}

/**
 * Commits a payment and hands it to the dispatcher. With mode `now` it resolves when Daraja has answered (or
 * when that answer is known not to come); with `soon`, as soon as the payment is committed.
 * Throws `DatabaseUnavailableError` when the commit is not certain: nothing was sent then.
 */
export async function createPayment(
  deps: CreateDeps,
  request: PaymentRequest,
  mode: SendMode,
): Promise<CreateResult> {
  const shortcode = await deps.shortcodes.find(request.merchantId, {
    live: request.live,
    shortcodeId: request.shortcodeId,
    number: request.shortcodeNumber,
  })
  if (shortcode === null) return repeatOr(deps, request, { code: 'no_shortcode' })
  const lane = await laneOf(deps, { merchantId: request.merchantId, shortcodeId: shortcode.id })
  const room = await findRoom(deps, { ...request, environment: shortcode.environment }, lane, mode)
  const place = room.code === 'place' ? room.place : null
  // Anyone but a synchronous caller queues: the payment is committed, and sent when there is room.
  if (room.code !== 'place' && mode === 'now') {
    return repeatOr(deps, request, { code: 'no_room', reason: room.code, retryAfterMs: room.retryAfterMs })
  }
  const payment = newPayment(deps, request, shortcode, place !== null)
  const created = await commit(deps, request, payment).catch((error: unknown) => {
    place?.leave(null)
    throw error
  })
  if (place === null) {
    // Who waits for the customer's phone has nothing of a place.
    const isForRoom = !deps.livePrompts.isBusy(payment, payment.id)
    const waitsIn = isForRoom ? lane : null
    if (created.code === 'created') deps.justQueued.add(waitsIn, payment, queueLeaseEnd(payment))
    return created
  }
  if (created.code !== 'created') {
    place.leave(null)
    return created
  }
  const sent = deps.dispatcher.send(payment, mode, 0, place)
  return { code: 'created', payment: mode === 'now' ? await sent : payment }
}

/** A place to push from at once. A phone with a prompt up gets no other, except where a caller insists. */
async function findRoom(
  deps: CreateDeps,
  request: Pick<Payment, 'merchantId' | 'phone' | 'environment'>,
  lane: LaneName,
  mode: SendMode,
): Promise<PlaceOrNot> {
  const { merchantId } = request
  if (mode === 'now') return deps.governor.waitForRoom(lane, merchantId)
  if (deps.livePrompts.isBusy(request, null)) return { code: 'busy', retryAfterMs: 0 }
  return deps.governor.enter(lane, merchantId, 'direct')
}

/** Commit ①. */
async function commit(deps: CreateDeps, request: PaymentRequest, payment: Payment): Promise<CreateResult> {
  const requestHash = request.idempotencyKey === null ? null : hashRequest(request)
  const leasedUntil =
    payment.state === 'sending'
      ? new Date(payment.createdAt.getTime() + SEND_LEASE_MS)
      : queueLeaseEnd(payment)
  const row = {
    payment,
    idempotencyKey: request.idempotencyKey,
    requestHash,
    // Not before its lease ends: a sweep finds what it may take without looking through what it may not.
    dueAt: leasedUntil,
    leasedBy: deps.process,
    leasedUntil,
  }
  const number = await deps.store.insert(row).catch((error: unknown) => {
    if (isDatabaseUnavailable(error) && !isRolledBack(error)) deps.disown(payment)
    throw error
  })
  if (number === undefined) return replay(deps, request, requestHash)
  payment.number = number
  deps.observe.created(payment)
  deps.log.info(
    {
      step: 'create',
      payment: payment.id,
      merchant: payment.merchantId,
      state: payment.state,
      phone: maskPhone(payment.phone),
      amountKes: payment.amountKes,
    },
    'payment created',
  )
  return { code: 'created', payment }
}

const queueLeaseEnd = ({ createdAt }: Payment) => new Date(createdAt.getTime() + QUEUE_LEASE_MS)

/** What refuses a new payment refuses none of before: a repeated request is answered with its payment. */
async function repeatOr(
  deps: Pick<CreateDeps, 'store'>,
  request: PaymentRequest,
  refusal: CreateResult & { code: 'no_shortcode' | 'no_room' },
): Promise<CreateResult> {
  const { merchantId, live, idempotencyKey } = request
  const isRepeated =
    idempotencyKey !== null &&
    (await deps.store.findByIdempotencyKey({ merchantId, live, idempotencyKey })) !== null
  if (isRepeated) return replay(deps, request, hashRequest(request))
  return refusal
}

async function replay(
  deps: Pick<PaymentDeps, 'store'>,
  request: PaymentRequest,
  requestHash: Buffer | null,
): Promise<CreateResult> {
  const { merchantId, live, idempotencyKey } = request
  if (idempotencyKey === null || requestHash === null) throw new Error('a new payment id was taken already')
  const original = await deps.store.findByIdempotencyKey({ merchantId, live, idempotencyKey })
  if (original === null) throw new Error('an idempotency key was taken, and then names no payment')
  return original.requestHash.equals(requestHash)
    ? { code: 'replayed', payment: original.payment }
    : { code: 'idempotency_conflict' }
}

function newPayment(
  deps: Pick<PaymentDeps, 'clock' | 'newUuid'>,
  request: PaymentRequest,
  shortcode: { id: Uuid; environment: Payment['environment'] },
  sendNow: boolean,
): Payment {
  const createdAt = new Date(deps.clock.now())
  return {
    merchantId: request.merchantId,
    id: deps.newUuid(),
    number: 0,
    shortcodeId: shortcode.id,
    environment: shortcode.environment,
    live: request.live,
    state: sendNow ? 'sending' : 'queued',
    outcome: null,
    amountKes: request.amountKes,
    phone: request.phone,
    reference: request.reference,
    description: request.description,
    tag: request.tag,
    metadata: request.metadata,
    expiresAt: new Date(createdAt.getTime() + request.expiresInMs),
    merchantRequestId: null,
    checkoutRequestId: null,
    resultCode: null,
    resultDesc: null,
    receipt: null,
    paidAt: null,
    evidence: null,
    createdAt,
    updatedAt: createdAt,
    sentAt: sendNow ? createdAt : null,
    promptedAt: null,
    settledAt: null,
  }
}

/** Equal for requests that ask for the same payment, whatever their spelling or surface. */
function hashRequest(request: PaymentRequest): Buffer {
  const { amountKes, phone, reference, description, tag, expiresInMs } = request
  const metadata = request.metadata === null ? null : Object.entries(request.metadata).sort()
  const shortcode = [request.shortcodeId, request.shortcodeNumber]
  const what = [amountKes, phone, reference, description, tag, metadata, shortcode, expiresInMs]
  return createHash('sha256').update(JSON.stringify(what)).digest()
}
