// Payments at a fixed rate for as long as is wanted, each timed from when it should have begun to its
// webhook, less what M-Pesa's side took: whether a rate holds, and what it costs to hold it.
import { setTimeout as delay } from 'node:timers/promises'
import { type Arrived, beginArrivals } from '../arrive.ts'
import { hotShare, readTableCosts, type TableCost } from '../cost-store.ts'
import { requireDiskSpace } from '../disk-space.ts'
import { findLedgerFaults } from '../ledger-check.ts'
import { type BenchOptions, readSetNumber } from '../options.ts'
import { measureCost, type PhaseCost, readCpu, residentBytes } from '../phase.ts'
import type { Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts'
import { type Stage, setDelays, setStage } from '../stage.ts'
import { gatewaySubject, type Subject } from '../subjects.ts'
import { type Reading, type Sample, sampleOf, sampleText, seriesPlots } from '../sustained-series.ts'

const SECONDS = 60
const RATE = 1_000
const CONNECTIONS = 128
const WARM_UP_SECONDS = 5
const LOOK_EVERY_MS = 10_000
/** Rows, indexes, write-ahead log and the gateway's own log lines. */
const BYTES_A_PAYMENT = 10_000
const START_SECONDS = 120
const SETTLE_SECONDS = 180
/** The statistics of PostgreSQL are about a second late. */
const STATISTICS_MS = 1_500
const OVER_SHARE_MAX = 0.01
const DELAY_MAX_MS = 60_000
const MB = 1_048_576

type Run = { arrived: Arrived; cost: PhaseCost; samples: Sample[] }

/** Whether a rate holds. */
export const sustained: Scenario = {
  name: 'sustained',
  about: 'a fixed rate (1000 a second) for --seconds (60; 3600 is the real run), from start to webhook',
  isQuick: false,
  limitSeconds: (options) => shapeOf(options).seconds + START_SECONDS + SETTLE_SECONDS,
  async run(context) {
    const { options, dir, stack, say } = context
    const shape = shapeOf(options)
    await requireDiskSpace(dir, shape.perSecond * shape.seconds * BYTES_A_PAYMENT)
    const settings = { SUKUMA_PROCESSES: String(shape.processes) }
    const { profileDir } = options
    const stage = await setStage(stack, dir, { count: shape.gateways, settings, profileDir })
    await setDelays(stage, { pushMs: shape.pushMs, callbackMs: shape.callbackMs })
    const gateway = gatewaySubject(stage.gateways, stage)
    say('warming up')
    const half = {
      ...shape,
      perSecond: Math.ceil(shape.perSecond / 2),
      seconds: Math.min(WARM_UP_SECONDS, shape.seconds),
    }
    const warmUp = await (await beginArrivals(stage, gateway, half)).finish()
    const run = await measure(stage, gateway, context)
    const accepted = warmUp.counts.answered + run.arrived.counts.answered
    const faults = await findLedgerFaults(stage, { accepted, others: 0 })
    await delay(STATISTICS_MS)
    return tell(shape, run, { accepted, faults, tables: await readTableCosts(stage.db) })
  },
}

async function measure(stage: Stage, gateway: Subject, context: ScenarioContext): Promise<Run> {
  const samples: Sample[] = []
  const { result, cost } = await measureCost(stage, gateway, async () => {
    const arrivals = await beginArrivals(stage, gateway, shapeOf(context.options))
    const over = new AbortController()
    const watching = watch(stage, gateway, { arrivals, over: over.signal, samples, say: context.say })
    try {
      const arrived = await arrivals.finish()
      return { result: arrived, count: arrived.told }
    } finally {
      over.abort()
      await watching
    }
  })
  return { arrived: result, cost, samples }
}

async function watch(
  stage: Stage,
  gateway: Subject,
  run: {
    arrivals: Pick<Awaited<ReturnType<typeof beginArrivals>>, 'look'>
    over: AbortSignal
    samples: Sample[]
    say(text: string): void
  },
): Promise<void> {
  const read = async (): Promise<Reading> => ({
    atMs: performance.now(),
    cpu: await readCpu(stage, gateway),
    residentBytes: await residentBytes(gateway),
  })
  const first = await read()
  let before = first
  while (!run.over.aborted) {
    await delay(LOOK_EVERY_MS, undefined, { signal: run.over }).catch(() => undefined)
    if (run.over.aborted) return
    const now = await read()
    const sample = sampleOf(first.atMs, [before, now], await run.arrivals.look(), await gateway.metrics())
    run.samples.push(sample)
    run.say(sampleText(sample))
    before = now
  }
}

function tell(
  shape: ReturnType<typeof shapeOf>,
  { arrived, cost, samples }: Run,
  { accepted, faults, tables }: { accepted: number; faults: string[]; tables: TableCost[] },
): ScenarioResult {
  const { counts, webhooks, answers, stopped } = arrived
  const holds =
    stopped === null &&
    counts.failed === 0 &&
    faults.length === 0 &&
    webhooks.overSecondShare <= OVER_SHARE_MAX
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0)
  const loopMaxMs = Math.max(0, ...samples.map((sample) => sample.loopMaxMs ?? 0))
  const figures = {
    ...{ perSecond: shape.perSecond, seconds: shape.seconds, gateways: shape.gateways },
    ...{ processes: shape.processes, holds: holds ? 'yes' : 'no', payments: arrived.told },
    ...{ failed: counts.failed, late: counts.late, overSecondShare: webhooks.overSecondShare },
    ...{ p50Ms: webhooks.p50Ms, p99Ms: webhooks.p99Ms, p999Ms: webhooks.p999Ms, maxMs: webhooks.maxMs },
    ...{ acceptP50Ms: answers.p50Ms, acceptP99Ms: answers.p99Ms },
    ...{ serverMs: cost.cpu.server, postgresMs: cost.cpu.postgres },
    ...{ darajaMs: cost.cpu.daraja, loadMs: cost.cpu.load, walBytes: cost.walBytesEach },
    firstMb: samples[0]?.residentMb ?? null,
    lastMb: samples.at(-1)?.residentMb ?? null,
    ...{ loopMaxMs, databaseBytesEach: bytes / Math.max(1, accepted), hotShare: hotShare(tables) },
  }
  const rows = Object.entries(figures).map(([name, value]) => [
    LABELS[name] ?? name,
    typeof value === 'number' ? round(value) : value,
  ])
  const groups = Object.entries(cost.rowsARun).map(([name, value]) => [name, round(value)])
  const sizes = tables.map(({ name, bytes, rows }) => [name, Math.round(bytes / MB), rows])
  return {
    name: 'sustained',
    title: `${shape.perSecond} payments a second for ${shape.seconds} s`,
    tables: [
      { title: '', columns: ['', 'measured'], rows },
      { title: 'Rows a run of a grouped statement', columns: ['statement', 'rows'], rows: groups },
      { title: 'Tables and their indexes at the end', columns: ['table', 'MB', 'rows'], rows: sizes },
    ],
    figures,
    plots: seriesPlots(samples),
    notes: notesOf(shape, arrived, { accepted, faults }),
  }
}

