// Commands made into calls of the port `PaymentStore`: made once, they are run against PostgreSQL and against
// the tables in memory.
import type { Uuid } from '../../src/ids.ts'
import type { OddCallbackKind } from '../../src/payments/callback-store.ts'
import { CUSTOMER_BUSY } from '../../src/payments/dispatch.ts'
import type { Lease } from '../../src/payments/lost-claim-store.ts'
import type { LastQuery, Payment } from '../../src/payments/payment.ts'
import type { PaymentKey, PaymentStore } from '../../src/payments/payment-store.ts'
import { phoneOf } from './customer.ts'
import { AMOUNT_KES, type MoveChoice, type StoreCommand } from './store-commands.ts'

/** What commands need to become calls. No two due times are equal, so that a bounded claim has one answer. */
export type CallContext = {
  nowMs(): number
  pass(ms: number): void
  newUuid(): Uuid
  merchantId: Uuid
  processes: readonly Uuid[]
  /** The payments made so far; inserting adds one. */
  made: Payment[]
  /** Under which leases they were inserted. */
  insertLeases: Map<Uuid, { leasedBy: Uuid; leasedUntil: Date }>
  /** The event of the last remark about each. */
  remarks: Map<Uuid, Uuid>
  /** The claims from the queue so far. */
  claims: Lease[]
}

/** The port, and what is around a claim in it. */
export type TestedStore = PaymentStore & { putBack(lost: Lease): Promise<number> }

/** Makes the call of a command, to be run on any store; null when there is nothing to call. */
export function callOf(
  context: CallContext,
  command: StoreCommand,
): ((store: TestedStore) => Promise<unknown>) | null {
  context.pass(1)
  switch (command.kind) {
    case 'insert':
      return insertCall(context, command)
    case 'findWaiting':
    case 'claimQueued':
    case 'claimExpired':
    case 'claimLapsed':
    case 'readQuestions':
      return sweepCall(context, command)
    case 'findByCheckout':
      return async (store) => (await store.findAnyByCheckout(checkoutIdOf(command.ids))).length
    case 'findByKey': {
      const key = { merchantId: context.merchantId, live: command.live, idempotencyKey: `key-${command.key}` }
      return (store) => store.findByIdempotencyKey(key)
    }
    case 'putBack': {
      const lost = context.claims.at(-1)
      return lost === undefined ? null : (store) => store.putBack(lost)
    }
    case 'pass':
      context.pass(command.passS * 1_000)
      return null
    default: {
      const payment = context.made[command.of % Math.max(1, context.made.length)]
      return payment === undefined ? null : paymentCall(context, payment, command)
    }
  }
}

type OfSweep = Extract<
  StoreCommand,
  { kind: 'findWaiting' | 'claimQueued' | 'claimExpired' | 'claimLapsed' | 'readQuestions' }
>

function sweepCall(context: CallContext, command: OfSweep) {
  const now = at(context, 0)
  const { merchantId } = context
  if (command.kind === 'findWaiting') {
    const after =
      command.after === 0 ? null : { merchantId, shortcodeId: shortcodeOf(context, command.after) }
    return (store: TestedStore) => store.findWaiting({ now, after, limit: command.limit })
  }
  if (command.kind === 'readQuestions') {
    const { shortcodesMax, eachMax } = command
    const after = command.after === 0 ? null : shortcodeOf(context, command.after)
    return async (store: TestedStore) => {
      const { questions, next } = await store.readQuestions({ now, after, shortcodesMax, eachMax })
      return { next, questions: questions.toSorted((a, b) => (a.paymentId < b.paymentId ? -1 : 1)) }
    }
  }
  const lease = { now, process: processOf(context, command.by), leaseUntil: at(context, command.leaseS) }
  // The order in which an update gives its rows back is nobody's promise.
  if (command.kind === 'claimQueued') {
    const shares = command.counts.map((count, index) => {
      return { merchantId, shortcodeId: shortcodeOf(context, index), count }
    })
    // No two claims of a process are leased until the same moment, and none until an earlier one.
    const latestMs = Math.max(0, ...context.claims.map(({ leaseUntil }) => leaseUntil.getTime()))
    const own = { ...lease, leaseUntil: new Date(Math.max(latestMs + 1, lease.leaseUntil.getTime())) }
    context.claims.push(own)
    return async (store: TestedStore) => byId(await store.claimQueued({ ...own, shares }))
  }
  const { kind, limit } = command
  return async (store: TestedStore) =>
    byId(
      kind === 'claimExpired'
        ? await store.claimExpired({ ...lease, limit })
        : await store.claimDue({ ...lease, limit, kind: 'lapsed' }),
    )
}

