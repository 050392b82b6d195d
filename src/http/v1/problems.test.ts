import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DatabaseUnavailableError } from '../../db/database.ts'
import type { Scope } from '../../merchants/scopes.ts'
import { createServerBed } from '../testing/server-bed.ts'
import { PROBLEM_TITLES } from './problem.ts'

const ID = '0197f2a61c1e7c3a9a546e1f0b2d3c4d'

test('an error is a problem that names its request, and its type is a page that answers', async () => {
  await using bed = await createServerBed()
  const answer = await bed.ask('GET', '/v1/payments/pay_unknown')
  assert.equal(answer.status, 404)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  assert.equal(answer.headers['cache-control'], 'no-store')
  assert.equal(answer.body.request_id, answer.headers['x-request-id'])
  assert.deepEqual(answer.body, {
    type: 'https://pay.example.org/docs/errors/not_found',
    title: PROBLEM_TITLES.not_found,
    status: 404,
    detail: 'There is no such payment.',
    code: 'not_found',
    request_id: answer.headers['x-request-id'],
  })
  const page = await bed.app.inject({ url: '/docs/errors/not_found' })
  assert.equal(page.statusCode, 200)
})

test('a missing and an unknown key are answered alike, on unknown addresses too', async () => {
  await using bed = await createServerBed()
  const answers = [
    await bed.ask('GET', '/v1/account', { headers: { 'x-api-key': '' } }),
    await bed.ask('GET', '/v1/account', { headers: { 'x-api-key': 'sk_test_other' } }),
  ]
  for (const { status, body } of answers) {
    assert.equal(status, 401)
    assert.equal(body.code, 'unauthenticated')
    assert.equal(body.detail, 'Unauthenticated.')
  }
  const nowhere = await bed.app.inject({ url: '/v1/nowhere' })
  assert.equal(nowhere.statusCode, 401)
})

const SCOPED: [Scope, 'GET' | 'POST' | 'PATCH' | 'DELETE', string][] = [
  ['payments:write', 'POST', '/v1/payments'],
  ['payments:read', 'GET', '/v1/payments'],
  ['payments:read', 'GET', `/v1/payments/pay_${ID}`],
  ['payments:read', 'GET', `/v1/payments/pay_${ID}/events`],
  ['payments:read', 'GET', `/v1/payments/pay_${ID}/stream`],
  ['payments:read', 'POST', `/v1/payments/pay_${ID}/ask`],
  ['payments:read', 'GET', '/v1/events'],
  ['webhooks:write', 'POST', '/v1/webhook_endpoints'],
  ['webhooks:read', 'GET', '/v1/webhook_endpoints'],
  ['webhooks:read', 'GET', `/v1/webhook_endpoints/we_${ID}`],
  ['webhooks:write', 'PATCH', `/v1/webhook_endpoints/we_${ID}`],
  ['webhooks:write', 'DELETE', `/v1/webhook_endpoints/we_${ID}`],
  ['webhooks:write', 'POST', `/v1/webhook_endpoints/we_${ID}/rotate_secret`],
  ['webhooks:write', 'POST', `/v1/webhook_endpoints/we_${ID}/test`],
  ['webhooks:write', 'POST', `/v1/webhook_endpoints/we_${ID}/replay`],
  ['webhooks:read', 'GET', '/v1/webhook_deliveries'],
  ['webhooks:read', 'GET', `/v1/webhook_deliveries/wd_${ID}`],
  ['webhooks:write', 'POST', `/v1/webhook_deliveries/wd_${ID}/retry`],
  ['settings:write', 'POST', '/v1/shortcodes'],
  ['settings:read', 'GET', '/v1/shortcodes'],
  ['settings:read', 'GET', `/v1/shortcodes/sc_${ID}`],
  ['settings:write', 'PATCH', `/v1/shortcodes/sc_${ID}`],
  ['settings:write', 'POST', `/v1/shortcodes/sc_${ID}/verify`],
  ['settings:write', 'POST', '/v1/api_keys'],
  ['settings:read', 'GET', '/v1/api_keys'],
  ['settings:read', 'GET', `/v1/api_keys/key_${ID}`],
  ['settings:write', 'DELETE', `/v1/api_keys/key_${ID}`],
  ['settings:write', 'POST', `/v1/api_keys/key_${ID}/rotate`],
  ['merchant:read', 'GET', '/v1/settings'],
  ['merchant:write', 'PATCH', '/v1/settings'],
  ['merchant:write', 'POST', '/v1/phone_numbers/forget'],
]

test('every route but the account needs its scope', async () => {
  await using bed = await createServerBed({ principal: { scopes: new Set<Scope>() } })
  for (const [scope, method, url] of SCOPED) {
    const answer = await bed.ask(method, url, method === 'GET' ? {} : { body: {} })
    assert.equal(answer.status, 403, `${method} ${url}`)
    assert.match(String(answer.body.detail), new RegExp(scope))
  }
  const account = await bed.ask('GET', '/v1/account')
  assert.equal(account.status, 200)
  assert.deepEqual(account.body.scopes, [])
})

