// The sweep: about once a second, take what is due. Crashes, retries, back-pressure, questions and expiries
// all come down to this; the happy path does without it.
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * One thing to sweep: takes a batch and resolves to how many it took. One that takes several batches, or
 * waits for somebody outside, ends early once `signal` says that the sweep is closing.
 */
export type SweepTask = { name: string; run: (signal: AbortSignal) => Promise<number> }

/** A running sweep. */
export type Sweep = {
  /** Tells the tasks to stop, and waits for the batch under way. */
  close(): Promise<void>
}

/** As `Sweep`, whose tasks run when they are needed. */
export type NeededSweep<Name extends string> = Sweep & {
  /** The task is needed now, and not when it is looked for next. */
  wake(name: Name): void
}

const INTERVAL_MS = 1_000
/** A full batch says that more is waiting; the next one starts after this. */
const MORE_WAITING_MS = 50

/** A task that keeps failing rests for up to so many intervals, and is back soon after what ailed it. */
const REST_MAX_INTERVALS = 4

type SweepOptions = {
  fullBatch: number
  onError: (task: string, error: unknown) => void
  intervalMs?: number
}

/**
 * Runs each task about once a second, spread at random so that processes do not sweep in step, and again at
 * once while batches come back with at least `fullBatch` rows. A failing task is reported and goes on, with
 * longer pauses while it keeps failing.
 */
export function startSweep(tasks: readonly SweepTask[], options: SweepOptions): Sweep {
  const stop = new AbortController()
  const loops = tasks.map((task) => loop(task, options, stop.signal))
  return {
    async close() {
      stop.abort()
      await Promise.all(loops)
    },
  }
}

async function loop(task: SweepTask, options: SweepOptions, signal: AbortSignal): Promise<void> {
  const intervalMs = options.intervalMs ?? INTERVAL_MS
  let rest = 1
  while (!signal.aborted) {
    let taken = 0
    try {
      taken = await task.run(signal)
      rest = 1
    } catch (error) {
      rest = Math.min(rest * 2, REST_MAX_INTERVALS)
      options.onError(task.name, error)
    }
    const restMs = rest * intervalMs * (0.75 + Math.random() / 2)
    const pauseMs = taken >= options.fullBatch ? MORE_WAITING_MS : restMs
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
  }
}

/**
 * As `startSweep`, for tasks that mostly have nothing to do: `look` says about once a second which of them
 * are needed, and the others cost nothing. No task waits for another.
 */
export function startNeededSweep<Name extends string>(
  look: { name: string; run: () => Promise<Record<Name, boolean>> },
  tasks: Readonly<Record<Name, SweepTask>>,
  options: SweepOptions,
): NeededSweep<Name> {
  const stop = new AbortController()
  const running = new Map<SweepTask, Promise<void>>()

  async function runOut(task: SweepTask): Promise<void> {
    for (let taken = options.fullBatch; taken >= options.fullBatch && !stop.signal.aborted; ) {
      taken = await task.run(stop.signal).catch((error: unknown) => {
        options.onError(task.name, error)
        return 0
      })
      if (taken >= options.fullBatch)
        await sleep(MORE_WAITING_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
    running.delete(task)
  }

  function wake(name: Name): void {
    const task = tasks[name]
    if (!stop.signal.aborted && !running.has(task)) running.set(task, runOut(task))
  }

  async function run(): Promise<number> {
    const needed = await look.run()
    for (const name in tasks) if (needed[name]) wake(name)
    return 0
  }

  const looking = startSweep([{ name: look.name, run }], options)
  return {
    wake,
    async close() {
      stop.abort()
      await looking.close()
      await Promise.all(running.values())
    },
  }
}
