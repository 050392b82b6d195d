// The morning after: receivers were down, a hundred thousand deliveries are due at once, and payments go on.
import { setTimeout as delay } from 'node:timers/promises'
import type { ArrivalLook } from '../arrivals.ts'
import { beginArrivals } from '../arrive.ts'
import { startBenchChild } from '../child-process.ts'
import { untilDelivered } from '../engines/delivery-stage.ts'
import { checkReceived, readReceived } from '../engines/subject.ts'
import { checkLedgers } from '../ledger-check.ts'
import { type BenchOptions, readSetNumber } from '../options.ts'
import { makeDue, makeSettled } from '../outage-store.ts'
import { readCpu, runPhase } from '../phase.ts'
import type { Scenario, ScenarioResult } from '../scenario.ts'
import { makeShops } from '../shops.ts'
import { type Stage, setDelays, setStage } from '../stage.ts'
import { gatewaySubject, type Subject } from '../subjects.ts'

const COUNT = 100_000
const COUNT_MAX = 1_000_000
const RATE = 100
const SECONDS = 15
const CONNECTIONS = 64
/** Merchants whose receivers were down, and endpoints of each. */
const CASES = [
  { name: 'one endpoint', key: 'one', merchants: 1, endpoints: 1 },
  { name: '100 endpoints of 20 merchants', key: 'many', merchants: 20, endpoints: 5 },
]
type Case = (typeof CASES)[number]

const STEADY = { kind: 'pay', connections: CONNECTIONS, countMax: 100_000 } as const
const DELAYS = { pushMs: 50, callbackMs: 200 }
const NO_DELAY = { pushMs: 0, callbackMs: 0 }
/** Payments and events are made at some thousands a second; their deliveries take less time than those. */
const MAKE_MS_EACH = 1
const MAKE_MS_MIN = 3_000
/** Below this the scenario has failed anyway. */
const DRAINED_A_SECOND_MIN = 300
const DRAIN_LIMIT_MIN_MS = 60_000
/** Payments go on for as long as a drain takes at this share of the steady rate, and a while longer. */
const DRAINED_TO_STEADY_MIN = 0.5
const ARRIVE_LONGER_SECONDS = 5
const START_SECONDS = 120
const SETTLE_SECONDS = 120
const MS_PER_SECOND = 1_000

/** Payments at the fixed rate during one part of a case, and what the gateway says of itself. */
type Part = {
  look: ArrivalLook
  loopP99Ms: number
  seconds: number
  cpuMs: { server: number; postgres: number }
}

type Drained = {
  /** Payments a second in a closed loop, each with its webhook, in the same run. */
  steadyPerSecond: number
  drainedPerSecond: number
  /** Before the backlog is due, and after it was delivered. */
  quiet: [Part, Part]
  meanwhile: Part
  /** Payments made for it. */
  accepted: number
}

const countOf = (options: BenchOptions) => readSetNumber(options, 'count', COUNT, COUNT_MAX)

/** A backlog of deliveries, beside payments at a fixed rate. */
export const backlog: Scenario = {
  name: 'backlog',
  about: 'a backlog of 100,000 deliveries, and payments meanwhile (--set count=N, --rate N)',
  isQuick: false,
  limitSeconds(options) {
    const count = countOf(options)
    const each = (count * MAKE_MS_EACH) / MS_PER_SECOND + (2 * count) / DRAINED_A_SECOND_MIN
    return START_SECONDS + CASES.length * Math.ceil(each + 3 * (options.seconds ?? SECONDS) + SETTLE_SECONDS)
  },
  async run({ options, dir, stack, say }) {
    const stage = await setStage(stack, dir, { profileDir: options.profileDir })
    const shape = {
      count: countOf(options),
      perSecond: options.rate ?? RATE,
      seconds: options.seconds ?? SECONDS,
    }
    const found: [Case, Drained][] = []
    for (const each of CASES) {
      say(`${each.name}, ${shape.count} deliveries`)
      found.push([each, await drain(stack, stage, each, shape)])
    }
    const accepted = found.reduce((sum, [, each]) => sum + each.accepted, 0)
    await checkLedgers(stage, { accepted, others: 0, copies: shape.count * CASES.length })
    return summarise(found, shape)
  },
}

type Shape = { count: number; perSecond: number; seconds: number }

async function drain(
  stack: AsyncDisposableStack,
  stage: Stage,
  { name, merchants, endpoints }: Case,
  { count, perSecond, seconds }: Shape,
): Promise<Drained> {
  const subject = gatewaySubject(stage.gateways, stage)
  await setDelays(stage, NO_DELAY)
  const steady = await runPhase(stage, subject, { ...STEADY, seconds })
  await setDelays(stage, DELAYS)
  const receiver = startBenchChild(stack, 'engines/receiver-process.ts')
  const url = String(await receiver.call('url'))
  const sinkUrls = Array.from({ length: endpoints }, (_, index) => `${url}/${index}`)
  const shops = await makeShops(stage.db, stage.secret, { count: merchants, sinkUrls })
  for (const secret of shops.flatMap((shop) => shop.webhookSecrets)) await receiver.call('trust', secret)
  // The rows are there before anything is measured: the quiet part has the same tables, nothing due in them.
  const beganMs = Date.now()
  await makeSettled(stage.db, { count, url })
  const madeByMs = Date.now() + (Date.now() - beganMs) + MAKE_MS_MIN
  const dueAtMs = madeByMs + seconds * MS_PER_SECOND
  await makeDue(stage.db, { dueAt: new Date(dueAtMs), url })
  if (Date.now() > madeByMs) throw new Error('the deliveries were nearly due before they were all there')
  await delay(Math.max(0, madeByMs - Date.now()))
  const longest = Math.ceil(count / (steady.perSecond * DRAINED_TO_STEADY_MIN)) + ARRIVE_LONGER_SECONDS
  const shape = { perSecond, connections: CONNECTIONS, seconds: longest + 2 * seconds }
  const arrivals = await beginArrivals(stage, subject, shape)
  const nextPart = await beginParts(stage, subject, arrivals)
  await delay(Math.max(0, dueAtMs - Date.now()))
  const before = await nextPart()
  const limitMs = DRAIN_LIMIT_MIN_MS + (count / DRAINED_A_SECOND_MIN) * MS_PER_SECOND
  const received = readReceived(await receiver.call('until', { count, limitMs }))
  const meanwhile = await nextPart()
  await delay(seconds * MS_PER_SECOND)
  const after = await nextPart()
  const all = await arrivals.finish()
  await untilDelivered(stage.db)
  checkReceived(name, count, readReceived(await receiver.call('received')))
  const drainSeconds = (received.lastAtMs - received.firstAtMs) / MS_PER_SECOND
  return {
    ...{ steadyPerSecond: steady.perSecond, drainedPerSecond: count / drainSeconds },
    ...{ quiet: [before, after], meanwhile, accepted: steady.count + all.counts.answered },
  }
}

