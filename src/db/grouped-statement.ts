// Grouped writes: calls to one statement that arrive while it runs share its next run. A busy gateway so
// pays for one commit many rows, and an idle one waits for nothing. What a run costs by itself, at both ends
// of the connection, is several times what a row costs, so that a busy statement gathers a little.
import { binaryArray } from './binary-array.ts'
import {
  type Database,
  DatabaseEndedError,
  DatabaseUnavailableError,
  isDatabaseUnavailable,
  isPreparedStatementStale,
  isRolledBack,
  isRolledBackByContention,
  type NamedStatement,
} from './database.ts'

/** Rows a run; beyond a few hundred the statement's own time grows with nothing gained. */
const ROWS_MAX = 250
/**
 * One run at a time: with two, groups were half as large and PostgreSQL's time a payment a third longer.
 * After a run of at least `BUSY_ROWS` the next one begins this long after it began, or once as many rows wait
 * as were in it, and no fewer than `GATHER_ROWS`: those are then all who can be expected. At a thousand
 * payments a second it saves a fifth of the processor time of gateway and PostgreSQL alike; below some
 * hundred a second runs are small, and nothing ever waits.
 */
const GATHER_MS = 10
const BUSY_ROWS = 4
const GATHER_ROWS = 32
/** Waiting rows; above it a caller is refused at once, so that an ailing database cannot fill the memory. */
const WAITING_MAX = 20_000

/** A statement over many rows and how to tell the rows apart. */
export type StatementSpec<Row, Found> = {
  /** Names the prepared statement and its metrics. */
  name: string
  /** Takes one array a column (`unnest`), each written as `$1::type[]`, and returns at most one row a key. */
  text: string
  /** The values of one row, in the order of the statement's parameters. */
  values: (row: Row) => unknown[]
  /** Rows with the same key never share a run: an update could apply only one of them. */
  key: (row: Row) => string
  /**
   * For rows that somebody waits for with the wish to hear "no" in time: after so long a call is rejected,
   * and while a run has taken longer than that every new one is, at once. Unset: calls wait for their run.
   */
  patienceMs?: number
  /** For how long a busy statement gathers; `GATHER_MS` when unset. */
  gatherMs?: number
  /** So many rows wait for no more. Unset: as many as the last run had, `GATHER_ROWS` at the least. */
  gatherRows?: number
  /** Reads one returned row: the key it answers, and what the caller gets. */
  read: (returned: Record<string, unknown>) => { key: string; found: Found }
}

/** One row in, its returned row out; undefined when the statement's guards let it change nothing. */
export type GroupedStatement<Row, Found> = (row: Row) => Promise<Found | undefined>

/** Told after every run: rows in it, and how long the database took. */
export type GroupObserver = (name: string, rows: number, durationMs: number) => void

type TypedSpec<Row, Found> = StatementSpec<Row, Found> & { types: readonly string[] }

type Waiting<Row, Found> = {
  row: Row
  key: string
  resolve: (found: Found | undefined) => void
  reject: (error: unknown) => void
}

/**
 * Makes a caller's function of `spec`. A run that fails for a row's own values is split until the bad row
 * stands alone and fails alone; when the database is at fault all its rows fail with
 * `DatabaseUnavailableError`, which tells whether they can have been committed.
 */
export function createGroupedStatement<Row, Found>(
  deps: { db: Database; observe?: GroupObserver },
  spec: StatementSpec<Row, Found>,
): GroupedStatement<Row, Found> {
  const typed = { ...spec, types: parameterTypes(spec.text) }
  const waiting: Waiting<Row, Found>[] = []
  let isRunning = false
  let runBeganMs = 0
  let rowsOfLast = 0
  let planned: 'now' | 'later' | null = null
  let timer: NodeJS.Timeout | undefined

  function planStart(): void {
    if (isRunning || waiting.length === 0 || planned === 'now') return
    const enough = spec.gatherRows ?? Math.max(rowsOfLast, GATHER_ROWS)
    const isGathering = rowsOfLast >= BUSY_ROWS && waiting.length < enough
    const waitMs = isGathering ? runBeganMs + (spec.gatherMs ?? GATHER_MS) - performance.now() : 0
    if (waitMs >= 1) {
      if (planned === null) timer = setTimeout(start, waitMs)
      planned = 'later'
      return
    }
    clearTimeout(timer)
    planned = 'now'
    // Once all sockets that have something to say now were read: their calls share the run.
    setImmediate(start)
  }

  function start(): void {
    planned = null
    if (waiting.length === 0) return
    isRunning = true
    runBeganMs = performance.now()
    const group = takeGroup(waiting)
    rowsOfLast = group.length
    void run(deps, typed, group).finally(() => {
      isRunning = false
      planStart()
    })
  }

  function refusal(): string | null {
    if (waiting.length >= WAITING_MAX) return 'too many rows are waiting'
    const { patienceMs } = spec
    const hangs = patienceMs !== undefined && isRunning && performance.now() - runBeganMs > patienceMs
    return hangs ? 'the run before it hangs' : null
  }

  function giveUp(call: Waiting<Row, Found>): void {
    const place = waiting.indexOf(call)
    if (place >= 0) waiting.splice(place, 1)
    call.reject(unavailable(spec.name, 'was not committed in time', { didNotRun: place >= 0 }))
  }

  return (row) =>
    new Promise((resolve, reject) => {
      const refused = refusal()
      if (refused !== null) {
        reject(unavailable(spec.name, refused, { didNotRun: true }))
        return
      }
      const call = { row, key: spec.key(row), resolve, reject }
      waiting.push(spec.patienceMs === undefined ? call : impatient(call, spec.patienceMs, giveUp))
      planStart()
    })
}

