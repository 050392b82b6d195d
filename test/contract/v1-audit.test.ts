// What is changed over the API is in the audit log: by whom, from where, from what to what, and no secret.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { createUuidSource } from '../../src/ids.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { type CheckedClient, createCheckedClient, rowsOf } from '../support/checked-client.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

let bed: TestGateway
let ask: CheckedClient
before(async () => {
  bed = await startTestGateway({ env: { TRUSTED_PROXIES: '127.0.0.1/32' } })
  ask = await createCheckedClient(bed)
})
after(() => bed[Symbol.asyncDispose]())

type Entry = Record<string, unknown>

/** The entries since `sequence`, oldest first. */
async function entriesSince(sequence: number): Promise<Entry[]> {
  const rows = rowsOf(await ask('GET', '/v1/audit_log?limit=100'))
  return rows.filter((row) => Number(row.sequence) > sequence).reverse()
}

async function lastSequence(): Promise<number> {
  const [newest] = rowsOf(await ask('GET', '/v1/audit_log?limit=1'))
  return Number(newest?.sequence ?? 0)
}

async function made(path: string, body: unknown, status = 201): Promise<Entry> {
  const answer = await ask('POST', path, { body })
  assert.equal(answer.status, status, answer.text)
  return answer.body
}

test('keys that are made, replaced and ended are recorded, and a key’s text never', async () => {
  const from = await lastSequence()
  const headers = { 'x-forwarded-for': '196.201.214.10', 'user-agent': 'Shop/1.0' }
  const body = { name: 'Counter', scopes: ['payments:read'] }
  const key = (await ask('POST', '/v1/api_keys', { body, headers })).body
  const next = await made(`/v1/api_keys/${key.id}/rotate`, { overlap: 60 })
  await ask('DELETE', `/v1/api_keys/${next.id}`)
  await ask('DELETE', `/v1/api_keys/${next.id}`)
  const [created, rotated, revoked, ...more] = await entriesSince(from)
  assert.deepEqual(more, [], 'ending what has ended changes nothing')
  assert.partialDeepStrictEqual(created, {
    action: 'api_key.created',
    live: false,
    target: { id: key.id, name: 'Counter' },
    detail: { scopes: ['payments:read'], hint: key.hint },
    ip: '196.201.214.10',
    user_agent: 'Shop/1.0',
    actor: { kind: 'key', name: 'test', role: null },
  })
  assert.partialDeepStrictEqual(rotated, {
    action: 'api_key.rotated',
    target: { id: key.id },
    detail: { new_key: next.id, overlap_seconds: 60 },
  })
  assert.partialDeepStrictEqual(revoked, { action: 'api_key.revoked', target: { id: next.id } })
  const text = JSON.stringify([created, rotated, revoked])
  for (const secret of [key.secret, next.secret]) assert.ok(!text.includes(String(secret)))
})

test('all that is done to an endpoint is recorded, and its secrets and its query never', async () => {
  await using receiver = await startReceiver()
  const from = await lastSequence()
  const wish = { url: `${receiver.url}/a?token=s3cret1`, signature_schemes: ['v1', 'v1a'] }
  const endpoint = await made('/v1/webhook_endpoints', wish)
  const path = `/v1/webhook_endpoints/${endpoint.id}`
  await ask('PATCH', path, { body: { url: `${receiver.url}/a?token=s3cret2`, status: 'disabled' } })
  await ask('PATCH', path, { body: { status: 'enabled' } })
  const rotated = (await ask('POST', `${path}/rotate_secret`, { body: { overlap: 5 } })).body
  await ask('POST', `${path}/rotate_key`, { body: {} })
  const test = await made(`${path}/test`, {}, 202)
  await made(`${path}/replay`, { since: '2026-01-01T00:00:00Z' }, 202)
  const delivery = `/v1/webhook_deliveries/${test.id}`
  await until('its delivery', async () => (await ask('GET', delivery)).body.status === 'delivered')
  await made(`${delivery}/retry`, {}, 202)
  await ask('DELETE', path)
  const entries = await entriesSince(from)
  const actions = ['created', 'updated', 'updated', 'secret_rotated', 'key_rotated', 'tested', 'replayed']
  const ofEndpoint = [...actions, 'deleted'].map((action) => `webhook_endpoint.${action}`)
  assert.deepEqual(
    entries.map(({ action }) => action),
    ofEndpoint.toSpliced(-1, 0, 'webhook_delivery.retried'),
  )
  assert.deepEqual(entries[1]?.changes, [{ field: 'status', from: 'enabled', to: 'disabled' }])
  assert.deepEqual(entries[1]?.detail, { url_changed: true })
  const text = JSON.stringify(entries)
  for (const secret of ['s3cret', String(endpoint.secret), String(rotated.secret)]) {
    assert.ok(!text.includes(secret), secret)
  }
})

