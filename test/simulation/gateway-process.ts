// One gateway process of a world: the gateway's own core, over ports that the world carries.
import type { Database } from '../../src/db/database.ts'
import { createUntilAvailable } from '../../src/db/until-available.ts'
import type { Uuid, UuidSource } from '../../src/ids.ts'
import { silentLogger } from '../../src/log.ts'
import type { PaymentDeps } from '../../src/payments/payment-deps.ts'
import { createPaymentService, type PaymentService } from '../../src/payments/payment-service.ts'
import { createQueryBudget } from '../../src/payments/query-budget.ts'
import type { QueryBudgetStore } from '../../src/payments/query-budget-store.ts'
import { createWaiters } from '../../src/payments/waiters.ts'
import { callbackUrlOf } from './callback-address.ts'
import type { Choices } from './choices.ts'
import { type DarajaWay, faultyDaraja } from './faulty-daraja.ts'
import { faultyBudgetStore, faultyStore, type StoreWay } from './faulty-store.ts'
import type { MemoryPaymentStore } from './memory-payment-store.ts'
import type { MemoryRow } from './memory-tables.ts'
import { createProcessLife, type ProcessLife } from './process-life.ts'

/** A process: its life, and the core that lives it. */
export type GatewayProcess = {
  id: Uuid
  life: ProcessLife
  payments: Pick<PaymentService, 'create' | 'receiveCallback'>
  /** Lets the sweep look again when `row` is due, should that be earlier than it would. */
  noteDue(row: MemoryRow): void
}

/** What all processes of a world share. */
export type Surroundings = Omit<StoreWay, 'life'> &
  Omit<DarajaWay, 'life'> & {
    store: MemoryPaymentStore
    budgets: QueryBudgetStore
    newUuid: UuidSource
    shortcodeId: Uuid
    environment: 'simulator' | 'sandbox'
    /** The rows that a sweep may have work with. */
    openRows: () => Iterable<MemoryRow>
  }

const SWEEP_PAUSE_MS = { min: 750, max: 1_250 }

/** The Daraja app of every world; its environment differs. */
export const CREDENTIAL = {
  id: 'app',
  baseUrl: 'https://daraja.example',
  consumerKey: 'key',
  consumerSecret: 'secret',
  passkey: 'passkey',
  kind: 'paybill',
  businessShortCode: '174379',
  partyB: '174379',
} as const

/** Looks at nothing. */
export const NO_OBSERVER: PaymentDeps['observe'] = {
  created: () => undefined,
  pushed: () => undefined,
  queried: () => undefined,
  callback: () => undefined,
  settled: () => undefined,
}

/** Starts a process. Its sweep begins at once. */
export function startProcess(around: Surroundings, options: { onDeath: () => void }): GatewayProcess {
  const life = createProcessLife(around.time, options)
  const id = around.newUuid()
  const deps = depsOf(around, life, id)
  const payments = createPaymentService(deps)
  const loops = [payments.sweepQueued, payments.sweepLapsed, payments.sweepQuestions].map((sweep) =>
    startLoop(around, life, sweep),
  )
  return {
    id,
    life,
    payments,
    noteDue(row) {
      for (const loop of loops) loop.noteDue(row)
    },
  }
}

function depsOf(around: Surroundings, life: ProcessLife, id: Uuid): PaymentDeps {
  const { time, choices } = around
  const clock = { now: life.nowMs }
  const pause = (ms: number) => new Promise<void>((resolve) => time.after(ms, () => life.within(resolve)))
  const untilAvailable = createUntilAvailable({ nowMs: time.nowMs, pause })
  const away: Database = { query: () => Promise.reject(new Error('lists are not simulated')) }
  return {
    clock,
    log: silentLogger,
    newUuid: around.newUuid,
    process: id,
    store: faultyStore({ ...around, life }, around.store, untilAvailable),
    db: away,
    daraja: faultyDaraja({ ...around, life }),
    budget: createQueryBudget({ clock, store: faultyBudgetStore({ ...around, life }, around.budgets) }),
    shortcodes: shortcodesOf(around, life),
    callbackUrl: ({ merchantId, id }) => callbackUrlOf({ merchantId, paymentId: id }),
    deliver: null,
    waiters: createWaiters({ readPayments: async () => [], onError: () => undefined }),
    observe: NO_OBSERVER,
    untilAvailable,
    pause,
    random: choices.random,
  }
}

function shortcodesOf(around: Surroundings, life: ProcessLife): PaymentDeps['shortcodes'] {
  const { time, choices, faults, shortcodeId, environment } = around
  const read = <T>(value: T) =>
    new Promise<T>((resolve, reject) => {
      const isAway = choices.chance(faults().credentialsAway)
      time.after(1, () =>
        life.within(() => (isAway ? reject(new Error('credentials are away')) : resolve(value))),
      )
    })
  return {
    // Directories answer from a cache nearly always: only credentials are ever away here.
    find: async (_merchantId, { live }) => ({ id: shortcodeId, environment, live }),
    credentialOf: () => read({ ...CREDENTIAL, environment }),
  }
}

/** One loop of the sweep, which sleeps for as long as it would certainly find nothing. */
function startLoop(around: Surroundings, life: ProcessLife, sweep: () => Promise<number>) {
  const { time, choices } = around
  let wakesAtMs = Number.POSITIVE_INFINITY
  let isRunning = false

  function wakeBy(atMs: number): void {
    if (isRunning || atMs >= wakesAtMs) return
    wakesAtMs = atMs
    time.at(atMs, () => {
      if (wakesAtMs === atMs) life.within(run)
    })
  }

  function run(): void {
    isRunning = true
    wakesAtMs = Number.POSITIVE_INFINITY
    sweep()
      .catch(() => 0)
      .then(() => {
        isRunning = false
        sleep()
      })
  }

  function sleep(): void {
    for (const row of around.openRows()) noteDue(row)
  }

  /** In the world's time, though the process goes by its own clock. */
  function noteDue({ dueAt, leasedUntil }: MemoryRow): void {
    if (dueAt === null) return
    const dueMs = Math.max(dueAt.getTime(), leasedUntil?.getTime() ?? 0) - (life.nowMs() - time.nowMs())
    const soonestMs = time.nowMs() + pauseMs(choices)
    wakeBy(Math.max(dueMs, soonestMs))
  }

  wakeBy(time.nowMs() + pauseMs(choices))
  return { noteDue }
}

function pauseMs(choices: Choices): number {
  return choices.between(SWEEP_PAUSE_MS.min, SWEEP_PAUSE_MS.max)
}
