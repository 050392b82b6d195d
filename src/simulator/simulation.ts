// The state of one simulator, which its routes share.
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { type CallbackSender, createCallbackSender } from './callback-sender.ts'
import { type Changes, createChanges } from './changes.ts'
import { type Credentials, createCredentials, type SimulatorCredential } from './credentials.ts'
import { createDarajaIds, type DarajaIds } from './daraja-ids.ts'
import { DEFAULT_FAULTS, type Faults } from './faults.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createPhones, type Phones } from './phones.ts'
import { createPrompts, type Prompts } from './prompts.ts'
import { DEFAULT_PULL_SWITCHES, type PullSwitches } from './pull-switches.ts'
import { createQueryLimit, type QueryLimit } from './query-limit.ts'
import { createTimers, type Timers } from './timers.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** Everything that one simulator remembers. */
export type Simulation = {
  clock: Clock
  log: Logger
  random: () => number
  timers: Timers
  ids: DarajaIds
  /** The switches as they are now; replaced as a whole. */
  faults: Faults
  /** The switches of the statement; replaced as a whole as well. */
  pull: PullSwitches
  /** The shortcodes that were registered for the statement. */
  pullShortcodes: Set<string>
  credentials: Credentials
  tokens: Tokens
  ledger: Ledger
  prompts: Prompts
  phones: Phones
  changes: Changes
  /** How to end each page's connection. */
  streams: Set<() => void>
  callbacks: CallbackSender
  queryLimit: QueryLimit
}

/** Enough for a drill of a million payments to be checked as it goes, and some 150 MB at most. */
const LEDGER_CAPACITY = 200_000

/** A simulator's state, before anything happened. */
export function createSimulation(
  deps: { clock: Clock; log: Logger; random: () => number },
  options: {
    speed: number
    credentials: readonly SimulatorCredential[]
    clockFactor?: number
    ledgerCapacity?: number
  },
): Simulation {
  const timers = createTimers(options.speed, options.clockFactor)
  const ids = createDarajaIds(deps)
  const changes = createChanges()
  return {
    ...deps,
    timers,
    ids,
    faults: DEFAULT_FAULTS,
    pull: DEFAULT_PULL_SWITCHES,
    pullShortcodes: new Set(),
    credentials: createCredentials(options.credentials),
    tokens: createTokens({ clock: deps.clock, makeToken: ids.token }),
    ledger: createLedger(options.ledgerCapacity ?? LEDGER_CAPACITY, changes.entry),
    prompts: createPrompts({ onChange: changes.phone }),
    phones: createPhones({
      afterReal: (delayMs, run) => void timers.after(timers.simulatedMs(delayMs), run),
      onChange: changes.phone,
    }),
    changes,
    streams: new Set(),
    callbacks: createCallbackSender(),
    queryLimit: createQueryLimit({ clock: deps.clock, timers }),
  }
}
