// The built-in Daraja simulator: Safaricom's API on its own port, with phones that answer and faults to set.
import type { Server } from 'node:http'
import type { Clock } from '../clock.ts'
import { httpUrl } from '../http-url.ts'
import type { Logger } from '../log.ts'
import type { PageFiles } from '../page-files.ts'
import { DEFAULT_CREDENTIALS, type SimulatorCredential } from './credentials.ts'
import { type Faults, parseFaults } from './faults.ts'
import type { LedgerEntry } from './ledger.ts'
import { createSimulatorServer } from './server.ts'
import { createSimulation } from './simulation.ts'

export type { Faults, LedgerEntry, SimulatorCredential }

/** A simulator that is listening. */
export type Simulator = {
  /** Its base URL, without a slash at the end. */
  url: string
  port: number
  /** The latest pushes, oldest first, as copies. */
  ledger(): LedgerEntry[]
  /** Sets these switches and puts every other back to its default; throws on a value out of range. */
  setFaults(faults: Partial<Faults>): void
  /** Divides every delay that begins from now on. */
  setSpeed(speed: number): void
  /** Stops at once: open connections, prompts and callbacks are dropped. */
  close(): Promise<void>
}

/**
 * Starts a simulator. `port` 0 takes any free one; `speed` divides every delay; `random` gives numbers in
 * [0, 1) and makes a run repeatable. Every listed app may use the sandbox's 174379, and store 174380 with
 * till 5174380, beside its own shortcode. `clockFactor` tells how many times as fast as the machine's time
 * the clock runs, so that timers keep to it; `ledgerCapacity` how many pushes are remembered. `pages` are the
 * built files with the virtual phone, `framedBy` the origins whose pages may show it. Rejects when the port
 * is taken.
 */
export async function startSimulator(
  deps: { clock: Clock; log: Logger; random?: () => number },
  options: {
    port: number
    host: string
    speed?: number
    credentials?: readonly SimulatorCredential[]
    clockFactor?: number
    ledgerCapacity?: number
    pages?: PageFiles | null
    framedBy?: () => readonly string[]
  },
): Promise<Simulator> {
  const simulation = createSimulation(
    { clock: deps.clock, log: deps.log, random: deps.random ?? Math.random },
    { ...options, speed: options.speed ?? 1, credentials: options.credentials ?? DEFAULT_CREDENTIALS },
  )
  const pages = { files: options.pages ?? null, framedBy: options.framedBy ?? (() => []) }
  const server = createSimulatorServer({ simulation, pages })
  const close = async (): Promise<void> => {
    simulation.timers.close()
    for (const endStream of simulation.streams) endStream()
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await Promise.all([stopped, simulation.callbacks.close()])
  }
  let port: number
  try {
    port = await listen(server, options)
  } catch (error) {
    await simulation.callbacks.close()
    throw error
  }
  return {
    url: httpUrl(options.host, port),
    port,
    ledger: simulation.ledger.all,
    setFaults(faults) {
      const parsed = parseFaults(faults)
      if (!parsed.ok) throw new Error(parsed.errors.join('; '))
      simulation.faults = parsed.faults
    },
    setSpeed(speed) {
      simulation.timers.setSpeed(speed)
      simulation.changes.settings()
    },
    close,
  }
}

/** Listens, and answers with the port. */
function listen(server: Server, options: { port: number; host: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(address.port)
      else reject(new Error('the simulator has no port'))
    })
  })
}
