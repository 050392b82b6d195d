// `/v1/webhook_endpoints` and `/v1/webhook_deliveries` on a whole gateway.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { type CheckedClient, createCheckedClient, rowsOf } from '../support/checked-client.ts'
import { verifyEd25519 } from '../support/ed25519-reference.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts'

let bed: TestGateway
let ask: CheckedClient
let receiver: Receiver
before(async () => {
  bed = await startTestGateway()
  ask = await createCheckedClient(bed)
  receiver = await startReceiver()
})
after(async () => {
  await bed[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

async function addEndpoint(more: Record<string, unknown> = {}, key = bed.merchant.key) {
  const made = await ask('POST', '/v1/webhook_endpoints', { body: { url: receiver.url, ...more }, key })
  assert.equal(made.status, 201, made.text)
  return made.body
}

function verify(secret: unknown, received: Received): void {
  const headers = Object.fromEntries(
    Object.entries(received.headers).map(([name, value]) => [name, String(value)]),
  )
  new Webhook(String(secret)).verify(received.text, headers)
}

async function deliveryOf(id: unknown): Promise<Record<string, unknown>> {
  return until('the delivery', async () => {
    const { body } = await ask('GET', `/v1/webhook_deliveries/${id}`)
    return body.status !== 'pending' && body
  })
}

test('an endpoint shows its secret once, changes and is deleted', async () => {
  const { secret, ...made } = await addEndpoint({ description: 'Shop' })
  assert.match(String(secret), /^whsec_/)
  const path = `/v1/webhook_endpoints/${made.id}`
  assert.deepEqual((await ask('GET', path)).body, made)
  assert.ok(rowsOf(await ask('GET', '/v1/webhook_endpoints')).every((row) => !('secret' in row)))
  const body = { event_types: ['payment.succeeded'], description: null, status: 'disabled' }
  const changed = await ask('PATCH', path, { body })
  assert.equal(changed.status, 200)
  assert.deepEqual(changed.body.event_types, ['payment.succeeded'])
  assert.equal(changed.body.description, null)
  assert.equal(changed.body.status, 'disabled')
  assert.equal(changed.body.url, made.url)
  assert.equal((await ask('POST', `${path}/test`)).body.code, 'endpoint_disabled')
  const since = { since: '2026-01-01T00:00:00Z' }
  assert.equal((await ask('POST', `${path}/replay`, { body: since })).body.code, 'endpoint_disabled')
  assert.equal((await ask('PATCH', path, { body: { status: 'enabled' } })).body.status, 'enabled')
  assert.equal((await ask('DELETE', path)).status, 204)
  assert.equal((await ask('GET', path)).status, 404)
  assert.equal((await ask('DELETE', path)).status, 404)
})

test('what is wrong with an endpoint is named by its field', async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{}, 'url'],
    [{ url: 'ftp://shop.example.org' }, 'url'],
    [{ url: 'https://u:p@shop.example.org' }, 'url'],
    [{ url: receiver.url, format: 'xml' }, 'format'],
    [{ url: receiver.url, event_types: [] }, 'event_types'],
    [{ url: receiver.url, event_types: ['payment.paid'] }, 'event_types'],
    [{ url: receiver.url, format: 'daraja', event_types: ['payment.uncertain'] }, 'event_types'],
    [{ url: receiver.url, description: 'x'.repeat(201) }, 'description'],
    [{ url: receiver.url, secret: 'whsec_mine' }, 'secret'],
    [{ url: receiver.url, signature_schemes: [] }, 'signature_schemes'],
    [{ url: receiver.url, signature_schemes: ['v1', 'v1'] }, 'signature_schemes'],
    [{ url: receiver.url, signature_schemes: ['v2'] }, 'signature_schemes'],
    [{ url: receiver.url, signature_schemes: 'v1a' }, 'signature_schemes'],
  ]
  for (const [body, field] of cases) {
    const answer = await ask('POST', '/v1/webhook_endpoints', { body })
    assert.equal(answer.body.code, 'invalid', answer.text)
    assert.deepEqual(Object.keys(answer.body.errors ?? {}), [field])
  }
})

test('a route without a body takes what clients send for none', async () => {
  const { id } = await addEndpoint()
  const form = 'application/x-www-form-urlencoded'
  for (const [body, type] of [
    ['', form],
    ['', 'text/plain'],
    ['[]', 'application/json'],
    ['null', 'application/json'],
  ] as const) {
    const init = { body, headers: { 'content-type': type } }
    assert.equal(
      (await bed.send('POST', `/v1/webhook_endpoints/${id}/test`, init)).status,
      202,
      `${type}: ${body}`,
    )
  }
  const full = { body: 'a=1', headers: { 'content-type': form } }
  assert.equal((await bed.send('POST', `/v1/webhook_endpoints/${id}/test`, full)).status, 415)
})

