// Keeps the totals of verdicts at the end of the feed: at once for those who look, in the background where
// much has gathered, and not at all where nobody looks and little happens.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Logger } from '../log.ts'
import type { Payment } from './payment.ts'
import { beginTotals, foldVerdicts, isBehind, type Side, trimTotals } from './verdict-totals-store.ts'

/** The totals' keeper of one process. */
export type VerdictTotals = {
  /** Adds up what can be within one answer. False: more is left, and is added up in the background. */
  bringUp(side: Side): Promise<boolean>
  /** A payment was settled by this process. */
  settled(payment: Payment): void
  /** Resolves when nothing is added up in the background. */
  idle(): Promise<void>
  /** Adds up no more. */
  close(): void
}

/** Events of one statement: some 50 ms. */
export const FOLD_BATCH = 2_000
/** Statements that one who looks waits for. */
const BATCHES_WAITED_FOR = 3
/** A side whose process has settled so many is brought up without being looked at: the next look is quick. */
export const SETTLED_UNSEEN_MAX = 20_000
/** Sides counted; beyond it the oldest are forgotten, and brought up when somebody looks. */
const SIDES_MAX = 10_000
/** Sides at a time: a long history is added up for minutes, and takes one connection. */
const AT_ONCE_MAX = 1
const DAY_MS = 86_400_000
/** What the overview shows, and a time zone more. */
const REACH_MS = 32 * DAY_MS
/** Trimmed seldom: it costs nothing to keep them somewhat longer. */
const TRIM_EVERY_MS = DAY_MS / 4

/** A keeper over `deps`. */
export function createVerdictTotals(deps: { db: Database; clock: Clock; log: Logger }): VerdictTotals {
  const unseen = new Map<string, { side: Side; count: number }>()
  const waiting = new Map<string, Side>()
  const running = new Set<Promise<void>>()
  const trimmedMs = new Map<string, number>()
  let closed = false

  async function catchUp(side: Side): Promise<void> {
    while (!closed) {
      const read = await foldVerdicts(deps, side, FOLD_BATCH)
      if (read < FOLD_BATCH) break
    }
    const nowMs = deps.clock.now()
    if (nowMs - (trimmedMs.get(nameOf(side)) ?? 0) < TRIM_EVERY_MS) return
    keepWithin(trimmedMs.set(nameOf(side), nowMs))
    await trimTotals(deps, side, new Date(nowMs - 2 * REACH_MS))
  }

  function startNext(): void {
    if (running.size >= AT_ONCE_MAX || closed) return
    for (const [name, side] of waiting) {
      waiting.delete(name)
      const run = catchUp(side).catch((error: unknown) => {
        deps.log.warn({ merchant: side.merchantId, err: error }, 'totals were not brought up')
      })
      running.add(run)
      void run.then(() => {
        running.delete(run)
        startNext()
      })
      return
    }
  }

  function inBackground(side: Side): void {
    waiting.set(nameOf(side), side)
    startNext()
  }

  return {
    async bringUp({ merchantId, live }) {
      const side = { merchantId, live }
      const isBegun = (await isBehind(deps, side, 0)) !== null
      if (!isBegun) await beginTotals(deps, side, new Date(deps.clock.now() - REACH_MS))
      for (let batch = 0; batch < BATCHES_WAITED_FOR; batch += 1) {
        if ((await foldVerdicts(deps, side, FOLD_BATCH)) < FOLD_BATCH) break
      }
      const isUp = (await isBehind(deps, side, FOLD_BATCH)) === false
      if (!isUp) inBackground(side)
      unseen.delete(nameOf(side))
      return isUp
    },
    settled({ merchantId, live }) {
      const side = { merchantId, live }
      const name = nameOf(side)
      const count = (unseen.get(name)?.count ?? 0) + 1
      unseen.delete(name)
      if (count >= SETTLED_UNSEEN_MAX) inBackground(side)
      else keepWithin(unseen.set(name, { side, count }))
    },
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
    close() {
      closed = true
    },
  }
}

function nameOf({ merchantId, live }: Side): string {
  return `${merchantId} ${live}`
}

function keepWithin(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= SIDES_MAX) return
    map.delete(oldest)
  }
}