function byId<T extends { payment: Payment }>(claimed: T[]): T[] {
  return claimed.toSorted((a, b) => (a.payment.id < b.payment.id ? -1 : 1))
}

function at(context: CallContext, inSeconds: number): Date {
  context.pass(1)
  return new Date(context.nowMs() + inSeconds * 1_000)
}

function processOf(context: CallContext, index: number): Uuid {
  return context.processes[index % context.processes.length] ?? context.merchantId
}

/** A few shortcodes, so that each has some payments. */
function shortcodeOf(context: CallContext, index: number): Uuid {
  return processOf(context, index)
}

function checkoutIdOf(ids: number): string {
  return `ws_CO_${ids}`
}

function insertCall(context: CallContext, command: StoreCommand & { kind: 'insert' }) {
  const { sendNow, key } = command
  const createdAt = at(context, 0)
  const id = context.newUuid()
  const payment = newPayment(context, { id, createdAt, ...command })
  const leasedUntil = at(context, command.leaseS)
  const row = {
    payment,
    // Every third has none.
    idempotencyKey: key === 0 ? null : `key-${key}`,
    requestHash: key === 0 ? null : Buffer.from([key, 1, 2, 3]),
    dueAt: sendNow ? leasedUntil : at(context, 0),
    leasedBy: processOf(context, key),
    leasedUntil,
  }
  context.made.push(payment)
  context.insertLeases.set(id, row)
  return (store: TestedStore) => store.insert({ ...row, payment: { ...payment } })
}

