// `/v1/shortcodes` and `/v1/api_keys` on a whole gateway.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CheckedClient, createCheckedClient, rowsOf } from '../support/checked-client.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

let bed: TestGateway
let ask: CheckedClient
before(async () => {
  bed = await startTestGateway()
  ask = await createCheckedClient(bed)
})
after(() => bed[Symbol.asyncDispose]())

const credentials = { consumer_key: 'ck-visible', consumer_secret: 'cs-hidden', passkey: 'pk-hidden' }
const SECRETS = /ck-visible|cs-hidden|pk-hidden/

test('a shortcode is added, read, disabled and enabled, and its credentials never come out', async () => {
  const body = { environment: 'sandbox', number: '600123', ...credentials }
  const made = await ask('POST', '/v1/shortcodes', { body })
  assert.equal(made.status, 201, made.text)
  assert.equal(made.body.kind, 'paybill')
  const path = `/v1/shortcodes/${made.body.id}`
  const read = await ask('GET', path)
  assert.deepEqual(read.body, made.body)
  const list = await ask('GET', '/v1/shortcodes')
  assert.ok(rowsOf(list).some(({ id }) => id === made.body.id))
  const twice = await ask('POST', '/v1/shortcodes', { body })
  assert.equal(twice.status, 409)
  assert.equal(twice.body.code, 'duplicate_shortcode')
  const disabled = await ask('PATCH', path, { body: { status: 'disabled', passkey: 'pk-hidden-2' } })
  assert.equal(disabled.body.status, 'disabled')
  const enabled = await ask('PATCH', path, { body: { status: 'enabled' } })
  assert.equal(enabled.body.disabled_at, null)
  for (const answer of [made, read, list, twice, disabled, enabled]) assert.doesNotMatch(answer.text, SECRETS)
})

test('what is wrong with a shortcode is named by its field', async () => {
  const right = { environment: 'sandbox', number: '600999', ...credentials }
  const cases: [Record<string, unknown>, string][] = [
    [{ ...right, environment: 'production' }, 'environment'],
    [{ ...right, environment: 'moon' }, 'environment'],
    [{ ...right, number: '12' }, 'number'],
    [{ ...right, till_number: '600111' }, 'till_number'],
    [{ ...right, kind: 'till' }, 'till_number'],
    [{ ...right, passkey: undefined }, 'passkey'],
    [{ ...right, consumer_key: 'a:b' }, 'consumer_key'],
    [{ ...right, consumer_secret: 'a b' }, 'consumer_secret'],
    [{ ...right, verified_at: null }, 'verified_at'],
  ]
  for (const [body, field] of cases) {
    const answer = await ask('POST', '/v1/shortcodes', { body })
    assert.equal(answer.body.code, 'invalid', answer.text)
    assert.deepEqual(Object.keys(answer.body.errors ?? {}), [field])
    assert.doesNotMatch(answer.text, SECRETS)
  }
})

test('the credentials of a shortcode are proved by asking Daraja', async () => {
  const path = `/v1/shortcodes/sc_${bed.merchant.shortcodeId.replaceAll('-', '')}`
  const good = await ask('POST', `${path}/verify`)
  assert.equal(good.status, 200, good.text)
  assert.notEqual(good.body.verified_at, null)
  const stranger = await bed.addMerchant('stranger')
  assert.equal((await ask('POST', `${path}/verify`, { key: stranger.key })).status, 404)
  assert.equal((await ask('PATCH', path, { body: { status: 'disabled' }, key: stranger.key })).status, 404)
})

async function makeKey(body: Record<string, unknown>, key = bed.merchant.key) {
  const made = await ask('POST', '/v1/api_keys', { body, key })
  assert.equal(made.status, 201, made.text)
  return { id: String(made.body.id), key: String(made.body.secret), body: made.body }
}

test('a key shows its text once, works, and is ended', async () => {
  const made = await makeKey({ name: 'Shop', scopes: ['payments:read'] })
  assert.match(made.key, /^sk_test_/)
  assert.equal((await ask('GET', '/v1/payments', { key: made.key })).status, 200)
  assert.equal((await ask('GET', '/v1/api_keys', { key: made.key })).status, 403)
  const list = await ask('GET', '/v1/api_keys')
  assert.ok(rowsOf(list).some(({ id }) => id === made.id))
  assert.ok(!list.text.includes(made.key))
  const ended = await ask('DELETE', `/v1/api_keys/${made.id}`)
  assert.equal(ended.status, 200)
  assert.notEqual(ended.body.revoked_at, null)
  assert.equal((await ask('GET', `/v1/api_keys/${made.id}`)).body.revoked_at, ended.body.revoked_at)
})

