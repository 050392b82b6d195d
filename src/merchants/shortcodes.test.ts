import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { createMerchant } from './merchants.ts'
import { createSealer } from './sealed.ts'
import { createShortcodeDirectory } from './shortcode-directory.ts'
import { findShortcode, listShortcodes } from './shortcode-store.ts'
import { createShortcode, type ShortcodeInput, updateShortcode } from './shortcodes.ts'
import { verifyShortcode } from './verify-shortcode.ts'

const CREDENTIALS = { consumerKey: 'key', consumerSecret: 'secret', passkey: 'pass' }
const URLS = {
  simulator: 'http://127.0.0.1:4001',
  sandbox: 'https://sandbox.test',
  production: 'https://prod.test',
}
/** Longer than any process may act on what it has read. */
const NOTICED_MS = 5_000

let database: Awaited<ReturnType<typeof createTestDatabase>>
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

function setUp() {
  const clock = manualClock(Date.UTC(2026, 0, 1))
  const sealer = createSealer([Buffer.alloc(32, 1)])
  return { db: database.pool, clock, newUuid: createUuidSource(clock), sealer }
}

let deps: ReturnType<typeof setUp>
let merchantId: Uuid

beforeEach(async () => {
  deps = setUp()
  const created = await createMerchant(deps, { name: 'Mama Mboga' })
  assert.equal(created.code, 'created')
  merchantId = created.merchant.id
})

async function add(input: Partial<ShortcodeInput> = {}) {
  const made = await createShortcode(deps, {
    merchantId,
    environment: 'sandbox',
    kind: 'paybill',
    number: '174379',
    credentials: CREDENTIALS,
    ...input,
  })
  assert.equal(made.code, 'created')
  return made.shortcode
}

describe('adding a shortcode', () => {
  it('keeps its credentials sealed', async () => {
    const { id } = await add({ credentials: { ...CREDENTIALS, consumerSecret: 'do-not-tell' } })
    const found = await database.pool.query('select * from shortcodes where id = $1', [id])
    assert.ok(!JSON.stringify(found.rows).includes('do-not-tell'))
    assert.ok(!found.rows[0].credentials_sealed.includes('do-not-tell'))
  })

  it('is refused field by field, a second time, and for nobody', async () => {
    const shortcode = await add()
    const again = await createShortcode(deps, { ...shortcode, credentials: CREDENTIALS })
    assert.equal(again.code === 'duplicate' && again.shortcode.id, shortcode.id)
    const wrong = { number: '1', credentials: { ...CREDENTIALS, passkey: '' } }
    const invalid = await createShortcode(deps, { ...shortcode, ...wrong })
    assert.deepEqual(invalid.code === 'invalid' && Object.keys(invalid.errors), ['number', 'passkey'])
    const nobody = { ...shortcode, merchantId: deps.newUuid(), credentials: CREDENTIALS }
    assert.equal((await createShortcode(deps, nobody)).code, 'unknown_merchant')
  })
})

describe('changing a shortcode', () => {
  it('replaces only the credentials that are given, and asks for a new proof', async () => {
    const { id } = await add()
    const directory = createShortcodeDirectory({ ...deps, urls: URLS })
    const verified = { ...deps, urls: URLS, daraja: { verify: async () => ({ ok: true as const }) } }
    assert.equal((await verifyShortcode(verified, merchantId, id)).code, 'verified')
    const changed = await updateShortcode(deps, merchantId, id, { credentials: { passkey: 'new' } })
    assert.equal(changed.code === 'updated' && changed.shortcode.verifiedAt, null)
    const credential = await directory.credentialOf(merchantId, id)
    assert.deepEqual([credential?.consumerSecret, credential?.passkey], ['secret', 'new'])
  })

  it('loses none of two changes that are made at once', async () => {
    const { id } = await add()
    await Promise.all([
      updateShortcode(deps, merchantId, id, { credentials: { passkey: 'p2' } }),
      updateShortcode(deps, merchantId, id, { credentials: { consumerKey: 'k2' } }),
      updateShortcode(deps, merchantId, id, { credentials: { consumerSecret: 's2' } }),
    ])
    const credential = await createShortcodeDirectory({ ...deps, urls: URLS }).credentialOf(merchantId, id)
    assert.deepEqual(
      [credential?.consumerKey, credential?.consumerSecret, credential?.passkey],
      ['k2', 's2', 'p2'],
    )
  })

  it('does nothing to another merchant’s', async () => {
    const { id } = await add()
    const stranger = deps.newUuid()
    assert.equal((await updateShortcode(deps, stranger, id, { disabled: true })).code, 'not_found')
    const change = { credentials: { passkey: 'p2' } }
    assert.equal((await updateShortcode(deps, stranger, id, change)).code, 'not_found')
    assert.equal((await findShortcode(deps, merchantId, id))?.disabledAt, null)
    const bad = await updateShortcode(deps, merchantId, id, { credentials: { consumerKey: 'a:b' } })
    assert.equal(bad.code, 'invalid')
  })
})

