// What a drill comes to: the figures that are printed, and written as JSON.
import { availableParallelism, cpus } from 'node:os'
import { type Audit, audit, brokenFigures, type Figure } from './audit.ts'
import { type Distribution, distributionOf, timeToCertainty } from './certainty.ts'
import { type Ledgers, truthByPayment } from './ledgers.ts'
import { hashPlan, type Plan, type PlanOptions } from './plan.ts'

/** What the drill itself counted while it ran. Recoveries and phases are in real milliseconds. */
export type Course = {
  gatewayKills: number
  gatewayStarts: number
  failedStarts: number
  databaseKills: number
  networkTroubles: number
  receiverTroubles: number
  gatewayRecoveriesMs: number[]
  databaseRecoveriesMs: number[]
  chaosMs: number
  settleMs: number
}

/** The figures of a drill. Durations in real milliseconds, but for those said to be by the fast clock. */
export type DrillResult = {
  passed: boolean
  broken: Figure[]
  /** Not 0, and not held against the gateway. */
  tolerated: Figure[]
  options: PlanOptions
  plan: { hash: string; clockFactor: number; transitAllowanceMs: number }
  machine: { node: string; cores: number; processor: string; postgres: string }
  course: Omit<Course, 'gatewayRecoveriesMs' | 'databaseRecoveriesMs'>
  payments: {
    asked: number
    acknowledged: number
    requests: number
    repeatedRequests: number
    /** Answers that ask to try again, by status; 0 stands for none. */
    putOff: Record<string, number>
    kept: number
    pushes: number
    prompts: number
    paid: number
    declined: number
    refused: number
    notSent: number
    paidWithoutReceipt: number
    callbacksAnswered: number
    webhooks: number
    webhooksTurnedAway: number
  }
  audit: Audit
  recovery: Record<'gateway' | 'database', Distribution | null>
  /** Until the merchant was acknowledged, from the first request. */
  acknowledgement: Distribution | null
  /** From push to verdict, by the source of its evidence; by the fast clock. */
  certainty: Record<string, Distribution>
}

/**
 * Real time from the gateway's last look at its clock, over the socket, to the earliest moment at which the
 * simulator's process can have found it there. A quiet machine needs none of it.
 */
const TRANSIT_REAL_MS = 500
/** What is counted apart and does not fail the drill. */
const TOLERATED: readonly Figure[] = []

/** The result of a drill from its ledgers. */
export function resultOf(
  options: PlanOptions,
  plan: Plan,
  { course, ledgers, postgres }: { course: Course; ledgers: Ledgers; postgres: string },
): DrillResult {
  const transitAllowanceMs = TRANSIT_REAL_MS * plan.clockFactor
  const audited = audit(ledgers, { transitMs: transitAllowanceMs })
  const { gatewayRecoveriesMs, databaseRecoveriesMs, ...counted } = course
  const broken = brokenFigures(audited.figures, TOLERATED)
  return {
    passed: broken.length === 0,
    broken,
    tolerated: TOLERATED.filter((figure) => audited.figures[figure] !== 0),
    options,
    plan: { hash: hashPlan(plan), clockFactor: plan.clockFactor, transitAllowanceMs },
    machine: {
      node: process.versions.node,
      cores: availableParallelism(),
      processor: cpus()[0]?.model ?? 'unknown',
      postgres,
    },
    course: counted,
    payments: countPayments(ledgers),
    audit: audited,
    recovery: {
      gateway: distributionOf(gatewayRecoveriesMs),
      database: distributionOf(databaseRecoveriesMs),
    },
    acknowledgement: distributionOf(
      ledgers.asked.filter(({ paymentId }) => paymentId !== null).map(({ tookMs }) => tookMs),
    ),
    certainty: timeToCertainty(ledgers.outcomes, truthByPayment(ledgers.pushes)),
  }
}

function countPayments(ledgers: Ledgers): DrillResult['payments'] {
  const { asked, pushes, outcomes, told, counts } = ledgers
  const requests = asked.reduce((sum, each) => sum + each.requests, 0)
  const outcome = (name: string) => outcomes.filter((each) => each.outcome === name).length
  return {
    asked: asked.length,
    acknowledged: asked.filter(({ paymentId }) => paymentId !== null).length,
    requests,
    repeatedRequests: requests - asked.length,
    putOff: sumOf(asked.map((each) => each.putOff)),
    kept: outcomes.length,
    pushes: pushes.length,
    prompts: pushes.filter(({ promptShown }) => promptShown).length,
    paid: outcome('paid'),
    declined: outcome('declined'),
    refused: outcome('refused'),
    notSent: outcome('not_sent'),
    paidWithoutReceipt: outcomes.filter((each) => each.outcome === 'paid' && each.receipt === null).length,
    callbacksAnswered: pushes.reduce((sum, push) => sum + push.callbacksAnswered, 0),
    webhooks: told.length,
    webhooksTurnedAway: counts.turnedAway,
  }
}

function sumOf(counts: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const each of counts) {
    for (const [name, count] of Object.entries(each)) sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}
