// What a merchant sets for itself: read, changed field by field, held to its bounds, and recorded.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { createUuidSource } from '../../src/ids.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { SCOPES } from '../../src/merchants/scopes.ts'
import { type CheckedClient, createCheckedClient, rowsOf } from '../support/checked-client.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

let bed: TestGateway
let ask: CheckedClient
before(async () => {
  bed = await startTestGateway()
  ask = await createCheckedClient(bed)
})
after(() => bed[Symbol.asyncDispose]())

/** A live key of a merchant that has set nothing yet. */
async function newOwner(): Promise<string> {
  const { id } = await bed.addMerchant('Duka')
  return liveKeyOf(id)
}

async function liveKeyOf(merchantId: TestGateway['merchant']['id']): Promise<string> {
  const deps = { db: bed.db.pool, clock: systemClock, newUuid: createUuidSource(systemClock) }
  const key = await createApiKey(deps, { merchantId, live: true, name: 'owner', scopes: SCOPES })
  assert.equal(key.code, 'created')
  return key.text
}

test('a merchant that has set nothing has the defaults, by the table as by the code', async () => {
  const key = await newOwner()
  const { body } = await ask('GET', '/v1/settings', { key })
  const { merchant, ...settings } = body
  assert.match(String(merchant), /^mer_/)
  const defaults = {
    object: 'settings',
    name: 'Duka',
    time_zone: 'Africa/Nairobi',
    language: 'en',
    phone_retention_days: null,
    alert_emails: [],
    alert_failures: true,
    alert_failures_percent: 25,
    alert_failures_minutes: 15,
    alert_failures_payments_min: 10,
    alert_endpoint_disabled: true,
    alert_contradiction: true,
    alert_credentials: true,
    alert_test_side: false,
    mail: false,
    updated_at: null,
  }
  assert.deepEqual(settings, defaults)
  const id = String(merchant).slice(4)
  await bed.db.pool.query('insert into merchant_settings (merchant_id, updated_at) values ($1, now())', [id])
  const kept = (await ask('GET', '/v1/settings', { key })).body
  assert.deepEqual({ ...kept, merchant: undefined, updated_at: null }, { ...defaults, merchant: undefined })
})

test('what is left out of a change stays, also when two come at once', async () => {
  const key = await newOwner()
  const change = (body: unknown) => ask('PATCH', '/v1/settings', { key, body })
  const emails = ['Amina@Example.org', 'amina@example.org', 'juma@example.org']
  const first = await change({ alert_emails: emails, phone_retention_days: 90 })
  assert.deepEqual(first.body.alert_emails, ['amina@example.org', 'juma@example.org'])
  await Promise.all([
    change({ name: 'Duka la Amina', language: 'sw' }),
    change({ time_zone: 'africa/kampala' }),
    change({ alert_failures_percent: 40, alert_failures: false }),
  ])
  const { body } = await ask('GET', '/v1/settings', { key })
  assert.partialDeepStrictEqual(body, {
    name: 'Duka la Amina',
    language: 'sw',
    time_zone: 'Africa/Kampala',
    alert_failures: false,
    alert_failures_percent: 40,
    alert_emails: ['amina@example.org', 'juma@example.org'],
    phone_retention_days: 90,
  })
  assert.equal((await change({ phone_retention_days: null })).body.phone_retention_days, null)
})

test('who asks is told the time zone of the merchant', async () => {
  const key = await newOwner()
  await ask('PATCH', '/v1/settings', { key, body: { time_zone: 'Africa/Kampala' } })
  const { body } = await ask('GET', '/v1/account', { key })
  assert.partialDeepStrictEqual(body, { merchant: { name: 'Duka', time_zone: 'Africa/Kampala' } })
})

test('what cannot be is refused by its name, and changes nothing', async () => {
  const key = await newOwner()
  const cases: [string, unknown][] = [
    ['name', ''],
    ['name', 'x'.repeat(150)],
    ['time_zone', 'Nairobi'],
    ['time_zone', '+03:00'],
    ['language', 'fr'],
    ['phone_retention_days', 6],
    ['phone_retention_days', 3651],
    ['phone_retention_days', 30.5],
    ['alert_emails', ['nobody']],
    ['alert_emails', ['a@b.example\r\nbcc: x@y.example']],
    ['alert_emails', Array.from({ length: 21 }, (_, index) => `a${index}@example.org`)],
    ['alert_failures', 'yes'],
    ['alert_failures', null],
    ['alert_failures_percent', 0],
    ['alert_failures_minutes', 4],
    ['alert_failures_payments_min', 0],
    ['updated_at', '2026-01-01T00:00:00Z'],
    ['colour', 'red'],
  ]
  for (const [name, value] of cases) {
    const answer = await ask('PATCH', '/v1/settings', {
      key,
      body: { alert_credentials: false, [name]: value },
    })
    assert.equal(answer.status, 400, `${name}: ${JSON.stringify(value)} ${answer.text}`)
    assert.ok(name in Object(answer.body.errors), answer.text)
  }
  const { body } = await ask('GET', '/v1/settings', { key })
  assert.partialDeepStrictEqual(body, { alert_credentials: true, updated_at: null })
})

test('a change is recorded from and to, and one that changes nothing is not', async () => {
  const key = await newOwner()
  await ask('PATCH', '/v1/settings', { key, body: { phone_retention_days: 30, language: 'en' } })
  await ask('PATCH', '/v1/settings', { key, body: { phone_retention_days: 30 } })
  await ask('PATCH', '/v1/settings', { key, body: {} })
  const entries = rowsOf(await ask('GET', '/v1/audit_log', { key }))
  assert.equal(entries.length, 1)
  assert.partialDeepStrictEqual(entries[0], {
    action: 'settings.updated',
    live: null,
    changes: [{ field: 'phone_retention_days', from: null, to: 30 }],
  })
})

test('a test key reads them, and cannot change them; a key of one shortcode can do neither', async () => {
  assert.equal((await ask('GET', '/v1/settings')).status, 200)
  assert.equal((await ask('PATCH', '/v1/settings', { body: { language: 'sw' } })).status, 403)
  const shortcode = `sc_${bed.merchant.shortcodeId.replaceAll('-', '')}`
  const bound = await ask('POST', '/v1/api_keys', { body: { name: 'bound', shortcode } })
  assert.equal((await ask('GET', '/v1/settings', { key: String(bound.body.secret) })).status, 403)
})
