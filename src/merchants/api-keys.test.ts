import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { createNoteKeyUse, findApiKey, listApiKeys } from './api-key-store.ts'
import { createApiKey, revokeApiKey, rotateApiKey } from './api-keys.ts'
import type { ChangeFeed } from './change-feed.ts'
import { createKeyAuthenticator } from './key-authenticator.ts'
import { createMerchant } from './merchants.ts'
import { USUAL_SCOPES } from './scopes.ts'
import { createSealer } from './sealed.ts'
import { createShortcode } from './shortcodes.ts'

const CREDENTIALS = { consumerKey: 'k', consumerSecret: 's', passkey: 'p' }
/** Longer than any process may act on what it has read. */
const NOTICED_MS = 5_000

let database: Awaited<ReturnType<typeof createTestDatabase>>
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

function setUp() {
  const clock = manualClock(Date.UTC(2026, 0, 1))
  const deps = { db: database.pool, clock, newUuid: createUuidSource(clock) }
  const noteKeyUse = createNoteKeyUse(deps)
  const authenticator = () => createKeyAuthenticator({ ...deps, log: silentLogger, noteKeyUse })
  return { clock, deps, authenticator }
}

let world: ReturnType<typeof setUp>
let merchantId: Uuid

async function newKey(input: Partial<Parameters<typeof createApiKey>[1]> = {}) {
  const created = await createApiKey(world.deps, { merchantId, live: false, name: 'till 1', ...input })
  assert.equal(created.code, 'created')
  return created
}

beforeEach(async () => {
  world = setUp()
  const created = await createMerchant(world.deps, { name: 'Mama Mboga' })
  assert.equal(created.code, 'created')
  merchantId = created.merchant.id
})

describe('an API key', () => {
  it('stands for its merchant, its side and its scopes', async () => {
    const { key, text } = await newKey({ scopes: ['payments:read'] })
    assert.deepEqual(await world.authenticator().authenticate(text), {
      merchantId,
      merchantName: 'Mama Mboga',
      actor: { kind: 'key', id: key.id, name: key.name },
      live: false,
      shortcodeId: null,
      scopes: new Set(['payments:read']),
    })
  })

  it('may do everything unless told otherwise', async () => {
    const { text } = await newKey()
    const principal = await world.authenticator().authenticate(text)
    assert.deepEqual(principal?.scopes, new Set(USUAL_SCOPES))
  })

  it('is kept nowhere in clear', async () => {
    const { text } = await newKey()
    const rows = await database.pool.query('select to_jsonb(k)::text as row from api_keys k')
    assert.ok(rows.rows.every((each) => !each.row.includes(text) && !each.row.includes(text.slice(8, -6))))
  })

  it('can be bound to one shortcode of its merchant and its side', async () => {
    const sealer = createSealer([Buffer.alloc(32, 1)])
    const shortcodeDeps = { ...world.deps, sealer }
    const kind = 'paybill' as const
    const input = {
      merchantId,
      environment: 'sandbox' as const,
      kind,
      number: '174379',
      credentials: CREDENTIALS,
    }
    const made = await createShortcode(shortcodeDeps, input)
    assert.equal(made.code, 'created')
    const shortcodeId = made.shortcode.id
    const { text } = await newKey({ shortcodeId })
    assert.equal((await world.authenticator().authenticate(text))?.shortcodeId, shortcodeId)
    const wrongSide = { merchantId, live: true, name: 'x', shortcodeId }
    assert.equal((await createApiKey(world.deps, wrongSide)).code, 'invalid')
    const foreign = { merchantId, live: false, name: 'x', shortcodeId: world.deps.newUuid() }
    assert.equal((await createApiKey(world.deps, foreign)).code, 'invalid')
  })

  it('is refused field by field when it cannot be made', async () => {
    const expiresAt = new Date(world.clock.now())
    const input = { merchantId, live: false, name: ' ', scopes: ['payments:read', 'everything'], expiresAt }
    const refused = await createApiKey(world.deps, input)
    assert.equal(refused.code, 'invalid')
    assert.deepEqual(Object.keys(refused.errors).sort(), ['expires_at', 'name', 'scopes'])
    const nobody = await createApiKey(world.deps, {
      merchantId: world.deps.newUuid(),
      live: false,
      name: 'x',
    })
    assert.equal(nobody.code, 'unknown_merchant')
  })
})

