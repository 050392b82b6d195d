// The gateway processes of a machine: started, started again when they end by themselves, ended together.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../log.ts'
import type { ReadyReport } from './worker-messages.ts'

/** One gateway process. */
export type Worker = {
  pid: number
  /** Resolves once it serves; rejects when it cannot start. */
  ready: Promise<ReadyReport>
  /** Resolves once it has ended, to how. */
  ended: Promise<{ code: number | null; signal: string | null }>
  /** Asks it to end as it would on SIGTERM. */
  end(): void
  /** Ends it without asking. */
  kill(): void
}

/** Running gateway processes. */
export type WorkerPool = {
  /** What the first of them said. */
  first: ReadyReport
  /** Ends all of them, within the limit also those that hang. */
  close(): Promise<void>
}

type PoolDeps = {
  log: Logger
  /** Starts the process number `slot`, counted from 1. */
  fork(slot: number): Worker
  /** One of them ended by itself. */
  onLost?: (slot: number) => void
}

/** How long one of them may take to end; below the 5 s that are promised for all. */
const END_LIMIT_MS = 4_500
/** One that ends at once is a fault that will not be gone in a moment: each time it rests twice as long. */
const PAUSE_FIRST_MS = 250
const PAUSE_MAX_MS = 15_000
/** One that ran for so long had started well; its end has another reason than the one before. */
const STEADY_MS = 60_000

/**
 * Starts `count` gateway processes; rejects, leaving none, when one of them cannot start. The first one
 * starts alone: it migrates the database and makes what is made once.
 */
export async function startWorkerPool(
  deps: PoolDeps,
  options: { count: number; pauseFirstMs?: number },
): Promise<WorkerPool> {
  const stop = new AbortController()
  const running = new Map<number, Worker>()
  const keeping: Promise<void>[] = []
  const fork = (slot: number): Worker => {
    const worker = deps.fork(slot)
    running.set(slot, worker)
    void worker.ended.then(() => running.get(slot) === worker && running.delete(slot))
    return worker
  }
  const startOne = async (slot: number): Promise<ReadyReport> => {
    const worker = fork(slot)
    const report = await worker.ready
    const keeper = {
      ...deps,
      fork,
      signal: stop.signal,
      pauseFirstMs: options.pauseFirstMs ?? PAUSE_FIRST_MS,
    }
    keeping.push(keepRunning(keeper, slot, worker))
    return report
  }
  const close = async () => {
    stop.abort()
    await endAll([...running.values()])
    await Promise.all(keeping)
  }
  try {
    const first = await startOne(1)
    await Promise.all(Array.from({ length: options.count - 1 }, (_, index) => startOne(index + 2)))
    return { first, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Starts the process again whenever it ends, until it is told to stop. */
async function keepRunning(
  deps: PoolDeps & { signal: AbortSignal; pauseFirstMs: number },
  slot: number,
  started: Worker,
): Promise<void> {
  let pauseMs = deps.pauseFirstMs
  for (let worker = started; ; worker = deps.fork(slot)) {
    const sinceMs = performance.now()
    worker.ready.then(
      () => deps.log.info({ process: slot, pid: worker.pid }, 'a gateway process is ready'),
      (error: unknown) => deps.log.error({ process: slot, err: error }, 'a gateway process could not start'),
    )
    const how = await worker.ended
    if (deps.signal.aborted) return
    deps.onLost?.(slot)
    if (performance.now() - sinceMs > STEADY_MS) pauseMs = deps.pauseFirstMs
    const told = { process: slot, pid: worker.pid, ...how, pauseMs }
    deps.log.error(told, 'a gateway process has ended by itself, and is started again')
    await sleep(pauseMs, undefined, { signal: deps.signal }).catch(() => undefined)
    if (deps.signal.aborted) return
    pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)
  }
}

async function endAll(workers: Worker[]): Promise<void> {
  for (const worker of workers) worker.end()
  const timer = setTimeout(() => {
    for (const worker of workers) worker.kill()
  }, END_LIMIT_MS)
  await Promise.all(workers.map((worker) => worker.ended))
  clearTimeout(timer)
}
