import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Uuid } from '../ids.ts'
import { listEndpoints } from './endpoint-store.ts'
import {
  createEndpoint,
  deleteEndpoint,
  type EndpointWish,
  findEndpointSecret,
  rotateSecret,
  sendTestEvent,
  updateEndpoint,
} from './endpoints.ts'
import { createReceiver, type ReceivedRequest, type Receiver } from './testing/receiver.ts'
import { createWebhookBench, newId, sweepAndWait, type WebhookBench } from './testing/webhook-bench.ts'

const wish: EndpointWish = {
  url: 'https://shop.example/hooks',
  format: 'event',
  eventTypes: null,
  description: null,
}

test('an endpoint is created with a secret that is stored only sealed', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const made = await createEndpoint(bench.endpointDeps, bench.owner, { ...wish, description: 'Dukà 🛒' })
  assert.ok(made.ok)
  assert.match(made.secret, /^whsec_/)
  const [listed] = await listEndpoints(bench, bench.owner)
  assert.deepEqual(listed, made.endpoint)
  await createEndpoint(bench.endpointDeps, { ...bench.owner, live: true }, wish)
  await bench.addEndpoint('https://later.example/')
  assert.equal(await findEndpointSecret(bench.endpointDeps, bench.owner), made.secret)
  assert.equal(await findEndpointSecret(bench.endpointDeps, { merchantId: newId(), live: false }), null)
  const { rows } = await db.pool.query('select e::text as row, secret_sealed from webhook_endpoints e')
  assert.doesNotMatch(rows[0]?.row, new RegExp(made.secret.slice(6, 20).replace(/\W/g, '.')))
  assert.equal(rows[0]?.secret_sealed.includes(made.secret), false)
})

test('every field at fault is named', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const bad: [Partial<EndpointWish>, string[]][] = [
    [{ url: 'nonsense' }, ['url']],
    [{ url: 'https://169.254.169.254/' }, ['url']],
    [{ format: 'xml' }, ['format']],
    [{ format: '__proto__' }, ['format']],
    [{ eventTypes: [] }, ['event_types']],
    [{ eventTypes: ['payment.succeeded', 'payment.succeeded'] }, ['event_types']],
    [{ eventTypes: ['webhook.test'] }, ['event_types']],
    [{ format: 'daraja', eventTypes: ['payment.uncertain'] }, ['event_types']],
    [{ description: 'x'.repeat(201) }, ['description']],
    [{ description: 'a\0b' }, ['description']],
    [{ description: '\ud800' }, ['description']],
    [{ url: '', description: '\0', eventTypes: ['x'] }, ['description', 'event_types', 'url']],
  ]
  for (const [change, fields] of bad) {
    const made = await createEndpoint(bench.endpointDeps, bench.owner, { ...wish, ...change })
    assert.ok(!made.ok && made.code === 'invalid', JSON.stringify(change))
    assert.deepEqual(Object.keys(made.errors).sort(), fields)
  }
  assert.equal((await listEndpoints(bench, bench.owner)).length, 0)
})

test('a live endpoint must be https and public, one of the test side need not', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const local = { ...wish, url: 'http://127.0.0.1:3000/' }
  const live = await createEndpoint(bench.endpointDeps, { ...bench.owner, live: true }, local)
  assert.equal(live.ok, false)
  const onTestSide = await createEndpoint(bench.endpointDeps, bench.owner, local)
  assert.equal(onTestSide.ok, true)
})

test('a side of a merchant has at most twenty endpoints, however many are made at once', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const make = () => createEndpoint(bench.endpointDeps, bench.owner, wish)
  for (let i = 0; i < 19; i++) assert.equal((await make()).ok, true)
  await Promise.all([make(), make(), make(), make()])
  const listed = await listEndpoints(bench, bench.owner)
  assert.ok(listed.length <= 20)
  for (let i = listed.length; i < 20; i++) assert.equal((await make()).ok, true)
  assert.deepEqual(await make(), { ok: false, code: 'too_many_endpoints' })
  assert.equal((await createEndpoint(bench.endpointDeps, { ...bench.owner, live: true }, wish)).ok, true)
})

