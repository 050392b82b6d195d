// Several gateway processes on one port: this one has above them what a machine has once (the embedded
// database, the simulator, the metrics' address), and serves no request itself.
import { systemClock } from './clock.ts'
import { type Closers, closeAll, startEmbedded, startSimulatorIfWanted } from './compose-machine.ts'
import type { Config } from './config.ts'
import { createLogger } from './log.ts'
import type { Gateway } from './main.ts'
import { serveMetrics } from './metrics.ts'
import { type ForkedWorker, forkWorker } from './processes/fork-worker.ts'
import { createMetricsSum } from './processes/metrics-sum.ts'
import { startWorkerPool } from './processes/worker-pool.ts'

/** Starts `config.processes` gateways. Rejects, with nothing left running, when any part cannot start. */
export async function startProcesses(config: Config): Promise<Omit<Gateway, 'metrics'>> {
  const log = createLogger(config.logLevel)
  const closers: Closers = []
  const { promise: failed, resolve: fail } = Promise.withResolvers<string>()
  const close = () => closeAll(log, closers)
  try {
    const parts = { clock: systemClock, log, closers, fail }
    const embeddedUrl = config.databaseUrl === null ? await startEmbedded(config, parts) : null
    const place = { port: config.port }
    const simulatorUrl = await startSimulatorIfWanted(config, { ...parts, gatewayPort: () => place.port })
    const workers = new Map<number, ForkedWorker>()
    const sum = createMetricsSum()
    // Simulator and metrics have addresses of their own, which no process may take from another.
    const workerConfig = { ...config, simulatorPort: null, metricsPort: null }
    const fork = (slot: number) => {
      const worker = forkWorker({ kind: 'start', slot, config: workerConfig, embeddedUrl, simulatorUrl })
      workers.set(slot, worker)
      return worker
    }
    const lost = (slot: number) => {
      workers.delete(slot)
      sum.lost(slot)
    }
    const pool = await startWorkerPool({ log, fork, onLost: lost }, { count: config.processes })
    closers.push(pool.close)
    place.port = Number(new URL(pool.first.url).port)
    const metricsUrl = await serveSum(config, { workers, sum, closers })
    const { url, demo, signInUrl } = pool.first
    return { url, simulatorUrl, metricsUrl, demo, signInUrl, failed, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function serveSum(
  config: Config,
  parts: { workers: Map<number, ForkedWorker>; sum: ReturnType<typeof createMetricsSum>; closers: Closers },
): Promise<string | null> {
  const { workers, sum, closers } = parts
  if (config.metricsPort === null) return null
  const render = async () => {
    await Promise.all(
      [...workers].map(async ([slot, worker]) => {
        const snapshot = await worker.metrics()
        // One that has ended meanwhile was counted with what it said before.
        if (snapshot !== null && workers.get(slot) === worker) sum.note(slot, snapshot)
      }),
    )
    return sum.render(workers.size)
  }
  const served = await serveMetrics({ render }, { host: config.metricsHost, port: config.metricsPort })
  closers.push(() => served.close())
  return served.url
}