test('a test event comes signed, and its delivery can be read and sent again', async () => {
  const { id, secret } = await addEndpoint()
  const sent = await ask('POST', `/v1/webhook_endpoints/${id}/test`)
  assert.equal(sent.status, 202)
  assert.equal(sent.body.endpoint, id)
  const delivery = await deliveryOf(sent.body.id)
  assert.equal(delivery.status, 'delivered')
  assert.equal(delivery.event_type, 'webhook.test')
  const received = receiver.received.at(-1) ?? assert.fail('nothing was received')
  assert.equal(received.body.type, 'webhook.test')
  verify(secret, received)
  const count = receiver.received.length
  const again = await ask('POST', `/v1/webhook_deliveries/${sent.body.id}/retry`, { body: {} })
  assert.equal(again.status, 202)
  await until('the second delivery', async () => receiver.received.length > count)
  await ask('DELETE', `/v1/webhook_endpoints/${id}`)
  const late = await ask('POST', `/v1/webhook_deliveries/${sent.body.id}/retry`)
  assert.equal(late.body.code, 'endpoint_deleted')
})

test('deliveries are found by payment, endpoint and status; what was missed is replayed', async () => {
  const { key } = await bed.addMerchant('replayer')
  const { id } = await addEndpoint({}, key)
  const body = { amount: 5, phone: '254700000000', reference: 'A', wait: 30 }
  const payment = (await ask('POST', '/v1/payments', { body, key })).body.id
  const listed = (query: string) => ask('GET', `/v1/webhook_deliveries?${query}`, { key }).then(rowsOf)
  await until('the delivery', async () => (await listed('status=delivered')).length === 1)
  const [delivery] = await listed(`payment=${payment}&endpoint=${id}`)
  assert.equal(delivery?.payment, payment)
  assert.deepEqual(await listed('status=failed'), [])
  const second = await addEndpoint({}, key)
  const since = new Date(Date.now() - 60_000).toISOString()
  const path = `/v1/webhook_endpoints/${second.id}/replay`
  const replayed = await ask('POST', path, { body: { since }, key })
  assert.equal(replayed.status, 202)
  assert.equal(replayed.body.count, 1)
  await until('the replay', async () => (await listed(`endpoint=${second.id}&status=delivered`)).length === 1)
  assert.equal((await ask('POST', path, { body: {}, key })).body.code, 'invalid')
})

test('during a rotation both secrets sign, and without an overlap only the new one', async () => {
  const { id, secret } = await addEndpoint()
  const rotated = await ask('POST', `/v1/webhook_endpoints/${id}/rotate_secret`, { body: { overlap: 3600 } })
  assert.equal(rotated.status, 200)
  assert.notEqual(rotated.body.secret, secret)
  const test1 = await ask('POST', `/v1/webhook_endpoints/${id}/test`)
  await deliveryOf(test1.body.id)
  const received = receiver.received.at(-1) ?? assert.fail('nothing was received')
  verify(secret, received)
  verify(rotated.body.secret, received)
  const hard = await ask('POST', `/v1/webhook_endpoints/${id}/rotate_secret`, { body: { overlap: 0 } })
  const test2 = await ask('POST', `/v1/webhook_endpoints/${id}/test`)
  await deliveryOf(test2.body.id)
  const last = receiver.received.at(-1) ?? assert.fail('nothing was received')
  verify(hard.body.secret, last)
  assert.throws(() => verify(rotated.body.secret, last))
  const wrong = await ask('POST', `/v1/webhook_endpoints/${id}/rotate_secret`, { body: { overlap: -1 } })
  assert.equal(wrong.body.code, 'invalid')
})