test('a change leaves alone what it does not name', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint('https://shop.example/', { description: 'first' })
  const change = async (wanted: Parameters<typeof updateEndpoint>[3]) => {
    const changed = await updateEndpoint(bench.endpointDeps, bench.owner, id, wanted)
    assert.ok(changed.ok)
    return changed.endpoint
  }
  const typed = await change({ eventTypes: ['payment.failed'] })
  assert.deepEqual([typed.eventTypes, typed.description], [['payment.failed'], 'first'])
  const untyped = await change({ eventTypes: null, description: null })
  assert.deepEqual([untyped.eventTypes, untyped.description], [null, null])
  const off = await change({ enabled: false })
  assert.equal(off.disabledReason, 'merchant')
  const moved = await change({ url: 'https://other.example/' })
  assert.deepEqual([moved.url, moved.disabledReason], ['https://other.example/', 'merchant'])
  const bad = await updateEndpoint(bench.endpointDeps, bench.owner, id, { url: 'ftp://x/' })
  assert.ok(!bad.ok && bad.code === 'invalid')
})

test("another merchant's or side's endpoint is not found", async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint('https://shop.example/')
  const notFound = { ok: false, code: 'not_found' }
  for (const stranger of [
    { ...bench.owner, live: true },
    { merchantId: newId(), live: false },
  ]) {
    assert.deepEqual(await updateEndpoint(bench.endpointDeps, stranger, id, { enabled: false }), notFound)
    assert.deepEqual(await deleteEndpoint(bench.endpointDeps, stranger, id), notFound)
    assert.deepEqual(await rotateSecret(bench.endpointDeps, stranger, id), notFound)
    assert.deepEqual(await sendTestEvent(bench.endpointDeps, stranger, id), notFound)
  }
  assert.equal((await listEndpoints(bench, bench.owner))[0]?.disabledAt, null)
})

test('after a rotation both secrets verify for a day, then the new one alone', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id, secret: former } = await bench.addEndpoint(receiver.url)
  const rotated = await rotateSecret(bench.endpointDeps, bench.owner, id)
  assert.ok(rotated.ok)
  const worker = bench.addWorker()
  await bench.addEvent([id])
  await sweepAndWait(worker)
  bench.clock.advance(86_400_000)
  await bench.addEvent([id])
  await sweepAndWait(worker)
  const [during, afterwards] = receiver.requests
  const signatures = (request = during) => request?.headers['webhook-signature']?.split(' ').length
  assert.deepEqual([signatures(during), signatures(afterwards)], [2, 1])
  assert.ok(during)
  for (const secret of [former, rotated.secret]) new Webhook(secret).verify(during.body, during.headers)
})

/** What is sent to the endpoint now. */
async function sentTo(bench: WebhookBench, receiver: Receiver, id: Uuid): Promise<ReceivedRequest> {
  await bench.addEvent([id])
  await sweepAndWait(bench.addWorker())
  return receiver.requests.at(-1) ?? assert.fail('nothing was sent')
}

test('each former secret signs until the end it was promised, however often others are rotated', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id, secret: first } = await bench.addEndpoint(receiver.url)
  const rotate = async (overlap?: number) => {
    const rotated = await rotateSecret(bench.endpointDeps, bench.owner, id, overlap)
    assert.ok(rotated.ok)
    return rotated.secret
  }
  // The answer of the first was lost: it is asked for again, and again for an hour only.
  const secrets = [first, await rotate(), await rotate(), await rotate(3_600)]
  const verifying = async () => {
    const { body, headers } = await sentTo(bench, receiver, id)
    const { 'webhook-id': messageId = '', 'webhook-timestamp': seconds } = headers
    const at = new Date(Number(seconds) * 1_000)
    const signatures = headers['webhook-signature']?.split(' ')
    return secrets.map((secret) => signatures?.includes(new Webhook(secret).sign(messageId, at, body)))
  }
  assert.deepEqual(await verifying(), [true, true, true, true])
  bench.clock.advance(3_600_000)
  assert.deepEqual(await verifying(), [true, true, false, true])
  bench.clock.advance(82_800_000)
  assert.deepEqual(await verifying(), [false, false, false, true])
})

