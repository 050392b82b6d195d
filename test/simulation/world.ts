// A world: gateway processes over one database, a Daraja, merchants and everything that goes wrong between
// them, in virtual time and by given choices.
import { parseUuid, type Uuid } from '../../src/ids.ts'
import type { QueryBudgetStore } from '../../src/payments/query-budget-store.ts'
import { createMemoryQueryBudgetStore } from '../../src/payments/testing/memory-query-budget-store.ts'
import { type Audit, BreachError, createAudit, type Ending } from './audit.ts'
import { keyOfUrl } from './callback-address.ts'
import { type CallbackWay, forge, sendCallbacks } from './callbacks.ts'
import type { Choices } from './choices.ts'
import { type Faults, NO_FAULTS } from './faults.ts'
import { type GatewayProcess, startProcess } from './gateway-process.ts'
import { createMemoryPaymentStore, type MemoryPaymentStore } from './memory-payment-store.ts'
import { shop } from './shoppers.ts'
import { createVirtualDaraja, type Prompt, type VirtualDaraja } from './virtual-daraja.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'

/** What a world is made of; the rest follows from its choices. */
export type WorldOptions = {
  /** What a breach is reported under. */
  name: string
  choices: Choices
  lives: number
  processes: number
  /** Fewer customers than lives: some have a prompt up when the next one comes. */
  customers: number
  /** Payments are asked for within this time. */
  busyMs: number
  /** What goes wrong, until some time after the last payment; callbacks are lost to the end. */
  faults: Faults
  environment: 'simulator' | 'sandbox'
  /** How many questions Daraja takes a minute, one at a time; null: any number. */
  questionsPerMinute: number | null
  /** Which of so many next events comes first, for any order; in the order of their times when not given. */
  pickNext?: (count: number) => number
  /** Told of everything that happens, for replaying a world. */
  trace?: (line: string) => void
}

/** What became of a world whose invariants held. */
export type WorldReport = Ending & {
  lives: number
  turns: number
  deaths: number
  /** Questions that reached Daraja, and those that it turned away as too many. */
  questions: number
  objections: number
  /** Of every settled payment with a prompt: the time from the prompt to the verdict. */
  untilCertainMs: number[]
}

const START_MS = Date.parse('2026-03-21T11:00:00Z')
/** Things go wrong for so long after the last payment was asked for. */
const UNREST_MS = 2 * 60_000
/** By then, in virtual time, all must be over: the schedule of questions reaches far beyond it. */
const OVER_BY_MS = 48 * 3_600_000
const RESTART_MAX_MS = 20_000
const OUTAGE_MAX_MS = 90_000
const FREEZE_MAX_MS = 240_000
const JUMP_FORWARD_MAX_MS = 300_000
const JUMP_BACK_MAX_MS = 10_000

type World = {
  time: VirtualTime
  choices: Choices
  store: MemoryPaymentStore
  budgets: QueryBudgetStore
  audit: Audit
  daraja: VirtualDaraja
  options: WorldOptions
  newUuid: () => Uuid
  faults: () => Faults
  breaches: string[]
  questions: { count: number; objections: number; nextMs: number }
  awayUntilMs: { database: number }
  trace: (text: string) => void
  processes: GatewayProcess[]
  deaths: { count: number }
}

/** Lives through a world. Throws a `BreachError` at the first invariant that does not hold. */
export async function liveThrough(options: WorldOptions): Promise<WorldReport> {
  const world = createWorld(options)
  const { time, choices } = world
  for (let index = 0; index < options.processes; index += 1) addProcess(world)
  const shopDeps = {
    time,
    choices,
    merchantId: world.newUuid(),
    customers: options.customers,
    process: () => anyProcess(world),
    acknowledged: world.audit.acknowledged,
    onFault: (error: unknown) => noteFault(world, error),
    trace: world.trace,
  }
  for (let index = 0; index < options.lives; index += 1) {
    time.after(choices.between(0, options.busyMs), () => shop(shopDeps, index))
  }
  planTrouble(world)
  await time.run(() => world.breaches.length > 0 || time.nowMs() > START_MS + options.busyMs + OVER_BY_MS)
  const ending = world.audit.finish()
  const [breach] = world.breaches
  if (breach !== undefined) throw new BreachError(`${options.name}: ${breach}`)
  return {
    ...ending,
    lives: [...world.store.rows()].length,
    turns: time.turns(),
    deaths: world.deaths.count,
    questions: world.questions.count,
    objections: world.questions.objections,
    untilCertainMs: untilCertainMs(world),
  }
}

function untilCertainMs({ store, daraja }: World): number[] {
  return daraja.prompts().flatMap((prompt) => {
    const settledAt = store.rowOf(keyOfUrl(prompt.callbackUrl))?.payment.settledAt ?? null
    return settledAt === null ? [] : [settledAt.getTime() - prompt.shownAtMs]
  })
}