test('shortcodes that are added, changed and tried are recorded, and their credentials never', async () => {
  const from = await lastSequence()
  const secrets = { consumer_key: 'ck-2f9d81aa', consumer_secret: 'cs-77c0e1b4', passkey: 'pk-5d3a90ff' }
  const body = { environment: 'simulator', number: '600555', ...secrets }
  const shortcode = await made('/v1/shortcodes', body)
  const path = `/v1/shortcodes/${shortcode.id}`
  await ask('PATCH', path, { body: { status: 'disabled', passkey: 'pk-new-5d3a' } })
  await ask('POST', `${path}/verify`)
  const [created, updated, verified] = await entriesSince(from)
  assert.partialDeepStrictEqual(created, {
    action: 'shortcode.created',
    target: { id: shortcode.id, name: '600555' },
  })
  assert.partialDeepStrictEqual(updated, {
    changes: [{ field: 'status', from: 'enabled', to: 'disabled' }],
    detail: { credentials_set: ['passkey'] },
  })
  assert.partialDeepStrictEqual(verified, { action: 'shortcode.verified' })
  const text = JSON.stringify([created, updated, verified])
  for (const secret of [...Object.values(secrets), 'pk-new-5d3a']) assert.ok(!text.includes(secret), secret)
})

test('a refused change is not recorded, nor is a payment that a key makes', async () => {
  const from = await lastSequence()
  await ask('POST', '/v1/api_keys', { body: { name: '' } })
  await ask('PATCH', '/v1/shortcodes/sc_00000000000000000000000000000000', { body: { status: 'disabled' } })
  await made('/v1/payments', { amount: 1, phone: '254700000000', reference: 'A' })
  assert.deepEqual(await entriesSince(from), [])
})

test('the log is read newest first, page by page, and by action, actor and time', async () => {
  const before = new Date().toISOString()
  const key = await made('/v1/api_keys', { name: 'paged' })
  await ask('DELETE', `/v1/api_keys/${key.id}`)
  const first = await ask('GET', '/v1/audit_log?limit=1')
  const second = await ask('GET', `/v1/audit_log?limit=1&cursor=${first.body.next_cursor}`)
  const [newest, older] = [rowsOf(first)[0], rowsOf(second)[0]]
  assert.equal(newest?.action, 'api_key.revoked')
  assert.equal(older?.action, 'api_key.created')
  assert.equal(Number(newest?.sequence), Number(older?.sequence) + 1)
  const only = async (query: string) => rowsOf(await ask('GET', `/v1/audit_log?${query}`))
  const [asker] = rowsOf(first).map(({ actor }) => (actor as Entry).id)
  assert.ok((await only('action=api_key.revoked')).every(({ action }) => action === 'api_key.revoked'))
  assert.ok((await only(`actor=${asker}`)).length > 1)
  assert.deepEqual(await only(`actor=${key.id}`), [])
  assert.deepEqual(await only('actor=cli'), [])
  assert.equal((await only(`since=${before}`)).length, 2)
  assert.ok((await only(`until=${before}`)).every(({ id }) => id !== newest?.id && id !== older?.id))
  for (const query of ['action=none', 'actor=x', 'since=soon', 'cursor=x', 'limit=0', 'more=1']) {
    assert.equal((await ask('GET', `/v1/audit_log?${query}`)).status, 400, query)
  }
})

test('a key reads it only when that was asked for, and the test side sees no more than itself', async () => {
  const deps = { db: bed.db.pool, clock: systemClock, newUuid: createUuidSource(systemClock) }
  const keyOf = async (live: boolean, scopes?: string[]) => {
    const input = { merchantId: bed.merchant.id, live, name: 'reader', ...(scopes && { scopes }) }
    const key = await createApiKey(deps, input)
    assert.equal(key.code, 'created')
    return key.text
  }
  assert.equal((await ask('GET', '/v1/audit_log', { key: await keyOf(false) })).status, 403)
  const derived = await made('/v1/api_keys', { name: 'derived' })
  assert.ok(!(derived.scopes as string[]).includes('audit:read'), 'not unless it is named')
  const live = await keyOf(true, ['audit:read', 'settings:write'])
  const liveEntry = await ask('POST', '/v1/api_keys', { key: live, body: { name: 'live one' } })
  assert.equal(liveEntry.status, 201)
  const isOf = (side: boolean) => (row: Entry) => row.live === side
  assert.ok(rowsOf(await ask('GET', '/v1/audit_log')).every(isOf(false)))
  const seen = rowsOf(await ask('GET', '/v1/audit_log', { key: live }))
  assert.ok(seen.length > 0 && seen.every(isOf(true)))
})