test('five former secrets sign along at most; an overlap of zero ends all of them', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const rotate = (overlap?: number) => rotateSecret(bench.endpointDeps, bench.owner, id, overlap)
  const rotated = await Promise.all([3_600, 7_200, 7_200, 7_200, 7_200, 7_200, 7_200].map(rotate))
  const refused = rotated.filter((each) => !each.ok)
  assert.deepEqual(refused, Array(2).fill({ ok: false, code: 'too_many_rotations' }))
  const signatures = async () =>
    (await sentTo(bench, receiver, id)).headers['webhook-signature']?.split(' ').length
  assert.equal(await signatures(), 6)
  assert.ok((await rotate(0)).ok)
  assert.equal(await signatures(), 1)
  assert.ok((await rotate()).ok)
  assert.equal(await signatures(), 2)
})

test('former secrets are over when a process of the version before ends the last of them', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  for (let count = 0; count < 3; count += 1) {
    assert.ok((await rotateSecret(bench.endpointDeps, bench.owner, id)).ok)
  }
  await db.pool.query(
    'update webhook_endpoints set previous_secret_sealed = null, previous_secret_expires_at = null',
  )
  const { headers } = await sentTo(bench, receiver, id)
  assert.equal(headers['webhook-signature']?.split(' ').length, 1)
})

test('an overlap of zero ends the former secret at once; a senseless one is refused', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint('https://shop.example/')
  const rotated = await rotateSecret(bench.endpointDeps, bench.owner, id, 0)
  assert.ok(rotated.ok)
  assert.equal(rotated.endpoint.previousSecretExpiresAt, null)
  for (const overlap of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 604_801]) {
    const refused = await rotateSecret(bench.endpointDeps, bench.owner, id, overlap)
    assert.ok(!refused.ok && refused.code === 'invalid')
  }
})

test('a test event goes the way of all events and is about no payment', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id, secret } = await bench.addEndpoint(receiver.url, {
    format: 'daraja',
    eventTypes: ['payment.failed'],
  })
  let woken = 0
  const deps = {
    ...bench.endpointDeps,
    wake: () => {
      woken += 1
    },
  }
  const sent = await sendTestEvent(deps, bench.owner, id)
  assert.ok(sent.ok)
  assert.equal(woken, 1)
  await sweepAndWait(bench.addWorker())
  const [request] = receiver.requests
  assert.ok(request)
  new Webhook(secret).verify(request.body, request.headers)
  assert.equal(JSON.parse(request.body).type, 'webhook.test')
  const [delivery] = await bench.deliveries()
  assert.deepEqual(
    [delivery?.id, delivery?.eventId, delivery?.state, delivery?.eventType],
    [sent.deliveryId, sent.eventId, 'delivered', 'webhook.test'],
  )
  await updateEndpoint(deps, bench.owner, id, { enabled: false })
  assert.deepEqual(await sendTestEvent(deps, bench.owner, id), { ok: false, code: 'endpoint_disabled' })
})

test('an endpoint whose secret no longer opens fails visibly and harms no other', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const [broken, whole] = [await bench.addEndpoint(receiver.url), await bench.addEndpoint(receiver.url)]
  await db.pool.query(`update webhook_endpoints set secret_sealed = '\\x00' where id = $1`, [broken.id])
  await bench.addEvent([broken.id, whole.id])
  await sweepAndWait(bench.addWorker())
  const states = (await bench.deliveries()).map((each) => [each.state, each.lastError])
  assert.deepEqual(states, [
    ['pending', "the endpoint's secret cannot be read: rotate it"],
    ['delivered', null],
  ])
})
