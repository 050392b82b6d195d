import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { hmacSigner, newWebhookSecret, signHeaders } from './signature.ts'

const nowSeconds = () => Math.floor(Date.now() / 1000)

test('the independent Standard Webhooks library verifies any body that we sign', () => {
  fc.assert(
    fc.property(fc.json(), fc.uuid(), (body, uuid) => {
      const secret = newWebhookSecret()
      const message = { id: `evt_${uuid}`, timestampSeconds: nowSeconds(), body }
      const headers = signHeaders(message, [hmacSigner(secret)])
      assert.deepEqual(new Webhook(secret).verify(body, { ...headers }), JSON.parse(body))
    }),
    { numRuns: 50 },
  )
})

test('during a rotation holders of either secret can verify', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()]
  const headers = signHeaders(
    { id: 'evt_1', timestampSeconds: nowSeconds(), body: '{}' },
    secrets.map(hmacSigner),
  )
  assert.equal(headers['webhook-signature'].split(' ').length, 2)
  for (const secret of secrets) new Webhook(secret).verify('{}', { ...headers })
})

test('a changed body, id, time or secret does not verify', () => {
  const secret = newWebhookSecret()
  const timestampSeconds = nowSeconds()
  const headers = signHeaders({ id: 'evt_1', timestampSeconds, body: '{"a":1}' }, [hmacSigner(secret)])
  const verify = (body: string, changed: object, by = secret) =>
    new Webhook(by).verify(body, { ...headers, ...changed })
  verify('{"a":1}', {})
  assert.throws(() => verify('{"a":2}', {}))
  assert.throws(() => verify('{"a":1}', { 'webhook-id': 'evt_2' }))
  assert.throws(() => verify('{"a":1}', { 'webhook-timestamp': String(timestampSeconds - 1) }))
  assert.throws(() => verify('{"a":1}', {}, newWebhookSecret()))
})

test('a secret is whsec_ and 32 bytes, and no two are the same', () => {
  const secret = newWebhookSecret()
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.notEqual(secret, newWebhookSecret())
})

test('nothing is sent unsigned', () => {
  assert.throws(() => signHeaders({ id: 'evt_1', timestampSeconds: 1, body: '{}' }, []))
})
