// What other webhook engines were reported to get wrong, one test a report, named after it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Uuid } from '../../src/ids.ts'
import { createRecordDelivery } from '../../src/webhooks/delivery-record-store.ts'
import { findEndpoint } from '../../src/webhooks/endpoint-store.ts'
import { deleteEndpoint } from '../../src/webhooks/endpoints.ts'
import { ATTEMPT_DELAYS_MS } from '../../src/webhooks/schedule.ts'
import { createReceiver, silence, status } from '../../src/webhooks/testing/receiver.ts'
import { until } from '../../src/webhooks/testing/until.ts'
import {
  createWebhookBench,
  idle,
  newId,
  sweepAndWait,
  type WebhookBench,
} from '../../src/webhooks/testing/webhook-bench.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startTestGateway, until as untilFound } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const SWEEPS_AN_ATTEMPT = 5

async function statesOf(bench: WebhookBench): Promise<[string, number][]> {
  return (await bench.deliveries()).map(({ state, attempts }) => [state, attempts])
}

test('saved and its send lost for ever (Hyperswitch #3408)', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const [closed, alive] = [bench.addWorker(), bench.addWorker()]
  // Its process died right after the commit; it was handed to one that had just stopped; nobody took it.
  await bench.addEvent([id], { leasedBy: newId() })
  await closed.close()
  const handed = await bench.addEvent([id], { leasedBy: closed.process })
  closed.deliverNow(handed.event, handed.deliveries)
  await bench.addEvent([id])
  assert.equal(await sweepAndWait(alive), 1)
  bench.clock.advance(MINUTE_MS)
  assert.equal(await sweepAndWait(alive), 2)
  assert.deepEqual(
    await statesOf(bench),
    [1, 2, 3].map(() => ['delivered', 1]),
  )
})

/** Moves the clock to each attempt of the schedule and past any rest of the endpoint, and sweeps. */
async function attemptAll(bench: WebhookBench, count: number): Promise<void> {
  const worker = bench.addWorker()
  for (const delayMs of ATTEMPT_DELAYS_MS.slice(0, count)) {
    bench.clock.advance(delayMs * 1.3 + MINUTE_MS)
    // One each for the endpoints, which rest by turns; what retries for ever is not waited for.
    for (let n = 0; n < SWEEPS_AN_ATTEMPT && (await sweepAndWait(worker)) > 0; n++) {
      bench.clock.advance(MINUTE_MS)
    }
  }
}

test('retrying for ever without counting (Convoy #1833)', async () => {
  await using db = await createTestDatabase()
  await using failing = await createReceiver(status(500))
  await using hanging = await createReceiver((_reply, _request) => {})
  await using bench = await createWebhookBench(db.pool)
  const endpoints = [
    await bench.addEndpoint(failing.url),
    await bench.addEndpoint('http://127.0.0.1:1/'),
    await bench.addEndpoint(failing.url),
    await bench.addEndpoint(hanging.url),
  ]
  // One whose secret does not open, and one body that cannot be built, fail before anything is sent.
  await db.pool.query(`update webhook_endpoints set secret_sealed = '\\x00' where id = $1`, [
    endpoints[2]?.id,
  ])
  for (const { id } of endpoints.slice(0, 3)) await bench.addEvent([id])
  await bench.addEvent([endpoints[3]?.id ?? newId()], { payment: { created_at: 'no time' } })
  await attemptAll(bench, ATTEMPT_DELAYS_MS.length)
  const expected = endpoints.map(() => ['failed', ATTEMPT_DELAYS_MS.length])
  assert.deepEqual(await statesOf(bench), expected)
  bench.clock.advance(30 * 24 * HOUR_MS)
  assert.equal(await sweepAndWait(bench.addWorker()), 0)
  assert.equal(hanging.requests.length, 0)
})

