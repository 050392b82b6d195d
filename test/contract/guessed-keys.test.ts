// Keys that are none, from one address and without end: refused, told to slow down, and in nobody's way.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { manualClock } from '../../src/clock.ts'
import { generateApiKeyText } from '../../src/merchants/api-key-text.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { assertShape } from '../support/refusals.ts'

const clock = manualClock(Date.now())
let bed: TestGateway
before(async () => {
  bed = await startTestGateway({ clock, env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
after(() => bed[Symbol.asyncDispose]())

const PATHS = ['/v1/account', '/api/stk-push/x', '/api/mpesa/check-status']
/** As many as an address may present before it is told to slow down. */
const FREE = 1_000

type Guess = { key?: string; path?: string; ip?: string }

function guess({ key = generateApiKeyText(false), path = '/v1/account', ip = '203.0.113.7' }: Guess = {}) {
  const method = path.endsWith('check-status') ? 'POST' : 'GET'
  return bed.send(method, path, { headers: { 'x-api-key': key, 'x-forwarded-for': ip } })
}

async function useUp(ip: string): Promise<void> {
  for (let round = 0; round < FREE / 50; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => guess({ ip })))
    for (const { status } of answers) assert.equal(status, 401)
  }
}

test('after a thousand wrong keys the address reads 429 in the shape of each surface', async () => {
  await useUp('203.0.113.1')
  for (const path of PATHS) {
    const answer = await guess({ path, ip: '203.0.113.1' })
    assert.equal(answer.status, 429, answer.text)
    assert.equal(answer.headers.get('retry-after'), '1')
    assert.equal(answer.headers.get('connection'), 'close')
    assertShape(path, answer, answer.text)
  }
  assert.equal((await guess({ ip: '203.0.113.2' })).status, 401, 'another address')
  clock.advance(1_000)
  assert.equal((await guess({ ip: '203.0.113.1' })).status, 401)
  assert.equal((await guess({ ip: '203.0.113.1' })).status, 429)
})

test('made-up addresses of public keys are limited too, and real ones are always answered', async () => {
  const wish = { url: 'http://127.0.0.1:9/', signature_schemes: ['v1a'] }
  const made = await bed.post('/v1/webhook_endpoints', wish)
  const known = String(made.body.public_keys_path)
  const read = (path: string) => bed.send('GET', path, { headers: { 'x-forwarded-for': '203.0.113.9' } })
  const guessed = () => read(known.replace(/[0-9a-f]{32}$/, randomUUID().replaceAll('-', '')))
  for (let round = 0; round < FREE / 50; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, guessed))
    for (const { status, text } of answers) assert.equal(status, 404, text)
  }
  const limited = await guessed()
  assert.deepEqual([limited.status, limited.body.code], [429, 'rate_limited'])
  assert.equal((await read(known)).status, 200)
  assert.equal((await guess({ ip: '203.0.113.9' })).status, 401, 'API keys are counted apart')
})

test('a right key is served from the same address, also one that was never seen before', async () => {
  const ip = '203.0.113.3'
  await useUp(ip)
  const { key } = await bed.addMerchant('neighbour')
  for (let round = 0; round < 5; round += 1) {
    assert.equal((await guess({ ip })).status, 429)
    assert.equal((await guess({ ip, key })).status, 200)
  }
})

test('all addresses of one IPv6 network count as one, and no key at all counts for nothing', async () => {
  for (let round = 0; round < FREE; round += 1) await guess({ ip: `2001:db8:1:2::${round.toString(16)}` })
  assert.equal((await guess({ ip: '2001:db8:1:2:ffff::1' })).status, 429)
  assert.equal((await guess({ ip: '2001:db8:1:3::1' })).status, 401)
  for (let round = 0; round < FREE + 10; round += 1) {
    assert.equal((await guess({ key: '', ip: '203.0.113.4' })).status, 401)
  }
})

test('an unknown key, a revoked one and an expired one get the same answer', async () => {
  const made = await bed.post('/v1/api_keys', { name: 'revoked' })
  await bed.send('DELETE', `/v1/api_keys/${made.body.id}`, {})
  const expiresAt = new Date(clock.now() + 1_000).toISOString()
  const short = await bed.post('/v1/api_keys', { name: 'expired', expires_at: expiresAt })
  assert.equal((await guess({ key: String(short.body.secret) })).status, 200, short.text)
  clock.advance(1_000)
  const said = new Set<string>()
  for (const key of [generateApiKeyText(false), made.body.secret, short.body.secret, 'sk_test_no']) {
    const { status, body } = await guess({ key: String(key) })
    said.add(JSON.stringify([status, { ...body, request_id: '' }]))
  }
  assert.equal(said.size, 1)
})

test('a key that is revoked in one process is refused by every other within 5 s', async () => {
  await using other = await startTestGateway({ beside: bed, clock })
  const made = await bed.post('/v1/api_keys', { name: 'short-lived' })
  const headers = { 'x-api-key': String(made.body.secret) }
  for (const each of [bed, other]) assert.equal((await each.get('/v1/account', headers)).status, 200)
  assert.equal((await bed.send('DELETE', `/v1/api_keys/${made.body.id}`, {})).status, 200)
  clock.advance(5_000)
  for (const each of [bed, other]) assert.equal((await each.get('/v1/account', headers)).status, 401)
})