const LABELS: Record<string, string> = {
  ...{ perSecond: 'payments a second', seconds: 'for seconds', gateways: 'gateways on one database' },
  ...{ processes: 'processes of each', holds: 'the rate holds', payments: 'payments told of' },
  ...{ failed: 'requests that failed', late: 'begun late by the load itself' },
  ...{ overSecondShare: 'share over one second', p50Ms: 'half within, ms', p99Ms: '99 of 100 within, ms' },
  ...{ p999Ms: '999 of 1000 within, ms', maxMs: 'the slowest, ms' },
  ...{ acceptP50Ms: 'half accepted within, ms', acceptP99Ms: '99 of 100 accepted within, ms' },
  ...{ serverMs: 'CPU of the gateways, ms each', postgresMs: 'CPU of PostgreSQL, ms each' },
  ...{ darajaMs: 'CPU of Daraja, ms each', loadMs: 'CPU of shops and receiver, ms each' },
  ...{ walBytes: 'write-ahead log, bytes each', databaseBytesEach: 'tables and indexes, bytes each' },
  ...{ firstMb: 'memory at the first look, MB', lastMb: 'memory at the last, MB' },
  ...{ loopMaxMs: 'event loop late, at most, ms', hotShare: 'updates that touched no index (share)' },
}

function notesOf(
  shape: ReturnType<typeof shapeOf>,
  { counts, stopped }: Arrived,
  { accepted, faults }: { accepted: number; faults: string[] },
): string[] {
  return [
    `M-Pesa answers a push after ${shape.pushMs} ms and calls back ${shape.callbackMs} ms later; what that ` +
      'really took is measured there and taken off. Times run from when a payment should have begun.',
    ...(faults.length === 0
      ? [`All ${accepted} payments were prompted once, succeeded, and were told of once (warm-up included).`]
      : faults),
    ...(stopped === null ? [] : [`The load gave up: ${stopped}.`]),
    ...(counts.firstFailure === null ? [] : [`The first failure: ${counts.firstFailure}`]),
  ]
}

function round(value: number): number {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 4
  return Number(value.toFixed(digits))
}

function shapeOf(options: BenchOptions) {
  return {
    seconds: options.seconds ?? SECONDS,
    perSecond: options.rate ?? RATE,
    gateways: options.gateways ?? 1,
    processes: readSetNumber(options, 'processes', 1, 64),
    pushMs: readSetNumber(options, 'push-ms', 100, DELAY_MAX_MS),
    callbackMs: readSetNumber(options, 'callback-ms', 2_000, DELAY_MAX_MS),
    connections: CONNECTIONS,
  }
}
