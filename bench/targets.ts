// What was set out to be reached, beside what was measured: the first table of the page of figures.
import type { ScenarioResult } from './scenario.ts'

/** One target, over one figure of a scenario. */
export type Target = {
  what: string
  scenario: string
  /** The name of the figure; of a spread its median counts. */
  figure: string
  digits: number
} & ({ atLeast: number } | { atMost: number })

/** A line of the table. */
export type TargetLine = { what: string; wanted: string; measured: string | null; isMet: boolean | null }

/** The targets, in the order of the page. */
export const TARGETS: readonly Target[] = [
  ratio(
    'accepts a second, 64 connections, to a bare grouped insert',
    'accepts',
    '64.gateway.perSecond.to.bare insert',
    0.65,
  ),
  ratio(
    'accepts a second, 256 connections, to a bare grouped insert',
    'accepts',
    '256.gateway.perSecond.to.bare insert',
    0.65,
  ),
  ratio('accepts a second, 64 connections, to plain', 'accepts', '64.gateway.perSecond.to.plain', 5),
  ratio('accepts a second, 256 connections, to plain', 'accepts', '256.gateway.perSecond.to.plain', 5),
  ratio('payments a second, 64 connections, to the floor', 'payments', '64.gateway.perSecond.to.floor', 0.55),
  ratio(
    'payments a second, 256 connections, to the floor',
    'payments',
    '256.gateway.perSecond.to.floor',
    0.55,
  ),
  ratio('payments a second, 64 connections, to plain', 'payments', '64.gateway.perSecond.to.plain', 4),
  ratio('payments a second, 256 connections, to plain', 'payments', '256.gateway.perSecond.to.plain', 4),
  most('CPU of the gateway a payment, 64 connections, ms', 'payments', '64.gateway.serverMs', 0.45, 3),
  most('CPU of the gateway a payment, 256 connections, ms', 'payments', '256.gateway.serverMs', 0.45, 3),
  most('CPU of PostgreSQL a payment, 64 connections, ms', 'payments', '64.gateway.postgresMs', 0.15, 3),
  most('CPU of PostgreSQL a payment, 256 connections, ms', 'payments', '256.gateway.postgresMs', 0.15, 3),
  least('sustained, payments a second', 'sustained', 'perSecond', 1_000, 0),
  least('sustained, for seconds', 'sustained', 'seconds', 3_600, 0),
  most('sustained, share over one second', 'sustained', 'overSecondShare', 0.01, 4),
  most('added to a synchronous push at 200/s, half within, ms', 'latency', 'gateway.addedToPush.p50Ms', 5, 1),
  most('added to a synchronous push at 200/s, 99 of 100, ms', 'latency', 'gateway.addedToPush.p99Ms', 25, 1),
  most('callback to webhook at 200/s, half within, ms', 'latency', 'gateway.callbackToWebhook.p50Ms', 5, 1),
  most('callback to webhook at 200/s, 99 of 100, ms', 'latency', 'gateway.callbackToWebhook.p99Ms', 25, 1),
  ratio('webhook deliveries a second, to graphile-worker', 'deliveries', 'sukumaToGraphileWorker', 2),
  ratio(
    'webhook deliveries a second, to BullMQ, Redis on disk within a second',
    'deliveries',
    'sukumaToBullmqAppendfsyncEverysec',
    2,
  ),
  ratio(
    'webhook deliveries a second, to BullMQ, Redis on disk at once',
    'deliveries',
    'sukumaToBullmqAppendfsyncAlways',
    2,
  ),
  most('cost of a payment with the largest history, to none', 'growth', 'costToEmpty', 1.15, 2),
  most('reads and searches in it, 99 of 100, ms', 'growth', 'worstReadP99Ms', 20, 1),
  most('cost of a payment, 10,000 merchants to one', 'merchants', 'costManyToOne', 1.1, 2),
  least('backlog of one endpoint, drained to the steady rate', 'backlog', 'one.drainedToSteady', 0.8, 2),
  least('backlog of 100 endpoints, drained to the steady rate', 'backlog', 'many.drainedToSteady', 0.8, 2),
  most('new payments meanwhile, 99 of 100, to before', 'backlog', 'many.answerP99ToQuiet', 2, 2),
  most('processes: work taken from another, share', 'processes', 'takenOverShare', 0.01, 4),
  most('idle, CPU, % of a core', 'idle', 'fresh.gatewayPercent', 1, 2),
  most('idle, resident memory, MB', 'idle', 'fresh.residentMb', 120, 0),
]

/** Each target beside what was measured; not measured: null. */
export function targetLines(results: readonly ScenarioResult[], targets = TARGETS): TargetLine[] {
  return targets.map((target) => {
    const figure = results.find(({ name }) => name === target.scenario)?.figures[target.figure] ?? null
    const value = typeof figure === 'object' && figure !== null ? figure.median : figure
    const wanted = 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`
    if (typeof value !== 'number') return { what: target.what, wanted, measured: null, isMet: null }
    const isMet = 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
    return { what: target.what, wanted, measured: value.toFixed(target.digits), isMet }
  })
}

function ratio(what: string, scenario: string, figure: string, atLeast: number): Target {
  return { what, scenario, figure, atLeast, digits: 2 }
}

function least(what: string, scenario: string, figure: string, atLeast: number, digits: number): Target {
  return { what, scenario, figure, atLeast, digits }
}

function most(what: string, scenario: string, figure: string, atMost: number, digits: number): Target {
  return { what, scenario, figure, atMost, digits }
}
