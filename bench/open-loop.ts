// An open loop: payments arrive at a fixed rate, whatever became of those before, and each is timed from when
// it should have begun. A server that stalls so shows all who had to wait, not the one that was being served.
import { setTimeout as delay } from 'node:timers/promises'
import { machineNowMs } from './shared-clock.ts'

/** How many a second, and for how long. */
export type OpenShape = { perSecond: number; seconds: number }

/** One loop while it runs. */
export type OpenLoop = {
  /** When the arrival of this number, from 0, should have begun, on the machine's clock. */
  intendedMs(number: number): number
  counts: OpenCounts
  /** Resolves when the last one was begun and answered; rejects when too many were not. */
  done: Promise<void>
}

/** What has become of the arrivals so far. */
export type OpenCounts = {
  begun: number
  answered: number
  failed: number
  /** Begun 50 ms after their time or later: the load itself was late, and the figures are doubtful. */
  late: number
  firstFailure: string | null
}

const LATE_MS = 50
const MS_PER_SECOND = 1_000
/** So many that wait for an answer mean that the rate does not hold; their memory is bounded by it. */
const UNANSWERED_MAX = 20_000
/** What is still under way when the last one was begun gets this long. */
const END_LIMIT_MS = 30_000
const END_POLL_MS = 5

/** Begins `visit(number)` at a fixed rate. A failing one is counted, not hidden. */
export function startOpenLoop(shape: OpenShape, visit: (number: number) => Promise<void>): OpenLoop {
  const startedAt = machineNowMs()
  const counts: OpenCounts = { begun: 0, answered: 0, failed: 0, late: 0, firstFailure: null }
  const intendedMs = (number: number) => startedAt + (number / shape.perSecond) * MS_PER_SECOND
  const fail = (error: unknown) => {
    counts.failed += 1
    counts.firstFailure ??= error instanceof Error ? error.message : String(error)
  }
  const begin = (number: number) => {
    if (machineNowMs() - intendedMs(number) > LATE_MS) counts.late += 1
    counts.begun += 1
    visit(number).then(() => {
      counts.answered += 1
    }, fail)
  }
  return { intendedMs, counts, done: runLoop(shape, { counts, intendedMs, begin }) }
}

async function runLoop(
  { perSecond, seconds }: OpenShape,
  loop: Pick<OpenLoop, 'counts' | 'intendedMs'> & { begin(number: number): void },
): Promise<void> {
  const { counts } = loop
  const total = Math.round(perSecond * seconds)
  // Whoever starts it has it in hand before the first visit.
  await Promise.resolve()
  const underWay = () => counts.begun - counts.answered - counts.failed
  while (counts.begun < total) {
    while (counts.begun < total && loop.intendedMs(counts.begun) <= machineNowMs()) loop.begin(counts.begun)
    if (underWay() > UNANSWERED_MAX)
      throw new Error(`the rate does not hold: ${underWay()} wait for an answer`)
    await delay(Math.max(1, Math.floor(loop.intendedMs(counts.begun) - machineNowMs())))
  }
  const giveUpAt = machineNowMs() + END_LIMIT_MS
  while (underWay() > 0 && machineNowMs() < giveUpAt) await delay(END_POLL_MS)
  counts.failed += underWay()
}
