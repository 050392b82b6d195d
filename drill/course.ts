// The course of a drill: the plan is carried out, then everything is left to settle, and the ledgers are
// read.
import { setTimeout as sleep } from 'node:timers/promises'
import type { ArrivedPush } from './arrivals.ts'
import type { Ledgers } from './ledgers.ts'
import type { Asked } from './merchant.ts'
import type { MerchantState } from './merchant-process.ts'
import { type Outcome, readOpenWork, readOutcomes } from './outcome-store.ts'
import { CALM_FAULTS, type GatewayIndex, type Plan, type PlanOptions, type Trouble } from './plan.ts'
import type { Told } from './receiver.ts'
import type { Course } from './result.ts'
import type { DrillStage } from './stage.ts'

/** Told what is going on, now and then. */
export type Say = (text: string) => void

const POLL_MS = 500
const SAY_EVERY_MS = 10_000
/** What was not acknowledged long after the last incident never will be. */
const ASKING_LIMIT_MS = 120_000
/** By the fast clock two hours: what has not settled by then is stuck. */
const SETTLE_LIMIT_MS = 240_000
/** By the fast clock three minutes. */
const CALM_MS = 6_000
const DAY_MS = 86_400_000
const PAGE = 5_000
const NIL_UUID = '00000000-0000-0000-0000-000000000000'

/** Carries out the plan, and lets everything settle. */
export async function runCourse(
  stage: DrillStage,
  plan: Plan,
  options: PlanOptions,
  say: Say,
): Promise<Course> {
  await beginCalmly(stage, options)
  const startedAt = performance.now()
  await stage.safaricom.call('faults', plan.faults)
  await stage.merchant.call('begin', options)
  await withProgress(stage, say, () => bringAbout(stage, plan, startedAt))
  const chaosMs = performance.now() - startedAt
  say('Nothing is killed any more; all of it settles')
  const settledAt = performance.now()
  await settle(stage, options, say)
  const { gateways, database } = stage
  return {
    gatewayKills: gateways.counts.kills,
    gatewayStarts: gateways.counts.starts,
    failedStarts: gateways.counts.failedStarts,
    databaseKills: database.counts.kills,
    networkTroubles: plan.network.length,
    receiverTroubles: plan.receiver.length,
    gatewayRecoveriesMs: gateways.recoveriesMs,
    databaseRecoveriesMs: database.recoveriesMs,
    chaosMs,
    settleMs: performance.now() - settledAt,
  }
}

/** Some payments that go well: later, only an earlier transaction shows how far back a statement reaches. */
async function beginCalmly(stage: DrillStage, options: PlanOptions): Promise<void> {
  await stage.safaricom.call('faults', CALM_FAULTS)
  await stage.merchant.call('startTrickle', options)
  await sleep(CALM_MS)
  await stage.merchant.call('stopTrickle')
}

/** One line of incidents a kind: what takes longer than planned delays its own kind and no other. */
async function bringAbout(stage: DrillStage, plan: Plan, startedAt: number): Promise<void> {
  const at = (atMs: number) => sleep(Math.max(0, atMs - (performance.now() - startedAt)))
  const killGateways = async () => {
    // A kill that had to wait for a slow start puts off those after it: there must be time to live between.
    const killOne = async (gateway: GatewayIndex) => {
      let behindMs = 0
      for (const kill of plan.gatewayKills.filter((each) => each.gateway === gateway)) {
        await at(kill.atMs + behindMs)
        const killedAt = await stage.gateways.kill(kill)
        behindMs = Math.max(behindMs, killedAt - startedAt - kill.atMs)
      }
    }
    await Promise.all([killOne(0), killOne(1)])
  }
  const killDatabase = async () => {
    for (const atMs of plan.databaseKills) {
      await at(atMs)
      await stage.database.kill()
    }
  }
  const trouble = async <Mode>(troubles: Trouble<Mode>[], set: (mode: Mode | null) => Promise<unknown>) => {
    for (const { atMs, forMs, mode } of troubles) {
      await at(atMs)
      await set(mode)
      await sleep(forMs)
      await set(null)
    }
  }
  await Promise.all([
    at(plan.chaosMs),
    killGateways(),
    killDatabase(),
    trouble(plan.network, (mode) => stage.safaricom.call('network', mode)),
    trouble(plan.receiver, (mode) => stage.merchant.call('receiver', mode)),
  ])
}

