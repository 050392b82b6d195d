// What a gateway takes that has nothing to do: after its start, and after it was busy.
import { setTimeout as delay } from 'node:timers/promises'
import { checkLedgers } from '../ledger-check.ts'
import { runPhase } from '../phase.ts'
import { spreadText } from '../phase-table.ts'
import { readFamilyBytes, readFamilyMs } from '../processor-time.ts'
import type { Scenario, ScenarioResult } from '../scenario.ts'
import { type Stage, setStage } from '../stage.ts'
import { type Spread, spreadOfKnown } from '../statistics.ts'
import { gatewaySubject } from '../subjects.ts'

const SECONDS = 20
const ROUNDS = 3
/** From the start, or the last payment, until connections, caches and garbage have had their time. */
const REST_MS = 8_000
const BUSY = { kind: 'pay', connections: 64, seconds: 5, countMax: 20_000 } as const
const START_SECONDS = 120
const MS_PER_SECOND = 1_000
const BYTES_PER_MB = 1_048_576

type Idle = { gatewayPercent: number | null; postgresPercent: number | null; residentMb: number | null }

/** Processor time and memory without work; the database is a process of its own. */
export const idle: Scenario = {
  name: 'idle',
  about: 'processor time and memory of a gateway with nothing to do (--seconds N a phase)',
  isQuick: true,
  limitSeconds: ({ seconds, rounds }) =>
    START_SECONDS + 2 * (rounds ?? ROUNDS) * ((seconds ?? SECONDS) + REST_MS / MS_PER_SECOND),
  async run({ options, dir, stack, say }) {
    const stage = await setStage(stack, dir, {})
    const [seconds, rounds] = [options.seconds ?? SECONDS, options.rounds ?? ROUNDS]
    say('after the start')
    const fresh = await measure(stage, { seconds, rounds })
    say('busy for a moment')
    const { count } = await runPhase(stage, gatewaySubject(stage.gateways, stage), BUSY)
    await checkLedgers(stage, { accepted: count, others: 0 })
    say('after that')
    return summarise({ fresh, after: await measure(stage, { seconds, rounds }) }, { seconds, rounds, count })
  },
}

async function measure(stage: Stage, plan: { seconds: number; rounds: number }): Promise<Idle[]> {
  const pids = [stage.gateways[0]?.pid ?? 0, stage.postgres.pid]
  await delay(REST_MS)
  const found: Idle[] = []
  while (found.length < plan.rounds) {
    const before = await Promise.all(pids.map(readFamilyMs))
    const startedAt = performance.now()
    await delay(plan.seconds * MS_PER_SECOND)
    const after = await Promise.all(pids.map(readFamilyMs))
    const elapsedMs = performance.now() - startedAt
    const [gatewayPercent = null, postgresPercent = null] = after.map((to, index) => {
      const from = before[index] ?? null
      return to === null || from === null ? null : (100 * (to - from)) / elapsedMs
    })
    const bytes = await readFamilyBytes(pids[0] ?? 0)
    found.push({ gatewayPercent, postgresPercent, residentMb: bytes === null ? null : bytes / BYTES_PER_MB })
  }
  return found
}

function summarise(
  measured: { fresh: Idle[]; after: Idle[] },
  { seconds, rounds, count }: { seconds: number; rounds: number; count: number },
): ScenarioResult {
  const figures: Record<string, Spread | null> = {}
  const line = (title: string, name: keyof Idle, digits: number) => {
    const cells = Object.entries(measured).map(([when, found]) => {
      const figure = spreadOfKnown(found.map((each) => each[name]))
      figures[`${when}.${name}`] = figure
      return spreadText(figure, digits)
    })
    return [title, ...cells]
  }
  const rows = [
    line('processor time of the gateway, % of a core', 'gatewayPercent', 2),
    line('processor time of PostgreSQL, % of a core', 'postgresPercent', 2),
    line('resident memory of the gateway, MB', 'residentMb', 0),
  ]
  return {
    name: 'idle',
    title: 'With nothing to do',
    tables: [{ title: '', columns: ['', 'after the start', 'after being busy'], rows }],
    figures,
    plots: [],
    notes: [
      `${rounds} times ${seconds} s each, in brackets their extent. Busy: ${count} payments in ` +
        `${BUSY.seconds} s. The system counts processor time in hundredths of a second. PostgreSQL is a ` +
        'process of its own, whose memory is not in these figures.',
    ],
  }
}
