// A lane an endpoint: how many attempts run at once, what waits, and how an endpoint that only fails is left
// alone but for a probe now and then. A dead endpoint so fills its own lane and no other, and many of them
// together never take the places kept for those that answer.
import type { Clock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import { type BacklogPace, createBacklogPace, type PaceDeps } from './backlog-pace.ts'

/** What an attempt says of its endpoint; `unknown` says nothing (no attempt was made, or we cut it off). */
export type LaneOutcome = { said: 'ok' | 'failed' | 'unknown'; durationMs: number }

/** Whether a job was committed just now, or has waited in the database. */
export type JobAge = 'new' | 'old'

/** No attempt was made. */
export const NOT_ATTEMPTED: LaneOutcome = { said: 'unknown', durationMs: 0 }

/** The lanes of a process. */
export type EndpointLanes<Job> = {
  /**
   * Runs `job` when its lane has a place; false when the lane takes no more, or is resting. What is `new`
   * comes before what is `old` (a backlog), and is not held back by the pace.
   */
  offer(endpointId: Uuid, job: Job, age: JobAge): boolean
  /** How many jobs should be fetched for the endpoint now. */
  room(endpointId: Uuid): number
  /** Whether new work has come of late: what is old is then fetched in small parts. */
  hasNewWork(): boolean
  /** Whether its last attempt succeeded: places are kept for it. */
  isProven(endpointId: Uuid): boolean
  /** Whether it only failed of late, and is but probed. */
  isResting(endpointId: Uuid): boolean
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
/**
 * Waiting jobs that are fetched for a proven endpoint, a place: as many turns of all its places. What waits
 * in the database needs no memory, and what waits here must have its turn while its lease lasts.
 */
const FETCHED_A_PLACE = 8
/**
 * More is fetched once no more than this waits, a place: a fetch then brings hundreds, for little more than
 * it costs to bring one, and comes before the places are empty.
 */
const FETCH_AT_A_PLACE = 3
/** Fetched for one whose last attempt did not succeed, or that is new: a turn and the next. */
const FETCHED_UNPROVEN_MAX = 16
/** Attempts at once, all endpoints together: a socket each. */
const RUNNING_TOTAL_MAX = 512
/** Of these, what endpoints that have not proven themselves may take: a thousand that hang leave the rest. */
const RUNNING_UNPROVEN_MAX = 384
/** And what the proven ones may take, so that a new one gets its turn however busy they are. */
const RUNNING_PROVEN_MAX = 448
/** Waiting jobs in all. */
const WAITING_TOTAL_MAX = 10_000
/** Of these, what is old: a backlog of many endpoints leaves what is new its room. */
const WAITING_OLD_MAX = 4_000
/** Above this the unproven share the rest a few each. */
const WAITING_CROWDED = 5_000
const WAITING_CROWDED_UNPROVEN_MAX = 4
/** Failures in a row after which an endpoint is only probed. */
const FAILURES_TO_REST = 5
/** The rest before a probe: doubled by each one that fails, up to the longest. */
const REST_FIRST_MS = 5_000
const REST_MAX_MS = 60_000
/** Lanes remembered while nothing runs in them, for what they know of failures and successes. */
const LANES_MAX = 10_000

/** Of this many starts in a lane where both wait, one is an old one's: neither waits for ever. */
const OLD_EVERY = 4

type Lane<Job> = {
  waiting: Record<JobAge, Job[]>
  /** Starts since an old one's. */
  newInARow: number
  running: number
  limit: number
  failures: number
  /** The last attempt succeeded. */
  isProven: boolean
  /** Rests that no success has ended. */
  rests: number
  restUntilMs: number
}

type LaneDeps<Job> = {
  clock: Clock
  /** Without it, nothing is held back. */
  pace?: PaceDeps
  run: (job: Job) => Promise<LaneOutcome>
  drop: (jobs: Job[]) => void
}

type State<Job> = {
  lanes: Map<Uuid, Lane<Job>>
  /** Lanes that have both work and a free place, in turn, by whether they are proven. */
  ready: { proven: Set<Uuid>; unproven: Set<Uuid> }
  running: { proven: number; unproven: number }
  waiting: number
  /** Of these, old ones. */
  waitingOld: number
  pace: BacklogPace | null
  /** Lanes in which only old ones wait, for whom there was no turn. */
  paused: Set<Uuid>
  isStopped: boolean
}

/** Lanes that run jobs by `run`, which must not reject; `drop` takes back what a resting lane had waiting. */
export function createEndpointLanes<Job>(deps: LaneDeps<Job>): EndpointLanes<Job> {
  const state: State<Job> = {
    lanes: new Map(),
    ready: { proven: new Set(), unproven: new Set() },
    running: { proven: 0, unproven: 0 },
    waiting: 0,
    waitingOld: 0,
    pace: null,
    paused: new Set(),
    isStopped: false,
  }
  if (deps.pace !== undefined) state.pace = createBacklogPace(deps.pace, () => resume(deps, state))
  return {
    offer(endpointId, job, age) {
      if (age === 'new') state.pace?.noteNew()
      if (roomIn(deps, state, endpointId, offerLimit(state, endpointId)) === 0) return false
      const lane = state.lanes.get(endpointId) ?? addLane(state, endpointId)
      lane.waiting[age].push(job)
      count(state, age, 1)
      getReady(state, endpointId, lane)
      startReady(deps, state)
      return true
    },
    room(endpointId) {
      const lane = state.lanes.get(endpointId)
      if (state.waitingOld >= WAITING_OLD_MAX || !isRunningLow(lane)) return 0
      // However much waits for others that are slow, one for which nothing waits gets its share.
      const hasEnough = state.waitingOld >= (state.pace?.waitingMax() ?? WAITING_OLD_MAX)
      if (hasEnough && lane !== undefined && waitingIn(lane) > 0) return 0
      return roomIn(deps, state, endpointId, fetchLimit(state, endpointId))
    },
    hasNewWork: () => state.pace?.isHeld() ?? false,
    isProven: (endpointId) => state.lanes.get(endpointId)?.isProven ?? false,
    isResting: (endpointId) => (state.lanes.get(endpointId)?.rests ?? 0) > 0,
    inFlight: () => runningIn(state),
    waiting: () => state.waiting,
    stop() {
      state.isStopped = true
      state.ready.proven.clear()
      state.ready.unproven.clear()
      state.paused.clear()
      return [...state.lanes.values()].flatMap((lane) => takeAll(state, lane))
    },
  }
}

function count<Job>(state: State<Job>, age: JobAge, more: number): void {
  state.waiting += more
  if (age === 'old') state.waitingOld += more
}

const waitingIn = <Job>({ waiting }: Lane<Job>): number => waiting.new.length + waiting.old.length

function takeAll<Job>(state: State<Job>, { waiting }: Lane<Job>): Job[] {
  count(state, 'new', -waiting.new.length)
  count(state, 'old', -waiting.old.length)
  return [...waiting.new.splice(0), ...waiting.old.splice(0)]
}

function runningIn<Job>({ running }: State<Job>): number {
  return running.proven + running.unproven
}

function offerLimit<Job>(state: State<Job>, endpointId: Uuid): number {
  const isProven = state.lanes.get(endpointId)?.isProven ?? false
  return isProven || state.waiting < WAITING_CROWDED ? WAITING_MAX : WAITING_CROWDED_UNPROVEN_MAX
}

function fetchLimit<Job>(state: State<Job>, endpointId: Uuid): number {
  const lane = state.lanes.get(endpointId)
  if (lane?.isProven === true) return lane.limit * FETCHED_A_PLACE
  return Math.min(FETCHED_UNPROVEN_MAX, offerLimit(state, endpointId))
}

/** Whether what waits lasts no longer than a few turns; always for one that is not proven. */
function isRunningLow<Job>(lane: Lane<Job> | undefined): boolean {
  return lane === undefined || !lane.isProven || waitingIn(lane) <= lane.limit * FETCH_AT_A_PLACE
}

/** Puts a lane in the turn that is its own; out of it when there is nothing to run or no place. */
function getReady<Job>({ ready }: State<Job>, endpointId: Uuid, lane: Lane<Job>): void {
  const [own, other] = lane.isProven ? [ready.proven, ready.unproven] : [ready.unproven, ready.proven]
  other.delete(endpointId)
  if (waitingIn(lane) > 0 && lane.running < lane.limit) own.add(endpointId)
  else own.delete(endpointId)
}

function roomIn<Job>(deps: LaneDeps<Job>, state: State<Job>, endpointId: Uuid, waitingMax: number): number {
  if (state.isStopped || state.waiting >= WAITING_TOTAL_MAX) return 0
  const lane = state.lanes.get(endpointId)
  if (lane === undefined) return waitingMax
  if (lane.rests === 0) return Math.max(0, waitingMax - waitingIn(lane))
  const isIdle = lane.running === 0 && waitingIn(lane) === 0
  return isIdle && deps.clock.now() >= lane.restUntilMs ? 1 : 0
}

function startReady<Job>(deps: LaneDeps<Job>, state: State<Job>): void {
  startTurn(deps, state, 'proven', RUNNING_PROVEN_MAX)
  startTurn(deps, state, 'unproven', RUNNING_UNPROVEN_MAX)
}

type Turn = 'proven' | 'unproven'

function startTurn<Job>(deps: LaneDeps<Job>, state: State<Job>, turn: Turn, runningMax: number): void {
  for (const endpointId of state.ready[turn]) {
    if (state.running[turn] >= runningMax || runningIn(state) >= RUNNING_TOTAL_MAX) return
    state.ready[turn].delete(endpointId)
    const lane = state.lanes.get(endpointId)
    if (lane === undefined) continue
    const job = takeNext(state, lane)
    if (job === undefined) {
      if (lane.waiting.old.length > 0) state.paused.add(endpointId)
      continue
    }
    lane.running += 1
    state.running[turn] += 1
    void deps.run(job).then((outcome) => finish(deps, state, { endpointId, lane, outcome, turn }))
    // Back to the end of the turn; this very loop reaches it again.
    getReady(state, endpointId, lane)
  }
}

/** A new one, or an old one when there is a turn for it. */
function takeNext<Job>(state: State<Job>, lane: Lane<Job>): Job | undefined {
  const { waiting } = lane
  const isOldsTurn = waiting.new.length === 0 || lane.newInARow >= OLD_EVERY - 1
  const age = waiting.old.length > 0 && isOldsTurn && (state.pace?.take() ?? true) ? 'old' : 'new'
  const job = waiting[age].shift()
  if (job === undefined) return undefined
  lane.newInARow = age === 'old' ? 0 : lane.newInARow + 1
  count(state, age, -1)
  return job
}

/** There may be turns again for those that had none. */
function resume<Job>(deps: LaneDeps<Job>, state: State<Job>): void {
  const paused = [...state.paused]
  state.paused.clear()
  for (const endpointId of paused) {
    const lane = state.lanes.get(endpointId)
    if (lane !== undefined) getReady(state, endpointId, lane)
  }
  startReady(deps, state)
}

function finish<Job>(
  deps: LaneDeps<Job>,
  state: State<Job>,
  {
    endpointId,
    lane,
    outcome,
    turn,
  }: { endpointId: Uuid; lane: Lane<Job>; outcome: LaneOutcome; turn: Turn },
): void {
  lane.running -= 1
  state.running[turn] -= 1
  learn(lane, outcome, deps.clock.now())
  if (lane.rests > 0 && waitingIn(lane) > 0) deps.drop(takeAll(state, lane))
  getReady(state, endpointId, lane)
  if (isForgettable(lane)) state.lanes.delete(endpointId)
  startReady(deps, state)
}

function addLane<Job>(state: State<Job>, endpointId: Uuid): Lane<Job> {
  if (state.lanes.size >= LANES_MAX) forgetOneIdle(state)
  const lane: Lane<Job> = {
    ...{ waiting: { new: [], old: [] }, newInARow: 0, running: 0, limit: RUNNING_START },
    ...{ isProven: false, failures: 0, rests: 0, restUntilMs: 0 },
  }
  state.lanes.set(endpointId, lane)
  return lane
}

/** The oldest idle lane goes; few are ever not idle, so the look is short. */
function forgetOneIdle<Job>(state: State<Job>): void {
  for (const [endpointId, lane] of state.lanes) {
    if (lane.running > 0 || waitingIn(lane) > 0) continue
    state.lanes.delete(endpointId)
    return
  }
}

/** Idle, and nothing is known of it that a new lane would not assume. */
function isForgettable<Job>(lane: Lane<Job>): boolean {
  return lane.running === 0 && waitingIn(lane) === 0 && lane.failures === 0 && !lane.isProven
}

function learn<Job>(lane: Lane<Job>, outcome: LaneOutcome, nowMs: number): void {
  if (outcome.said === 'unknown') return
  if (outcome.said === 'ok') {
    lane.isProven = true
    lane.failures = 0
    lane.rests = 0
    const most = outcome.durationMs < FAST_MS ? RUNNING_MAX : RUNNING_START
    lane.limit = Math.min(lane.limit + 1, most)
    return
  }
  lane.isProven = false
  lane.failures += 1
  lane.limit = Math.max(1, lane.limit >> 1)
  // What fails during a rest had begun before it, and lengthens nothing.
  if (lane.failures < FAILURES_TO_REST || nowMs < lane.restUntilMs) return
  lane.restUntilMs = nowMs + Math.min(REST_FIRST_MS * 2 ** lane.rests, REST_MAX_MS)
  lane.rests += 1
}
