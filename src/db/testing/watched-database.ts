// A database whose statements can be counted and held back, for tests.
import type pg from 'pg'
import type { Database, NamedStatement } from '../database.ts'

/** `integer` in `pg_type`. */
const INTEGER_OID = 23

/** `db`, with a note of every statement sent through it. */
export type WatchedDatabase = {
  db: Database
  /** Rows of each statement: the length of its first parameter. */
  sizes: number[]
  /** The first parameter of each statement. */
  firstColumns: unknown[][]
  /** The most statements that ran at a time. */
  readonly runningMax: number
}

/** Watches `inner`; each statement is sent once `mayGo` has resolved. */
export function watchedDatabase(
  inner: Database,
  mayGo: () => Promise<void> = () => Promise.resolve(),
): WatchedDatabase {
  const firstColumns: unknown[][] = []
  const sizes: number[] = []
  let running = 0
  let runningMax = 0
  return {
    sizes,
    firstColumns,
    get runningMax() {
      return runningMax
    },
    db: {
      async query<R extends pg.QueryResultRow>(statement: string | NamedStatement, values?: unknown[]) {
        const given = typeof statement === 'string' ? values : statement.values
        const column = readColumn(given?.[0])
        firstColumns.push(column)
        sizes.push(column.length)
        running += 1
        runningMax = Math.max(runningMax, running)
        try {
          await mayGo()
          return await inner.query<R>(statement, values)
        } finally {
          running -= 1
        }
      },
    },
  }
}

/** A gate that those who reach it wait at until it is opened for good. */
export function createGate() {
  const opened = Promise.withResolvers<void>()
  let count = 0
  let look = () => {}
  return {
    passed(): Promise<void> {
      count += 1
      look()
      return opened.promise
    },
    open: () => opened.resolve(),
    /** Resolves when `wanted` have reached it. */
    reachedBy(wanted: number): Promise<void> {
      return new Promise((resolve) => {
        look = () => {
          if (count >= wanted) resolve()
        }
        look()
      })
    },
  }
}

/** An array of integers, as it is or in PostgreSQL's binary form; anything else has no rows to count. */
function readColumn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (!Buffer.isBuffer(value) || value.readInt32BE(8) !== INTEGER_OID) return []
  // A header of 20 bytes, and each of them as its length and itself.
  return Array.from({ length: value.readInt32BE(12) }, (_, place) => value.readInt32BE(24 + 8 * place))
}
