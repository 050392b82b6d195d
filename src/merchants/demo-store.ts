// The transaction in which the demo merchant is made: all of it or none.
import type pg from 'pg'
import type { Database } from '../db/database.ts'

/** Runs `work` in one transaction, which is rolled back when it throws. */
export async function inTransaction<T>(
  pool: Pick<pg.Pool, 'connect'>,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    // Closing the connection rolls back whatever state it was in.
    client.release(true)
    throw error
  }
}