/** `call`, given up unless it is settled within `patienceMs`. */
function impatient<Row, Found>(
  call: Waiting<Row, Found>,
  patienceMs: number,
  giveUp: (call: Waiting<Row, Found>) => void,
): Waiting<Row, Found> {
  const timed: Waiting<Row, Found> = {
    ...call,
    resolve(found) {
      clearTimeout(timer)
      call.resolve(found)
    },
    reject(error) {
      clearTimeout(timer)
      call.reject(error)
    },
  }
  const timer = setTimeout(() => giveUp(timed), patienceMs)
  return timed
}

async function run<Row, Found>(
  deps: { db: Database; observe?: GroupObserver },
  spec: TypedSpec<Row, Found>,
  group: Waiting<Row, Found>[],
): Promise<void> {
  try {
    const found = await execute(deps, spec, group)
    for (const call of group) call.resolve(found.get(call.key))
  } catch (error) {
    const isAway = isDatabaseUnavailable(error)
    // Rolled back whole, and worth another try later: nobody's values are at fault.
    if (isAway || (group.length === 1 && isRolledBackByContention(error))) {
      const why = { cause: error, didNotRun: isRolledBack(error) }
      const told =
        error instanceof DatabaseEndedError ? error : unavailable(spec.name, 'did not complete', why)
      for (const call of group) call.reject(told)
    } else if (group.length === 1) {
      group[0]?.reject(error)
    } else {
      const middle = group.length >> 1
      await run(deps, spec, group.slice(0, middle))
      await run(deps, spec, group.slice(middle))
    }
  }
}

function unavailable(
  name: string,
  what: string,
  options: { cause?: unknown; didNotRun: boolean },
): DatabaseUnavailableError {
  return new DatabaseUnavailableError(`${name}: ${what}`, options)
}

/** Takes the first rows whose keys differ; the others keep their places. */
function takeGroup<Row, Found>(waiting: Waiting<Row, Found>[]): Waiting<Row, Found>[] {
  const keys = new Set<string>()
  const group: Waiting<Row, Found>[] = []
  const left: Waiting<Row, Found>[] = []
  for (const call of waiting) {
    if (group.length < ROWS_MAX && !keys.has(call.key)) {
      keys.add(call.key)
      group.push(call)
    } else {
      left.push(call)
    }
  }
  waiting.splice(0, waiting.length, ...left)
  return group
}

async function execute<Row, Found>(
  deps: { db: Database; observe?: GroupObserver },
  spec: TypedSpec<Row, Found>,
  group: Waiting<Row, Found>[],
): Promise<Map<string, Found>> {
  const startedAt = performance.now()
  const columns = toColumns(
    spec.types,
    group.map((call) => spec.values(call.row)),
  )
  const rows = await query(deps.db, {
    name: spec.name,
    text: spec.text,
    values: columns,
    isPlannedOnce: true,
  })
  deps.observe?.(spec.name, group.length, performance.now() - startedAt)
  const found = new Map<string, Found>()
  for (const returned of rows) {
    const read = spec.read(returned)
    found.set(read.key, read.found)
  }
  return found
}

/** Runs the prepared statement; once more after contention, and once without its name when that is stale. */
async function query(db: Database, statement: NamedStatement): Promise<Record<string, unknown>[]> {
  try {
    return (await db.query<Record<string, unknown>>(statement)).rows
  } catch (error) {
    if (isRolledBackByContention(error)) return (await db.query<Record<string, unknown>>(statement)).rows
    if (!isPreparedStatementStale(error)) throw error
    return (await db.query<Record<string, unknown>>(statement.text, statement.values)).rows
  }
}

/** The types of the statement's parameters, in their order. */
function parameterTypes(text: string): string[] {
  const types: string[] = []
  for (const [, place, type = ''] of text.matchAll(/\$(\d+)::(\w+)\[\]/g)) types[Number(place) - 1] = type
  return types
}

/** One array a parameter: in binary where it can be, as the driver writes it elsewhere. */
function toColumns(types: readonly string[], rows: unknown[][]): unknown[] {
  return types.map((type, place) => {
    const column = rows.map((row) => row[place])
    return binaryArray(type, column) ?? column
  })
}
