// One merchant's things of every kind, keys that must not reach them, and what the database holds of them.
import assert from 'node:assert/strict'
import { systemClock } from '../../src/clock.ts'
import { createUuidSource, parsePrefixedId, prefixedId, type Uuid } from '../../src/ids.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { SCOPES } from '../../src/merchants/scopes.ts'
import type { TestGateway, TestMerchant } from './gateway.ts'

/** Ids by the part of an address that they stand in, such as `payments`. */
export type Things = {
  ids: Record<string, string>
  checkoutRequestId: string
  /** Where the owner's second page of payments begins. */
  cursor: string
  /** Texts that no other key may ever be shown. */
  marks: string[]
}

/** A key that must reach none of them, and why. */
export type Intruder = { who: string; key: string; isBound: boolean }

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

/** Keys of another merchant, of the owner's other side, and of another shortcode of the owner's. */
export async function makeIntruders(bed: TestGateway): Promise<Intruder[]> {
  const stranger = await bed.addMerchant('stranger')
  const body = { environment: 'sandbox', number: '600111', consumer_key: 'a', consumer_secret: 'b' }
  const shortcode = await bed.post('/v1/shortcodes', { ...body, passkey: 'c' })
  assert.equal(shortcode.status, 201, shortcode.text)
  const other = parsePrefixedId('sc', String(shortcode.body.id))
  return [
    { who: 'another merchant', key: stranger.key, isBound: false },
    { who: 'another merchant, live', key: await keyOf(bed, stranger, true, null), isBound: false },
    { who: 'the owner, live', key: await keyOf(bed, bed.merchant, true, null), isBound: false },
    { who: 'the owner, another shortcode', key: await keyOf(bed, bed.merchant, false, other), isBound: true },
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

const TENANT_TABLES = [
  'shortcodes',
  'api_keys',
  'webhook_endpoints',
  'payments',
  'events',
  'webhook_deliveries',
  'callbacks',
]
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

/** Every row of the owner's, as one text for each table. */
export async function rowsOfMerchant(bed: TestGateway): Promise<Record<string, string>> {
  const entries = TENANT_TABLES.map(async (table) => {
    const { rows } = await bed.db.pool.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) - $2::text[] as row from ${table} t where merchant_id = $1 order by id`,
      [bed.merchant.id, [...TIME_CHANGES, 'last_status', 'last_error']],
    )
    return [table, JSON.stringify(rows)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
