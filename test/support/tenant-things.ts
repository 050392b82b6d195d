// One merchant's things of every kind, keys that must not reach them, and what the database holds of them.
import assert from 'node:assert/strict'
import { systemClock } from '../../src/clock.ts'
import { createUuidSource, parsePrefixedId, prefixedId, type Uuid } from '../../src/ids.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { SCOPES } from '../../src/merchants/scopes.ts'
import type { TestGateway, TestMerchant } from './gateway.ts'
import { asMerchant, merchantsOf, signUp } from './people.ts'

/** Ids by the part of an address that they stand in, such as `payments`. */
export type Things = {
  ids: Record<string, string>
  checkoutRequestId: string
  /** Where the owner's second page of payments begins. */
  cursor: string
  /** Texts that no other key may ever be shown. */
  marks: string[]
}

/** Somebody who must reach none of them, why, and the headers that they ask with. */
export type Intruder = {
  who: string
  headers: Record<string, string>
  /** `bound`: a key of one shortcode. `outsider`: a session that names a merchant which is none of theirs. */
  as: 'key' | 'bound' | 'session' | 'outsider'
}

const PHONE = '254700000000'
const REFERENCE = 'ISOLATED'

/** Makes one of everything that an address can name, with the owner's own key. */
export async function makeThings(bed: TestGateway): Promise<Things> {
  const made = async (path: string, body: unknown, status = 201) => {
    const answer = await bed.post(path, body)
    assert.equal(answer.status, status, answer.text)
    return answer.body
  }
  const endpoint = await made('/v1/webhook_endpoints', { url: 'https://example.com/', format: 'event' })
  const wish = { amount: 7, phone: PHONE, reference: REFERENCE, wait: 20 }
  await made('/v1/payments', wish)
  const payment = await made('/v1/payments', wish)
  assert.equal(payment.status, 'succeeded')
  const delivery = await made(`/v1/webhook_endpoints/${endpoint.id}/test`, {}, 202)
  const key = await made('/v1/api_keys', { name: REFERENCE })
  const page = await bed.get('/v1/payments?limit=1')
  const ids = {
    trackingId: String(payment.tracking_id),
    payments: String(payment.id),
    webhook_endpoints: String(endpoint.id),
    webhook_deliveries: String(delivery.id),
    shortcodes: prefixedId('sc', bed.merchant.shortcodeId),
    api_keys: String(key.id),
  }
  const { receipt, checkout_request_id: checkout } = payment
  return {
    ids,
    checkoutRequestId: String(checkout),
    cursor: String(page.body.next_cursor),
    marks: [...Object.values(ids), String(receipt), String(checkout), PHONE, REFERENCE],
  }
}

/** Keys of another merchant, of the owner's other side, of another shortcode of the owner's, and sessions. */
export async function makeIntruders(bed: TestGateway): Promise<Intruder[]> {
  const stranger = await bed.addMerchant('stranger')
  const body = { environment: 'sandbox', number: '600111', consumer_key: 'a', consumer_secret: 'b' }
  const shortcode = await bed.post('/v1/shortcodes', { ...body, passkey: 'c' })
  assert.equal(shortcode.status, 201, shortcode.text)
  const other = parsePrefixedId('sc', String(shortcode.body.id))
  const withKey = (who: string, key: string) => ({ who, headers: { 'x-api-key': key }, as: 'key' }) as const
  const ofOther = await keyOf(bed, bed.merchant, false, other)
  return [
    withKey('another merchant', stranger.key),
    withKey('another merchant, live', await keyOf(bed, stranger, true, null)),
    withKey('the owner, live', await keyOf(bed, bed.merchant, true, null)),
    { ...withKey('the owner, another shortcode', ofOther), as: 'bound' },
    ...(await makeStrangers(bed)),
  ]
}

/** Somebody who has signed in and owns another merchant: as it, and in the owner's name. */
async function makeStrangers(bed: TestGateway): Promise<Intruder[]> {
  const owner = await signUp(bed, 'amina@shop.example')
  const stranger = await signUp(bed, 'stranger@else.example', { merchantName: 'Elsewhere' })
  const owned = prefixedId('mer', bed.merchant.id)
  assert.deepEqual(
    (await merchantsOf(owner)).map(({ id }) => id),
    [owned],
  )
  const [own] = await merchantsOf(stranger)
  assert.ok(own !== undefined && own.id !== owned)
  const cookie = [...stranger.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const as = (merchant: string, mode: 'test' | 'live') => ({
    // In place of the owner's key, which requests of a test gateway carry unless told.
    'x-api-key': '',
    cookie,
    ...asMerchant(merchant, mode),
  })
  return [
    { who: 'a person of another merchant', headers: as(own.id, 'test'), as: 'session' },
    { who: 'a person of another merchant, live', headers: as(own.id, 'live'), as: 'session' },
    { who: 'a person in the name of the owner', headers: as(owned, 'test'), as: 'outsider' },
  ]
}

async function keyOf(bed: TestGateway, { id }: TestMerchant, live: boolean, shortcodeId: Uuid | null) {
  const deps = { db: bed.db.pool, clock: systemClock, newUuid: createUuidSource(systemClock) }
  const made = await createApiKey(deps, {
    merchantId: id,
    live,
    name: 'intruder',
    shortcodeId,
    scopes: SCOPES,
  })
  assert.equal(made.code, 'created')
  return made.text
}

/** Rows that come and go by themselves: notes of changes for caches, and what sweeps have counted so far. */
const SWEPT_TABLES = ['merchant_changes', 'verdict_totals', 'verdict_totals_reached', 'phones_forgotten']
/** What time alone changes: uses of keys, attempts at deliveries. */
const TIME_CHANGES = [
  'last_used_at',
  'leased_by',
  'leased_until',
  'due_at',
  'attempts',
  'attempt_log',
  'failing_since',
]

/** Every row of the owner's in every table that names merchants, as one text for each. */
export async function rowsOfMerchant(bed: TestGateway): Promise<Record<string, string>> {
  const tables = await bed.db.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attname = 'merchant_id' and c.relname <> all ($1)`,
    [SWEPT_TABLES],
  )
  assert.ok(tables.rows.length > 10)
  const entries = tables.rows.map(async ({ name }) => {
    const { rows } = await bed.db.pool.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) - $2::text[] as row from ${name} t where merchant_id = $1
       order by (to_jsonb(t) - $2::text[])::text collate "C"`,
      [bed.merchant.id, [...TIME_CHANGES, 'last_status', 'last_error']],
    )
    return [name, JSON.stringify(rows)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
