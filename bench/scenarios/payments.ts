// Payments in a closed loop, from request to delivered webhook: the gateway beside the floor and plain.
import { resolve } from 'node:path'
import { hotShare, readTableCosts } from '../cost-store.ts'
import { checkLedgers } from '../ledger-check.ts'
import type { BenchOptions } from '../options.ts'
import { runPhase } from '../phase.ts'
import { groupTable, phasePlot, tellPhases } from '../phase-table.ts'
import type { Scenario, ScenarioContext } from '../scenario.ts'
import { type Bed, setStage } from '../stage.ts'
import { runSubjectRounds } from '../subject-rounds.ts'
import { gatewaySubject, type Subject, startFloor, startPlain } from '../subjects.ts'

const SECONDS = 4
const ROUNDS = 3
const CONNECTIONS = [64, 256]
const WARM_UP_SECONDS = 4
const COUNT_MAX = 100_000
/** A phase, with what is left to settle when its time is over. */
const SETTLE_SECONDS = 15
const START_SECONDS = 60

/** Payments a second, and what each costs. */
export const payments: Scenario = {
  name: 'payments',
  about: 'payments a second, accept to delivered webhook, and their cost, beside floor and plain',
  isQuick: true,
  limitSeconds(options) {
    const { seconds, rounds, connections } = shapeOf(options)
    return START_SECONDS + 3 * (rounds * connections.length + 1) * (seconds + SETTLE_SECONDS)
  },
  async run(context) {
    const { options, dir, stack, say } = context
    const { seconds, rounds, connections } = shapeOf(options)
    const stage = await setStage(stack, dir, { profileDir: options.profileDir })
    const gateway = gatewaySubject(stage.gateways, stage)
    const others = options.profileDir === null ? await startOthers(context, stage) : []
    const made = { accepted: 0, others: 0 }
    const plan = { rounds, connections, subjects: [gateway, ...others], say }
    const measured = await runSubjectRounds(plan, async (subject, width, isWarmUp) => {
      const length = isWarmUp ? Math.min(seconds, WARM_UP_SECONDS) : seconds
      const shape = { kind: 'pay', connections: width, seconds: length, countMax: COUNT_MAX } as const
      const phase = await runPhase(stage, subject, shape)
      made[subject === gateway ? 'accepted' : 'others'] += phase.count
      return phase
    })
    await checkLedgers(stage, made)
    const { tables, figures } = tellPhases(measured, { of: 'gateway', to: others.map(({ name }) => name) })
    const hot = hotShare(await readTableCosts(stage.db))
    return {
      name: 'payments',
      title: 'Payments, from request to delivered webhook',
      tables: [...tables, groupTable(measured, 'gateway')],
      figures: { ...figures, hotShare: hot, checkedPayments: made.accepted },
      plots: [phasePlot(measured, 'Payments a second')],
      notes: [
        `${rounds} rounds of ${seconds} s; in brackets their extent.`,
        `All ${made.accepted} payments of the gateway were prompted once, succeeded, and were told of once.`,
        `Updates that touched no index (HOT): ${hot === null ? 'unknown' : `${Math.round(hot * 100)} %`}.`,
        ...(options.profileDir === null ? [] : [`Profile: ${resolve(options.profileDir)}`]),
      ],
    }
  },
}

/** Floor and plain; a profile is taken of the gateway alone. */
async function startOthers({ stack }: ScenarioContext, bed: Bed): Promise<Subject[]> {
  return [await startFloor(stack, bed), await startPlain(stack, bed)]
}

function shapeOf({ seconds, rounds, connections }: BenchOptions) {
  return {
    seconds: seconds ?? SECONDS,
    rounds: rounds ?? ROUNDS,
    connections: connections ?? CONNECTIONS,
  }
}
