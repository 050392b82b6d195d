// A lane an endpoint: how many attempts run at once, what waits, and how an endpoint that only fails is left
// alone but for a probe now and then. A slow or dead endpoint so fills its own lane and no other.
import type { Clock } from '../clock.ts'
import type { Uuid } from '../ids.ts'

/** What an attempt says of its endpoint; `unknown` says nothing (no attempt was made, or we cut it off). */
export type LaneOutcome = { said: 'ok' | 'failed' | 'unknown'; durationMs: number }

/** No attempt was made. */
export const NOT_ATTEMPTED: LaneOutcome = { said: 'unknown', durationMs: 0 }

/** The lanes of a process. */
export type EndpointLanes<Job> = {
  /** Runs `job` when its lane has a place; false when the lane takes no more, or is resting. */
  offer(endpointId: Uuid, job: Job): boolean
  /** How many jobs should be fetched for the endpoint now. */
  room(endpointId: Uuid): number
  /** Jobs running. */
  inFlight(): number
  /** Jobs waiting. */
  waiting(): number
  /** Takes out all that waits; from now on nothing is taken. */
  stop(): Job[]
}

/** Attempts at once to an endpoint that is new, or slow: each holds a connection for up to 15 s. */
const RUNNING_START = 8
/** Attempts at once to one that answers fast, reached step by step. */
const RUNNING_MAX = 64
/** What fast is. */
const FAST_MS = 1_000
/** Waiting jobs an endpoint: a few kilobytes each, and more would outlive their leases. */
const WAITING_MAX = 1_000
/** Above this nothing more is fetched for it: what waits in the database needs no memory. */
const FETCHED_MAX = 100
/** Attempts at once, all endpoints together: a socket each. */
const RUNNING_TOTAL_MAX = 512
/** Waiting jobs in all. */
const WAITING_TOTAL_MAX = 10_000
/** Failures in a row after which an endpoint is only probed. */
const FAILURES_TO_REST = 5
/** The rest before a probe: doubled by each one that fails, up to the longest. */
const REST_FIRST_MS = 5_000
const REST_MAX_MS = 60_000
/** Lanes remembered while nothing runs in them, for what they know of failures. */
const LANES_MAX = 10_000

type Lane<Job> = {
  waiting: Job[]
  running: number
  limit: number
  failures: number
  /** Rests that no success has ended. */
  rests: number
  restUntilMs: number
}

type LaneDeps<Job> = {
  clock: Clock
  run: (job: Job) => Promise<LaneOutcome>
  drop: (jobs: Job[]) => void
}

type State<Job> = {
  lanes: Map<Uuid, Lane<Job>>
  /** Lanes that have both work and a free place, in turn. */
  ready: Set<Uuid>
  running: number
  waiting: number
  isStopped: boolean
}

/** Lanes that run jobs by `run`, which must not reject; `drop` takes back what a resting lane had waiting. */
export function createEndpointLanes<Job>(deps: LaneDeps<Job>): EndpointLanes<Job> {
  const state: State<Job> = { lanes: new Map(), ready: new Set(), running: 0, waiting: 0, isStopped: false }
  return {
    offer(endpointId, job) {
      if (roomIn(deps, state, endpointId, WAITING_MAX) === 0) return false
      const lane = state.lanes.get(endpointId) ?? addLane(state, endpointId)
      lane.waiting.push(job)
      state.waiting += 1
      if (lane.running < lane.limit) state.ready.add(endpointId)
      startReady(deps, state)
      return true
    },
    room: (endpointId) => roomIn(deps, state, endpointId, FETCHED_MAX),
    inFlight: () => state.running,
    waiting: () => state.waiting,
    stop() {
      state.isStopped = true
      state.ready.clear()
      state.waiting = 0
      return [...state.lanes.values()].flatMap((lane) => lane.waiting.splice(0))
    },
  }
}

function roomIn<Job>(deps: LaneDeps<Job>, state: State<Job>, endpointId: Uuid, waitingMax: number): number {
  if (state.isStopped || state.waiting >= WAITING_TOTAL_MAX) return 0
  const lane = state.lanes.get(endpointId)
  if (lane === undefined) return waitingMax
  if (lane.rests === 0) return Math.max(0, waitingMax - lane.waiting.length)
  const isIdle = lane.running === 0 && lane.waiting.length === 0
  return isIdle && deps.clock.now() >= lane.restUntilMs ? 1 : 0
}

function startReady<Job>(deps: LaneDeps<Job>, state: State<Job>): void {
  for (const endpointId of state.ready) {
    if (state.running >= RUNNING_TOTAL_MAX) return
    state.ready.delete(endpointId)
    const lane = state.lanes.get(endpointId)
    const job = lane?.waiting.shift()
    if (lane === undefined || job === undefined) continue
    state.waiting -= 1
    lane.running += 1
    state.running += 1
    void deps.run(job).then((outcome) => finish(deps, state, { endpointId, lane, outcome }))
    // Back to the end of the turn; this very loop reaches it again.
    if (lane.waiting.length > 0 && lane.running < lane.limit) state.ready.add(endpointId)
  }
}

function finish<Job>(
  deps: LaneDeps<Job>,
  state: State<Job>,
  { endpointId, lane, outcome }: { endpointId: Uuid; lane: Lane<Job>; outcome: LaneOutcome },
): void {
  lane.running -= 1
  state.running -= 1
  learn(lane, outcome, deps.clock.now())
  if (lane.rests > 0 && lane.waiting.length > 0) {
    state.ready.delete(endpointId)
    state.waiting -= lane.waiting.length
    deps.drop(lane.waiting.splice(0))
  }
  if (lane.waiting.length > 0 && lane.running < lane.limit) state.ready.add(endpointId)
  if (isForgettable(lane)) state.lanes.delete(endpointId)
  startReady(deps, state)
}

function addLane<Job>(state: State<Job>, endpointId: Uuid): Lane<Job> {
  if (state.lanes.size >= LANES_MAX) forgetOneIdle(state)
  const lane = { waiting: [], running: 0, limit: RUNNING_START, failures: 0, rests: 0, restUntilMs: 0 }
  state.lanes.set(endpointId, lane)
  return lane
}

/** The oldest idle lane goes; few are ever not idle, so the look is short. */
function forgetOneIdle<Job>(state: State<Job>): void {
  for (const [endpointId, lane] of state.lanes) {
    if (lane.running > 0 || lane.waiting.length > 0) continue
    state.lanes.delete(endpointId)
    return
  }
}

/** Idle, and nothing is known of it that a new lane would not assume. */
function isForgettable<Job>(lane: Lane<Job>): boolean {
  return lane.running === 0 && lane.waiting.length === 0 && lane.failures === 0
}

function learn<Job>(lane: Lane<Job>, outcome: LaneOutcome, nowMs: number): void {
  if (outcome.said === 'unknown') return
  if (outcome.said === 'ok') {
    lane.failures = 0
    lane.rests = 0
    const most = outcome.durationMs < FAST_MS ? RUNNING_MAX : RUNNING_START
    lane.limit = Math.min(lane.limit + 1, most)
    return
  }
  lane.failures += 1
  lane.limit = Math.max(1, lane.limit >> 1)
  // What fails during a rest had begun before it, and lengthens nothing.
  if (lane.failures < FAILURES_TO_REST || nowMs < lane.restUntilMs) return
  lane.restUntilMs = nowMs + Math.min(REST_FIRST_MS * 2 ** lane.rests, REST_MAX_MS)
  lane.rests += 1
}
