// Who waits for which webhook: the closed loop goes around once its payment was told of.
import type { Telling } from './webhook-sink.ts'

/** Those who wait. */
export type Tellings = {
  /** Resolves when the payment of this phone was told of; rejects when that takes too long. */
  told(index: number): Promise<void>
  take(telling: Telling): void
}

/** Webhooks are sent at once; the schedule's first retry comes after 5 s. */
const TOLD_LIMIT_MS = 20_000
/** One timer for all: a timer a payment costs as much as the rest. */
const LOOK_MS = 1_000

type Waiting = { since: number; resolve: () => void; reject: (error: Error) => void }

/** Nobody waits yet. */
export function createTellings(): Tellings {
  const waiting = new Map<number, Waiting>()
  const look = () => {
    const late = performance.now() - TOLD_LIMIT_MS
    for (const [index, { since, reject }] of waiting) {
      if (since > late) break
      waiting.delete(index)
      reject(new Error(`no webhook within ${TOLD_LIMIT_MS} ms`))
    }
  }
  setInterval(look, LOOK_MS).unref()
  return {
    told: (index) =>
      new Promise((resolve, reject) => waiting.set(index, { since: performance.now(), resolve, reject })),
    take({ index }) {
      waiting.get(index)?.resolve()
      waiting.delete(index)
    },
  }
}
