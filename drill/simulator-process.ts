// The process of Safaricom and of the networks around it. It is never killed: its ledger is the truth.
import { serveCalls } from '../bench/child-process.ts'
import { scaledClock } from '../src/clock.ts'
import { silentLogger } from '../src/log.ts'
import { type Faults, type LedgerEntry, type Simulator, startSimulator } from '../src/simulator/simulator.ts'
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

const state: { simulator: Simulator | null; network: Network | null; ledger: LedgerEntry[] } = {
  simulator: null,
  network: null,
  ledger: [],
}

serveCalls({
  async start(argument): Promise<SafaricomPlace> {
    const { epochMs, clockFactor, seed, ledgerCapacity, gatewayPorts } = readOrder(argument)
    const clock = scaledClock(epochMs, clockFactor)
    const random = createSeededRandom(seed).next
    state.simulator = await startSimulator(
      { clock, log: silentLogger, random },
      { host: '127.0.0.1', port: 0, clockFactor, ledgerCapacity },
    )
    state.network = await createNetwork(state.simulator.port)
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
    state.ledger = state.simulator?.ledger() ?? []
    return state.ledger.length
  },
  ledger(argument): LedgerEntry[] {
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
