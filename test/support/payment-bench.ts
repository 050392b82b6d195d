// Payments put into any state in a real database, and the store's own statements to drive them on from there.
import type pg from 'pg'
import { manualClock } from '../../src/clock.ts'
import { untilAvailable } from '../../src/db/until-available.ts'
import { createUuidSource, type Uuid } from '../../src/ids.ts'
import { silentLogger } from '../../src/log.ts'
import { type MoveDeps, moveCorrected, moveOpen } from '../../src/payments/move.ts'
import type { PaymentState } from '../../src/payments/payment.ts'
import type { DuePayment } from '../../src/payments/payment-due-store.ts'
import { createPaymentStore, type PaymentKey, type PaymentStore } from '../../src/payments/payment-store.ts'
import type { LifeEvent } from '../../src/payments/state-table.ts'
import { createWaiters } from '../../src/payments/waiters.ts'

/** What may differ from the usual row; times are milliseconds from the bench's now. */
export type RowWish = {
  state: PaymentState
  live?: boolean
  dueInMs?: number | null
  expiresInMs?: number
  leasedBy?: Uuid | null
  leaseInMs?: number | null
  eventCount?: number
  ids?: { merchantRequestId: string; checkoutRequestId: string } | null
}

/** What a payment's row says, as far as the state table speaks of it. */
export type Told = { type: string; sequence: number; state: string; live: boolean }

/** The ids that Daraja gives in these tests. */
export const REQUEST_IDS = { merchantRequestId: 'm-1', checkoutRequestId: 'ws_CO_1' }
/** Nothing is said about why a payment goes back into the queue. */
export const WHY_NOT = { resultCode: null, resultDesc: null }
/** The amount of every payment here. */
export const AMOUNT_KES = 100
const LEASE_MS = 90_000

/** The bench of one process with one merchant; its clock moves only when told to. */
export type PaymentBench = ReturnType<typeof createPaymentBench>

/** A bench over `db`. */
export function createPaymentBench(db: pg.Pool) {
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const process = newUuid()
  const merchantId = newUuid()
  const delivered: { type: string; sequence: number; deliveries: number }[] = []
  const store = createPaymentStore({ db })
  const moveDeps: MoveDeps = {
    clock,
    log: silentLogger,
    newUuid,
    process,
    store,
    deliver: {
      leaseMs: LEASE_MS,
      now: (event, deliveries) =>
        delivered.push({ type: event.type, sequence: event.sequence, deliveries: deliveries.length }),
    },
    waiters: createWaiters({ readPayments: async () => [], onError: () => undefined }),
    observe: {
      created: () => undefined,
      pushed: () => undefined,
      queried: () => undefined,
      callback: () => undefined,
      settled: () => undefined,
    },
    untilAvailable,
  }
  const at = (ms: number) => new Date(clock.now() + ms)
  const parts = { db, clock, newUuid, process, merchantId, at }
  return {
    ...parts,
    moveDeps,
    delivered,
    accept: store.accept,
    requeue: store.requeue,
    postpone: store.postpone,
    store,
    /** What is queued; or all that is open: what has lapsed, and what M-Pesa can be asked about. */
    async claim(kind: 'queued' | 'open', options: { process?: Uuid; limit?: number } = {}) {
      const claim = { now: at(0), process, leaseUntil: at(LEASE_MS), limit: 1_000, ...options }
      if (kind === 'queued') return claimQueued(store, claim)
      const lapsed = await store.claimDue({ ...claim, kind: 'lapsed' })
      const page = { now: at(0), after: null, shortcodesMax: 1_000, eachMax: claim.limit }
      const { questions } = await store.readQuestions(page)
      const keys = questions.slice(0, claim.limit - lapsed.length)
      const asked = await store.claimQuestions({ ...claim, keys, early: false })
      return [...lapsed, ...asked.map((payment) => ({ payment, foundState: payment.state, attempts: 0 }))]
    },
    addPayment: (wish: RowWish) => addPayment(parts, wish),
    row: (key: PaymentKey) => readRow(db, key),
    toldOf: (key: PaymentKey) => readTold(db, key),
  }
}

