import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type pg from 'pg'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import { silentLogger } from '../log.ts'
import { stubCredential } from './testing/stub-daraja.ts'
import { createDarajaTokens } from './token.ts'
import { createTokenStore, type TokenSeal } from './token-store.ts'

const ID = 'app_stub'
const NOW_MS = Date.UTC(2026, 0, 1)
const TOKEN = { accessToken: 'secret token', lifeMs: 3_599_000, expiresAtMs: NOW_MS + 3_599_000 }

/** Seals by turning the text around: unlike the plain text, and bound to its context. */
const seal: TokenSeal = {
  seal: (plaintext, context) => Buffer.from([...`${context}|${plaintext}`].reverse().join('')),
  open(sealed, context) {
    const text = [...sealed.toString()].reverse().join('')
    if (!text.startsWith(`${context}|`)) throw new Error('sealed for another context')
    return Buffer.from(text.slice(context.length + 1))
  },
}

function storeOn(pool: pg.Pool) {
  return createTokenStore({ db: pool, seal, log: silentLogger })
}

function lease(generation: number, leaseMs = 60_000) {
  return { holder: randomUUID(), leaseMs, generation }
}

test('a credential never seen has no token', async () => {
  await using db = await createTestDatabase()
  assert.deepEqual(await storeOn(db.pool).read(ID), { generation: 0, token: null, refusal: null })
})

test('a token is stored sealed under the next generation, and ends its lease', async () => {
  await using db = await createTestDatabase()
  const store = storeOn(db.pool)
  for (const generation of [0, 1]) {
    const mine = lease(generation)
    assert.equal(await store.lease(ID, mine), true)
    assert.equal(await store.save(ID, mine.holder, TOKEN), generation + 1)
  }
  assert.deepEqual(await store.read(ID), { generation: 2, token: TOKEN, refusal: null })
  const { rows } = await db.pool.query('select token_sealed, refreshing_by from daraja_tokens')
  assert.equal(rows.length, 1)
  assert.equal(rows[0].token_sealed.includes(TOKEN.accessToken), false)
  assert.equal(rows[0].refreshing_by, null)
})

test('of many that want the lease at once one gets it', async () => {
  await using db = await createTestDatabase()
  const store = storeOn(db.pool)
  for (const round of [0, 1]) {
    const wanted = Array.from({ length: 10 }, () => lease(round))
    const taken = await Promise.all(wanted.map((each) => store.lease(ID, each)))
    assert.equal(taken.filter(Boolean).length, 1)
    const winner = wanted[taken.indexOf(true)]
    assert.equal(await store.save(ID, winner?.holder ?? '', TOKEN), round + 1)
  }
})

test('a lease on a generation that was renewed meanwhile is not given', async () => {
  await using db = await createTestDatabase()
  const store = storeOn(db.pool)
  const first = lease(0)
  await store.lease(ID, first)
  await store.save(ID, first.holder, TOKEN)
  assert.equal(await store.lease(ID, lease(0)), false)
  assert.equal(await store.lease(ID, lease(1)), true)
})

test('a lease that ran out goes to the next, and its holder can store nothing any more', async () => {
  await using db = await createTestDatabase()
  const store = storeOn(db.pool)
  const late = lease(0, -1)
  const next = lease(0)
  assert.equal(await store.lease(ID, late), true)
  assert.equal(await store.lease(ID, next), true)
  assert.equal(await store.save(ID, late.holder, TOKEN), null)
  await store.release(ID, late.holder, null)
  assert.equal(await store.lease(ID, lease(0)), false, 'still held by the next')
  assert.equal(await store.save(ID, next.holder, TOKEN), 1)
})

test('a refusal is remembered until the next token', async () => {
  await using db = await createTestDatabase()
  const store = storeOn(db.pool)
  const refusal = { atMs: NOW_MS, detail: 'HTTP 400: empty body', count: 3 }
  const refused = lease(0)
  await store.lease(ID, refused)
  await store.release(ID, refused.holder, refusal)
  assert.deepEqual(await store.read(ID), { generation: 0, token: null, refusal })
  const unavailable = lease(0)
  assert.equal(await store.lease(ID, unavailable), true)
  await store.release(ID, unavailable.holder, null)
  assert.deepEqual((await store.read(ID)).refusal, refusal)
  const issued = lease(0)
  await store.lease(ID, issued)
  await store.save(ID, issued.holder, TOKEN)
  assert.equal((await store.read(ID)).refusal, null)
})

test('a token that cannot be opened is no token, and a new one can be stored', async () => {
  await using db = await createTestDatabase()
  const store = storeOn(db.pool)
  const first = lease(0)
  await store.lease(ID, first)
  await store.save(ID, first.holder, TOKEN)
  await db.pool.query(`update daraja_tokens set token_sealed = 'sealed with another key'`)
  assert.deepEqual(await store.read(ID), { generation: 1, token: null, refusal: null })
  const second = lease(1)
  assert.equal(await store.lease(ID, second), true)
  assert.equal(await store.save(ID, second.holder, TOKEN), 2)
})

test('processes over one database ask for one token, and for one more when it is refused', async () => {
  await using db = await createTestDatabase()
  let requests = 0
  const processes = Array.from({ length: 4 }, () =>
    createDarajaTokens({
      clock: manualClock(NOW_MS),
      log: silentLogger,
      store: storeOn(db.pool),
      request: async () => {
        requests += 1
        return { kind: 'issued', accessToken: `t${requests}`, lifeMs: 3_600_000 }
      },
      // A look at the database is pause enough.
      pause: () => db.pool.query('select pg_sleep(0.02)'),
    }),
  )
  const credential = stubCredential('http://stub')
  const first = await Promise.all(processes.map((tokens) => tokens.get(credential)))
  const second = await Promise.all(processes.map((tokens) => tokens.replace(credential, 1)))
  assert.deepEqual(new Set(first.map((each) => each.kind === 'token' && each.accessToken)), new Set(['t1']))
  assert.deepEqual(new Set(second.map((each) => each.kind === 'token' && each.accessToken)), new Set(['t2']))
  assert.equal(requests, 2)
})
