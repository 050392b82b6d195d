import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { createTestDatabase } from '../../test/support/database.ts'
import { createPools } from './database.ts'
import { tellLostSettings } from './session-settings-store.ts'

/** What is said in the log of the connections of `db`. */
async function toldOf(db: pg.Pool): Promise<object[]> {
  const told: object[] = []
  await tellLostSettings({ db, log: { warn: (fields) => told.push(fields) } })
  return told
}

test('a start says which settings were dropped on the way, and what to do about it', async () => {
  await using database = await createTestDatabase()
  const bare = new pg.Pool({ connectionString: database.url, options: '-c statement_timeout=3s -c jit=off' })
  const [said] = await toldOf(bare)
  await bare.end()
  const names = ['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan', 'statement_timeout']
  const { lost, remedy } = said as { lost: { name: string; is: string; wanted: string }[]; remedy: string }
  assert.deepEqual(
    lost.map(({ name }) => name).sort(),
    [...names, 'idle_in_transaction_session_timeout'].sort(),
  )
  assert.deepEqual(
    lost.find(({ name }) => name === 'statement_timeout'),
    { name: 'statement_timeout', is: '3s', wanted: '10s' },
  )
  assert.match(remedy, /alter role … set statement_timeout = '10s'/)
})

test('a start says nothing of connections that have what they ask for', async () => {
  await using database = await createTestDatabase()
  const { pool, plannedPool } = createPools(database.url, () => undefined, 1)
  const told = [...(await toldOf(pool)), ...(await toldOf(plannedPool))]
  await Promise.all([pool.end(), plannedPool.end()])
  assert.deepEqual(told, [])
})