async function settle(stage: DrillStage, options: PlanOptions, say: Say): Promise<void> {
  await stage.safaricom.call('faults', CALM_FAULTS)
  await stage.gateways.ready()
  await stage.merchant.call('startTrickle', options)
  const since = new Date(stage.clock.now())
  await untilQuiet(stage, say, {
    before: since,
    limitMs: SETTLE_LIMIT_MS,
    deliveriesMax: DELIVERIES_OF_TRICKLE,
  })
  await stage.merchant.call('stopTrickle')
  // All there are: the last one asked for may not have been made yet.
  const before = new Date(stage.clock.now() + DAY_MS)
  await untilQuiet(stage, say, { before, limitMs: ASKING_LIMIT_MS, deliveriesMax: 0 })
}

/** The trickle's own webhooks come and go. */
const DELIVERIES_OF_TRICKLE = 4

/** What is waited for, and for how long: in the end the audit sees what has not settled. */
type Quiet = { before: Date; limitMs: number; deliveriesMax: number }

/** Waits until payments made before a moment are settled and told. */
async function untilQuiet(stage: DrillStage, say: Say, quiet: Quiet): Promise<void> {
  const giveUpAt = performance.now() + quiet.limitMs
  let sayAt = performance.now() + SAY_EVERY_MS
  for (;;) {
    // First who is still asking: a payment that is answered between the two looks is then in the second.
    const { asking } = await merchantState(stage)
    const { payments, unaskable, deliveries } = await readOpenWork(stage.pool, quiet.before)
    if (asking + payments + unaskable === 0 && deliveries <= quiet.deliveriesMax) return
    if (performance.now() > sayAt) {
      sayAt += SAY_EVERY_MS
      say(`Open: ${payments} payments, ${unaskable} that cannot be asked for, ${deliveries} webhooks`)
    }
    if (performance.now() > giveUpAt) return
    await sleep(POLL_MS)
  }
}

async function withProgress(stage: DrillStage, say: Say, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(async () => {
    const { asked, asking, told } = await merchantState(stage)
    const { gateways, database } = stage
    const kills = `${gateways.counts.kills} gateways and ${database.counts.kills} databases killed`
    say(`${kills}; ${asked} payments acknowledged, ${asking} to come; ${told} webhooks`)
  }, SAY_EVERY_MS)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}

/** Reads every ledger to its end. */
export async function readLedgers(stage: DrillStage): Promise<Ledgers> {
  const state = await merchantState(stage)
  const pushCount = Number(await stage.safaricom.call('closeLedger'))
  const asked = await readPages(state.asked, (page) => stage.merchant.call('asked', page))
  const told = await readPages(state.told, (page) => stage.merchant.call('told', page))
  const pushes = await readPages(pushCount, (page) => stage.safaricom.call('ledger', page))
  const open = await readOpenWork(stage.pool, new Date(stage.clock.now()))
  return {
    asked: asked as Asked[],
    told: told as Told[],
    pushes: pushes as ArrivedPush[],
    outcomes: await readAllOutcomes(stage),
    deliveriesOpen: open.deliveries,
    counts: state.counts,
  }
}

async function readAllOutcomes(stage: DrillStage): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (;;) {
    const page = await readOutcomes(stage.pool, outcomes.at(-1)?.id ?? NIL_UUID, PAGE)
    outcomes.push(...page)
    if (page.length < PAGE) return outcomes
  }
}

async function readPages(
  count: number,
  read: (page: { from: number; count: number }) => Promise<unknown>,
): Promise<unknown[]> {
  const all: unknown[] = []
  for (let from = 0; from < count; from += PAGE) {
    const page = await read({ from, count: Math.min(PAGE, count - from) })
    if (Array.isArray(page)) all.push(...page)
  }
  return all
}

/** From the merchant's process, which is of this folder. */
async function merchantState(stage: DrillStage): Promise<MerchantState> {
  return (await stage.merchant.call('state')) as MerchantState
}
