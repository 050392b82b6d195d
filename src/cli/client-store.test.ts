import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { joinDatabase, stayAlone } from './client-store.ts'

async function countWaiting({ pool }: TestDatabase): Promise<number> {
  const found = await pool.query(
    `select from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
  )
  return found.rows.length
}

test('whoever ends a database waits for all who have joined, and then nobody can join any more', async () => {
  await using db = await createTestDatabase()
  const first = await joinDatabase(db.url)
  const second = await joinDatabase(db.url)
  let isAlone = false
  const staying = stayAlone(db.url).then((presence) => {
    isAlone = true
    return presence
  })
  await first.end()
  await db.pool.query('select pg_sleep(0.3)')
  assert.equal(isAlone, false, 'the second is still there')
  await second.end()
  const alone = await staying
  let isIn = false
  const joining = joinDatabase(db.url).then((presence) => {
    isIn = true
    return presence
  })
  await until('the late one to wait', async () => (await countWaiting(db)) === 1)
  assert.equal(isIn, false)
  await alone.end()
  await (await joining).end()
})
