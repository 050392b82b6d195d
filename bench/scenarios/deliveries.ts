// Webhooks a second: the gateway's own delivery engine beside the engines that people would pick, all sending
// the same signed POSTs to the same receiver, in turn.
import { resolve } from 'node:path'
import { setDeliveryStage } from '../engines/delivery-stage.ts'
import { installEngines } from '../engines/install-engines.ts'
import { type Drain, measureDrain, type Subject } from '../engines/subject.ts'
import { bareSubject, bullSubject, gatewaySubject, graphileSubject } from '../engines/subjects.ts'
import { type BenchOptions, readSetNumber } from '../options.ts'
import type { Scenario, ScenarioContext, ScenarioResult, Table } from '../scenario.ts'
import { type Spread, spread, spreadOfKnown } from '../statistics.ts'

const ROUNDS = 3
const COUNT = 10_000
const COUNT_MAX = 200_000
/** Of the first round, which warms everything up and is not counted. */
const WARM_UP_SHARE = 5
const SUBJECTS = 6
/** The slowest of them sends some hundred a second. */
const PER_SECOND_MIN = 150
const SETUP_SECONDS = 240

const countOf = (options: BenchOptions) => readSetNumber(options, 'count', COUNT, COUNT_MAX)

/** Deliveries due after an outage, drained by each engine. */
export const deliveries: Scenario = {
  name: 'deliveries',
  about: 'webhooks a second beside graphile-worker and BullMQ (--set count=N webhooks each)',
  isQuick: true,
  limitSeconds(options) {
    const rounds = (options.rounds ?? ROUNDS) + 1
    return SETUP_SECONDS + Math.ceil((rounds * SUBJECTS * countOf(options)) / PER_SECOND_MIN)
  },
  async run(context) {
    const { options, dir, stack, say } = context
    const profileDir = options.profileDir === null ? null : resolve(options.profileDir)
    const stage = await setDeliveryStage(stack, dir, { merchants: 1, endpoints: 1, profileDir })
    const missing: string[] = []
    const subjects =
      profileDir === null
        ? await findSubjects(context, stage, missing)
        : { ours: gatewaySubject(stage), others: [] }
    const all = [subjects.ours, ...subjects.others]
    const count = countOf(options)
    const drains = new Map<Subject, Drain[]>(all.map((subject) => [subject, []]))
    for (let round = 0; round <= (options.rounds ?? ROUNDS); round += 1) {
      const size = round === 0 ? Math.ceil(count / WARM_UP_SHARE) : count
      for (const subject of all) {
        say(`${round === 0 ? 'warming up' : `round ${round}`}, ${subject.name}`)
        const drain = await measureDrain(subject, stage.receiver, size)
        if (round > 0) drains.get(subject)?.push(drain)
      }
    }
    return summarise(drains, { count, bodyBytes: stage.example.body.length, missing })
  },
}

async function findSubjects(
  { stack, dir, say }: ScenarioContext,
  stage: Awaited<ReturnType<typeof setDeliveryStage>>,
  missing: string[],
): Promise<{ ours: Subject; others: Subject[] }> {
  const ours = gatewaySubject(stage)
  const others: Subject[] = [bareSubject(stack, stage)]
  const failure = await installEngines(say)
  if (failure !== null) {
    missing.push(`graphile-worker and BullMQ could not be installed and are not measured: ${failure}.`)
    return { ours, others }
  }
  others.push(await graphileSubject(stack, stage, { batched: false }))
  others.push(await graphileSubject(stack, stage, { batched: true }))
  for (const flush of ['everysec', 'always'] as const) {
    const bull = await bullSubject(stack, stage, { dir, flush })
    if (bull !== null) others.push(bull)
    else if (flush === 'everysec') {
      missing.push('BullMQ is not measured: this machine has neither redis-server nor valkey-server.')
    }
  }
  return { ours, others }
}

function summarise(
  drains: ReadonlyMap<Subject, Drain[]>,
  { count, bodyBytes, missing }: { count: number; bodyBytes: number; missing: string[] },
): ScenarioResult {
  const [[, ours] = [null, []]] = drains
  const figures: ScenarioResult['figures'] = {}
  const rows: Table['rows'] = []
  for (const [{ name }, each] of drains) {
    const perSecond = spread(each.map((drain) => drain.perSecond))
    // Round by round, so that whatever else the machine did met both.
    const ratio = spread(each.map((drain, round) => (ours[round]?.perSecond ?? 0) / drain.perSecond))
    const [engineMs, storeMs] = [
      spreadOfKnown(each.map((drain) => drain.engineMsEach)),
      spreadOfKnown(each.map((drain) => drain.storeMsEach)),
    ]
    const key = keyOf(name)
    figures[`${key}PerSecond`] = perSecond
    figures[`${key}EngineMs`] = engineMs
    figures[`${key}StoreMs`] = storeMs
    if (each !== ours) figures[`sukumaTo${key.charAt(0).toUpperCase()}${key.slice(1)}`] = ratio
    rows.push([
      name,
      Math.round(perSecond.median),
      `${Math.round(perSecond.min)} to ${Math.round(perSecond.max)}`,
      shown(engineMs, 3),
      shown(storeMs, 3),
      each === ours ? null : shown(ratio, 2),
    ])
  }
  const columns = ['', 'webhooks/s', 'lowest to highest', 'engine CPU, ms', 'store CPU, ms', 'Sukuma to it']
  return {
    name: 'deliveries',
    title: 'Webhook deliveries beside other engines',
    tables: [{ title: `${count} webhooks of ${bodyBytes} bytes a round`, columns, rows }],
    figures,
    plots: [],
    notes: [...NOTES, ...missing],
  }
}

const NOTES = [
  'Every webhook came exactly once in every round; of one in fifty the signature was verified. ' +
    'CPU is of one webhook.',
  'Each engine runs in one process, with 64 webhooks under way, work that lay ready before, and its store ' +
    'on the same machine. Only the gateway guards against internal addresses, keeps each attempt with its ' +
    "answer, and keeps each payment's events in order.",
  'graphile-worker: one job a webhook, on the same PostgreSQL, fsync on; batched as its manual advises (a ' +
    'local queue of 500, completions in batches). BullMQ: a Redis of its own with its log on; with ' +
    'everysec a crash loses up to a second of what it acknowledged, with always nothing, as with PostgreSQL.',
]

function shown(value: Spread | null, digits: number): number | null {
  return value === null ? null : Number(value.median.toFixed(digits))
}

/** "graphile-worker, batched" as a name in JSON: graphileWorkerBatched. */
function keyOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z]+/g) ?? []
  return words.map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('')
}
