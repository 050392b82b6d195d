import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import { watchedDatabase } from '../db/testing/watched-database.ts'
import { createUuidSource } from '../ids.ts'
import { DEMO_USER_ID } from './demo-user.ts'
import { createReadEntrance } from './entrance.ts'
import { claimFirst, insertUser } from './user-store.ts'

test('who may come in is looked for once by a thousand, and that nobody has yet is not kept', async () => {
  await using db = await createTestDatabase()
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const watched = watchedDatabase(db.pool)
  const mailer = { isSending: false, send: async () => ({ code: 'printed' as const }) }
  const deps = { db: watched.db, clock, newUuid, mailer, signUp: 'invitation' as const }
  const read = createReadEntrance({ ...deps, prepareMerchant: async () => undefined })
  const askAll = () => Promise.all(Array.from({ length: 1_000 }, () => read()))
  const before = new Set((await askAll()).map(({ signUp }) => signUp))
  assert.deepEqual([[...before], watched.sizes.length], [['first'], 2])

  const [id, at] = [newUuid(), new Date(clock.now())]
  await insertUser({ db: db.pool }, { id, email: 'amina@shop.example', name: 'Amina', at })
  await claimFirst({ db: db.pool }, id, DEMO_USER_ID, at)
  assert.equal((await read()).signUp, 'invitation', 'at once')
  for (let round = 0; round < 3; round += 1) await askAll()
  assert.equal(watched.sizes.length, 4)
})
