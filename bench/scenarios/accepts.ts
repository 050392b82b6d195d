// Durable accepts, from request to 202: the gateway beside a bare server that does the same grouped insert,
// and beside plain.
import { checkLedgers } from '../ledger-check.ts'
import type { BenchOptions } from '../options.ts'
import { type Phase, runPhase } from '../phase.ts'
import { groupTable, phasePlot, tellPhases } from '../phase-table.ts'
import type { Scenario } from '../scenario.ts'
import { type Stage, setDelays, setStage } from '../stage.ts'
import { runSubjectRounds } from '../subject-rounds.ts'
import { gatewaySubject, type Subject, startBareInsert, startPlain } from '../subjects.ts'

const SECONDS = 4
const ROUNDS = 3
const CONNECTIONS = [64, 256]
/**
 * What was accepted must be worked off well within its 120 s of life, by *plain* too; and a phase must last
 * beyond its first moments, in which the gateway also sends the pushes that Daraja then holds.
 */
const COUNT_MAX = 20_000
/** While accepts are measured Daraja takes this long, so that nearly all of them wait in the queue. */
const HOLD_MS = 2_000
const SETTLE_SECONDS = 45
const START_SECONDS = 60

/** Accepts a second, and what each costs. */
export const accepts: Scenario = {
  name: 'accepts',
  about: 'durable accepts a second, beside a bare grouped insert and plain',
  isQuick: true,
  limitSeconds(options) {
    const { seconds, rounds, connections } = shapeOf(options)
    return START_SECONDS + 3 * (rounds * connections.length + 1) * (seconds + SETTLE_SECONDS)
  },
  async run({ options, dir, stack, say }) {
    const { seconds, rounds, connections } = shapeOf(options)
    const stage = await setStage(stack, dir, { profileDir: options.profileDir })
    const gateway = gatewaySubject(stage.gateways, stage)
    const bare = await startBareInsert(stack, stage)
    const plain = await startPlain(stack, stage)
    const made = new Map<Subject, number>()
    const plan = { rounds, connections, subjects: [gateway, bare, plain], say }
    const measured = await runSubjectRounds(plan, async (subject, width) => {
      const phase = await accept(stage, subject, { connections: width, seconds })
      made.set(subject, (made.get(subject) ?? 0) + phase.count)
      return phase
    })
    const accepted = made.get(gateway) ?? 0
    await checkLedgers(stage, { accepted, others: made.get(plain) ?? 0 })
    const kept = await bare.count()
    if (kept !== made.get(bare)) throw new Error(`the bare insert kept ${kept}, and not ${made.get(bare)}`)
    const { tables, figures } = tellPhases(measured, { of: 'gateway', to: ['bare insert', 'plain'] })
    return {
      name: 'accepts',
      title: 'Accepts, from request to 202',
      tables: [...tables, groupTable(measured, 'gateway')],
      figures: { ...figures, checkedPayments: accepted },
      plots: [phasePlot(measured, 'Accepts a second')],
      notes: [
        `${rounds} rounds of at most ${seconds} s and ${COUNT_MAX} payments; in brackets their extent.`,
        `Daraja takes ${HOLD_MS} ms for an answer meanwhile: nearly all payments wait in the queue.`,
        `All ${accepted} payments of the gateway were then prompted once, succeeded, and were told of once.`,
      ],
    }
  },
}

async function accept(
  stage: Stage,
  subject: Subject,
  shape: { connections: number; seconds: number },
): Promise<Phase> {
  await setDelays(stage, { pushMs: HOLD_MS, callbackMs: 0 })
  const release = () => setDelays(stage, { pushMs: 0, callbackMs: 0 })
  return runPhase(stage, subject, { kind: 'accept', countMax: COUNT_MAX, ...shape }, release)
}

function shapeOf({ seconds, rounds, connections }: BenchOptions) {
  return {
    seconds: seconds ?? SECONDS,
    rounds: rounds ?? ROUNDS,
    connections: connections ?? CONNECTIONS,
  }
}