test('the last retry never taken (Convoy #1667)', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  await bench.addEvent([id])
  await attemptAll(bench, ATTEMPT_DELAYS_MS.length - 1)
  assert.deepEqual(await statesOf(bench), [['pending', ATTEMPT_DELAYS_MS.length - 1]])
  receiver.answer = status(200)
  bench.clock.advance(30 * HOUR_MS)
  await sweepAndWait(bench.addWorker())
  assert.deepEqual(await statesOf(bench), [['delivered', ATTEMPT_DELAYS_MS.length]])
})

test('one dead endpoint clogging all others (Convoy #1926)', async () => {
  await using db = await createTestDatabase()
  await using dead = await createReceiver(silence)
  await using healthy = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const [stuck, alive] = [await bench.addEndpoint(dead.url), await bench.addEndpoint(healthy.url)]
  const worker = bench.addWorker()
  for (let i = 0; i < 700; i++) await bench.addEvent([stuck.id])
  await worker.sweep()
  await until(() => dead.requests.length > 0)
  for (let i = 0; i < 5; i++) {
    await bench.addEvent([alive.id])
    await worker.sweep()
    const handed = await bench.addEvent([alive.id], { leasedBy: worker.process })
    worker.deliverNow(handed.event, handed.deliveries)
  }
  await until(() => healthy.requests.length === 10)
  assert.ok(dead.requests.length <= 8)
})

test('a duplicate in a batch killing the consumer (Outpost #946)', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  const first = await bench.addEvent([id], { leasedBy: worker.process })
  worker.deliverNow(first.event, [...first.deliveries, ...first.deliveries])
  worker.deliverNow(first.event, first.deliveries)
  await idle(worker)
  assert.equal(receiver.requests.length, 1)
  // And two results of one delivery in the same group of records, beside another's.
  const second = await bench.addEvent([id], { leasedBy: worker.process })
  const third = await bench.addEvent([id], { leasedBy: worker.process })
  const record = createRecordDelivery({ db: db.pool })
  const at = new Date(bench.clock.now())
  const resultOf = (deliveryId: Uuid | undefined) => ({
    ...{ merchantId: bench.owner.merchantId, deliveryId: deliveryId ?? newId(), holder: worker.process },
    ...{ state: 'delivered' as const, dueAt: null, attempt: null, error: null, at },
    ...{ isCounted: false, attemptsBefore: 0 },
  })
  const [one, two] = [second.deliveries[0]?.id, third.deliveries[0]?.id]
  const recorded = await Promise.all([one, one, two].map((each) => record(resultOf(each))))
  assert.deepEqual(
    recorded.map((each) => each?.state),
    ['delivered', undefined, 'delivered'],
  )
  await bench.addEvent([id])
  assert.equal(await sweepAndWait(worker), 1)
})

/** Ends every connection to the database and lets none in until the returned function is called. */
async function takeAway(db: TestDatabase, admin: TestDatabase): Promise<() => Promise<void>> {
  await admin.pool.query(`alter database ${db.name} allow_connections false`)
  await admin.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    db.name,
  ])
  return async () => {
    await admin.pool.query(`alter database ${db.name} allow_connections true`)
  }
}

test('limbo after a restart of a dependency (Svix #1844)', async () => {
  await using admin = await createTestDatabase()
  await using db = await createTestDatabase()
  db.pool.on('error', () => {})
  const held: (() => void)[] = []
  await using receiver = await createReceiver((reply) => {
    held.push(() => reply.writeHead(200).end())
  })
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  for (let i = 0; i < 12; i++) await bench.addEvent([id])
  await worker.sweep()
  await until(() => held.length === 8)
  const bringBack = await takeAway(db, admin)
  try {
    receiver.answer = status(200)
    for (const answer of held) answer()
    await idle(worker)
    await assert.rejects(worker.sweep())
  } finally {
    await bringBack()
  }
  bench.clock.advance(MINUTE_MS)
  await until(async () => {
    await worker.sweep()
    await idle(worker)
    return (await statesOf(bench)).every(([state]) => state === 'delivered')
  })
  assert.equal(new Set(receiver.requests.map((each) => each.headers['webhook-id'])).size, 12)
})

