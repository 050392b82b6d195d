// Many merchants: what a payment costs when ten thousand merchants pay by turns, beside one that pays alone.
import { checkLedgers } from '../ledger-check.ts'
import { type BenchOptions, readSetNumber } from '../options.ts'
import { type Phase, runPhase } from '../phase.ts'
import { groupTable, tellPhases } from '../phase-table.ts'
import type { Scenario, ScenarioResult } from '../scenario.ts'
import { setStage } from '../stage.ts'
import { type Spread, spreadOfKnown } from '../statistics.ts'
import { type Measured, runSubjectRounds } from '../subject-rounds.ts'
import { gatewaySubject } from '../subjects.ts'

/** Long enough for each of ten thousand to pay in the warm-up: what is remembered of them is read once. */
const SECONDS = 15
const ROUNDS = 3
const CONNECTIONS = [64]
const MERCHANTS = 10_000
const MERCHANTS_MAX = 100_000
const COUNT_MAX = 100_000
const SETTLE_SECONDS = 15
const START_SECONDS = 90
/** They are made one by one, each with a key, a shortcode and an endpoint. */
const MADE_A_SECOND = 80

/** One merchant against many. */
export const merchants: Scenario = {
  name: 'merchants',
  about: 'the cost of a payment with one merchant and with 10,000 (--set merchants=N)',
  isQuick: true,
  limitSeconds(options) {
    const { seconds, rounds, connections, count } = shapeOf(options)
    const phases = 2 * (rounds * connections.length + 1)
    return START_SECONDS + Math.ceil(count / MADE_A_SECOND) + phases * (seconds + SETTLE_SECONDS)
  },
  async run({ options, dir, stack, say }) {
    const { seconds, rounds, connections, count } = shapeOf(options)
    say(`making ${count} merchants`)
    const stage = await setStage(stack, dir, { merchants: count, profileDir: options.profileDir })
    const gateway = gatewaySubject(stage.gateways, stage)
    // Each merchant signs with a secret of its own; those of one are checked.
    const many = { ...gateway, name: NAMES.many, apiKey: stage.apiKeys, webhookSecret: null }
    const subjects = [{ ...gateway, name: NAMES.one }, many]
    let accepted = 0
    const plan = { rounds, connections, subjects, say }
    const measured = await runSubjectRounds(plan, async (subject, width) => {
      const shape = { kind: 'pay', connections: width, seconds, countMax: COUNT_MAX } as const
      const phase = await runPhase(stage, subject, shape)
      accepted += phase.count
      return phase
    })
    await checkLedgers(stage, { accepted, others: 0 })
    return summarise(measured, { count, rounds, seconds, accepted })
  },
}

const NAMES = { one: 'one merchant', many: 'many merchants' }

function summarise(
  measured: Measured<Phase>,
  shape: { count: number; rounds: number; seconds: number; accepted: number },
): ScenarioResult {
  const { tables, figures } = tellPhases(measured, { of: NAMES.many, to: [NAMES.one] })
  return {
    name: 'merchants',
    title: `One merchant and ${shape.count}`,
    tables: [...tables, groupTable(measured, NAMES.many)],
    figures: { ...figures, costManyToOne: costRatio(measured), checkedPayments: shape.accepted },
    plots: [],
    notes: [
      `${shape.rounds} rounds of ${shape.seconds} s by turns on one gateway. Each of the ${shape.count} ` +
        'merchants has a key, a shortcode and an endpoint of its own, and they pay one after the other. ' +
        'A round before these lets each pay for the first time.',
    ],
  }
}

/** Processor time of gateway and PostgreSQL together for a payment, round by round. */
function costRatio(measured: Measured<Phase>): Spread | null {
  const costs = (name: string) =>
    measured
      .filter(({ subject }) => subject === name)
      .flatMap(({ rounds }) => rounds)
      .map(({ cpu: { server, postgres } }) =>
        server === null || postgres === null ? null : server + postgres,
      )
  const one = costs(NAMES.one)
  return spreadOfKnown(
    costs(NAMES.many).map((cost, round) => {
      const base = one[round] ?? null
      return cost === null || base === null || base === 0 ? null : cost / base
    }),
  )
}

function shapeOf(options: BenchOptions) {
  const { seconds, rounds, connections } = options
  return {
    seconds: seconds ?? SECONDS,
    rounds: rounds ?? ROUNDS,
    connections: connections ?? CONNECTIONS,
    count: readSetNumber(options, 'merchants', MERCHANTS, MERCHANTS_MAX),
  }
}
