// What a developer looks at: the request of a delivery, the secret again, and how fast a shortcode may send.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { type CheckedClient, createCheckedClient, rowsOf } from '../support/checked-client.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

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

async function sendTest(more: Record<string, unknown> = {}) {
  const made = await ask('POST', '/v1/webhook_endpoints', { body: { url: receiver.url, ...more } })
  assert.equal(made.status, 201, made.text)
  const sent = await ask('POST', `/v1/webhook_endpoints/${made.body.id}/test`)
  const delivery = await until('the delivery', async () => {
    const { body } = await ask('GET', `/v1/webhook_deliveries/${sent.body.id}`)
    return body.status === 'delivered' && body
  })
  return { endpoint: made.body, delivery }
}

test('a delivery shows the very request that the receiver got', async () => {
  const { endpoint, delivery } = await sendTest({ signature_schemes: ['v1', 'v1a'] })
  const received = receiver.received.at(-1) ?? assert.fail('nothing was received')
  const shown = await ask('GET', `/v1/webhook_deliveries/${delivery.id}/request`)
  assert.equal(shown.status, 200, shown.text)
  assert.equal(shown.body.body, received.text)
  assert.equal(shown.body.url, receiver.url)
  const headers = objectIn(shown.body, 'headers')
  for (const name of ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    assert.equal(headers[name], received.headers[name], name)
  }
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
  new Webhook(String(endpoint.secret)).verify(String(shown.body.body), texts)
  await ask('DELETE', `/v1/webhook_endpoints/${endpoint.id}`)
  const gone = await ask('GET', `/v1/webhook_deliveries/${delivery.id}/request`)
  assert.equal(gone.body.code, 'endpoint_deleted')
})

test('a delivery that was replayed shows the event as it was, with the payment and its id', async () => {
  const body = { amount: 5, phone: '254700000000', reference: 'A', wait: 30 }
  const payment = await ask('POST', '/v1/payments', { body })
  const made = await ask('POST', '/v1/webhook_endpoints', { body: { url: receiver.url } })
  const since = new Date(Date.parse(String(payment.body.created_at)) - 1).toISOString()
  await ask('POST', `/v1/webhook_endpoints/${made.body.id}/replay`, { body: { since } })
  const path = `/v1/webhook_deliveries?payment=${payment.body.id}&endpoint=${made.body.id}&status=delivered`
  const [delivery] = await until('the delivery', async () => {
    const rows = rowsOf(await ask('GET', path))
    return rows.length > 0 && rows
  })
  const shown = await ask('GET', `/v1/webhook_deliveries/${delivery?.id}/request`)
  assert.equal(objectIn(shown.body, 'headers')['sukuma-payment-id'], payment.body.id)
  const received = receiver.received.find(({ headers }) => headers['sukuma-payment-id'] === payment.body.id)
  assert.equal(shown.body.body, received?.text)
  await ask('DELETE', `/v1/webhook_endpoints/${made.body.id}`)
})

test('a key is not shown a secret again, and sees how long the former one signs along', async () => {
  const { endpoint } = await sendTest()
  const path = `/v1/webhook_endpoints/${endpoint.id}`
  assert.equal((await ask('POST', `${path}/reveal_secret`)).body.code, 'forbidden')
  const rotated = await ask('POST', `${path}/rotate_secret`, { body: { overlap: 3_600 } })
  assert.equal(typeof rotated.body.previous_secret_expires_at, 'string')
})

test('a shortcode shows how fast it may send, once something went through it', async () => {
  const { key } = await bed.addMerchant('sender')
  const [shortcode] = rowsOf(await ask('GET', '/v1/shortcodes', { key }))
  const path = `/v1/shortcodes/${shortcode?.id}/sending`
  const body = { amount: 1, phone: '254700000000', reference: 'A', wait: 30 }
  await ask('POST', '/v1/payments', { body, key })
  const sending = await ask('GET', path, { key })
  assert.equal(sending.body.breaker, 'closed', sending.text)
  assert.ok(Number(sending.body.pushes_per_second) > 0)
  assert.equal((await ask('GET', path, { key: bed.merchant.key })).status, 404)
})
