import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Database } from '../db/database.ts'
import { sendTestEvent } from './endpoints.ts'
import { ATTEMPT_DELAYS_MS } from './schedule.ts'
import { createReceiver, silence, status } from './testing/receiver.ts'
import { until } from './testing/until.ts'
import { createWebhookBench, idle, sweepAndWait } from './testing/webhook-bench.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Of `endpoint-lanes.ts`: attempts at once to a new endpoint, and what may wait for it. */
const RUNNING_START = 8
const WAITING_MAX = 1_000
const CROWD = 1_050

test('what this process has committed is delivered at once, signed, and shown as delivered', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  const { event, deliveries } = await bench.addEvent([endpoint.id], { leasedBy: worker.process })
  worker.deliverNow(event, deliveries)
  await idle(worker)
  const [request] = receiver.requests
  assert.ok(request)
  const verified: unknown = new Webhook(endpoint.secret).verify(request.body, request.headers)
  assert.deepEqual(verified, JSON.parse(request.body))
  assert.equal(request.headers['webhook-id'], `evt_${event.id.replaceAll('-', '')}`)
  assert.equal(request.headers['sukuma-payment-id'], `pay_${event.payment.id.replaceAll('-', '')}`)
  const [delivery] = await bench.deliveries()
  assert.equal(delivery?.state, 'delivered')
  assert.equal(delivery.attempts, 1)
  assert.equal(delivery.attemptLog[0]?.status, 200)
  assert.equal(delivery.deliveredAt?.getTime(), bench.clock.now())
  assert.deepEqual(
    worker.observations.map(({ ok, attempt }) => [ok, attempt]),
    [[true, 1]],
  )
  assert.equal(await worker.sweep(), 0)
})

test('what memory had no room for is delivered as soon as there is some, and not a lease later', async () => {
  await using db = await createTestDatabase()
  const answers: (() => void)[] = []
  let isHolding = true
  await using receiver = await createReceiver((response) => {
    const answer = () => response.writeHead(200).end()
    if (isHolding) answers.push(answer)
    else answer()
  })
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  const options = { leasedBy: worker.process }
  const all = await Promise.all(Array.from({ length: CROWD }, () => bench.addEvent([endpoint.id], options)))
  for (const { event, deliveries } of all) worker.deliverNow(event, deliveries)
  const isGivenBack = async () => {
    const { rows } = await db.pool.query('select from webhook_deliveries where leased_by is null')
    return rows.length === CROWD - RUNNING_START - WAITING_MAX
  }
  await until(isGivenBack)
  isHolding = false
  for (const answer of answers) answer()
  await idle(worker)
  await sweepAndWait(worker)
  await idle(worker)
  assert.equal((await bench.deliveries()).filter(({ state }) => state === 'delivered').length, CROWD)
  assert.equal(receiver.requests.length, CROWD)
})

test('an event whose process died before sending it is delivered by another', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const [dead, alive] = [bench.addWorker(), bench.addWorker()]
  await bench.addEvent([endpoint.id], { leasedBy: dead.process })
  assert.equal(await sweepAndWait(alive), 0)
  bench.clock.advance(60_000)
  assert.equal(await sweepAndWait(alive), 1)
  assert.equal(receiver.requests.length, 1)
})

test('a receiver that stays down gets the whole schedule, every try counted, then no more', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  await bench.addEvent([endpoint.id])
  for (const [index, delayMs] of ATTEMPT_DELAYS_MS.entries()) {
    // A minute more, for the rest that the endpoint is given; the schedule itself is tested elsewhere.
    bench.clock.advance(delayMs + 61_000)
    assert.equal(await sweepAndWait(worker), 1, `attempt ${index + 1}`)
    const [delivery] = await bench.deliveries()
    assert.equal(delivery?.attempts, index + 1)
    assert.equal(delivery.lastError, 'answered 500')
  }
  const [delivery] = await bench.deliveries()
  assert.equal(delivery?.state, 'failed')
  assert.equal(delivery.dueAt, null)
  assert.equal(delivery.attemptLog.length, 11)
  bench.clock.advance(30 * DAY_MS)
  assert.equal(await sweepAndWait(worker), 0)
  assert.equal(receiver.requests.length, 11)
})

test('a late delivery tells the payment as it was when the event happened', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  const { event, deliveries } = await bench.addEvent([endpoint.id], { leasedBy: worker.process })
  worker.deliverNow(event, deliveries)
  await idle(worker)
  receiver.answer = status(200)
  bench.clock.advance(6_000)
  assert.equal(await sweepAndWait(worker), 1)
  const [first, second] = receiver.requests
  assert.equal(second?.body, first?.body)
  assert.equal(second?.headers['webhook-id'], first?.headers['webhook-id'])
  assert.notEqual(second?.headers['webhook-timestamp'], first?.headers['webhook-timestamp'])
})

