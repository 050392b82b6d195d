// The process of Safaricom and of the networks around it. It is never killed: its ledger is the truth.
import { serveCalls } from '../bench/child-process.ts'
import { scaledClock } from '../src/clock.ts'
import { silentLogger } from '../src/log.ts'
import { type Faults, type Simulator, startSimulator } from '../src/simulator/simulator.ts'
import { type Arrivals, type ArrivedPush, createArrivals } from './arrivals.ts'
import { startFront } from './front.ts'
import { createNetwork, type Network } from './network.ts'
import type { NetworkTrouble } from './plan.ts'
import { createSeededRandom } from './seeded-random.ts'

/** What it is started with. Both gateways stand behind one public address. */
export type SafaricomOrder = {
  epochMs: number
  clockFactor: number
  seed: number
  ledgerCapacity: number
  gatewayPorts: number[]
}
/** Where the gateways find Daraja, and where Daraja finds them. */
export type SafaricomPlace = { darajaUrl: string; publicUrl: string }
/** Some entries of the ledger, oldest first. */
export type LedgerPage = { from: number; count: number }

type State = {
  simulator: Simulator | null
  network: Network | null
  arrivals: Arrivals | null
  ledger: ArrivedPush[]
}

const state: State = { simulator: null, network: null, arrivals: null, ledger: [] }

serveCalls({
  async start(argument): Promise<SafaricomPlace> {
    const { epochMs, clockFactor, seed, ledgerCapacity, gatewayPorts } = readOrder(argument)
    const clock = scaledClock(epochMs, clockFactor)
    const random = createSeededRandom(seed).next
    state.simulator = await startSimulator(
      { clock, log: silentLogger, random },
      { host: '127.0.0.1', port: 0, clockFactor, ledgerCapacity },
    )
    state.arrivals = createArrivals(clock)
    state.network = await createNetwork({ arrivals: state.arrivals }, state.simulator.port)
    const front = await startFront(gatewayPorts)
    return {
      darajaUrl: `http://127.0.0.1:${state.network.port}`,
      publicUrl: `http://127.0.0.1:${front.port}`,
    }
  },
  faults: (argument) => state.simulator?.setFaults(readFaults(argument)),
  network: (argument) => state.network?.set(readTrouble(argument)),
  /** Freezes what `ledger` reads; resolves to the number of entries. */
  closeLedger() {
    const { simulator, arrivals } = state
    if (simulator === null || arrivals === null) throw new Error('the simulator was not started')
    state.ledger = simulator.ledger().map(arrivals.of)
    return state.ledger.length
  },
  ledger(argument): ArrivedPush[] {
    const { from, count } = readPage(argument)
    return state.ledger.slice(from, from + count)
  },
})

/** All four come from the drill itself, over the channel. */
function readOrder(argument: unknown): SafaricomOrder {
  return argument as SafaricomOrder
}

function readFaults(argument: unknown): Partial<Faults> {
  return argument as Partial<Faults>
}

function readTrouble(argument: unknown): NetworkTrouble | null {
  return argument as NetworkTrouble | null
}

function readPage(argument: unknown): LedgerPage {
  return argument as LedgerPage
}