/** Each call ends a part, and tells what has been since the last one. */
async function beginParts(
  stage: Stage,
  subject: Subject,
  arrivals: { look(): Promise<ArrivalLook> },
): Promise<() => Promise<Part>> {
  const read = async () => {
    const [server, postgres] = await readCpu(stage, subject)
    return { atMs: performance.now(), server: server ?? Number.NaN, postgres: postgres ?? Number.NaN }
  }
  await subject.metrics()
  let from = await read()
  return async () => {
    const to = await read()
    const look = await arrivals.look()
    const metrics = await subject.metrics()
    const cpuMs = { server: to.server - from.server, postgres: to.postgres - from.postgres }
    const seconds = (to.atMs - from.atMs) / MS_PER_SECOND
    from = to
    return { look, seconds, cpuMs, loopP99Ms: metrics?.loopP99Ms ?? Number.NaN }
  }
}

/** Both parts without a backlog weigh the same. */
function compare({ quiet, meanwhile }: Drained, of: (part: Part) => number | null) {
  const values = [...quiet, meanwhile].map((part) => of(part) ?? Number.NaN)
  const [before = Number.NaN, after = Number.NaN, during = Number.NaN] = values
  const text = `${before.toFixed(1)}, ${after.toFixed(1)} → ${during.toFixed(1)}`
  return { ms: during, toQuiet: (2 * during) / (before + after), text }
}

/** Processor time of one delivery, milliseconds: what the payments beside it take is not counted. */
function cpuEach({ quiet, meanwhile }: Drained, count: number, of: 'server' | 'postgres'): number {
  const quietMs = quiet.reduce((sum, part) => sum + part.cpuMs[of], 0)
  const quietSeconds = quiet.reduce((sum, part) => sum + part.seconds, 0)
  return (meanwhile.cpuMs[of] - (quietMs / quietSeconds) * meanwhile.seconds) / count
}

function summarise(found: readonly (readonly [Case, Drained])[], shape: Shape): ScenarioResult {
  const figures: ScenarioResult['figures'] = {}
  const rows = found.map(([{ name, key }, drained]) => {
    const { steadyPerSecond, drainedPerSecond } = drained
    const median = compare(drained, ({ look }) => look.answers.p50Ms)
    const answer = compare(drained, ({ look }) => look.answers.p99Ms)
    const webhook = compare(drained, ({ look }) => look.webhooks.p99Ms)
    const loop = compare(drained, ({ loopP99Ms }) => loopP99Ms)
    const serverMs = cpuEach(drained, shape.count, 'server')
    const postgresMs = cpuEach(drained, shape.count, 'postgres')
    figures[`${key}.drainedPerSecond`] = drainedPerSecond
    figures[`${key}.drainedToSteady`] = drainedPerSecond / steadyPerSecond
    figures[`${key}.answerP99Ms`] = answer.ms
    figures[`${key}.answerP99ToQuiet`] = answer.toQuiet
    figures[`${key}.webhookP99Ms`] = webhook.ms
    figures[`${key}.webhookP99ToQuiet`] = webhook.toQuiet
    figures[`${key}.loopP99Ms`] = loop.ms
    figures[`${key}.serverMsEach`] = serverMs
    figures[`${key}.postgresMsEach`] = postgresMs
    return [
      ...[name, Math.round(steadyPerSecond), Math.round(drainedPerSecond)],
      (drainedPerSecond / steadyPerSecond).toFixed(2),
      ...[median.text, answer.text, webhook.text, loop.text],
      `${serverMs.toFixed(2)}, ${postgresMs.toFixed(2)}`,
    ]
  })
  const columns = [
    ...['due at', 'payments/s', 'drained/s', 'to it'],
    ...['answers, p50 ms', 'answers, p99 ms', 'webhooks, p99 ms', 'event loop, p99 ms', 'CPU ms a delivery'],
  ]
  return {
    name: 'backlog',
    title: `A backlog of ${shape.count} deliveries`,
    tables: [{ title: '', columns, rows }],
    figures,
    plots: [],
    notes: [
      'Deliveries of settled payments, all due at the same moment; each came once, and a sample of the ' +
        'signatures was verified. Payments/s: a closed loop in the same run, request to delivered webhook. ' +
        'CPU: of the gateway, and of PostgreSQL.',
      `Meanwhile another merchant's payments arrive at ${shape.perSecond} a second, timed from when each ` +
        "should have begun, less Daraja's and the customer's own time: without the backlog, before and " +
        'after it → with it, all three in one go.',
    ],
  }
}