test('one sweep begins a backlog, and it is worked off as fast as its endpoint answers', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  for (let i = 0; i < 150; i++) await bench.addEvent([endpoint.id])
  const worker = bench.addWorker()
  assert.ok((await worker.sweep()) < 20)
  await until(async () => (await bench.deliveries()).every((each) => each.state === 'delivered'))
  assert.equal(receiver.requests.length, 150)
})

test('what cannot be attempted does not make sweeps follow each other', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint('https://receiver.test')
  for (let i = 0; i < 50; i++) await bench.addEvent([endpoint.id])
  let sweeps = 0
  const ailing: Database = {
    query(statement, values) {
      const text = typeof statement === 'string' ? statement : statement.text
      if (text.includes('with recursive pending')) sweeps += 1
      if (text.includes('join webhook_endpoints e')) return Promise.reject(new Error('not readable'))
      return db.pool.query(statement, values)
    },
  }
  await sweepAndWait(bench.addWorker({ db: ailing }))
  assert.equal(sweeps, 1)
})

test('an event is sent once, however often and by whom it is found due', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const workers = [bench.addWorker(), bench.addWorker(), bench.addWorker()]
  for (let i = 0; i < 100; i++) await bench.addEvent([endpoint.id])
  let delivered = 0
  while (delivered < 100) {
    await Promise.all(workers.flatMap((worker) => [sweepAndWait(worker), worker.sweep()]))
    delivered = (await bench.deliveries()).filter((each) => each.state === 'delivered').length
  }
  const ids = receiver.requests.map((request) => request.headers['webhook-id'])
  assert.equal(ids.length, 100)
  assert.equal(new Set(ids).size, 100)
})

test('a dead endpoint with a long queue delays no other', async () => {
  await using db = await createTestDatabase()
  await using dead = await createReceiver(silence)
  await using healthy = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const [slow, fast] = [await bench.addEndpoint(dead.url), await bench.addEndpoint(healthy.url)]
  const worker = bench.addWorker()
  for (let i = 0; i < 150; i++) await bench.addEvent([slow.id])
  await worker.sweep()
  await until(() => dead.requests.length === 8)
  for (let i = 0; i < 10; i++) await bench.addEvent([fast.id])
  await worker.sweep()
  await until(() => healthy.requests.length === 10)
  assert.equal(dead.requests.length, 8)
})

test('a silent endpoint is left alone after five failures, and goes on when it answers', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(503))
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  for (let i = 0; i < 40; i++) await bench.addEvent([endpoint.id])
  await sweepAndWait(worker)
  assert.equal(receiver.requests.length, 8)
  assert.equal(await sweepAndWait(worker), 0)
  receiver.answer = status(200)
  await until(async () => {
    bench.clock.advance(6_000)
    await sweepAndWait(worker)
    return (await bench.deliveries()).every((each) => each.state === 'delivered')
  })
  assert.equal(receiver.requests.length, 48)
})

test('Retry-After puts off the next attempt', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(429, { 'retry-after': '600' }))
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  await bench.addEvent([endpoint.id])
  await sweepAndWait(bench.addWorker())
  const [delivery] = await bench.deliveries()
  assert.equal(delivery?.dueAt?.getTime(), bench.clock.now() + 600_000)
})

test('only payments of a simulator may be told to a private address', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  await bench.addEvent([endpoint.id], { payment: { environment: 'sandbox' } })
  await sweepAndWait(bench.addWorker())
  const [delivery] = await bench.deliveries()
  assert.equal(receiver.requests.length, 0)
  assert.match(delivery?.lastError ?? '', /may not be sent to/)
  bench.clock.advance(10_000)
  await sweepAndWait(bench.addWorker({ privateReach: 'all' }))
  assert.equal(receiver.requests.length, 1)
})

test('without a simulator nothing is told to a private address, old payments of one neither', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  await bench.addEvent([endpoint.id])
  assert.ok((await sendTestEvent(bench.endpointDeps, bench.owner, endpoint.id)).ok)
  await sweepAndWait(bench.addWorker({ privateReach: 'none' }))
  assert.equal(receiver.requests.length, 0)
  for (const { lastError } of await bench.deliveries()) assert.match(lastError ?? '', /may not be sent to/)
  bench.clock.advance(10_000)
  await sweepAndWait(bench.addWorker())
  assert.equal(receiver.requests.length, 2)
})
