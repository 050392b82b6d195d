// Several gateway processes by the one setting, on one PostgreSQL: what they carry together, and whether any
// of them does what another has done.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkLedgers } from '../ledger-check.ts'
import type { BenchOptions } from '../options.ts'
import { type Phase, runPhase } from '../phase.ts'
import { spreadText, tellPhases } from '../phase-table.ts'
import type { Scenario, ScenarioResult, Table } from '../scenario.ts'
import { type Stage, setDelays, setStage } from '../stage.ts'
import { spread } from '../statistics.ts'
import { type Measured, runSubjectRounds } from '../subject-rounds.ts'
import { gatewaySubject } from '../subjects.ts'

const COUNTS = [1, 2, 4]
const SECONDS = 6
const ROUNDS = 3
/** Of a gateway that has only just started, whose code is not yet compiled. */
const WARM_UP_SECONDS = 3
const CONNECTIONS = [64]
const COUNT_MAX = 100_000
const SETTLE_SECONDS = 30
const START_SECONDS = 90
/** Accepted while Daraja answers slowly, and so queued, and claimed by the sweeps of all processes. */
const QUEUED_SECONDS = 2
const QUEUED_MAX = 4_000
const SLOW_MS = 2_000
const NO_DELAY = { pushMs: 0, callbackMs: 0 }
/** Of the gateway's log, a line an attempt at a webhook. */
const ATTEMPT = '"msg":"webhook attempt"'
const TAKEN_OVER = '"state":"taken_over"'

/** One, two and four processes. */
export const processes: Scenario = {
  name: 'processes',
  about: 'payments a second and their cost with 1, 2 and 4 gateway processes (--gateways N: only N)',
  isQuick: true,
  limitSeconds(options) {
    const { counts, seconds, rounds, connections } = shapeOf(options)
    const phases = counts.length * (rounds * connections.length + 1)
    return START_SECONDS + phases * (seconds + WARM_UP_SECONDS + QUEUED_SECONDS + 3 * SETTLE_SECONDS)
  },
  async run({ options, dir, stack, say }) {
    const { counts, seconds, rounds, connections } = shapeOf(options)
    const stage = await setStage(stack, dir, { count: 0 })
    const plan = {
      rounds,
      connections,
      subjects: counts.map((count) => ({ name: nameOf(count), count })),
      say,
    }
    let accepted = 0
    const measured = await runSubjectRounds(plan, async ({ name, count }, width) => {
      const gateway = await stage.startGateway({ SUKUMA_PROCESSES: String(count) })
      const subject = { ...gatewaySubject([gateway], stage), name }
      const shape = { kind: 'pay', connections: width, countMax: COUNT_MAX } as const
      const warmUp = await runPhase(stage, subject, { ...shape, seconds: Math.min(seconds, WARM_UP_SECONDS) })
      const phase = await runPhase(stage, subject, { ...shape, seconds })
      accepted += warmUp.count + phase.count + (await queueUp(stage, subject, width))
      await gateway.stop()
      return phase
    })
    await checkLedgers(stage, { accepted, others: 0 })
    return summarise(measured, { seconds, rounds, accepted, attempts: await readAttempts(dir) })
  },
}

const nameOf = (count: number) => (count === 1 ? '1 process' : `${count} processes`)

/** Has payments wait in the queue, from which every process takes; resolves to how many. */
async function queueUp(
  stage: Stage,
  subject: ReturnType<typeof gatewaySubject>,
  connections: number,
): Promise<number> {
  await setDelays(stage, { ...NO_DELAY, pushMs: SLOW_MS })
  const shape = { kind: 'accept', connections, seconds: QUEUED_SECONDS, countMax: QUEUED_MAX } as const
  const { count } = await runPhase(stage, subject, shape, () => setDelays(stage, NO_DELAY))
  return count
}

type Attempts = { made: number; takenOver: number }

/** An attempt whose lease another process had taken over is work done twice. */
async function readAttempts(dir: string): Promise<Attempts> {
  const lines = (await readFile(join(dir, 'gateway.log'), 'utf8')).split('\n')
  const made = lines.filter((line) => line.includes(ATTEMPT))
  return { made: made.length, takenOver: made.filter((line) => line.includes(TAKEN_OVER)).length }
}

function summarise(
  measured: Measured<Phase>,
  run: { seconds: number; rounds: number; accepted: number; attempts: Attempts },
): ScenarioResult {
  const [first] = measured
  const to = first === undefined ? [] : [first.subject]
  const tables: Table[] = []
  const figures: ScenarioResult['figures'] = {}
  for (const { subject } of measured.filter((each) => each !== first)) {
    const told = tellPhases(measured, { of: subject, to })
    if (tables.length === 0) tables.push(...told.tables)
    Object.assign(figures, told.figures)
  }
  if (tables.length === 0) Object.assign(tables, tellPhases(measured, { of: '', to: [] }).tables)
  const { made, takenOver } = run.attempts
  const gains = measured.map(({ subject, rounds }) => [
    subject,
    spreadText(
      spread(rounds.map((phase, round) => phase.perSecond / (first?.rounds[round]?.perSecond ?? Number.NaN))),
      2,
    ),
  ])
  tables.push({ title: 'To the first', columns: ['', 'payments a second'], rows: gains })
  return {
    name: 'processes',
    title: 'Several processes on one PostgreSQL',
    tables,
    figures: {
      ...figures,
      takenOverShare: made === 0 ? null : takenOver / made,
      checkedPayments: run.accepted,
    },
    plots: [],
    notes: [
      `${run.rounds} rounds of ${run.seconds} s by turns, each in a gateway started for it. After each, ` +
        'payments queue up behind a slow Daraja, so that all processes claim from the same queue.',
      `No work was done twice: all ${run.accepted} payments were prompted once and told of once. ` +
        `Of ${made} attempts at webhooks ${takenOver} had been taken over by another process meanwhile.`,
    ],
  }
}

function shapeOf({ seconds, rounds, connections, gateways }: BenchOptions) {
  return {
    counts: gateways === null ? COUNTS : [gateways],
    seconds: seconds ?? SECONDS,
    rounds: rounds ?? ROUNDS,
    connections: connections ?? CONNECTIONS,
  }
}
