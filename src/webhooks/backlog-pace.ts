// How fast an old backlog is delivered while new work comes in: after an outage a hundred thousand webhooks
// are due at once, and whoever pays now must not wait behind them. Without new work it takes all there is.

/** What time and load look like to a pace; a process's own unless a test says otherwise. */
export type PaceDeps = {
  /** Milliseconds from any fixed point, never set back. */
  nowMs: () => number
  /** Milliseconds, since the process began, that its thread was busy. */
  busyMs: () => number
  /** Calls `act` once, in `ms` milliseconds; keeps no process alive. */
  after: (ms: number, act: () => void) => void
}

/** The pace of a process. */
export type BacklogPace = {
  /** New work came: for a second from now, what is old gives way to it. */
  noteNew(): void
  /** Takes a turn for something old; false when there is none now: `onTurn` is called when there may be. */
  take(): boolean
  /** Whether new work has come of late, so that what is old gives way. */
  isHeld(): boolean
  /** How many old ones are to wait in memory: as many as soon have their turn. */
  waitingMax(): number
}

/** Without new work for this long, nobody is in the way. */
const NEW_WORK_LASTS_MS = 1_000
/**
 * The share of its thread's time that a process is to be busy while old work is done beside new: above it,
 * requests queue for the thread, and each one waits longer than it takes.
 */
const BUSY_AIM = 0.6
/** Old ones a second at the least: a backlog always ends, a hundred thousand in nine minutes. */
const RATE_MIN = 200
/** A process delivers some 5,000 a second when it does nothing else. */
const RATE_MAX = 5_000
const RATE_START = 1_000
/**
 * How often load is looked at, and the pace changed by how far it is from the aim; at one look by no more
 * than this. In proportion, since looks differ: a rule that takes any busy look for too much settles where
 * few are, at a half or a third of what there is to give.
 */
const LOOK_EVERY_MS = 50
const SLOWER_MAX = 0.7
const FASTER_MAX = 1.25
/**
 * Turns come in steps of this. A step's attempts begin in one go, and their answers come in one: what is new
 * waits behind them, so that steps are short, and still coarse enough for timers.
 */
const STEP_MS = 4
/** So many turns may always be saved up: at the slowest pace those of 40 ms. */
const SAVED_MIN = 8
/** What waits in memory is to have its turn within this: more would be fetched in a burst, for nothing. */
const WAIT_MAX_SECONDS = 2
const MS_PER_SECOND = 1_000

/** A pace that nothing holds back yet. `onTurn` is called while somebody was refused a turn. */
export function createBacklogPace(deps: PaceDeps, onTurn: () => void): BacklogPace {
  let newWorkAtMs = Number.NEGATIVE_INFINITY
  let rate = RATE_START
  let turns = 0
  let filledAtMs = deps.nowMs()
  let look = { atMs: filledAtMs, busyMs: deps.busyMs() }
  let isAwaited = false

  const isHeld = (nowMs: number) => nowMs - newWorkAtMs < NEW_WORK_LASTS_MS

  function adapt(nowMs: number): void {
    const passedMs = nowMs - look.atMs
    if (passedMs < LOOK_EVERY_MS) return
    const busyMs = deps.busyMs()
    const busy = (busyMs - look.busyMs) / passedMs
    look = { atMs: nowMs, busyMs }
    const change = Math.min(FASTER_MAX, Math.max(SLOWER_MAX, BUSY_AIM / busy))
    rate = Math.min(RATE_MAX, Math.max(RATE_MIN, rate * change))
  }

  function fill(nowMs: number): void {
    // No more than two steps are saved up: turns that nobody took must not come as one burst. A few always
    // are: where a machine is busy with others timers come late, and a slow pace would lose turns to that.
    const most = Math.max(SAVED_MIN, (rate * 2 * STEP_MS) / MS_PER_SECOND)
    turns = Math.min(most, turns + (rate * (nowMs - filledAtMs)) / MS_PER_SECOND)
    filledAtMs = nowMs
  }

  function awaitTurn(): void {
    if (isAwaited) return
    isAwaited = true
    deps.after(STEP_MS, () => {
      isAwaited = false
      onTurn()
    })
  }

  return {
    noteNew() {
      const nowMs = deps.nowMs()
      if (!isHeld(nowMs)) {
        // What happened before says nothing about old work beside new.
        look = { atMs: nowMs, busyMs: deps.busyMs() }
        filledAtMs = nowMs
      }
      newWorkAtMs = nowMs
    },
    take() {
      const nowMs = deps.nowMs()
      if (!isHeld(nowMs)) return true
      adapt(nowMs)
      fill(nowMs)
      if (turns >= 1) {
        turns -= 1
        return true
      }
      awaitTurn()
      return false
    },
    isHeld: () => isHeld(deps.nowMs()),
    waitingMax: () => (isHeld(deps.nowMs()) ? rate * WAIT_MAX_SECONDS : Number.POSITIVE_INFINITY),
  }
}

/** The machine's own time and load. */
export const machinePace: PaceDeps = {
  nowMs: () => performance.now(),
  busyMs: () => performance.eventLoopUtilization().active,
  after: (ms, act) => {
    setTimeout(act, ms).unref()
  },
}
