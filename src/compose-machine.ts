// What a machine has once, however many gateway processes it runs: the embedded database and the simulator;
// and the way in which all that was begun is ended.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from './clock.ts'
import { readDashboard } from './compose-pages.ts'
import type { Config } from './config.ts'
import type { Logger } from './log.ts'

/** Things to end, last begun first. */
export type Closers = (() => Promise<unknown>)[]

/** A part that the gateway cannot do without has ended by itself. */
export type Fail = (reason: string) => void

const IN_USE_PAUSES = 10
const IN_USE_PAUSE_MS = 300

/** Ends all of `closers`, and leaves none; one that fails is told of, and keeps no other. */
export async function closeAll(log: Logger, closers: Closers): Promise<void> {
  for (const closer of closers.splice(0).reverse()) {
    await closer().catch((error: unknown) => log.error({ err: error }, 'a part did not end cleanly'))
  }
}

/** Starts the embedded PostgreSQL; resolves to its URL, and `fail`s when it ends by itself. */
export async function startEmbedded(
  config: Config,
  { log, closers, fail }: { log: Logger; closers: Closers; fail: Fail },
): Promise<string> {
  // Loaded only when needed: with DATABASE_URL nothing embedded is touched.
  const { startEmbeddedPostgres } = await import('./db/embedded/embedded-postgres.ts')
  const start = () => startEmbeddedPostgres({ log }, { dataDir: config.dataDir })
  const embedded = await whileInUse(start)
  let stopping = false
  closers.push(() => {
    stopping = true
    return embedded.stop()
  })
  void embedded.ended.then(() => {
    if (!stopping)
      fail('The embedded PostgreSQL ended by itself; its log says why. Start again: it recovers.')
  })
  return embedded.url
}

/** A command of the command line may hold the embedded database for a moment; a gateway holds it for good. */
async function whileInUse<T>(start: () => Promise<T>): Promise<T> {
  for (let pausesLeft = IN_USE_PAUSES; ; pausesLeft -= 1) {
    try {
      return await start()
    } catch (error) {
      const inUse = error instanceof Error && 'code' in error && error.code === 'in_use'
      if (!inUse || pausesLeft === 0) throw error
      await sleep(IN_USE_PAUSE_MS)
    }
  }
}

/** Where the dashboard is, for this machine and for others: its pages may show the virtual phone. */
function gatewayOrigins({ publicUrl }: Config, port: number): string[] {
  const local = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
  return publicUrl === null ? local : [...new Set([new URL(publicUrl).origin, ...local])]
}

/**
 * Starts the simulator, where the settings want one; resolves to its URL. `gatewayPort` is asked whenever a
 * page is served, since the simulator starts first.
 */
export async function startSimulatorIfWanted(
  config: Config,
  parts: { clock: Clock; log: Logger; closers: Closers; gatewayPort: () => number },
): Promise<string | null> {
  const { clock, log, closers, gatewayPort } = parts
  if (config.simulatorPort === null) return null
  // Loaded only when needed: a gateway in production goes without.
  const { startSimulator } = await import('./simulator/simulator.ts')
  const simulator = await startSimulator(
    { clock, log },
    {
      host: '127.0.0.1',
      port: config.simulatorPort,
      speed: config.simulatorSpeed,
      pages: (await readDashboard(config)) ?? null,
      framedBy: () => gatewayOrigins(config, gatewayPort()),
    },
  )
  closers.push(() => simulator.close())
  return simulator.url
}
