// `/v1/payments/stream`: what happens on a side is seen by all who watch it, through whichever process.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { readSse, type SseReader } from '../support/sse-reader.ts'

let bed: TestGateway
let other: TestGateway
before(async () => {
  bed = await startTestGateway()
  other = await startTestGateway({ beside: bed })
})
after(async () => {
  await other[Symbol.asyncDispose]()
  await bed[Symbol.asyncDispose]()
})

const PAYS = '254700000000'

function watch(through: TestGateway, headers: Record<string, string> = {}): Promise<SseReader> {
  return readSse(`${through.gateway.url}/v1/payments/stream`, { 'x-api-key': bed.merchant.key, ...headers })
}

async function pay(reference: string, wait = 30): Promise<string> {
  const body = { amount: 10, phone: PAYS, reference, wait }
  const made = await bed.post('/v1/payments', body)
  assert.equal(made.status, 201, made.text)
  return String(made.body.id)
}

const ofPayment = (id: string, status?: string) => (message: { event: string; data: object }) => {
  const data = new Map<string, unknown>(Object.entries(message.data))
  return (
    message.event === 'payment' &&
    data.get('id') === id &&
    (status ?? data.get('status')) === data.get('status')
  )
}

test('a payment made through one process is seen through another, and so is its end', async () => {
  await using stream = await watch(other)
  assert.equal(stream.status, 200)
  await stream.find('the first heartbeat', ({ event }) => event === 'heartbeat')
  const id = await pay('LIVE-1', 0)
  await stream.find('the new payment', ofPayment(id))
  const end = await stream.find('its end', ofPayment(id, 'succeeded'))
  const read = await bed.get(`/v1/payments/${id}`)
  assert.deepEqual(end.data, read.body)
  assert.ok(stream.messages.every(({ id }) => /^\d+-\d+$/.test(id)))
})

test('who connects again with the last id has missed nothing, through whichever process', async () => {
  const stream = await watch(bed)
  const { id: lastId } = await stream.find('a heartbeat', ({ event }) => event === 'heartbeat')
  await stream[Symbol.asyncDispose]()
  const missed = [await pay('MISSED-1'), await pay('MISSED-2')]
  await using again = await watch(other, { 'last-event-id': lastId })
  for (const id of missed) await again.find(`what was missed of ${id}`, ofPayment(id, 'succeeded'))
  assert.ok(!again.messages.some(({ event }) => event === 'reset'))
})

test('who asks for what is too long ago, or for nonsense, is told to begin anew', async () => {
  for (const lastId of ['1-1000', 'nonsense', `9999999999999999999-${Date.now()}`]) {
    await using stream = await watch(bed, { 'last-event-id': lastId })
    const reset = await stream.find('the reset', ({ event }) => event === 'reset')
    assert.deepEqual(reset.data, { reason: 'too_far_back' })
    await stream.find('a heartbeat', ({ event }) => event === 'heartbeat')
    const id = await pay('ANEW')
    await stream.find('what comes then', ofPayment(id, 'succeeded'))
  }
})

test('nobody sees what is another merchant’s', async () => {
  const stranger = await bed.addMerchant('stranger')
  await using theirs = await watch(bed, { 'x-api-key': stranger.key })
  await theirs.find('a heartbeat', ({ event }) => event === 'heartbeat')
  await using ours = await watch(bed)
  await ours.find('a heartbeat', ({ event }) => event === 'heartbeat')
  const id = await pay('OURS')
  await ours.find('our payment', ofPayment(id, 'succeeded'))
  assert.ok(!theirs.messages.some(({ event }) => event === 'payment'))
})

test('streams end soon after their key was revoked, through whichever process', async () => {
  const made = await bed.post('/v1/api_keys', { name: 'soon gone', scopes: ['payments:read'] })
  assert.equal(made.status, 201, made.text)
  const key = { 'x-api-key': String(made.body.secret) }
  // Its callback is lost, and M-Pesa is first asked after half a minute.
  const open = await bed.post('/v1/payments', { amount: 10, phone: '254700010000', reference: 'OPEN' })
  await using stream = await watch(bed, key)
  await using ofOne = await readSse(`${other.gateway.url}/v1/payments/${open.body.id}/stream`, key)
  await stream.find('a heartbeat', ({ event }) => event === 'heartbeat')
  await ofOne.find('the payment', ({ event }) => event === 'payment')
  const revoked = await bed.send('DELETE', `/v1/api_keys/${made.body.id}`, {})
  assert.ok(revoked.status < 300, revoked.text)
  await until('the end of the stream', async () => stream.isEnded())
  await until('the end of the stream of one payment', async () => ofOne.isEnded())
  assert.ok(!ofOne.messages.some(({ data }) => data.settled_at !== null), 'not by its verdict')
  const again = await watch(bed, { 'x-api-key': String(made.body.secret) })
  assert.equal(again.status, 401)
  await again[Symbol.asyncDispose]()
})
