// A transaction that stands in the way of others, for tests of what happens while they wait.
import pg from 'pg'
import type { TestDatabase } from '../../../test/support/database.ts'
import { until } from '../../../test/support/gateway.ts'

/** Holds its locks until released, or disposed of. */
export type LockHolder = AsyncDisposable & {
  /** Resolves when a statement of another connection waits for a lock; rejects when none ever does. */
  untilOneWaits(): Promise<void>
  /** Ends the connections that wait, as a failing server would. */
  cutOffWaiting(): Promise<void>
  /** Commits. */
  release(): Promise<unknown>
}

/** Begins a transaction on a connection of its own and runs `statement` in it. */
export async function holdLock(database: TestDatabase, statement: string): Promise<LockHolder> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('begin')
  await client.query(statement)
  // Asked on other connections: within one transaction the view does not change.
  const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  const untilOneWaits = async () => {
    await until('a statement that waits for a lock', async () => {
      const { rows } = await database.pool.query(`select pid ${waiting}`)
      return rows.length > 0
    })
  }
  return {
    untilOneWaits,
    async cutOffWaiting() {
      await untilOneWaits()
      await database.pool.query(`select pg_terminate_backend(pid) ${waiting}`)
    },
    release: () => client.query('commit'),
    [Symbol.asyncDispose]: () => client.end(),
  }
}
