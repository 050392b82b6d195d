// What a run comes to: medians over its rounds, with the lowest and the highest beside them.
import type { Memory } from './processor-time.ts'
import type { Phase, Round } from './rounds.ts'
import type { StartTimes } from './start-times.ts'
import { type Spread, spread, spreadOfKnown } from './statistics.ts'

/** One phase over all rounds. */
export type PhaseFigures = {
  perSecond: Spread
  p50Ms: Spread
  p99Ms: Spread
  /** Processor time per payment; null where the system tells none. */
  serverMsEach: Spread | null
  postgresMsEach: Spread | null
  othersMsEach: Spread | null
}

/** A whole run, as `--json` prints it. */
export type Figures = {
  machine: { node: string; cores: number; processor: string; postgres: string }
  shape: { rounds: number; seconds: number; connections: number }
  payments: PhaseFigures
  accepts: PhaseFigures | null
  baseline: PhaseFigures | null
  /** Accepts a second of the gateway to those of the baseline, round by round. */
  acceptsToBaseline: Spread | null
  backlogPerSecond: Spread | null
  memory: { before: Memory | null; after: Memory | null }
  starts: StartTimes | null
  /** Payments accepted, prompted, paid, settled and told of in the whole run, warm-up included. */
  checkedPayments: number
}

/** The figures that come from the rounds alone. */
export function summariseRounds(
  rounds: readonly Round[],
): Pick<Figures, 'payments' | 'accepts' | 'baseline' | 'acceptsToBaseline' | 'backlogPerSecond'> {
  const ratios = rounds.map(({ accepts, baseline }) =>
    accepts === null || baseline === null ? null : accepts.perSecond / baseline.perSecond,
  )
  return {
    payments: summarise(rounds.map((round) => round.payments)),
    accepts: summariseKnown(rounds.map((round) => round.accepts)),
    baseline: summariseKnown(rounds.map((round) => round.baseline)),
    acceptsToBaseline: spreadOfKnown(ratios),
    backlogPerSecond: spreadOfKnown(rounds.map((round) => round.backlogPerSecond)),
  }
}

function summariseKnown(phases: readonly (Phase | null)[]): PhaseFigures | null {
  const known = phases.filter((phase) => phase !== null)
  return known.length === 0 ? null : summarise(known)
}

function summarise(phases: readonly Phase[]): PhaseFigures {
  return {
    perSecond: spread(phases.map((phase) => phase.perSecond)),
    p50Ms: spread(phases.map((phase) => phase.p50Ms)),
    p99Ms: spread(phases.map((phase) => phase.p99Ms)),
    serverMsEach: spreadOfKnown(phases.map((phase) => phase.serverMsEach)),
    postgresMsEach: spreadOfKnown(phases.map((phase) => phase.postgresMsEach)),
    othersMsEach: spreadOfKnown(phases.map((phase) => phase.othersMsEach)),
  }
}
