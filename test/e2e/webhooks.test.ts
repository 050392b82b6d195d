// Every verdict reaches the merchant: signed, numbered, retried, and in both formats.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { createReceiver, silence } from '../../src/webhooks/testing/receiver.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { type Received, startReceiver } from '../support/receiver.ts'

async function addEndpoint(bed: TestGateway, url: string, format: string): Promise<Record<string, unknown>> {
  const made = await bed.post('/v1/webhook_endpoints', { url, format })
  assert.equal(made.status, 201, made.text)
  return made.body
}

function verify(received: Received, secret: unknown): void {
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      String(received.headers[name]),
    ]),
  )
  new Webhook(String(secret)).verify(received.text, headers)
}

const payment = { phone: '254700000000', amount: 10, reference: 'INV-1', metadata: { order: '7' } }

test('a payment is told in both formats, each with a signature that the standard verifies', async () => {
  await using bed = await startTestGateway()
  await using native = await startReceiver()
  await using daraja = await startReceiver()
  const nativeEndpoint = await addEndpoint(bed, native.url, 'event')
  const darajaEndpoint = await addEndpoint(bed, daraja.url, 'daraja')
  const made = await bed.post('/v1/payments', { ...payment, wait: 30 })
  assert.equal(made.body.status, 'succeeded')
  const event = await until('the event', async () => native.received[0])
  const callback = await until('the callback', async () => daraja.received[0])
  verify(event, nativeEndpoint.secret)
  verify(callback, darajaEndpoint.secret)
  assert.equal(event.body.type, 'payment.succeeded')
  assert.equal(event.body.sequence, 1)
  assert.equal(event.headers['webhook-id'], event.body.id)
  const shown = await bed.get(`/v1/payments/${made.body.id}`)
  assert.deepEqual(event.body.data, shown.body)
  const { stkCallback } = objectIn(callback.body, 'Body') as { stkCallback: Record<string, unknown> }
  assert.equal(stkCallback.ResultCode, 0)
  assert.equal(stkCallback.CheckoutRequestID, made.body.checkout_request_id)
  assert.match(JSON.stringify(stkCallback.CallbackMetadata), new RegExp(String(made.body.receipt)))
  assert.throws(() => verify({ ...event, text: `${event.text} ` }, nativeEndpoint.secret))
})

test('a failure is told as Daraja tells it: without metadata', async () => {
  await using bed = await startTestGateway()
  await using receiver = await startReceiver()
  await addEndpoint(bed, receiver.url, 'daraja')
  await bed.post('/v1/payments', { ...payment, phone: '254700001032', wait: 30 })
  const callback = await until('the callback', async () => receiver.received[0])
  const { stkCallback } = objectIn(callback.body, 'Body') as { stkCallback: Record<string, unknown> }
  assert.deepEqual([stkCallback.ResultCode, stkCallback.CallbackMetadata], [1032, undefined])
})

test('a receiver that fails is tried again, and every attempt can be seen', async () => {
  await using bed = await startTestGateway()
  await using receiver = await startReceiver()
  receiver.answer = { status: 500 }
  await addEndpoint(bed, receiver.url, 'event')
  const made = await bed.post('/v1/payments', { ...payment, wait: 30 })
  await until('the first attempt', async () => receiver.received.length >= 1)
  receiver.answer = { status: 204 }
  await until('the second attempt', async () => receiver.received.length >= 2)
  const [first, second] = receiver.received
  assert.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
  assert.equal(first?.text, second?.text)
  const delivery = await until('its record', async () => {
    const listed = await bed.get(`/v1/webhook_deliveries?payment=${made.body.id}`)
    const [row] = listed.body.data as Record<string, unknown>[]
    return row?.status === 'delivered' ? row : null
  })
  assert.match(JSON.stringify(delivery), /500/)
})

test('an endpoint that never answers delays nobody else', async () => {
  await using bed = await startTestGateway()
  await using dead = await createReceiver(silence)
  await using receiver = await startReceiver()
  const endpoint = await addEndpoint(bed, dead.url, 'event')
  await addEndpoint(bed, receiver.url, 'event')
  const phones = Array.from({ length: 20 }, (_, n) => `25471200${String(n).padStart(4, '0')}`)
  await Promise.all(phones.map((phone) => bed.post('/v1/payments', { ...payment, phone, wait: 30 })))
  await until('all twenty', async () => receiver.received.length >= 20)
  await until('a first attempt', async () => dead.requests.length > 0)
  const listed = await bed.get(`/v1/webhook_deliveries?endpoint=${endpoint.id}`)
  const attempts = (listed.body.data as Record<string, unknown>[]).map((delivery) => delivery.attempts)
  assert.deepEqual(attempts, Array(20).fill(0), 'its first attempt still hangs')
})

test('an uncertain payment is told to events, and not to receivers that expect Daraja', async () => {
  await using bed = await startTestGateway()
  await using native = await startReceiver()
  await using daraja = await startReceiver()
  await addEndpoint(bed, native.url, 'event')
  await addEndpoint(bed, daraja.url, 'daraja')
  await bed.post('/v1/payments', { ...payment, phone: '254700050000', wait: 30 })
  await until('both events', async () => native.received.length >= 2)
  assert.deepEqual(
    native.received.map(({ body }) => [body.type, body.sequence]),
    [
      ['payment.uncertain', 1],
      ['payment.succeeded', 2],
    ],
  )
  await until('the callback', async () => daraja.received.length >= 1)
  assert.equal(daraja.received.length, 1)
})

test('an endpoint that is gone is switched off, which the feed and the others are told', async () => {
  await using bed = await startTestGateway()
  await using gone = await startReceiver()
  await using other = await startReceiver()
  gone.answer = { status: 410 }
  const endpoint = await addEndpoint(bed, gone.url, 'event')
  await addEndpoint(bed, other.url, 'event')
  await bed.post('/v1/payments', { ...payment, wait: 30 })
  const isAbout = (body: Record<string, unknown>) => body.type === 'webhook_endpoint.disabled'
  const told = await until('the event', async () => other.received.find(({ body }) => isAbout(body)))
  const fed = await until('the feed', async () => {
    const feed = await bed.get('/v1/events?type=webhook_endpoint.disabled')
    return (feed.body.data as Record<string, unknown>[])[0]
  })
  assert.equal(objectIn(fed, 'data').id, endpoint.id)
  assert.deepEqual(fed.data, told.body.data)
  const shown = await bed.get(`/v1/webhook_endpoints/${endpoint.id}`)
  assert.deepEqual([shown.body.status, shown.body.disabled_reason], ['disabled', 'gone'])
})

test('with the simulator off, no event of the test side reaches the inside of the network', async () => {
  await using bed = await startTestGateway({ env: { SIMULATOR_PORT: 'off' } })
  await using inside = await startReceiver()
  const refused = await bed.post('/v1/webhook_endpoints', { url: inside.url })
  assert.equal(refused.status, 400)
  assert.match(refused.text, /private, local or reserved/)
  // One that was added before the simulator was switched off.
  const { id } = await addEndpoint(bed, 'https://shop.example/', 'event')
  await bed.db.pool.query('update webhook_endpoints set url = $1', [inside.url])
  const sent = await bed.post(`/v1/webhook_endpoints/${id}/test`, {})
  assert.equal(sent.status, 202)
  const attempted = await until('its attempt', async () => {
    const { body } = await bed.get(`/v1/webhook_deliveries/${sent.body.id}`)
    return body.attempts === 0 ? null : body
  })
  assert.match(JSON.stringify(attempted), /may not be sent to/)
  assert.equal(inside.received.length, 0)
})
