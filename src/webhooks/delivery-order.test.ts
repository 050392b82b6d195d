import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Database } from '../db/database.ts'
import { retryDelivery } from './deliveries.ts'
import { claimDeliveries } from './delivery-claim-store.ts'
import { updateEndpoint } from './endpoints.ts'
import { createReceiver, type ReceivedRequest, status } from './testing/receiver.ts'
import { until } from './testing/until.ts'
import { createWebhookBench, idle, newId, sweepAndWait } from './testing/webhook-bench.ts'

function sequences(requests: ReceivedRequest[]): number[] {
  return requests.map((request) => Number(JSON.parse(request.body).sequence))
}

test('the events of a payment reach an endpoint in their order, also when the first one fails', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  const payment = { id: newId() }
  for (const sequence of [1, 2, 3]) await bench.addEvent([endpoint.id], { payment, sequence })
  await sweepAndWait(worker)
  bench.clock.advance(2_000)
  await sweepAndWait(worker)
  assert.deepEqual(sequences(receiver.requests), [1])
  receiver.answer = status(200)
  for (let i = 0; i < 20; i++) {
    bench.clock.advance(1_500)
    await sweepAndWait(worker)
  }
  assert.deepEqual(sequences(receiver.requests), [1, 1, 2, 3])
})

test('an event that follows another at once does not overtake it', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(() => {})
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker({ timeoutMs: 200 })
  const payment = { id: newId() }
  const first = await bench.addEvent([endpoint.id], { payment, leasedBy: worker.process })
  worker.deliverNow(first.event, first.deliveries)
  const second = await bench.addEvent([endpoint.id], { payment, sequence: 2, leasedBy: worker.process })
  worker.deliverNow(second.event, second.deliveries)
  await worker.sweep()
  await idle(worker)
  assert.deepEqual(sequences(receiver.requests), [1])
})

test('an event does not wait for what another payment or another endpoint has pending', async () => {
  await using db = await createTestDatabase()
  await using down = await createReceiver(status(500))
  await using up = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const [first, second] = [await bench.addEndpoint(down.url), await bench.addEndpoint(up.url)]
  const worker = bench.addWorker()
  const payment = { id: newId() }
  await bench.addEvent([first.id, second.id], { payment, sequence: 1 })
  await sweepAndWait(worker)
  await bench.addEvent([first.id, second.id], { payment, sequence: 2 })
  await bench.addEvent([first.id], { sequence: 2 })
  await sweepAndWait(worker)
  assert.deepEqual(sequences(up.requests), [1, 2])
  assert.equal(down.requests.length, 2)
})

test('after the last try of an event the next one of the payment goes out', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(410))
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  const payment = { id: newId() }
  const { deliveries } = await bench.addEvent([endpoint.id], { payment, sequence: 1 })
  await db.pool.query('update webhook_deliveries set attempts = 10 where id = $1', [deliveries[0]?.id])
  await bench.addEvent([endpoint.id], { payment, sequence: 2 })
  receiver.answer = status(500)
  await sweepAndWait(worker)
  receiver.answer = status(200)
  bench.clock.advance(1_000)
  await sweepAndWait(worker)
  assert.deepEqual(sequences(receiver.requests), [1, 2])
})

test('retrying an event by hand lets those go that were put off behind it', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  const payment = { id: newId() }
  const first = await bench.addEvent([endpoint.id], { payment, sequence: 1 })
  await db.pool.query('update webhook_deliveries set attempts = 5')
  await sweepAndWait(worker)
  await bench.addEvent([endpoint.id], { payment, sequence: 2 })
  await sweepAndWait(worker)
  const putOff = (await bench.deliveries())[1]
  assert.ok((putOff?.dueAt?.getTime() ?? 0) > bench.clock.now() + 3_600_000)
  receiver.answer = status(200)
  const id = first.deliveries[0]?.id
  assert.ok(id)
  const retried = await retryDelivery(bench.endpointDeps, bench.owner, id)
  assert.equal(retried.ok, true)
  for (let i = 0; i < 3; i++) {
    await sweepAndWait(worker)
    bench.clock.advance(1_000)
  }
  assert.deepEqual(sequences(receiver.requests), [1, 1, 2])
})

test('an event waits for an attempt at an earlier one that was cancelled and still runs', async () => {
  await using db = await createTestDatabase()
  const held: (() => void)[] = []
  await using receiver = await createReceiver((reply) => {
    held.push(() => reply.writeHead(200).end())
  })
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const [first, second] = [bench.addWorker(), bench.addWorker()]
  const payment = { id: newId() }
  await bench.addEvent([endpoint.id], { payment, sequence: 1 })
  await first.sweep()
  await until(() => held.length === 1)
  for (const enabled of [false, true]) {
    await updateEndpoint(bench.endpointDeps, bench.owner, endpoint.id, { enabled })
  }
  await bench.addEvent([endpoint.id], { payment, sequence: 2 })
  receiver.answer = status(200)
  await sweepAndWait(second)
  assert.deepEqual(sequences(receiver.requests), [1])
  held[0]?.()
  await idle(first)
  bench.clock.advance(61_000)
  await sweepAndWait(second)
  assert.deepEqual(sequences(receiver.requests), [1, 2])
})

test('what a slow database lets begin too late, under a lease about to end, is not attempted', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const slow: Database = {
    query: (statement, values) => {
      const text = typeof statement === 'string' ? statement : statement.text
      if (text.includes('join webhook_endpoints e')) bench.clock.advance(46_000)
      return db.pool.query(statement, values)
    },
  }
  await bench.addEvent([endpoint.id])
  await sweepAndWait(bench.addWorker({ db: slow }))
  assert.equal(receiver.requests.length, 0)
  bench.clock.advance(14_000)
  await sweepAndWait(bench.addWorker())
  assert.equal(receiver.requests.length, 1)
})

test('a probe finds what may be sent behind many events that wait for others', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint('https://shop.example/')
  for (let i = 0; i < 20; i++) {
    const payment = { id: newId() }
    const { deliveries } = await bench.addEvent([id], { payment, sequence: 1 })
    await bench.addEvent([id], { payment, sequence: 2 })
    await db.pool.query(`update webhook_deliveries set due_at = due_at + interval '1 minute' where id = $1`, [
      deliveries[0]?.id,
    ])
  }
  for (let i = 0; i < 3; i++) await bench.addEvent([id])
  const now = new Date(bench.clock.now())
  const lease = { now, holder: newId(), leaseUntil: new Date(bench.clock.now() + 60_000), rowsMax: 500 }
  const quota = { merchantId: bench.owner.merchantId, endpointId: id, quota: 1 }
  const jobs = await claimDeliveries(bench, [quota], lease)
  assert.deepEqual(
    jobs.map((job) => job.event.sequence),
    [1],
  )
})