/** Whatever waits, of everybody's, and what has expired. */
async function claimQueued(
  store: PaymentStore,
  claim: { now: Date; process: Uuid; leaseUntil: Date; limit: number },
): Promise<DuePayment[]> {
  const expired = await store.claimExpired(claim)
  const { sources } = await store.findWaiting({ now: claim.now, after: null, limit: 1_000 })
  let left = claim.limit - expired.length
  const shares = sources.map((source) => ({ ...source, count: left-- > 0 ? 1 : 0 }))
  return [...expired, ...(await store.claimQueued({ ...claim, shares }))]
}

type Parts = Pick<PaymentBench, 'db' | 'newUuid' | 'process' | 'merchantId' | 'at'>

async function addPayment(parts: Parts, wish: RowWish): Promise<PaymentKey> {
  const { merchantId, at } = parts
  const paymentId = parts.newUuid()
  const { state } = wish
  const settled = state === 'succeeded' || state === 'failed'
  const isSending = state === 'sending'
  const leasedBy = wish.leasedBy ?? (isSending ? parts.process : null)
  const leaseInMs = wish.leaseInMs === undefined ? (isSending ? LEASE_MS : null) : wish.leaseInMs
  const dueInMs = wish.dueInMs === undefined ? (settled ? null : 0) : wish.dueInMs
  const hasIds = state === 'pending' || settled
  const ids = wish.ids === undefined ? (hasIds ? REQUEST_IDS : null) : wish.ids
  const sentAt = state === 'queued' ? null : at(-10_000)
  await parts.db.query(
    `insert into payments (merchant_id, id, shortcode_id, environment, live, state, outcome, amount, phone,
       reference, expires_at, due_at, leased_by, leased_until, event_count, merchant_request_id,
       checkout_request_id, created_at, updated_at, sent_at, prompted_at, settled_at)
     values ($1, $2, $2, 'simulator', $3, $4, $5, ${AMOUNT_KES}, '254712345678', 'INV-1', $6, $7, $8, $9, $10,
       $11, $12, $13, $13, $14, $15, $16)`,
    [
      ...[merchantId, paymentId, wish.live ?? false, state],
      state === 'succeeded' ? 'paid' : state === 'failed' ? 'declined' : null,
      at(wish.expiresInMs ?? 60_000),
      ...[dueInMs === null ? null : at(dueInMs), leasedBy, leaseInMs === null ? null : at(leaseInMs)],
      wish.eventCount ?? 0,
      ...[ids?.merchantRequestId ?? null, ids?.checkoutRequestId ?? null],
      ...[at(-20_000), sentAt, hasIds ? at(-9_000) : null, settled ? at(-1_000) : null],
    ],
  )
  return { merchantId, paymentId }
}

async function readRow(db: pg.Pool, key: PaymentKey): Promise<Record<string, unknown>> {
  const found = await db.query('select * from payments where merchant_id = $1 and id = $2', [
    key.merchantId,
    key.paymentId,
  ])
  return found.rows[0]
}

async function readTold(db: pg.Pool, key: PaymentKey): Promise<Told[]> {
  const found = await db.query<Told>(
    `select type, sequence, snapshot ->> 'state' as state, live from events
     where merchant_id = $1 and payment_id = $2 order by sequence`,
    [key.merchantId, key.paymentId],
  )
  return found.rows
}

/**
 * Lets `event` happen to a payment, by the statement that the gateway itself uses for it. A claim takes
 * whatever else is queued and due as well.
 */
export async function drive(bench: PaymentBench, key: PaymentKey, event: LifeEvent): Promise<void> {
  const evidence = { source: 'callback', confidence: 'proven', token: true, ip: null, query: null } as const
  switch (event) {
    case 'taken':
      await bench.claim('queued')
      return
    case 'accepted':
      await bench.accept({ ...key, ...REQUEST_IDS, at: bench.at(0), dueAt: bench.at(10_000) })
      return
    case 'not_processed':
      await bench.requeue({
        ...key,
        leasedBy: bench.process,
        attempts: Number((await bench.row(key)).attempts),
        at: bench.at(0),
        dueAt: bench.at(0),
        ...WHY_NOT,
      })
      return
    case 'paid_proven': {
      const facts = {
        resultCode: '0',
        receipt: 'SGF123ABC4',
        amountKes: AMOUNT_KES,
        ...REQUEST_IDS,
        evidence,
      }
      const moved = await moveOpen(bench.moveDeps, key, event, facts)
      if (moved === undefined) await moveCorrected(bench.moveDeps, key, facts)
      return
    }
    default:
      await moveOpen(bench.moveDeps, key, event, { resultDesc: event, evidence })
  }
}
