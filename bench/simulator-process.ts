// The process of M-Pesa: the built-in simulator, whose customers pay at once.
import { systemClock } from '../src/clock.ts'
import { silentLogger } from '../src/log.ts'
import { startSimulator } from '../src/simulator/simulator.ts'
import { serveCalls } from './child-process.ts'

/** What really happened: prompts shown, and phones that were shown one. */
export type Prompts = { prompts: number; phones: number }

const simulator = await startSimulator(
  { clock: systemClock, log: silentLogger },
  { host: '127.0.0.1', port: 0 },
)

serveCalls({
  url: () => simulator.url,
  /** How long every push from now on waits for its answer, in milliseconds. */
  hold: (pushDelayMs) => simulator.setFaults({ callbackDelayMs: 0, pushDelayMs: Number(pushDelayMs) }),
  prompts(): Prompts {
    const shown = simulator.ledger().filter((entry) => entry.promptShown)
    return { prompts: shown.length, phones: new Set(shown.map((entry) => entry.phone)).size }
  },
})
