// Knows whether the database does its work: one line in the log when it stops and one when it is back, and
// an answer to "shall this caller wait?", so that requests are turned away before they pile up.

/** Reads go on while a server is read-only or its disk is full; writes do not. */
export type StatementKind = 'read' | 'write'

/** What is wrong, since when, and how often it was felt. */
export type Outage = { kind: StatementKind; reason: string; sinceMs: number; failures: number }

/** Told of every statement. */
export type OutageWatch = {
  succeeded(kind: StatementKind): void
  failed(kind: StatementKind, error: unknown): void
  /** A connection was lost while nobody used it. */
  connectionLost(error: unknown): void
  /**
   * Whether a caller who can be turned away may try: always while the database works. In an outage one at a
   * time does, to find out; it must call `ended` on what it got. Null turns the caller away.
   */
  admit(kind: StatementKind): { ended(): void } | null
  /** The outage that goes on, if one does; of writes before one of reads. */
  current(): Outage | null
}

type Log = { error(fields: object, text: string): void; info(fields: object, text: string): void }

type State = {
  lastSuccessMs: number
  lastFailureMs: number
  outage: Outage | null
  toldMs: number
  /** When the caller began who finds out for all. */
  probingSinceMs: number | null
}

/** Without any success for this long, a failure is no accident of one connection. */
const TRIPPED_AFTER_MS = 1_000
/** An outage is over once something has succeeded and nothing has failed for this long. */
const CALM_MS = 2_000
/** A long outage is told again this often. */
const REMIND_EVERY_MS = 60_000
/** A caller who finds out for all and never comes back is not waited for. */
const PROBE_MAX_MS = 20_000
const KINDS = ['write', 'read'] as const
const NO_TURN = { ended: () => undefined }

/** A watch; `now` is a clock in milliseconds that only goes forward. */
export function createOutageWatch(deps: { log: Log; now?: () => number }): OutageWatch {
  const now = deps.now ?? (() => performance.now())
  const states = { read: fresh(now()), write: fresh(now()) }

  function end(kind: StatementKind): void {
    const state = states[kind]
    const { outage } = state
    if (outage === null || state.lastSuccessMs < state.lastFailureMs) return
    if (now() - state.lastFailureMs < CALM_MS) return
    state.outage = null
    const awayMs = Math.max(0, Math.round(state.lastFailureMs - outage.sinceMs))
    deps.log.info({ kind, failures: outage.failures, awayMs }, 'the database is back')
  }

  function begin(kind: StatementKind, error: unknown): void {
    const state = states[kind]
    const reason = reasonOf(error)
    if (state.outage === null) {
      state.outage = { kind, reason, sinceMs: now(), failures: 0 }
      state.toldMs = now()
      deps.log.error({ kind, err: error }, `the database is away: ${reason}`)
    } else if (now() - state.toldMs >= REMIND_EVERY_MS) {
      state.toldMs = now()
      const { failures } = state.outage
      deps.log.error({ kind, failures, err: error }, `the database is still away: ${reason}`)
    }
    state.outage.reason = reason
    state.outage.failures += 1
  }

  return {
    succeeded(kind) {
      states[kind].lastSuccessMs = now()
      if (states[kind].outage !== null) end(kind)
    },
    failed(kind, error) {
      states[kind].lastFailureMs = now()
      begin(kind, error)
    },
    connectionLost(error) {
      // No statement has failed: callers are let through, and the next success ends it.
      if (states.read.outage !== null || states.write.outage !== null) return
      begin('read', error)
    },
    admit: (kind) => admit(states[kind], now),
    current() {
      for (const kind of KINDS) {
        end(kind)
        if (states[kind].outage !== null) return states[kind].outage
      }
      return null
    },
  }
}

function fresh(nowMs: number): State {
  const never = Number.NEGATIVE_INFINITY
  return { lastSuccessMs: nowMs, lastFailureMs: never, outage: null, toldMs: never, probingSinceMs: null }
}

function admit(state: State, now: () => number): { ended(): void } | null {
  const works = state.lastSuccessMs >= state.lastFailureMs
  if (works || now() - state.lastSuccessMs < TRIPPED_AFTER_MS) return NO_TURN
  const since = now()
  if (state.probingSinceMs !== null && since - state.probingSinceMs < PROBE_MAX_MS) return null
  state.probingSinceMs = since
  return {
    ended() {
      if (state.probingSinceMs === since) state.probingSinceMs = null
    },
  }
}

/** What a person is told; PostgreSQL's own words where it said some. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  if (cause.message !== '') return cause.message
  return 'code' in cause ? String(cause.code) : cause.name
}
