// The sweep: about once a second, take what is due. Crashes, retries, back-pressure, questions and expiries
// all come down to this; the happy path does without it.
import { setTimeout as sleep } from 'node:timers/promises'

/** One thing to sweep: takes a batch and resolves to how many it took. */
export type SweepTask = { name: string; run: () => Promise<number> }

/** A running sweep. */
export type Sweep = {
  /** Stops after the batch under way. */
  close(): Promise<void>
}

const INTERVAL_MS = 1_000
/** A full batch says that more is waiting; the next one starts after this. */
const MORE_WAITING_MS = 50

/** A task that keeps failing rests for up to so many intervals, and is back soon after what ailed it. */
const REST_MAX_INTERVALS = 4

/**
 * Runs each task about once a second, spread at random so that processes do not sweep in step, and again at
 * once while batches come back with at least `fullBatch` rows. A failing task is reported and goes on, with
 * longer pauses while it keeps failing.
 */
export function startSweep(
  tasks: readonly SweepTask[],
  options: { fullBatch: number; onError: (task: string, error: unknown) => void; intervalMs?: number },
): Sweep {
  const stop = new AbortController()
  const intervalMs = options.intervalMs ?? INTERVAL_MS

  async function loop(task: SweepTask): Promise<void> {
    let rest = 1
    while (!stop.signal.aborted) {
      let taken = 0
      try {
        taken = await task.run()
        rest = 1
      } catch (error) {
        rest = Math.min(rest * 2, REST_MAX_INTERVALS)
        options.onError(task.name, error)
      }
      const restMs = rest * intervalMs * (0.75 + Math.random() / 2)
      const pauseMs = taken >= options.fullBatch ? MORE_WAITING_MS : restMs
      await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  const loops = tasks.map(loop)
  return {
    async close() {
      stop.abort()
      await Promise.all(loops)
    },
  }
}