test('a key makes no key that can do more, or live longer, than itself', async () => {
  const weak = await makeKey({ name: 'weak', scopes: ['settings:write', 'settings:read'] })
  const strong = await ask('POST', '/v1/api_keys', {
    body: { name: 'strong', scopes: ['settings:read', 'payments:write'] },
    key: weak.key,
  })
  assert.equal(strong.status, 403)
  assert.match(String(strong.body.detail), /payments:write/)
  assert.deepEqual((await makeKey({ name: 'equal' }, weak.key)).body.scopes, weak.body.scopes)
  const own = rowsOf(await ask('GET', '/v1/api_keys')).find(({ name }) => name === 'test')
  const stolen = await ask('POST', `/v1/api_keys/${own?.id}/rotate`, { key: weak.key })
  assert.equal(stolen.status, 403, 'a rotation gives out the text of a key')
  const expires_at = new Date(Date.now() + 60_000).toISOString()
  const brief = await makeKey({ name: 'brief', expires_at })
  assert.equal((await makeKey({ name: 'heir' }, brief.key)).body.expires_at, expires_at)
  const later = new Date(Date.now() + 120_000).toISOString()
  const outlives = await ask('POST', '/v1/api_keys', {
    body: { name: 'late', expires_at: later },
    key: brief.key,
  })
  assert.equal(outlives.status, 403)
})

test('a key that is bound to one shortcode sees, pays through and hands on that one only', async () => {
  const body = { environment: 'sandbox', number: '600777', ...credentials }
  const other = String((await ask('POST', '/v1/shortcodes', { body })).body.id)
  const mine = `sc_${bed.merchant.shortcodeId.replaceAll('-', '')}`
  const bound = await makeKey({ name: 'bound', shortcode: mine })
  const seen = rowsOf(await ask('GET', '/v1/shortcodes', { key: bound.key }))
  assert.deepEqual(
    seen.map(({ id }) => id),
    [mine],
  )
  assert.equal((await ask('GET', `/v1/shortcodes/${other}`, { key: bound.key })).status, 404)
  const more = { ...body, number: '600778' }
  assert.equal((await ask('POST', '/v1/shortcodes', { body: more, key: bound.key })).status, 403)
  assert.equal((await makeKey({ name: 'child' }, bound.key)).body.shortcode, mine)
  const stray = await ask('POST', '/v1/api_keys', { body: { name: 'x', shortcode: other }, key: bound.key })
  assert.equal(stray.status, 403)
  const wish = { amount: 1, phone: '254700000000', reference: 'A', shortcode: other }
  assert.equal((await ask('POST', '/v1/payments', { body: wish, key: bound.key })).body.code, 'no_shortcode')
})

test('a rotated key has a successor, and ends when its overlap does', async () => {
  const former = await makeKey({ name: 'former', scopes: ['payments:read'] })
  const rotated = await ask('POST', `/v1/api_keys/${former.id}/rotate`, { body: { overlap: 3600 } })
  assert.equal(rotated.status, 201)
  assert.deepEqual(rotated.body.scopes, ['payments:read'])
  for (const key of [former.key, String(rotated.body.secret)]) {
    assert.equal((await ask('GET', '/v1/payments', { key })).status, 200)
  }
  const read = await ask('GET', `/v1/api_keys/${former.id}`)
  assert.notEqual(read.body.expires_at, null)
  assert.equal(read.body.replaced_by, rotated.body.id)
  const second = await ask('POST', `/v1/api_keys/${former.id}/rotate`, { body: { overlap: 3600 } })
  assert.deepEqual([second.status, second.body.code], [409, 'key_replaced'])
  assert.ok(String(second.body.detail).includes(String(rotated.body.id)), second.text)
  assert.equal(rotated.body.expires_at, null)
  const wrong = await ask('POST', `/v1/api_keys/${former.id}/rotate`, { body: { overlap: 1e9 } })
  assert.equal(wrong.body.code, 'invalid')
  const hard = await ask('POST', `/v1/api_keys/${rotated.body.id}/rotate`)
  assert.equal(hard.status, 201)
  const again = await ask('POST', `/v1/api_keys/${rotated.body.id}/rotate`)
  assert.equal(again.body.code, 'key_replaced', 'also once it has ended')
})

test('what is wrong with a key is named by its field', async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{}, 'name'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: ['payments'] }, 'scopes'],
    [{ name: 'x', scopes: 'payments:read' }, 'scopes'],
    [{ name: 'x', shortcode: '174379' }, 'shortcode'],
    [{ name: 'x', shortcode: `sc_${'0'.repeat(32)}` }, 'shortcode'],
    [{ name: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ name: 'x', live: true }, 'live'],
  ]
  for (const [body, field] of cases) {
    const answer = await ask('POST', '/v1/api_keys', { body })
    assert.equal(answer.body.code, 'invalid', answer.text)
    assert.deepEqual(Object.keys(answer.body.errors ?? {}), [field])
  }
})

test('nobody sees or ends a key of another merchant', async () => {
  const stranger = await bed.addMerchant('stranger')
  const { id } = await makeKey({ name: 'mine' })
  for (const [method, path] of [
    ['GET', `/v1/api_keys/${id}`],
    ['DELETE', `/v1/api_keys/${id}`],
    ['POST', `/v1/api_keys/${id}/rotate`],
  ] as const) {
    assert.equal((await ask(method, path, { key: stranger.key })).status, 404, path)
  }
})