function newPayment(
  context: CallContext,
  wish: { id: Uuid; createdAt: Date; sendNow: boolean; live: boolean; expiresInS: number },
): Payment {
  const { id, createdAt, sendNow, live } = wish
  return {
    merchantId: context.merchantId,
    id,
    number: 0,
    shortcodeId: shortcodeOf(context, context.made.length),
    environment: live ? 'production' : 'simulator',
    live,
    state: sendNow ? 'sending' : 'queued',
    outcome: null,
    // Most have the usual amount; no two of those that differ are equal.
    amountKes: AMOUNT_KES + (live ? context.made.length : 0),
    phone: phoneOf(1),
    reference: 'INV-1',
    description: live ? 'Shoes' : null,
    tag: live ? 'blue' : null,
    metadata: live ? { order: '7' } : null,
    expiresAt: at(context, wish.expiresInS),
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

type OfPayment = Exclude<
  StoreCommand,
  OfSweep | { kind: 'insert' | 'findByCheckout' | 'findByKey' | 'putBack' | 'pass' }
>

function paymentCall(context: CallContext, payment: Payment, command: OfPayment) {
  const key: PaymentKey = { merchantId: payment.merchantId, paymentId: payment.id }
  const now = at(context, 0)
  switch (command.kind) {
    case 'move': {
      const wanted = moveOf(context, payment, command.move)
      return (store: TestedStore) => store.move(wanted)
    }
    case 'accept': {
      const ids = { merchantRequestId: `m-${command.ids}`, checkoutRequestId: checkoutIdOf(command.ids) }
      const acceptance = { ...key, ...ids, at: now, dueAt: at(context, command.dueInS) }
      return (store: TestedStore) => store.accept(acceptance)
    }
    case 'requeue': {
      const leasedBy = processOf(context, command.by)
      const { attempts } = command
      const why = attempts === 0 ? CUSTOMER_BUSY : { resultCode: null, resultDesc: null }
      const requeue = { ...key, leasedBy, attempts, at: now, dueAt: at(context, command.dueInS), ...why }
      return (store: TestedStore) => store.requeue(requeue)
    }
    case 'releaseQueued': {
      const own = command.ofInsert ? context.insertLeases.get(payment.id) : undefined
      const leasedBy = own?.leasedBy ?? processOf(context, command.by)
      const leasedUntil = own?.leasedUntil ?? now
      return (store: TestedStore) => store.releaseQueued({ ...key, leasedBy, leasedUntil, at: now })
    }
    case 'postpone': {
      const dueAt = command.dueInS === null ? null : at(context, command.dueInS)
      const postponement = {
        ...key,
        leasedBy: processOf(context, command.by),
        dueAt,
        query: lastQuery(command.asked, now),
      }
      return (store: TestedStore) => store.postpone(postponement)
    }
    case 'claimQuestions': {
      const leaseUntil = at(context, command.leaseS)
      const claim = {
        now,
        process: processOf(context, command.by),
        leaseUntil,
        keys: [key, key],
        early: command.early,
      }
      return (store: TestedStore) => store.claimQuestions(claim)
    }
    case 'markWanted':
      return (store: TestedStore) => store.markWanted({ ...key, at: now })
    case 'makeDue':
      return (store: TestedStore) => store.makeDue({ ...key, now })
    case 'noteRequestIds': {
      const merchantRequestId = command.merchantIds === 0 ? null : `m-${command.merchantIds}`
      const ids = { merchantRequestId, checkoutRequestId: checkoutIdOf(command.ids) }
      return (store: TestedStore) => store.noteRequestIds({ ...key, ...ids, at: now })
    }
    case 'find':
      return (store: TestedStore) => store.find(key)
    case 'keep':
      return keepCall(context, payment, now)
    case 'remark': {
      const remark = remarkOf(context, payment, command, now)
      return (store: TestedStore) => store.recordRemark(remark)
    }
  }
}

function lastQuery(asked: boolean, at: Date): LastQuery | null {
  return asked ? { at: at.toISOString(), kind: 'in_flight', code: '4999', detail: 'HTTP 200' } : null
}

function moveOf(context: CallContext, payment: Payment, choice: MoveChoice) {
  const { from, to, hasEvidence, unsent } = choice
  return {
    merchantId: payment.merchantId,
    paymentId: payment.id,
    from,
    state: to.state,
    outcome: to.outcome ?? null,
    tell: to.tell ?? ('payment.updated' as const),
    eventId: context.newUuid(),
    nowMs: context.nowMs(),
    dueAt: choice.dueInS === null ? null : at(context, choice.dueInS),
    resultCode: choice.text,
    resultDesc: choice.text,
    receipt: choice.receipt,
    paidAt: choice.receipt === null ? null : at(context, 0),
    evidence: hasEvidence ? EVIDENCE : null,
    query: lastQuery(choice.isAsked, at(context, 0)),
    merchantRequestId: choice.merchantIds === 0 ? null : `m-${choice.merchantIds}`,
    checkoutRequestId: choice.ids === 0 ? null : checkoutIdOf(choice.ids),
    amountKes: choice.amountKes,
    unsentAt: unsent === null ? null : unsent === 'at_once' ? payment.createdAt : at(context, 0),
    addressAllowed: choice.addressAllowed,
    callback: choice.text,
    deliverBy: null,
    deliverLeaseUntil: null,
  }
}

const EVIDENCE = {
  source: 'callback',
  confidence: 'proven',
  token: true,
  ip: '196.201.214.200',
  query: null,
} as const

function keepCall(context: CallContext, payment: Payment, receivedAt: Date) {
  const kind: OddCallbackKind = 'duplicate'
  const odd = { id: context.newUuid(), payment, kind, reason: 'again', body: '{}', ip: null, receivedAt }
  return (store: TestedStore) => store.keepOddCallback(odd)
}

function remarkOf(
  context: CallContext,
  payment: Payment,
  command: StoreCommand & { kind: 'remark' },
  now: Date,
) {
  const { isReceipt, brings, again } = command
  const eventId = (again ? context.remarks.get(payment.id) : undefined) ?? context.newUuid()
  context.remarks.set(payment.id, eventId)
  return {
    payment,
    eventId,
    type: isReceipt ? ('payment.updated' as const) : ('payment.contradicted' as const),
    receipt: brings ? 'SGF123ABC6' : null,
    paidAt: brings ? now : null,
    evidence: brings ? { ...EVIDENCE, amount_match: true, ids_match: null } : null,
    callback: '{}',
    at: now,
  }
}
