// Room for pushes in this process: a lane for each shortcode as Daraja sees it, a bound over all of them, and
// a short wait, in turns, for those whose caller is waiting.
import type { Clock } from '../clock.ts'
import type { PushResult } from '../daraja/push-outcome.ts'
import { createFairPlaces } from './fair-places.ts'
import type { PushKind } from './push-bucket.ts'
import {
  createPushLane,
  type LaneName,
  type LaneSnapshot,
  laneKey,
  merchantParty,
  type NoRoom,
  type PushLane,
} from './push-lane.ts'
import { createRoomQueue } from './room-queue.ts'

/** The right to one push; it is handed back once. */
export type Place = {
  /** What became of the push, and of which phone; null: nothing was sent. */
  leave(told: { outcome: PushResult; phone: string } | null): void
}

/** What comes of asking for room. */
export type PlaceOrNot = { code: 'place'; place: Place } | NoRoom

/** The governor of one process. What one process learns the others must learn for themselves. */
export type PushGovernor = {
  /** Room now, or why there is none. */
  enter(lane: LaneName, merchantId: string, kind: PushKind): PlaceOrNot
  /** Room now or within 2 s, for a caller who waits; merchants are served in turns. */
  waitForRoom(lane: LaneName, merchantId: string): Promise<PlaceOrNot>
  snapshot(): LaneSnapshot[]
}

/**
 * Pushes under way in one process, some tens of kilobytes each. Daraja answers within a second or a few, so
 * this is hundreds a second; what finds no room waits in the queue for two seconds at least.
 */
const IN_FLIGHT_MAX = 600
/**
 * M-Pesa as a whole peaks near 4,500 payments a second (Daraja, capacity): no one shortcode gets more, from
 * all processes together.
 */
const RATE_PER_SECOND_MAX = 4_500
/** A lane may have more than one merchant may, so that no merchant fills it for the others: nine tenths. */
const LANE_TIMES_FREE = 9
/** Lanes remembered; a forgotten one begins afresh. About 2 KB each. */
const LANES_MAX = 10_000
/** Lanes looked at for one that can be forgotten. */
const FORGET_LOOKS_MAX = 2 * IN_FLIGHT_MAX

/** A governor without lanes. `pause` resolves after so many milliseconds. */
export function createPushGovernor(deps: {
  clock: Clock
  random: () => number
  pause: (ms: number) => Promise<unknown>
  /** Told when a place of a lane has come free. */
  onRoom?: (lane: LaneName) => void
  /** How many processes share a shortcode's rate; 1 unless told. */
  processes?: number
}): PushGovernor {
  const lanes = new Map<string, PushLane>()
  const ratePerSecondMax = RATE_PER_SECOND_MAX / (deps.processes ?? 1)
  const places = createFairPlaces({ max: () => IN_FLIGHT_MAX })
  const queue = createRoomQueue<PlaceOrNot>(deps)

  function laneOf(name: LaneName): PushLane {
    const key = laneKey(name)
    const known = lanes.get(key)
    if (known !== undefined) return known
    if (lanes.size >= LANES_MAX) forgetOne()
    const parts = { random: deps.random, concurrencyMax: IN_FLIGHT_MAX, ratePerSecondMax }
    const lane = createPushLane(parts, name, deps.clock.now())
    lanes.set(key, lane)
    return lane
  }

  function forgetOne(): void {
    let looks = 0
    for (const [key, lane] of lanes) {
      looks += 1
      if (lane.inFlight() === 0) lanes.delete(key)
      if (lane.inFlight() === 0 || looks > FORGET_LOOKS_MAX) return
    }
  }

  function tryEnter(name: LaneName, merchantId: string, kind: PushKind): PlaceOrNot {
    const lane = laneOf(name)
    const nowMs = deps.clock.now()
    const noRoom = lane.noRoom(nowMs, { merchantId, kind })
    if (noRoom !== null) return noRoom
    const parties = [{ name: laneKey(name), timesFree: LANE_TIMES_FREE }, merchantParty(merchantId)]
    if (!places.hasRoom(parties)) return ALL_TAKEN
    places.enter(parties)
    const pass = lane.enter(nowMs, { merchantId, kind })
    const leave: Place['leave'] = (told) => {
      places.leave(parties)
      lane.leave(deps.clock.now(), pass, told)
      queue.serve()
      deps.onRoom?.(name)
    }
    return { code: 'place', place: { leave } }
  }

  return {
    enter(name, merchantId, kind) {
      // Those who wait in a lane come first.
      if (kind === 'direct' && queue.isWaiting(laneKey(name))) return ALL_TAKEN
      return tryEnter(name, merchantId, kind)
    },
    waitForRoom(name, merchantId) {
      const attempt = () => tryEnter(name, merchantId, 'direct')
      return queue.wait({ lane: laneKey(name), merchantId }, { attempt, isWorthWaitingFor, full: ALL_TAKEN })
    },
    snapshot: () => [...lanes.values()].flatMap((lane) => lane.snapshot(deps.clock.now()) ?? []),
  }
}

/** A place comes free when Daraja answers somebody. */
const ALL_TAKEN: NoRoom = { code: 'busy', retryAfterMs: 100 }

/** An open breaker fails its callers fast. */
function isWorthWaitingFor(result: PlaceOrNot): boolean {
  return result.code === 'busy'
}
