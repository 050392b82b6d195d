// The morning after: receivers were down, a hundred thousand deliveries are due at once, and payments go on.
import { setTimeout as delay } from 'node:timers/promises'
import type { ArrivalLook } from '../arrivals.ts'
import { beginArrivals } from '../arrive.ts'
import { startBenchChild } from '../child-process.ts'
import { untilDelivered } from '../engines/delivery-stage.ts'
import { checkReceived, readReceived } from '../engines/subject.ts'
import { checkLedgers } from '../ledger-check.ts'
import { type BenchOptions, readSetNumber } from '../options.ts'
import { makeOutage } from '../outage-store.ts'
import { runPhase } from '../phase.ts'
import type { Scenario, ScenarioResult } from '../scenario.ts'
import { makeShops } from '../shops.ts'
import { type Stage, setDelays, setStage } from '../stage.ts'
import { gatewaySubject } from '../subjects.ts'

const COUNT = 100_000
const COUNT_MAX = 1_000_000
const RATE = 100
const SECONDS = 10
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
/** Rows are made at some ten thousand a second, and are due together once they are all there. */
const MAKE_MS_EACH = 0.4
const MAKE_MS_MIN = 3_000
/** Below this the scenario has failed anyway. */
const DRAINED_A_SECOND_MIN = 300
const DRAIN_LIMIT_MIN_MS = 60_000
/** The drain is to be over before the payments are. */
const ARRIVE_LONGER_SECONDS = 5
const START_SECONDS = 120
const SETTLE_SECONDS = 120
const MS_PER_SECOND = 1_000

type Drained = {
  /** Payments a second in a closed loop, each with its webhook, in the same run. */
  steadyPerSecond: number
  drainedPerSecond: number
  quiet: ArrivalLook
  meanwhile: ArrivalLook
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
  const rate = { perSecond, connections: CONNECTIONS }
  const quiet = await (await beginArrivals(stage, subject, { ...rate, seconds })).finish()
  const receiver = startBenchChild(stack, 'engines/receiver-process.ts')
  const url = String(await receiver.call('url'))
  const sinkUrls = Array.from({ length: endpoints }, (_, index) => `${url}/${index}`)
  const shops = await makeShops(stage.db, stage.secret, { count: merchants, sinkUrls })
  for (const secret of shops.flatMap((shop) => shop.webhookSecrets)) await receiver.call('trust', secret)
  const dueAtMs = Date.now() + MAKE_MS_MIN + count * MAKE_MS_EACH
  await makeOutage(stage.db, { count, dueAt: new Date(dueAtMs), url })
  if (Date.now() > dueAtMs) throw new Error('the deliveries were due before they were all there')
  await delay(Math.max(0, dueAtMs - Date.now()))
  const longest = Math.ceil(count / steady.perSecond) + ARRIVE_LONGER_SECONDS
  const arrivals = await beginArrivals(stage, subject, { ...rate, seconds: longest })
  const limitMs = DRAIN_LIMIT_MIN_MS + (count / DRAINED_A_SECOND_MIN) * MS_PER_SECOND
  const received = readReceived(await receiver.call('until', { count, limitMs }))
  const meanwhile = await arrivals.look()
  const all = await arrivals.finish()
  await untilDelivered(stage.db)
  checkReceived(name, count, readReceived(await receiver.call('received')))
  const drainSeconds = (received.lastAtMs - received.firstAtMs) / MS_PER_SECOND
  return {
    ...{ steadyPerSecond: steady.perSecond, drainedPerSecond: count / drainSeconds, quiet, meanwhile },
    accepted: steady.count + quiet.counts.answered + all.counts.answered,
  }
}

function summarise(found: readonly (readonly [Case, Drained])[], shape: Shape): ScenarioResult {
  const figures: ScenarioResult['figures'] = {}
  const rows = found.map(([{ name, key }, { steadyPerSecond, drainedPerSecond, quiet, meanwhile }]) => {
    const [before, during] = [quiet, meanwhile].map(({ answers, webhooks }) => ({
      answerMs: answers.p99Ms ?? Number.NaN,
      webhookMs: webhooks.p99Ms ?? Number.NaN,
    }))
    if (before === undefined || during === undefined) throw new Error('a look is missing')
    figures[`${key}.drainedPerSecond`] = drainedPerSecond
    figures[`${key}.drainedToSteady`] = drainedPerSecond / steadyPerSecond
    figures[`${key}.answerP99Ms`] = during.answerMs
    figures[`${key}.answerP99ToQuiet`] = during.answerMs / before.answerMs
    figures[`${key}.webhookP99Ms`] = during.webhookMs
    figures[`${key}.webhookP99ToQuiet`] = during.webhookMs / before.webhookMs
    return [
      name,
      ...[steadyPerSecond, drainedPerSecond].map((value) => Math.round(value)),
      (drainedPerSecond / steadyPerSecond).toFixed(2),
      `${before.answerMs.toFixed(1)} → ${during.answerMs.toFixed(1)}`,
      `${before.webhookMs.toFixed(1)} → ${during.webhookMs.toFixed(1)}`,
    ]
  })
  const columns = ['due at', 'payments/s', 'drained/s', 'to it', 'answers, p99 ms', 'webhooks, p99 ms']
  return {
    name: 'backlog',
    title: `A backlog of ${shape.count} deliveries`,
    tables: [{ title: '', columns, rows }],
    figures,
    plots: [],
    notes: [
      'Deliveries of settled payments, all due at the same moment; each came once, and a sample of the ' +
        'signatures was verified. Payments/s: a closed loop in the same run, request to delivered webhook.',
      `Meanwhile another merchant's payments arrive at ${shape.perSecond} a second, timed from when each ` +
        "should have begun, less Daraja's and the customer's own time: without the backlog → with it.",
    ],
  }
}
