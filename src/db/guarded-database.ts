// The pool with a guard before it: callers who can be turned away wait a few seconds at the most and never
// pile up, and of a failed statement it is known whether it can have run.
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import {
  type Database,
  DatabaseEndedError,
  DatabaseUnavailableError,
  isDatabaseUnavailable,
  isOutOfConnections,
  isRolledBack,
  type NamedStatement,
  type Pools,
} from './database.ts'
import type { OutageWatch, StatementKind } from './outage.ts'

/** The pools, seen in two ways. */
export type GuardedDatabase = {
  /**
   * For work that must be done and that somebody paces: sweeps, grouped writes, what Daraja has said. It
   * waits for as long as the pool's own limits let it, about 20 s.
   */
  work: Database
  /** For callers with a client behind them: refused at once in an outage, and after `PATIENCE_MS`. */
  asked: Database
  /** Statements of `asked` under way; those given up on count until they are over. */
  held(): number
}

/** A caller who has waited for this long is told to come back: clients of ours give up after 10 s or so. */
export const PATIENCE_MS = 4_000
/** As many requests as one key may have under way; a few kilobytes each. */
const HELD_MAX = 5_000
/** Between two tries for a connection while the server has none left. */
const CONNECTION_PAUSE_MS = 100

type Deps = Pools & { watch: OutageWatch }
type Statement = string | NamedStatement
/** A statement on its way; nobody waits for it any longer once it is given up. */
type Errand = { statement: Statement; values: unknown[] | undefined; isGivenUp: boolean; beganMs: number }

/** Guards both pools; a statement's outcome is told to `watch`, and that one takes `patienceMs` or more. */
export function guardDatabase(deps: Deps, options: { patienceMs?: number } = {}): GuardedDatabase {
  const patienceMs = options.patienceMs ?? PATIENCE_MS
  let held = 0

  const begin = (statement: Statement, values: unknown[] | undefined): Errand => ({
    statement,
    values,
    isGivenUp: false,
    beganMs: performance.now(),
  })

  /** Runs it, and tells `onSlow` when it takes long. */
  async function timed<R extends pg.QueryResultRow>(errand: Errand, onSlow: (error: Error) => void) {
    const timer = setTimeout(() => {
      const error = new DatabaseUnavailableError('the database did not answer in time')
      deps.watch.failed(kindOf(errand.statement), error)
      onSlow(error)
    }, patienceMs)
    try {
      return await run<R>(deps, errand, patienceMs)
    } finally {
      clearTimeout(timer)
    }
  }

  async function ask<R extends pg.QueryResultRow>(statement: Statement, values?: unknown[]) {
    const turn = held < HELD_MAX ? deps.watch.admit(kindOf(statement)) : null
    if (turn === null) throw new DatabaseUnavailableError('the database is away', { didNotRun: true })
    held += 1
    const errand = begin(statement, values)
    const given = Promise.withResolvers<{ rows: R[] }>()
    timed<R>(errand, (error) => {
      errand.isGivenUp = true
      given.reject(error)
    })
      .then(given.resolve, given.reject)
      .finally(() => {
        held -= 1
        turn.ended()
      })
    return given.promise
  }

  return {
    work: { query: (statement, values) => timed(begin(statement, values), () => undefined) },
    asked: { query: ask },
    held: () => held,
  }
}

async function run<R extends pg.QueryResultRow>(
  deps: Deps,
  errand: Errand,
  patienceMs: number,
): Promise<{ rows: R[] }> {
  const { statement, values } = errand
  const kind = kindOf(statement)
  const client = await connect(deps, errand, patienceMs)
  let fault: Error | undefined
  const onError = (error: Error) => {
    fault = error
  }
  // Without a listener the loss of a connection in use would end the process.
  client.on('error', onError)
  try {
    if (errand.isGivenUp) throw new DatabaseUnavailableError('nobody waits any longer', { didNotRun: true })
    const result =
      typeof statement === 'string'
        ? await client.query<R>(statement, values)
        : await client.query<R>(statement)
    deps.watch.succeeded(kind)
    return result
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error
    // A server that was demoted or is ending says so on one statement: the next gets another connection.
    fault ??= error instanceof Error ? error : new Error(String(error))
    if (!isDatabaseUnavailable(error)) {
      deps.watch.succeeded(kind)
      throw error
    }
    deps.watch.failed(kind, error)
    const didNotRun = isRolledBack(error)
    throw new DatabaseUnavailableError('the statement did not complete', { cause: error, didNotRun })
  } finally {
    client.off('error', onError)
    client.release(fault)
  }
}

/** A connection; when the server has none left, one of ours as soon as it is free. Nothing has run yet. */
async function connect(deps: Deps, errand: Errand, patienceMs: number): Promise<pg.PoolClient> {
  const untilMs = errand.beganMs + patienceMs
  const { statement } = errand
  const pool = typeof statement !== 'string' && statement.isPlannedOnce ? deps.plannedPool : deps.pool
  for (;;) {
    if (pool.ending) throw new DatabaseEndedError('the pool was ended', { didNotRun: true })
    try {
      return await pool.connect()
    } catch (error) {
      const mayWait = isOutOfConnections(error) && !errand.isGivenUp && performance.now() < untilMs
      if (!mayWait) {
        deps.watch.failed(kindOf(statement), error)
        throw new DatabaseUnavailableError('there is no connection', { cause: error, didNotRun: true })
      }
      await sleep(CONNECTION_PAUSE_MS * (0.5 + Math.random()))
    }
  }
}

const WRITES = /\b(insert|update|delete)\b/

/** Texts of ours are lower case; `for update` needs a server that takes writes too. */
function kindOf(statement: Statement): StatementKind {
  return WRITES.test(typeof statement === 'string' ? statement : statement.text) ? 'write' : 'read'
}