test('a worker failing because the endpoint was deleted (Svix #1511)', async () => {
  await using db = await createTestDatabase()
  const held: (() => void)[] = []
  await using slow = await createReceiver((reply) => {
    held.push(() => reply.writeHead(500).end())
  })
  await using healthy = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const [doomed, alive] = [await bench.addEndpoint(slow.url), await bench.addEndpoint(healthy.url)]
  const worker = bench.addWorker()
  // Eight under way, four waiting in memory, more waiting in the database.
  for (let i = 0; i < 30; i++) await bench.addEvent([doomed.id])
  await worker.sweep()
  await until(() => held.length === 8)
  await deleteEndpoint(bench.endpointDeps, bench.owner, doomed.id)
  for (const answer of held) answer()
  await idle(worker)
  await bench.addEvent([alive.id, doomed.id])
  for (let i = 0; i < 5; i++) {
    bench.clock.advance(MINUTE_MS)
    await sweepAndWait(worker)
  }
  const deliveries = await bench.deliveries()
  const ofDoomed = deliveries.filter((each) => each.endpointId === doomed.id)
  assert.ok(ofDoomed.every(({ state, dueAt }) => state === 'cancelled' && dueAt === null))
  assert.equal(slow.requests.length, 8)
  assert.equal(healthy.requests.length, 1)
  const { rows } = await db.pool.query('select from webhook_deliveries where leased_until is not null')
  assert.equal(rows.length, 0)
})

test('auto-disable that never fires (Outpost #596)', async () => {
  await using db = await createTestDatabase()
  await using other = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const ways = ['http://127.0.0.1:1/', 'http://nowhere.invalid/']
  const dead = await Promise.all(ways.map((url) => bench.addEndpoint(url)))
  await bench.addEndpoint(other.url)
  const worker = bench.addWorker()
  for (let hours = 0; hours <= 24 * 5; hours += 6) {
    await bench.addEvent(dead.map(({ id }) => id))
    await sweepAndWait(worker)
    bench.clock.advance(6 * HOUR_MS)
  }
  for (const { id } of dead) {
    assert.equal((await findEndpoint(bench, bench.owner, id))?.disabledReason, 'failing')
  }
  await sweepAndWait(worker)
  const told = other.requests.map((request) => JSON.parse(request.body))
  assert.deepEqual(
    told.map(({ type, data }) => [type, data.status, data.disabled_reason]),
    dead.map(() => ['webhook_endpoint.disabled', 'disabled', 'failing']),
  )
  assert.equal(await sweepAndWait(worker), 0)
})

test('stale status in a webhook (Hyperswitch #9278)', async () => {
  await using bed = await startTestGateway()
  await using receiver = await startReceiver()
  receiver.answer = { status: 500 }
  await bed.post('/v1/webhook_endpoints', { url: receiver.url })
  // Its verdict comes long after the payment was told to be uncertain.
  const payment = { phone: '254700050000', amount: 10, reference: 'INV-1', wait: 60 }
  const made = await bed.post('/v1/payments', payment)
  assert.equal(made.body.status, 'succeeded')
  await untilFound('an attempt at the first event', async () => receiver.received.length > 0)
  receiver.answer = { status: 200 }
  await untilFound('both events', async () => receiver.received.at(-1)?.body.sequence === 2)
  for (const { body } of receiver.received) {
    const { status: told } = body.data as { status: string }
    assert.equal(`payment.${told}`, body.type)
    assert.equal(body.sequence, told === 'uncertain' ? 1 : 2)
  }
  const feed = await bed.get('/v1/events')
  assert.deepEqual(
    (feed.body.data as Record<string, unknown>[]).map(({ id, data }) => [id, data]),
    [...new Map(receiver.received.map(({ body }) => [body.id, body.data]))],
  )
})
