import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { manualClock } from '../clock.ts'
import { watchedDatabase } from '../db/testing/watched-database.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { createMerchant } from '../merchants/merchants.ts'
import { deriveAuthKeys } from './auth-keys.ts'
import { insertMember } from './member-store.ts'
import { createSessionAuthenticator } from './session-authenticator.ts'
import { signedSessionCookie } from './session-cookie.ts'
import { endSession } from './session-store.ts'
import { insertUser } from './user-store.ts'

const KEYS = deriveAuthKeys([Buffer.alloc(32, 4)])
const TOKEN = 'a-token-of-a-session'
const HOUR_MS = 3_600_000

let database: TestDatabase
let clock: ReturnType<typeof manualClock>
let ids: { merchant: Uuid; user: Uuid; session: Uuid }
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 0, 1))
  const newUuid = createUuidSource(clock)
  const db = database.pool
  for (const table of ['members', 'users', 'merchants']) await db.query(`delete from ${table}`)
  const made = await createMerchant({ db, clock, newUuid }, { name: 'Duka' })
  assert.equal(made.code, 'created')
  ids = { merchant: made.merchant.id, user: newUuid(), session: newUuid() }
  const at = new Date(clock.now())
  await insertUser({ db }, { id: ids.user, email: 'amina@shop.example', name: 'Amina', at })
  await insertMember({ db }, { merchantId: ids.merchant, userId: ids.user, role: 'developer', at })
  await db.query(
    `insert into user_sessions (id, user_id, token, expires_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $5)`,
    [ids.session, ids.user, TOKEN, new Date(clock.now() + HOUR_MS), at],
  )
})

function open() {
  const watched = watchedDatabase(database.pool)
  const deps = { db: watched.db, clock, log: silentLogger, keys: KEYS, isSecure: () => false }
  return { authenticator: createSessionAuthenticator(deps), reads: () => watched.sizes.length }
}

const cookie = signedSessionCookie(KEYS, TOKEN, false)
const asDuka = (live: boolean) => ({ merchantId: ids.merchant, live })

describe('a session', () => {
  it('stands for its person, with the scopes of the role, on the side that is asked for', async () => {
    const found = await open().authenticator.authenticate(cookie, asDuka(true))
    assert.ok(found.ok)
    const { merchantName, live, actor, scopes } = found.principal
    assert.deepEqual([merchantName, live, scopes.has('settings:write')], ['Duka', true, true])
    const { user: id } = ids
    assert.deepEqual(actor, { kind: 'user', id, email: 'amina@shop.example', role: 'developer' })
  })

  it('is read once in 4 s, however often and for whichever side it asks', async () => {
    const { authenticator, reads } = open()
    for (const live of [true, false, true]) {
      const twice = [1, 2].map(() => authenticator.authenticate(cookie, asDuka(live)))
      assert.ok((await Promise.all(twice)).every(({ ok }) => ok))
    }
    assert.equal(reads(), 1)
    clock.advance(4_000)
    await authenticator.authenticate(cookie, asDuka(true))
    assert.equal(reads(), 2)
  })

  it('that is not signed costs no look into the database', async () => {
    const { authenticator, reads } = open()
    const forged = cookie.replace(TOKEN, 'another-token-of-theirs')
    for (const sent of [undefined, '', forged, 'sukuma.session_token=x']) {
      assert.deepEqual(await authenticator.authenticate(sent, asDuka(true)), {
        ok: false,
        code: 'no_session',
      })
    }
    assert.equal(reads(), 0)
  })
})

describe('a session that is over', () => {
  it('by being ended is refused within 5 s, and by its time at that very moment', async () => {
    const { authenticator } = open()
    const isIn = async () => (await authenticator.authenticate(cookie, asDuka(true))).ok
    clock.advance(HOUR_MS - 1_000)
    assert.ok(await isIn())
    clock.advance(1_000)
    assert.equal(await isIn(), false)
    clock.advance(-HOUR_MS)
    assert.ok(await isIn())
    await endSession({ db: database.pool }, ids.user, ids.session)
    clock.advance(4_000)
    assert.equal(await isIn(), false)
  })
})

describe('a session of somebody', () => {
  it('is of no use for a merchant that is none of theirs', async () => {
    const stranger = { merchantId: ids.user, live: true }
    assert.deepEqual(await open().authenticator.authenticate(cookie, stranger), {
      ok: false,
      code: 'no_member',
    })
  })

  it('notes to ten minutes when it was used last', async () => {
    const { authenticator } = open()
    const lastUse = async () => {
      const { rows } = await database.pool.query<{ updated_at: Date }>('select updated_at from user_sessions')
      return rows[0]?.updated_at.getTime()
    }
    const began = clock.now()
    clock.advance(599_000)
    await authenticator.signedIn(cookie)
    assert.equal(await lastUse(), began)
    clock.advance(1_000)
    await authenticator.signedIn(cookie)
    await until('the use', async () => (await lastUse()) === clock.now())
  })
})