describe('authentication', () => {
  it('refuses a mistyped key without asking the database', async () => {
    const { text } = await newKey()
    let queries = 0
    const db: typeof world.deps.db = Object.create(world.deps.db, {
      query: { value: () => Promise.reject(new Error(`query ${++queries}`)) },
    })
    const noteKeyUse = createNoteKeyUse({ db })
    const authenticator = createKeyAuthenticator({ ...world.deps, db, log: silentLogger, noteKeyUse })
    assert.equal(await authenticator.authenticate(`${text.slice(0, -1)}!`), null)
    assert.equal(await authenticator.authenticate(text.toLowerCase()), null)
    assert.equal(await authenticator.authenticate(''), null)
    assert.equal(queries, 0)
    await assert.rejects(authenticator.authenticate(text), /query 1/)
  })

  it('refuses a revoked key within five seconds, in a process that has used it too', async () => {
    const { key, text } = await newKey()
    const authenticator = world.authenticator()
    assert.notEqual(await authenticator.authenticate(text), null)
    const revoked = await revokeApiKey(world.deps, { merchantId, live: false }, key.id)
    assert.deepEqual(revoked?.revokedAt, new Date(world.clock.now()))
    world.clock.advance(NOTICED_MS)
    assert.equal(await authenticator.authenticate(text), null)
    assert.equal(await world.authenticator().authenticate(text), null)
  })

  it('refuses a key at the moment it expires', async () => {
    const { text } = await newKey({ expiresAt: new Date(world.clock.now() + 1_000) })
    const authenticator = world.authenticator()
    assert.notEqual(await authenticator.authenticate(text), null)
    world.clock.advance(1_000)
    assert.equal(await authenticator.authenticate(text), null)
  })

  it('notes the last use of a key, once a minute', async () => {
    const { key, text } = await newKey()
    const owner = { merchantId, live: false }
    const lastUsed = async () => (await findApiKey(world.deps, owner, key.id))?.lastUsedAt?.getTime() ?? null
    const notes: Promise<unknown>[] = []
    const note = createNoteKeyUse(world.deps)
    const noteKeyUse: typeof note = (use) => {
      const noted = note(use)
      notes.push(noted)
      return noted
    }
    // Told of changes, a process reads a key once, and notes its use all the same.
    const feed: ChangeFeed = { mark: () => 0, sinceMark: () => 'unchanged', close() {} }
    const authenticator = createKeyAuthenticator({ ...world.deps, log: silentLogger, feed, noteKeyUse })
    const startMs = world.clock.now()
    for (let seconds = 0; seconds < 70; seconds += 5) {
      await authenticator.authenticate(text)
      await Promise.all(notes)
      assert.equal(await lastUsed(), seconds < 60 ? startMs : startMs + 60_000)
      world.clock.advance(5_000)
    }
    assert.equal(notes.length, 2)
  })
})

describe('rotating an API key', () => {
  it('makes one that may do the same, and lets the former one work for the overlap', async () => {
    const { key, text } = await newKey({ scopes: ['webhooks:read'], name: 'shop' })
    const rotated = await rotateApiKey(world.deps, { merchantId, live: false }, key.id, 60)
    assert.equal(rotated.code, 'rotated')
    assert.deepEqual([rotated.key.name, rotated.key.scopes], ['shop', ['webhooks:read']])
    const authenticator = world.authenticator()
    assert.equal((await authenticator.authenticate(text))?.actor.id, key.id)
    assert.equal((await authenticator.authenticate(rotated.text))?.actor.id, rotated.key.id)
    world.clock.advance(60_000)
    assert.equal(await authenticator.authenticate(text), null)
    assert.notEqual(await authenticator.authenticate(rotated.text), null)
  })

  it('makes none from a key that works no more, is another merchant’s or of the other side', async () => {
    const { key } = await newKey()
    const owner = { merchantId, live: false }
    assert.equal((await rotateApiKey(world.deps, { ...owner, live: true }, key.id, 0)).code, 'not_found')
    const foreign = { ...owner, merchantId: world.deps.newUuid() }
    assert.equal((await rotateApiKey(world.deps, foreign, key.id, 0)).code, 'not_found')
    assert.equal((await rotateApiKey(world.deps, owner, key.id, -1)).code, 'invalid')
    assert.equal((await rotateApiKey(world.deps, owner, key.id, 1.5)).code, 'invalid')
    await revokeApiKey(world.deps, owner, key.id)
    assert.equal((await rotateApiKey(world.deps, owner, key.id, 0)).code, 'not_found')
    assert.equal((await listApiKeys(world.deps, owner, { limit: 10, before: null })).length, 1)
  })

  it('makes one successor, however many ask, which lasts on and can be replaced in turn', async () => {
    const { key } = await newKey()
    const owner = { merchantId, live: false }
    const asked = await Promise.all([1, 2, 3].map(() => rotateApiKey(world.deps, owner, key.id, 60)))
    const made = asked.find((each) => each.code === 'rotated')
    assert.ok(made)
    const refusal = { code: 'replaced', by: made.key.id }
    assert.deepEqual(
      asked.filter((each) => each !== made),
      [refusal, refusal],
    )
    assert.equal(made.key.expiresAt, null)
    const next = await rotateApiKey(world.deps, owner, made.key.id, 60)
    assert.ok(next.code === 'rotated' && next.key.expiresAt === null && next.key.replacedBy === null)
    world.clock.advance(60_000)
    assert.deepEqual(await rotateApiKey(world.deps, owner, key.id, 60), refusal)
    assert.equal((await listApiKeys(world.deps, owner, { limit: 10, before: null })).length, 3)
  })

  it('never makes a key live longer than the one it replaces', async () => {
    const expiresAt = new Date(world.clock.now() + 10_000)
    const { key } = await newKey({ expiresAt })
    const rotated = await rotateApiKey(world.deps, { merchantId, live: false }, key.id, 60)
    assert.equal(rotated.code, 'rotated')
    assert.deepEqual(rotated.key.expiresAt, expiresAt)
    const former = await findApiKey(world.deps, { merchantId, live: false }, key.id)
    assert.deepEqual(former?.expiresAt, expiresAt)
  })
})

describe('the list of API keys', () => {
  it('shows one side, newest first, page by page', async () => {
    const keys = [await newKey({ name: 'a' }), await newKey({ name: 'b' }), await newKey({ name: 'c' })]
    await newKey({ live: true })
    const owner = { merchantId, live: false }
    const first = await listApiKeys(world.deps, owner, { limit: 2, before: null })
    assert.deepEqual(
      first.map((key) => key.name),
      ['c', 'b'],
    )
    const rest = await listApiKeys(world.deps, owner, { limit: 2, before: first[1]?.id ?? null })
    assert.deepEqual(
      rest.map((key) => key.id),
      [keys[0]?.key.id],
    )
    assert.ok(first[0]?.hint && keys[2]?.text.endsWith(first[0].hint))
  })
})
