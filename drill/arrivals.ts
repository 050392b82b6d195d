// When pushes reached Safaricom's end of the network, at the earliest: a process that had to wait for its
// turn on a busy machine finds what came meanwhile only afterwards, and its own clock would call it late.
import type { Clock } from '../src/clock.ts'
import type { LedgerEntry } from '../src/simulator/simulator.ts'

/** A push of the ledger, with the earliest time at which it may have arrived; by the fast clock. */
export type ArrivedPush = LedgerEntry & { arrivedAtMs: number }

/** Notes arrivals, and finds them again for the pushes of the ledger. */
export type Arrivals = {
  /** Takes a piece that a connection begins a request with. */
  note(chunk: Buffer): void
  of(push: LedgerEntry): ArrivedPush
}

const PUSH_REQUEST = 'POST /mpesa/stkpush/'
const CALLBACK_URL = /"CallBackURL":"([^"]+)"/
const TICK_MS = 5

/** Notes arrivals by `clock`, for as long as the process lives. */
export function createArrivals(clock: Clock): Arrivals {
  // The process ran at the last of these ticks but one; whatever it reads now came after that.
  const ticks = { last: clock.now(), before: clock.now() }
  const timer = setInterval(() => {
    ticks.before = ticks.last
    ticks.last = clock.now()
  }, TICK_MS)
  timer.unref()
  const byUrl = new Map<string, number[]>()
  return {
    note(chunk) {
      if (chunk.toString('latin1', 0, PUSH_REQUEST.length) !== PUSH_REQUEST) return
      const url = CALLBACK_URL.exec(chunk.toString('latin1'))?.[1]
      if (url === undefined) return
      const known = byUrl.get(url)
      if (known === undefined) byUrl.set(url, [ticks.before])
      else known.push(ticks.before)
    },
    of(push) {
      const earlier = (byUrl.get(push.callbackUrl) ?? []).filter((atMs) => atMs <= push.pushedAtMs)
      return { ...push, arrivedAtMs: earlier.at(-1) ?? push.pushedAtMs }
    },
  }
}
