import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { createTestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { manualClock } from '../clock.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { createNoteKeyUse } from './api-key-store.ts'
import { createApiKey } from './api-keys.ts'
import { createChangeFeed } from './change-feed.ts'
import {
  createTrimMerchantChanges,
  EVERY_MERCHANT,
  type FeedMoment,
  readMerchantChanges,
} from './change-feed-store.ts'
import { createKeyAuthenticator } from './key-authenticator.ts'
import { createMerchant } from './merchants.ts'
import { createSealer } from './sealed.ts'
import { createShortcodeDirectory } from './shortcode-directory.ts'
import { createShortcode } from './shortcodes.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let client: pg.Client
before(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
after(async () => {
  await client.end()
  await database[Symbol.asyncDispose]()
})

const clock = manualClock(Date.UTC(2026, 0, 1))
const newUuid = createUuidSource(clock)
const sealer = createSealer([Buffer.alloc(32, 1)])
const depsOf = () => ({ db: database.pool, clock, newUuid, sealer, log: silentLogger })

/** A merchant with a key and a shortcode. */
async function makeShop() {
  const made = await createMerchant(depsOf(), { name: 'Mama Mboga' })
  assert.equal(made.code, 'created')
  const merchantId = made.merchant.id
  const key = await createApiKey(depsOf(), { merchantId, live: false, name: 'till' })
  assert.equal(key.code, 'created')
  const credentials = { consumerKey: 'k', consumerSecret: 's', passkey: 'p' }
  const shortcode = { merchantId, environment: 'sandbox', kind: 'paybill', number: '600123' } as const
  const created = await createShortcode(depsOf(), { ...shortcode, credentials })
  assert.equal(created.code, 'created')
  return { merchantId, keyText: key.text, keyId: key.key.id }
}

/** On one connection, so that every answer continues the one before. */
const read = (since: FeedMoment | null) => readMerchantChanges({ db: client }, since, 100)

async function changesDuring(act: () => Promise<unknown>): Promise<Uuid[]> {
  const { moment } = await read(null)
  await act()
  const answer = await read(moment)
  assert.ok(answer.continues && !answer.isStandby)
  return answer.merchants
}

const ENDPOINT = `
  insert into webhook_endpoints (merchant_id, id, live, url, format, secret_sealed, created_at, updated_at)
  values ($1, gen_random_uuid(), false, 'https://example.com', 'event', '', now(), now())`

describe('the feed of changes', () => {
  it('tells whose key, shortcode, endpoint or name was changed, also by plain SQL', async () => {
    const { merchantId } = await makeShop()
    const changes = [
      'update api_keys set revoked_at = now() where merchant_id = $1',
      "update shortcodes set credentials_sealed = '' where merchant_id = $1",
      'update shortcodes set disabled_at = now() where merchant_id = $1',
      ENDPOINT,
      'update webhook_endpoints set disabled_at = now() where merchant_id = $1',
      "update merchants set name = 'Baba Mboga' where id = $1",
      'delete from webhook_endpoints where merchant_id = $1',
      'delete from shortcodes where merchant_id = $1',
      'delete from api_keys where merchant_id = $1',
      'delete from merchants where id = $1',
    ]
    for (const change of changes) {
      assert.deepEqual(
        await changesDuring(() => database.pool.query(change, [merchantId])),
        [merchantId],
        change,
      )
    }
  })

  it('tells of both merchants when something is moved from one to the other', async () => {
    const [from, to] = [await makeShop(), await makeShop()]
    const move = 'update api_keys set merchant_id = $2 where merchant_id = $1'
    const told = await changesDuring(() => database.pool.query(move, [from.merchantId, to.merchantId]))
    assert.deepEqual(told.sort(), [from.merchantId, to.merchantId].sort())
  })

  it('tells that a whole table was emptied', async () => {
    assert.deepEqual(await changesDuring(() => database.pool.query('truncate webhook_endpoints')), [
      EVERY_MERCHANT,
    ])
  })

  it('does not tell of the use of a key', async () => {
    const { merchantId, keyId } = await makeShop()
    const note = createNoteKeyUse(depsOf())
    assert.deepEqual(await changesDuring(() => note({ merchantId, id: keyId, usedAt: new Date() })), [])
  })
})

describe('the feed of changes, over time', () => {
  it('misses nothing that was begun long before and committed late, and tells it once', async () => {
    const { merchantId } = await makeShop()
    const slow = new pg.Client({ connectionString: database.url })
    await slow.connect()
    try {
      await slow.query('begin')
      await slow.query('update api_keys set revoked_at = now() where merchant_id = $1', [merchantId])
      const other = await makeShop()
      const trim = createTrimMerchantChanges(depsOf())
      await trim()
      await trim()
      let { moment } = await read(null)
      assert.ok(!(await read(moment)).merchants.includes(other.merchantId))
      await slow.query('commit')
      await trim()
      const late = await read(moment)
      assert.deepEqual(late.merchants, [merchantId])
      ;({ moment } = late)
      assert.deepEqual((await read(moment)).merchants, [])
    } finally {
      await slow.end()
    }
  })

  it('goes on over a new connection, but not over another server, nor when all are new', async () => {
    const { moment } = await read(null)
    assert.equal((await read(moment)).continues, true)
    const elsewhere = { ...moment, serverStartedAt: '2020-01-01T00:00:00Z' }
    assert.equal((await read(elsewhere)).continues, false)
    const fresh = new pg.Client({ connectionString: database.url })
    await fresh.connect()
    const answer = await readMerchantChanges({ db: fresh }, moment, 100)
    await fresh.end()
    assert.equal(answer.continues, true)
    const crashed = { ...moment, at: '2020-01-01T00:00:00Z' }
    assert.equal((await read(crashed)).continues, false)
  })

  it('keeps no change for ever', async () => {
    await makeShop()
    const trim = createTrimMerchantChanges(depsOf())
    await trim()
    await makeShop()
    const left = () => database.pool.query('select tx from merchant_changes').then(({ rows }) => rows.length)
    assert.ok((await left()) > 0)
    // Whatever runs on the same server, in another database even, holds it up for as long.
    await until('an empty table', async () => {
      await trim()
      return (await left()) === 0
    })
  })
})

describe('a column', () => {
  it('is told of unless it decides nothing', async () => {
    const { rows } = await database.pool.query(
      `select c.relname || '.' || a.attname as name
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_attribute a on a.attrelid = c.oid
       where t.tgname = c.relname || '_changed' and a.attnum > 0 and not a.attisdropped
         and t.tgattr::text <> '' and not a.attnum = any (t.tgattr)
       order by a.attname`,
    )
    assert.deepEqual(
      rows.map(({ name }) => name),
      [
        'shortcodes.credentials_refused_at',
        'shortcodes.credentials_refused_detail',
        'api_keys.last_used_at',
        'api_keys.replaced_by',
        'shortcodes.updated_at',
        'shortcodes.verified_at',
      ],
    )
  })
})

/** What one process remembers, with a feed whose seconds are counted by hand. */
function createProcess() {
  const heard = { answers: 0 }
  let tick = () => {}
  let ticks = 0
  const answered = async (count: number) => {
    while (heard.answers < count) await new Promise((resolve) => setImmediate(resolve))
  }
  const feed = createChangeFeed({
    ...{ clock, log: silentLogger },
    read,
    pause() {
      heard.answers += 1
      return new Promise<void>((resolve) => {
        tick = resolve
      })
    },
  })
  const urls = { sandbox: 'http://localhost', production: null, simulator: null }
  const authenticator = createKeyAuthenticator({ ...depsOf(), feed, noteKeyUse: async () => undefined })
  const shortcodes = createShortcodeDirectory({ ...depsOf(), urls, feed })
  return {
    ...{ feed, authenticator, shortcodes },
    async second() {
      // The feed may still wait for the answer to what it asked before.
      await answered(ticks + 1)
      ticks += 1
      tick()
      await answered(ticks + 1)
    },
  }
}

describe('two processes', () => {
  it('refuse a key and use a credential no more once it was changed by plain SQL', async () => {
    const { merchantId, keyText } = await makeShop()
    const processes = [createProcess(), createProcess()]
    const any = { live: false, shortcodeId: null, number: null }
    for (const { authenticator, shortcodes } of processes) {
      assert.ok(await authenticator.authenticate(keyText))
      assert.ok(await shortcodes.find(merchantId, any))
    }
    // Read again after the first answer, they are followed.
    clock.advance(4_000)
    for (const each of processes) {
      await each.second()
      assert.ok(await each.authenticator.authenticate(keyText))
      assert.ok(await each.shortcodes.find(merchantId, any))
    }
    await database.pool.query('update api_keys set revoked_at = now() where merchant_id = $1', [merchantId])
    await database.pool.query('update shortcodes set disabled_at = now() where merchant_id = $1', [
      merchantId,
    ])
    for (const each of processes) {
      assert.ok(await each.authenticator.authenticate(keyText), 'not heard of yet')
      await each.second()
      assert.equal(await each.authenticator.authenticate(keyText), null)
      assert.equal(await each.shortcodes.find(merchantId, any), null)
      each.feed.close()
    }
  })
})
