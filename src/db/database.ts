// The way to PostgreSQL: one pool, and one answer to "is it the database or the statement that failed?".
import pg from 'pg'

/** What the stores need of a connection or a pool. */
export type Database = {
  /** With a name, the statement is parsed and planned once a connection. */
  query<R extends pg.QueryResultRow>(
    statement: string | NamedStatement,
    values?: unknown[],
  ): Promise<{ rows: R[] }>
}

/** A statement to prepare under `name`, which always stands for the same text. */
export type NamedStatement = {
  name: string
  text: string
  values: unknown[]
  /** Its plan serves any values: it goes to the connections on which nothing is planned anew. */
  isPlannedOnce?: true
}

/** PostgreSQL could not be reached or could not do its work. */
export class DatabaseUnavailableError extends Error {
  override name = 'DatabaseUnavailableError'
  /** True when the statement certainly changed nothing and never will; else that is not known. */
  readonly didNotRun: boolean

  constructor(message: string, options: { cause?: unknown; didNotRun?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.didNotRun = options.didNotRun ?? false
  }
}

/** The pool was ended: this process is closing, and trying again is in vain. */
export class DatabaseEndedError extends DatabaseUnavailableError {
  override name = 'DatabaseEndedError'
}

/** Enough for the sweeps and some reads; what is planned once has its own. */
const CONNECTIONS_MAX = 12
/** Each of the busy statements runs once at a time: commits ① to ④, and the look-ups before them. */
const PLANNED_CONNECTIONS_MAX = 8
/** A process does its work with so many of either, if more slowly. */
const CONNECTIONS_MIN = 2
/** Of the 100 that PostgreSQL takes unless told, the rest is for others and for the command line. */
const CONNECTIONS_IN_ALL = 80
const CONNECT_TIMEOUT_MS = 5_000
/**
 * A connection keeps the plans that it has made, also those made while a table was empty, which may take an
 * index that serves badly once it has rows. A new connection plans anew.
 */
const LIFETIME_MAX_SECONDS = 60
/** The system then looks whether the other side of a silent connection is still there. */
const KEEP_ALIVE_AFTER_MS = 5_000
/** A statement of ours takes milliseconds; one that takes this long is stuck. */
const STATEMENT_TIMEOUT_MS = 10_000

/**
 * Every statement of ours finds its rows by an index, a few hundred at the most. A plan that was made while
 * the tables were empty is kept for as long as the connection; without these it may be a scan of them all.
 * A scan that is needed after all is priced so high then that it would be compiled first, for a quarter of a
 * second: hence no JIT, which no statement this short is worth.
 */
const PLANNER_SETTINGS = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
}
const PLANNER_OPTIONS = Object.entries(PLANNER_SETTINGS)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ')

/** What every connection of ours asks for, by the names and in the words of PostgreSQL. */
export const SESSION_SETTINGS: { readonly [name: string]: string | undefined } = {
  ...PLANNER_SETTINGS,
  statement_timeout: `${STATEMENT_TIMEOUT_MS / 1_000}s`,
  idle_in_transaction_session_timeout: `${STATEMENT_TIMEOUT_MS / 1_000}s`,
}

/**
 * A grouped statement reads and writes by primary keys, so that one plan serves groups of any size. Left to
 * itself, PostgreSQL planned each small group anew, since an array of one looked cheaper than one of unknown
 * length: a quarter of its time a payment at 200 payments a second.
 */
const PLANNED_OPTIONS = `${PLANNER_OPTIONS} -c plan_cache_mode=force_generic_plan`

/** What a process has: for statements that are planned once, and for all others. */
export type Pools = { pool: pg.Pool; plannedPool: pg.Pool }

/**
 * Both pools of one of so many `processes`, which share what PostgreSQL takes. Errors of idle connections are
 * handed to `onIdleError`: they cost no statement.
 */
export function createPools(url: string, onIdleError: (error: Error) => void, processes: number): Pools {
  const share = Math.floor(CONNECTIONS_IN_ALL / processes)
  const planned = Math.min(PLANNED_CONNECTIONS_MAX, Math.floor(share / 2))
  const max = Math.min(CONNECTIONS_MAX, share - planned)
  return {
    pool: createPool(url, onIdleError, { max }),
    plannedPool: createPool(url, onIdleError, { max: planned, options: PLANNED_OPTIONS }),
  }
}

/** A pool on `url`, by itself. */
export function createPool(
  url: string,
  onIdleError: (error: Error) => void = () => {},
  { max = CONNECTIONS_MAX, options = PLANNER_OPTIONS }: { max?: number; options?: string } = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: Math.max(CONNECTIONS_MIN, max),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    maxLifetimeSeconds: LIFETIME_MAX_SECONDS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // The client gives up a little after the server should have.
    query_timeout: STATEMENT_TIMEOUT_MS + CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    application_name: 'sukuma',
    options,
  })
  pool.on('error', onIdleError)
  // An error may come with the very bytes that make a connection ready, before who asked for it has it: with
  // nobody listening it would end the process. The next statement on that connection fails.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** SQLSTATE classes of a server that cannot serve: connection, resources, operator, system, I/O. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58'])
/** Read-only: a standby was promoted elsewhere, or the disk is full. */
const READ_ONLY_STATE = '25006'

/** True when `error` speaks of the database's health, not of the statement or its values. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true
  if (!(error instanceof Error)) return false
  const state = sqlState(error)
  if (state !== null) return UNAVAILABLE_CLASSES.has(state.slice(0, 2)) || state === READ_ONLY_STATE
  // No SQLSTATE: the driver or the socket failed (refused, reset, ended, timed out, its name not resolved).
  return SYSTEM_ERROR.test(codeOf(error) ?? '') || DRIVER_ERROR.test(error.message)
}

/** Node's codes of the system's errors; the message of one about several addresses is empty. */
const SYSTEM_ERROR = /^E(AI_)?[A-Z]+$/
const DRIVER_ERROR = /connect|timeout|terminat|socket|not queryable|after calling end/i

const DEADLOCK = '40P01'
const SERIALIZATION_FAILURE = '40001'

/** True when the very same statement is worth another try at once: it was rolled back whole. */
export function isRolledBackByContention(error: unknown): boolean {
  const state = error instanceof Error ? sqlState(error) : null
  return state === DEADLOCK || state === SERIALIZATION_FAILURE
}

/**
 * True when the server itself has said that a statement failed: it was rolled back. An error that ends the
 * connection (FATAL), or none at all, leaves open whether it was committed just before.
 */
export function isRolledBack(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return error.didNotRun
  if (isRolledBackByContention(error)) return true
  return error instanceof pg.DatabaseError && error.severity === 'ERROR'
}

const TOO_MANY_CONNECTIONS = '53300'

/** True when the server has no connection left for us: others of ours may soon have done their work. */
export function isOutOfConnections(error: unknown): boolean {
  return error instanceof Error && sqlState(error) === TOO_MANY_CONNECTIONS
}

const FEATURE_NOT_SUPPORTED = '0A000'
const INVALID_STATEMENT_NAME = '26000'

/**
 * True when a prepared statement no longer fits: a newer version has added a column to its table, or a
 * connection pooler has handed on another connection. Nothing ran; without its name it does.
 */
export function isPreparedStatementStale(error: unknown): boolean {
  const state = error instanceof Error ? sqlState(error) : null
  return state === FEATURE_NOT_SUPPORTED || state === INVALID_STATEMENT_NAME
}

function sqlState(error: Error): string | null {
  const code = codeOf(error)
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && !SYSTEM_ERROR.test(code) ? code : null
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null
}