test('who has no secret verifies by the key that is published to anyone', async () => {
  const made = await addEndpoint({ signature_schemes: ['v1', 'v1a'] })
  const path = String(made.public_keys_path)
  const anonymous = { key: '' }
  const published = await ask('GET', path, anonymous)
  assert.deepEqual(published.body.keys, [
    { scheme: 'v1a', algorithm: 'ed25519', public_key: made.public_key, expires_at: null },
  ])
  assert.match(published.headers.get('cache-control') ?? '', /max-age=60$/)
  const sent = await ask('POST', `/v1/webhook_endpoints/${made.id}/test`)
  await deliveryOf(sent.body.id)
  const received = receiver.received.at(-1) ?? assert.fail('nothing was received')
  verify(made.secret, received)
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = received.headers
  const signature = String(given).split(' v1a,')[1] ?? ''
  const key = Buffer.from(String(made.public_key).slice('whpk_'.length), 'base64')
  const content = Buffer.from(`${id}.${time}.${received.text}`)
  assert.ok(verifyEd25519(key, content, Buffer.from(signature, 'base64')))
  const two = await addEndpoint({ signature_schemes: ['v1a'] })
  const rotated = await ask('POST', `/v1/webhook_endpoints/${two.id}/rotate_key`, { body: { overlap: 60 } })
  assert.equal(rotated.status, 200)
  const both = (await ask('GET', String(two.public_keys_path), anonymous)).body.keys
  assert.ok(Array.isArray(both))
  assert.deepEqual(
    both.map((each) => each.public_key),
    [rotated.body.public_key, two.public_key],
  )
  const { id: plain } = await addEndpoint()
  const refused = await ask('POST', `/v1/webhook_endpoints/${plain}/rotate_key`)
  assert.deepEqual(Object.keys(refused.body.errors ?? {}), ['signature_schemes'])
  for (const wrong of [path.replace(String(made.id), String(plain)), `${path.slice(0, -1)}x`]) {
    assert.equal((await ask('GET', wrong, anonymous)).body.code, 'not_found')
  }
})

test('an endpoint is switched on together with a replay of what it has missed', async () => {
  const { key } = await bed.addMerchant('absent')
  const { id } = await addEndpoint({}, key)
  const path = `/v1/webhook_endpoints/${id}`
  const off = await ask('PATCH', path, { body: { status: 'disabled' }, key })
  assert.equal(off.body.replay, null)
  assert.equal(typeof off.body.missed_since, 'string')
  const body = { amount: 5, phone: '254700000000', reference: 'A', wait: 30 }
  const payment = (await ask('POST', '/v1/payments', { body, key })).body.id
  const count = receiver.received.length
  const alone = await ask('PATCH', path, { body: { replay: true }, key })
  assert.deepEqual(Object.keys(alone.body.errors ?? {}), ['replay'])
  const on = await ask('PATCH', path, { body: { status: 'enabled', replay: true }, key })
  assert.equal(on.body.missed_since, null)
  const { since, ...replay } = objectIn(on.body, 'replay')
  assert.equal(since, off.body.missed_since)
  assert.deepEqual(replay, {
    ...{ object: 'webhook_replay', endpoint: id, count: 1, has_more: false, next_since: null },
  })
  await until('the missed event', async () =>
    receiver.received.slice(count).some((each) => objectIn(each.body, 'data').id === payment),
  )
})

test('a sixth rotation within the overlaps of five is refused, until they are ended', async () => {
  const { key } = await bed.addMerchant('rotator')
  const { id } = await addEndpoint({ signature_schemes: ['v1', 'v1a'] }, key)
  for (const action of ['rotate_secret', 'rotate_key']) {
    const rotate = (body: object) => ask('POST', `/v1/webhook_endpoints/${id}/${action}`, { body, key })
    for (let count = 0; count < 5; count += 1) assert.equal((await rotate({})).status, 200)
    const refused = await rotate({})
    assert.deepEqual([refused.status, refused.body.code], [409, 'rotation_limit'])
    assert.equal((await rotate({ overlap: 0 })).status, 200)
    assert.equal((await rotate({})).status, 200)
  }
})

test('there are only so many endpoints, which are paged like every list', async () => {
  const { key } = await bed.addMerchant('collector')
  const made: unknown[] = []
  for (let count = 0; count < 20; count += 1) made.push((await addEndpoint({}, key)).id)
  const more = await ask('POST', '/v1/webhook_endpoints', { body: { url: receiver.url }, key })
  assert.equal(more.status, 409)
  assert.equal(more.body.code, 'endpoint_limit')
  const first = await ask('GET', '/v1/webhook_endpoints?limit=15', { key })
  assert.equal(first.body.has_more, true)
  const second = await ask('GET', `/v1/webhook_endpoints?cursor=${first.body.next_cursor}`, { key })
  const seen = [...rowsOf(first), ...rowsOf(second)].map(({ id }) => id)
  assert.deepEqual(seen, [...made].reverse())
})

test('nobody sees or changes an endpoint of another merchant', async () => {
  const { key } = await bed.addMerchant('other')
  const { id } = await addEndpoint()
  const path = `/v1/webhook_endpoints/${id}`
  assert.equal((await ask('GET', path, { key })).status, 404)
  assert.equal((await ask('PATCH', path, { body: { status: 'disabled' }, key })).status, 404)
  assert.equal((await ask('DELETE', path, { key })).status, 404)
  assert.equal((await ask('POST', `${path}/test`, { key })).status, 404)
  assert.equal((await ask('POST', `${path}/rotate_secret`, { key })).status, 404)
})