test('while the database is away, nothing was done and a new try is safe', async () => {
  const away = async () => {
    throw new DatabaseUnavailableError('away')
  }
  await using bed = await createServerBed({ payments: { create: away } })
  const body = { amount: 1, phone: '0712345678', reference: 'A' }
  const answer = await bed.ask('POST', '/v1/payments', { body })
  assert.equal(answer.status, 503)
  assert.equal(answer.body.code, 'unavailable')
  assert.ok(Number(answer.headers['retry-after']) > 0)
})

test('a fault of ours tells nothing of itself', async () => {
  const broken = async () => {
    throw new Error('secret detail')
  }
  await using bed = await createServerBed({ payments: { list: broken } })
  const answer = await bed.ask('GET', '/v1/payments')
  assert.equal(answer.status, 500)
  assert.equal(answer.body.code, 'internal')
  assert.doesNotMatch(answer.text, /secret detail/)
})

test('bodies that cannot be read are told apart', async () => {
  await using bed = await createServerBed()
  const send = (raw: string | Buffer, type = 'application/json') =>
    bed.ask('POST', '/v1/payments', { raw, headers: { 'content-type': type } })
  const cases: [string | Buffer, string, number, string][] = [
    ['{', 'application/json', 400, 'malformed_body'],
    ['', 'application/json', 400, 'malformed_body'],
    ['[]', 'application/json', 400, 'malformed_body'],
    ['null', 'application/json', 400, 'malformed_body'],
    ['{"amount":1,"amount":2}', 'application/json', 400, 'malformed_body'],
    ['{"__proto__":{"amount":1}}', 'application/json', 400, 'malformed_body'],
    [`${'['.repeat(50_000)}`, 'application/json', 400, 'malformed_body'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'application/json', 400, 'malformed_body'],
    ['amount=1', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    [`"${'x'.repeat(70_000)}"`, 'application/json', 413, 'body_too_large'],
  ]
  for (const [raw, type, status, code] of cases) {
    const answer = await send(raw, type)
    assert.equal(answer.status, status, String(raw).slice(0, 40))
    assert.equal(answer.body.code, code)
    assert.equal(answer.body.status, status)
  }
})

const BODIES: [string, string[]][] = [
  ['/v1/payments', ['amount', 'phone', 'reference', 'metadata', 'shortcode', 'expires_in', 'wait']],
  ['/v1/webhook_endpoints', ['url', 'format', 'event_types', 'description']],
  ['/v1/shortcodes', ['environment', 'kind', 'number', 'till_number', 'passkey']],
  [`/v1/webhook_endpoints/we_${ID}/replay`, ['since']],
]

test('no body is answered with anything but a problem', async () => {
  await using bed = await createServerBed()
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(1e308, -1, '\u0000', '\ud800', 'sk', '0712345678', 1500, 'x'.repeat(5_000)),
  )
  const bodies = fc.constantFrom(...BODIES).chain(([url, names]) =>
    fc.record({
      url: fc.constant(url),
      // One name is never right, so that no body gets through to the core.
      body: fc.dictionary(fc.constantFrom(...names), odd).map((body) => ({ ...body, wrong: 1 })),
    }),
  )
  await fc.assert(
    fc.asyncProperty(bodies, async ({ url, body }) => {
      const { status } = await bed.ask('POST', url, { body })
      assert.ok(status === 400 || status === 413, String(status))
    }),
    { numRuns: 500 },
  )
})

test('no query string and no address is answered with a fault of ours', async () => {
  await using bed = await createServerBed()
  const lists = ['/v1/payments', '/v1/events', '/v1/webhook_deliveries', '/v1/shortcodes', '/v1/api_keys']
  const names = ['limit', 'cursor', 'status', 'type', 'endpoint', 'phone', 'created_after', 'wrong', 'a[]']
  const pairs = fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary' })), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...lists), pairs, async (url, given) => {
      const query = given.map(([name, value]) => `${name}=${escapeSomehow(value)}`).join('&')
      const { status } = await bed.ask('GET', `${url}?wrong=1&${query}`)
      assert.equal(status, 400)
    }),
    { numRuns: 500 },
  )
  for (const id of ['pay_', 'pay_%00', `PAY_${ID}`, `we_${ID}`, '%F0%28', 'x'.repeat(150), `pay_${ID}%20`]) {
    const answer = await bed.app.inject({
      url: `/v1/payments/${id}`,
      headers: { 'x-api-key': 'sk_test_bed' },
    })
    assert.ok(answer.statusCode === 404 || answer.statusCode === 400, `${id}: ${answer.statusCode}`)
  }
})

/** Half surrogates have no encoding of their own: they go as somebody might send them all the same. */
function escapeSomehow(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80'
}
