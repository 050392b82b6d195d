// Callers who wait for room, for a moment and in turns: each merchant's first before anybody's second.
import type { Clock } from '../clock.ts'

/** A queue of callers in memory. Nothing of theirs is committed yet, so nothing is lost with it. */
export type RoomQueue<R> = {
  /**
   * The first result of `attempt` that is not worth waiting for, or its last one when the time is up; `full`
   * where others were here before and too many wait already.
   */
  wait(
    party: { lane: string; merchantId: string },
    options: { attempt: () => R; isWorthWaitingFor: (result: R) => boolean; full: R },
  ): Promise<R>
  isWaiting(lane: string): boolean
  /** Something may have come free. */
  serve(): void
}

type Caller = { attempt: () => boolean; finish: () => void; untilMs: number }

/** A person at a till waits this long without noticing. */
const WAIT_MAX_MS = 2_000
/** Tokens come with time alone, so those who wait look again this often. */
const LOOK_EVERY_MS = 25
/** Callers waiting in one process, each with an open request. */
const CALLERS_MAX = 1_000
/** … and of one merchant in one lane: a crowd does not keep the others out. */
const CALLERS_OF_ONE_MAX = 200

/** An empty queue. */
export function createRoomQueue<R>(deps: {
  clock: Clock
  pause: (ms: number) => Promise<unknown>
}): RoomQueue<R> {
  /** By lane and merchant; the merchant to be served next comes first. */
  const lanes = new Map<string, Map<string, Caller[]>>()
  let count = 0
  let isLooking = false

  function add(party: { lane: string; merchantId: string }, caller: Caller): boolean {
    const merchants = lanes.get(party.lane) ?? new Map<string, Caller[]>()
    const callers = merchants.get(party.merchantId) ?? []
    if (count >= CALLERS_MAX || callers.length >= CALLERS_OF_ONE_MAX) return false
    callers.push(caller)
    merchants.set(party.merchantId, callers)
    lanes.set(party.lane, merchants)
    count += 1
    return true
  }

  function serve(): void {
    for (const [lane, merchants] of lanes) {
      count -= serveLane(merchants, deps.clock.now())
      if (merchants.size === 0) lanes.delete(lane)
    }
  }

  async function look(): Promise<void> {
    while (count > 0) {
      await deps.pause(LOOK_EVERY_MS)
      serve()
    }
    isLooking = false
  }

  return {
    isWaiting: (lane) => lanes.has(lane),
    serve,
    wait(party, { attempt, isWorthWaitingFor, full }) {
      return new Promise((resolve) => {
        let result = lanes.has(party.lane) ? full : attempt()
        const tryAgain = () => {
          result = attempt()
          if (!isWorthWaitingFor(result)) resolve(result)
          return !isWorthWaitingFor(result)
        }
        const finish = () => resolve(result)
        if (!isWorthWaitingFor(result)) return finish()
        const untilMs = deps.clock.now() + WAIT_MAX_MS
        if (!add(party, { attempt: tryAgain, finish, untilMs })) return finish()
        if (isLooking) return
        isLooking = true
        void look()
      })
    },
  }
}

/** Goes round the merchants until nobody got anything; resolves how many callers went. */
function serveLane(merchants: Map<string, Caller[]>, nowMs: number): number {
  let gone = 0
  let refused = 0
  while (merchants.size > 0 && refused < merchants.size) {
    const first = merchants.entries().next().value
    if (first === undefined) break
    const [merchantId, callers] = first
    merchants.delete(merchantId)
    const hasGone = serveFirst(callers, nowMs)
    if (hasGone) gone += 1
    refused = hasGone ? 0 : refused + 1
    if (callers.length > 0) merchants.set(merchantId, callers)
  }
  return gone
}

/** The first caller of a merchant: served, or sent away when its time is up. */
function serveFirst(callers: Caller[], nowMs: number): boolean {
  const caller = callers[0]
  if (caller === undefined) return false
  const isServed = caller.attempt()
  // A clock that was set back must not keep anybody waiting.
  const isInTime = nowMs < caller.untilMs && caller.untilMs <= nowMs + WAIT_MAX_MS
  if (!isServed && isInTime) return false
  if (!isServed) caller.finish()
  callers.shift()
  return true
}
