// Everything known about one payment is one call: its own merchant's and side's, and nobody else's.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { type CheckedClient, createCheckedClient } from '../support/checked-client.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

let bed: TestGateway
let ask: CheckedClient
const clock = { aheadMs: 0, now: () => systemClock.now() + clock.aheadMs }
before(async () => {
  bed = await startTestGateway({ clock })
  ask = await createCheckedClient(bed)
})
after(() => bed[Symbol.asyncDispose]())

type Json = Record<string, unknown>

async function create(phone: string): Promise<string> {
  const made = await bed.post('/v1/payments', { phone, amount: 10, reference: 'INV-1' })
  return String(made.body.id)
}

async function untilStatus(id: string, status: string): Promise<void> {
  await until(status, async () => (await bed.get(`/v1/payments/${id}`)).body.status === status)
}

async function trailOf(id: string): Promise<Json> {
  const answer = await ask('GET', `/v1/payments/${id}/trail`)
  assert.equal(answer.status, 200, answer.text)
  return answer.body
}

function listIn(body: Json, name: string): Json[] {
  const value = body[name]
  assert.ok(Array.isArray(value), name)
  return value as Json[]
}

test('the trail of a settled payment tells its life, its evidence and its webhooks', async () => {
  await using receiver = await startReceiver()
  const made = await bed.post('/v1/webhook_endpoints', { url: receiver.url, format: 'event' })
  assert.equal(made.status, 201, made.text)
  const id = await create('254700020000')
  await until('its delivery', async () => {
    const [delivery] = listIn(await trailOf(id), 'webhook_deliveries')
    return delivery?.status === 'delivered' ? delivery : null
  })
  // B=2: three callbacks, of which one settles it and the others change nothing.
  const trail = await until('its odd callbacks', async () => {
    const latest = await trailOf(id)
    return listIn(latest, 'callbacks').length > 0 ? latest : null
  })
  assert.equal(objectIn(trail, 'payment').id, id)
  assert.match(String(objectIn(trail, 'raw_callback').body), /"ResultCode":0/)
  assert.match(String(objectIn(trail, 'tell_customer').sw), /Risiti ya M-Pesa/)
  assert.equal(trail.uncertain, null)
  assert.deepEqual(trail.next, [])
  const what = listIn(trail, 'life').map((step) => step.what)
  assert.deepEqual(what.slice(0, 2), ['created', 'sent'])
  for (const step of ['prompted', 'event', 'callback']) assert.ok(what.includes(step), step)
  assert.deepEqual(
    listIn(trail, 'events').map(({ type }) => type),
    ['payment.succeeded'],
  )
  for (const callback of listIn(trail, 'callbacks')) assert.match(String(callback.body), /stkCallback/)
  const [delivery] = listIn(trail, 'webhook_deliveries')
  assert.equal(delivery?.attempts, 1)
})

test('the trail of an uncertain payment says why it is, and what may settle it when', async () => {
  await bed.simulator('PUT', '/simulator/faults', { droppedResponse: 1, lostCallback: 1 })
  const id = await create('254712000001')
  await untilStatus(id, 'uncertain')
  await bed.simulator('PUT', '/simulator/faults', {})
  const trail = await trailOf(id)
  assert.equal(trail.raw_callback, null)
  const doubt = objectIn(trail, 'uncertain')
  assert.equal(doubt.code, 'no_request_id')
  assert.match(String(doubt.detail), /no id to ask M-Pesa by/)
  assert.notEqual(doubt.since, null)
  const [statement, callback, ...more] = listIn(trail, 'next')
  assert.deepEqual(
    [statement?.what, statement?.at, callback?.what, more],
    ['statement', null, 'callback', []],
  )
  assert.match(String(statement?.detail), /Pull Transactions is off/)
  const [shortcode] = listIn((await bed.get('/v1/shortcodes')).body, 'data')
  const changed = await ask('PATCH', `/v1/shortcodes/${shortcode?.id}`, { body: { pull_transactions: true } })
  assert.equal(changed.body.pull_transactions, true)
  const sentAt = Date.parse(String(objectIn(trail, 'payment').sent_at))
  const [next] = listIn(await trailOf(id), 'next')
  assert.deepEqual([next?.what, Date.parse(String(next?.at))], ['statement', sentAt + 300_000])
})

test('a payment that M-Pesa is asked about says when next, and what it last answered', async () => {
  // The customer takes until the prompt ends, and that is after this test.
  const faults = { lostCallback: 1, callbackDelayMs: 3_600_000, promptLifeMs: 3_600_000 }
  await bed.simulator('PUT', '/simulator/faults', faults)
  const id = await create('254712000002')
  await untilStatus(id, 'pending')
  const [question] = listIn(await trailOf(id), 'next')
  assert.equal(question?.what, 'question')
  assert.notEqual(question?.at, null)
  clock.aheadMs += 31_000
  const trail = await until('an answer', async () => {
    const latest = await trailOf(id)
    return latest.last_question === null ? null : latest
  })
  assert.equal(trail.questions, 1)
  assert.equal(objectIn(trail, 'last_question').kind, 'in_flight')
  assert.ok(listIn(trail, 'life').some(({ what }) => what === 'question'))
  await bed.simulator('PUT', '/simulator/faults', {})
})

test('a trail is its own merchant’s alone', async () => {
  const id = await create('254700000000')
  const path = `/v1/payments/${id}/trail`
  const other = await bed.addMerchant('other')
  assert.equal((await ask('GET', path, { key: other.key })).status, 404)
  assert.equal((await ask('GET', path, { key: 'sk_test_unknown' })).status, 401)
  assert.equal((await ask('GET', '/v1/payments/pay_0/trail')).status, 404)
  assert.equal((await ask('GET', `${path}?x=1`)).status, 400)
})