describe('the directory', () => {
  it('takes the oldest enabled shortcode of the key’s side, unless one is named', async () => {
    const first = await add({ environment: 'simulator' })
    const till = await add({ kind: 'till', number: '600000', tillNumber: '700000' })
    const live = await add({ environment: 'production', number: '888888' })
    const directory = createShortcodeDirectory({ ...deps, urls: URLS })
    const find = async (wanted: { live?: boolean; shortcodeId?: Uuid; number?: string }) => {
      const whole = { live: false, shortcodeId: null, number: null, ...wanted }
      return (await directory.find(merchantId, whole))?.id ?? null
    }
    assert.equal(await find({}), first.id)
    assert.equal(await find({ live: true }), live.id)
    assert.equal(await find({ number: '700000' }), till.id)
    assert.equal(await find({ number: '600000' }), till.id)
    assert.equal(await find({ shortcodeId: till.id }), till.id)
    assert.equal(
      await find({ shortcodeId: till.id, number: '174379' }),
      null,
      'bound to one, asking for another',
    )
    assert.equal(await find({ number: '888888' }), null, 'the other side')
    assert.equal(await find({ live: true, shortcodeId: till.id }), null, 'the other side')
    assert.equal(await find({ number: "'; drop table shortcodes; --" }), null)
    const stranger = { live: false, shortcodeId: first.id, number: null }
    assert.equal(await directory.find(deps.newUuid(), stranger), null)
  })

  it('gives a disabled shortcode no new payment within five seconds, yet knows its credentials', async () => {
    const { id } = await add()
    const directory = createShortcodeDirectory({ ...deps, urls: URLS })
    const wanted = { live: false, shortcodeId: null, number: null }
    assert.equal((await directory.find(merchantId, wanted))?.id, id)
    await updateShortcode(deps, merchantId, id, { disabled: true })
    deps.clock.advance(NOTICED_MS)
    assert.equal(await directory.find(merchantId, wanted), null)
    assert.notEqual(await directory.credentialOf(merchantId, id), null)
    await updateShortcode(deps, merchantId, id, { disabled: false })
    deps.clock.advance(NOTICED_MS)
    assert.equal((await directory.find(merchantId, wanted))?.id, id)
  })
})

describe('the credentials that the directory opens', () => {
  it('tell Daraja the store and the till, at the address of the environment', async () => {
    const { id } = await add({
      kind: 'till',
      number: '600000',
      tillNumber: '700000',
      environment: 'production',
    })
    const credential = await createShortcodeDirectory({ ...deps, urls: URLS }).credentialOf(merchantId, id)
    assert.ok(credential)
    const { id: appId, ...rest } = credential
    assert.match(appId, /^app_[0-9a-f]{32}$/)
    const numbers = { kind: 'till', businessShortCode: '600000', partyB: '700000' }
    assert.deepEqual(rest, {
      environment: 'production',
      baseUrl: URLS.production,
      ...CREDENTIALS,
      ...numbers,
    })
  })

  it('are not there for a simulator shortcode where none runs', async () => {
    const { id } = await add({ environment: 'simulator' })
    const directory = createShortcodeDirectory({ ...deps, urls: { ...URLS, simulator: null } })
    assert.equal(await directory.find(merchantId, { live: false, shortcodeId: null, number: null }), null)
    assert.equal(await directory.credentialOf(merchantId, id), null)
  })

  it('are said to need their secret rather than to be gone', async () => {
    const { id } = await add()
    const directory = createShortcodeDirectory({
      ...deps,
      sealer: createSealer([Buffer.alloc(32, 9)]),
      urls: URLS,
    })
    await assert.rejects(directory.credentialOf(merchantId, id), /SUKUMA_SECRET/)
  })
})

describe('verifying a shortcode', () => {
  it('passes on why Daraja gave no token', async () => {
    const { id } = await add()
    const daraja = { verify: async () => ({ ok: false as const, detail: 'Invalid Authentication passed' }) }
    const result = await verifyShortcode({ ...deps, urls: URLS, daraja }, merchantId, id)
    assert.deepEqual(result, { code: 'refused', detail: 'Invalid Authentication passed' })
    const unknown = await verifyShortcode({ ...deps, urls: URLS, daraja }, merchantId, deps.newUuid())
    assert.equal(unknown.code, 'not_found')
  })

  it('proves nothing for credentials that were changed meanwhile', async () => {
    const { id } = await add()
    const daraja = {
      async verify() {
        await updateShortcode(deps, merchantId, id, { credentials: { passkey: 'other' } })
        return { ok: true as const }
      },
    }
    assert.equal((await verifyShortcode({ ...deps, urls: URLS, daraja }, merchantId, id)).code, 'changed')
    assert.equal((await findShortcode(deps, merchantId, id))?.verifiedAt, null)
  })
})

describe('the list of shortcodes', () => {
  it('shows one side, newest first, page by page', async () => {
    const first = await add()
    const second = await add({ number: '600100' })
    await add({ environment: 'production' })
    const owner = { merchantId, live: false }
    const page = await listShortcodes(deps, owner, { limit: 1, before: null })
    assert.deepEqual(page, [second])
    assert.deepEqual(await listShortcodes(deps, owner, { limit: 5, before: second.id }), [first])
  })
})
