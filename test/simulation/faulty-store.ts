// A process's way to the database: statements take time, fail before they run, or commit while their answer
// is lost; and the process may die on either side of the commit.
import { DatabaseUnavailableError } from '../../src/db/database.ts'
import type { UntilAvailable } from '../../src/db/until-available.ts'
import { mendLostClaims } from '../../src/payments/lost-claim-store.ts'
import type { PaymentStore } from '../../src/payments/payment-store.ts'
import type { QueryBudgetStore } from '../../src/payments/query-budget-store.ts'
import type { Choices } from './choices.ts'
import type { Faults } from './faults.ts'
import type { MemoryPaymentStore } from './memory-payment-store.ts'
import type { ProcessLife } from './process-life.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What the way to the database is made of. */
export type StoreWay = {
  time: VirtualTime
  choices: Choices
  life: ProcessLife
  /** The faults at this moment. */
  faults: () => Faults
  /** While true no statement runs. */
  databaseIsAway: () => boolean
  trace: (text: string) => void
}

const TRAVEL_MAX_MS = 3
/** A statement is given up after 10 s, a connection after 5. */
const SLOW_MAX_MS = 15_000
const STAYS_BAD_MAX_MS = 30_000

/** `store` as a process reaches it. */
export function faultyStore(
  way: StoreWay,
  store: MemoryPaymentStore,
  untilAvailable: UntilAvailable,
): PaymentStore {
  const bad: BadUntil = new Map()
  const via = <T>(name: string, statement: () => Promise<T>) => overTheWay(way, bad, name, statement)
  return {
    insert: (row) => via(`insert ${row.payment.id}`, () => store.insert(row)),
    move: (move) => via(`move ${move.paymentId} to ${move.state}`, () => store.move(move)),
    accept: (acceptance) => via(`accept ${acceptance.paymentId}`, () => store.accept(acceptance)),
    requeue: (requeue) => via(`requeue ${requeue.paymentId}`, () => store.requeue(requeue)),
    postpone: (postponement) => via(`postpone ${postponement.paymentId}`, () => store.postpone(postponement)),
    findWaiting: (page) => via('find waiting', () => store.findWaiting(page)),
    claimQueued: mendLostClaims(
      { putBack: (lost) => via('put back', () => store.putBack(lost)), untilAvailable },
      (claim) => via('claim queued', () => store.claimQueued(claim)),
    ),
    releaseQueued: (release) => via(`release ${release.paymentId}`, () => store.releaseQueued(release)),
    claimExpired: (claim) => via('claim expired', () => store.claimExpired(claim)),
    claimDue: (claim) => via(`claim ${claim.kind}`, () => store.claimDue(claim)),
    readQuestions: (page) => via('read questions', () => store.readQuestions(page)),
    claimQuestions: (claim) => via(`claim ${claim.keys.length} questions`, () => store.claimQuestions(claim)),
    markWanted: (wanted) => via(`mark wanted ${wanted.paymentId}`, () => store.markWanted(wanted)),
    makeDue: (payment) => via(`make due ${payment.paymentId}`, () => store.makeDue(payment)),
    noteRequestIds: (ids) => via(`note the ids of ${ids.paymentId}`, () => store.noteRequestIds(ids)),
    find: (key) => via(`find ${key.paymentId}`, () => store.find(key)),
    findAnyByCheckout: (id) => via(`find ${id}`, () => store.findAnyByCheckout(id)),
    findByIdempotencyKey: (key) => via(`find ${key.idempotencyKey}`, () => store.findByIdempotencyKey(key)),
    keepOddCallback: (callback) =>
      via(`keep ${callback.kind}: ${callback.reason}`, () => store.keepOddCallback(callback)),
    recordRemark: (remark) => via(`remark ${remark.type}`, () => store.recordRemark(remark)),
  }
}

/** Until when a statement about a row goes on failing. */
type BadUntil = Map<string, number>

/** One statement there and back. */
function overTheWay<T>(way: StoreWay, bad: BadUntil, name: string, statement: () => Promise<T>): Promise<T> {
  const { time, choices, life, faults } = way
  return new Promise((resolve, reject) => {
    if (!life.isAlive()) return
    const { storeFails, storeAnswerLost, storeStaysBad, storeSlow, crash } = faults()
    if (choices.chance(crash)) {
      life.die()
      // The statement may have left already.
      if (choices.chance(0.5)) return
    }
    const isSlow = choices.chance(storeSlow)
    const travelMs = () => choices.between(0, isSlow ? SLOW_MAX_MS : TRAVEL_MAX_MS)
    const fails = time.nowMs() < (bad.get(name) ?? 0) || choices.chance(storeFails)
    const isAnswerLost = choices.chance(storeAnswerLost)
    if ((fails || isAnswerLost) && !bad.has(name) && choices.chance(storeStaysBad)) {
      bad.set(name, time.nowMs() + choices.between(0, STAYS_BAD_MAX_MS))
    }
    const back = (go: () => void) => {
      time.after(travelMs(), () => {
        if (choices.chance(faults().crash)) life.die()
        life.within(go)
      })
    }
    const unavailable = () => reject(new DatabaseUnavailableError(`${name} did not complete`))
    time.after(travelMs(), () => {
      if (fails || way.databaseIsAway()) {
        way.trace(`${name}: fails`)
        back(unavailable)
        return
      }
      way.trace(`${name}${isAnswerLost ? ': its answer is lost' : ''}`)
      statement().then(
        (value) => back(isAnswerLost ? unavailable : () => resolve(value)),
        (error: unknown) => back(() => reject(error)),
      )
    })
  })
}

/** `store` as a process reaches it. */
export function faultyBudgetStore(way: StoreWay, store: QueryBudgetStore): QueryBudgetStore {
  const bad: BadUntil = new Map()
  const via = <T>(name: string, statement: () => Promise<T>) => overTheWay(way, bad, name, statement)
  return {
    take: (nowMs, wishes) => via('take permits', () => store.take(nowMs, wishes)),
    giveBack: (app, count) => via(`give back ${count} permits`, () => store.giveBack(app, count)),
    refuse: (nowMs, app, retryAfterMs) =>
      via('note an objection', () => store.refuse(nowMs, app, retryAfterMs)),
  }
}