function createWorld(options: WorldOptions): World {
  const { choices } = options
  const time = createVirtualTime(START_MS, options.pickNext)
  const tell = (text: string) => options.trace?.(`${((time.nowMs() - START_MS) / 1_000).toFixed(3)} ${text}`)
  const given = Object.entries(options.faults).filter(([, probability]) => probability > 0)
  tell(`faults: ${JSON.stringify(Object.fromEntries(given))}`)
  const calm = { ...NO_FAULTS, callbackLost: options.faults.callbackLost }
  const isCalm = () => time.nowMs() > START_MS + options.busyMs + UNREST_MS
  const breaches: string[] = []
  const audit = createAudit({
    store: () => store,
    nowMs: time.nowMs,
    onBreach(text) {
      tell(`BREACH ${text}`)
      breaches.push(text)
    },
  })
  const processes: GatewayProcess[] = []
  const store = createMemoryPaymentStore((before, after) => {
    audit.rowChanged(before, after)
    tell(`${after.payment.id}: ${before?.payment.state ?? 'nothing'} -> ${after.payment.state}`)
    for (const process of processes) process.noteDue(after)
  })
  const world: World = {
    ...{ options, time, choices, store, audit, breaches, processes, trace: tell },
    faults: () => (isCalm() ? calm : options.faults),
    newUuid: createSeededUuids(time),
    budgets: createMemoryQueryBudgetStore(),
    awayUntilMs: { database: 0 },
    deaths: { count: 0 },
    questions: { count: 0, objections: 0, nextMs: 0 },
    daraja: createVirtualDaraja({
      time,
      choices,
      onShown: (prompt) => audit.promptShown(keyOfUrl(prompt.callbackUrl), prompt),
      onEnd: (prompt) => sendCallbacks(callbackWay(world), prompt),
    }),
  }
  return world
}

/** UUIDs of version 7 that depend on nothing but the world. */
function createSeededUuids(time: VirtualTime): () => Uuid {
  let counter = 0
  return () => {
    counter += 1
    const ms = time.nowMs().toString(16).padStart(12, '0')
    const tail = counter.toString(16).padStart(12, '0')
    const id = parseUuid(`${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-${tail}`)
    if (id === null) throw new Error('not a UUID')
    return id
  }
}

function callbackWay(world: World): CallbackWay {
  return {
    ...world,
    process: () => anyProcess(world),
    taken: world.audit.callbackTaken,
    onFault: (error) => noteFault(world, error),
  }
}

function anyProcess(world: World): GatewayProcess | null {
  return world.processes.length === 0 ? null : world.choices.pick(world.processes)
}

/** The database's absence is expected; anything else that a caller sees is a defect. */
function noteFault(world: World, error: unknown): void {
  if (error instanceof Error && error.name === 'DatabaseUnavailableError') return
  world.breaches.push(`a caller saw ${String(error)}`)
}

function addProcess(world: World): void {
  const { time, processes, choices } = world
  const process = startProcess(
    {
      ...world,
      shortcodeId: SHORTCODE,
      databaseIsAway: () => time.nowMs() < world.awayUntilMs.database,
      budgets: world.budgets,
      openRows: world.store.openRows,
      environment: world.options.environment,
      mayAsk: () => mayAsk(world),
      onPushLeaves: (callbackUrl, atMs) => world.audit.pushLeaves(keyOfUrl(callbackUrl), atMs),
    },
    {
      onDeath() {
        world.trace('a process dies')
        world.deaths.count += 1
        processes.splice(processes.indexOf(process), 1)
        time.after(choices.between(0, RESTART_MAX_MS), () => addProcess(world))
      },
    },
  )
  processes.push(process)
}

/** Daraja's own limit on questions: so many a minute, burst 1. */
function mayAsk({ questions, time, options }: World): boolean {
  questions.count += 1
  if (options.questionsPerMinute === null) return true
  if (time.nowMs() < questions.nextMs) {
    questions.objections += 1
    return false
  }
  questions.nextMs = time.nowMs() + 60_000 / options.questionsPerMinute
  return true
}

const SHORTCODE = uuid('00000000-0000-7000-8000-00000000000f')

function uuid(text: string): Uuid {
  const read = parseUuid(text)
  if (read === null) throw new Error('not a UUID')
  return read
}

/** Outages, standstills, wrong clocks and forgeries, at times of their own. */
function planTrouble(world: World): void {
  const { time, choices, awayUntilMs, options } = world
  const untilMs = options.busyMs + UNREST_MS
  const { outageCount, freezeCount, clockJumpCount, forged } = world.faults()
  const sometime = (times: number, happen: () => void) => {
    for (let index = 0; index < times; index += 1) time.after(choices.between(0, untilMs), happen)
  }
  sometime(outageCount, () => {
    awayUntilMs.database = time.nowMs() + choices.between(1, OUTAGE_MAX_MS)
    world.trace('the database goes away')
  })
  sometime(freezeCount, () => {
    world.trace('a process stands still')
    anyProcess(world)?.life.freeze(choices.between(1, FREEZE_MAX_MS))
  })
  sometime(clockJumpCount, () => {
    const isForward = choices.chance(0.5)
    const byMs = choices.between(1, isForward ? JUMP_FORWARD_MAX_MS : JUMP_BACK_MAX_MS)
    world.trace(`a clock jumps ${isForward ? 'forward' : 'back'} by ${byMs} ms`)
    anyProcess(world)?.life.jump(isForward ? byMs : -byMs)
  })
  sometime(Math.round(forged * options.lives), () => forgeOne(world))
}

function forgeOne(world: World): void {
  const rows = [...world.store.rows()]
  if (rows.length === 0) return
  const row = world.choices.pick(rows)
  const key = { merchantId: row.payment.merchantId, paymentId: row.payment.id }
  forge(callbackWay(world), row, truthOf(world, key.paymentId))
}

function truthOf(world: World, paymentId: Uuid): Prompt | undefined {
  return world.daraja.prompts().find((prompt) => keyOfUrl(prompt.callbackUrl).paymentId === paymentId)
}
