import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Database } from '../db/database.ts'
import { deleteEndpoint, updateEndpoint } from './endpoints.ts'
import { createReceiver, silence, status } from './testing/receiver.ts'
import { until } from './testing/until.ts'
import { createWebhookBench, idle, sweepAndWait } from './testing/webhook-bench.ts'

test('a worker survives that an endpoint is deleted under it', async () => {
  await using db = await createTestDatabase()
  let reply = () => {}
  await using receiver = await createReceiver((response) => {
    reply = () => response.writeHead(500).end()
  })
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  await bench.addEvent([endpoint.id])
  await worker.sweep()
  await until(() => receiver.requests.length === 1)
  await bench.addEvent([endpoint.id])
  assert.deepEqual(await deleteEndpoint(bench.endpointDeps, bench.owner, endpoint.id), { ok: true })
  await bench.addEvent([endpoint.id])
  reply()
  await idle(worker)
  bench.clock.advance(10_000)
  await sweepAndWait(worker)
  const found = await bench.deliveries()
  assert.deepEqual(
    found.map(({ state, attempts, lastError }) => [state, attempts, lastError]),
    [
      ['cancelled', 1, 'endpoint deleted'],
      ['cancelled', 0, 'endpoint deleted'],
      ['cancelled', 0, 'endpoint deleted'],
    ],
  )
  assert.equal(found[0]?.attemptLog[0]?.status, 500)
  assert.equal(receiver.requests.length, 1)
})

test('a disabled endpoint gets nothing more, and a success that was under way still counts', async () => {
  await using db = await createTestDatabase()
  let reply = () => {}
  await using receiver = await createReceiver((response) => {
    reply = () => response.writeHead(200).end()
  })
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  await bench.addEvent([endpoint.id])
  await worker.sweep()
  await until(() => receiver.requests.length === 1)
  await bench.addEvent([endpoint.id])
  await updateEndpoint(bench.endpointDeps, bench.owner, endpoint.id, { enabled: false })
  reply()
  await idle(worker)
  await sweepAndWait(worker)
  const found = await bench.deliveries()
  assert.deepEqual(
    found.map((each) => [each.state, each.lastError]),
    [
      ['delivered', null],
      ['cancelled', 'endpoint disabled'],
    ],
  )
})

test('what was attempted and could not be recorded is sent again, and nothing crashes', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  let isDown = false
  const failing: Database = {
    query: (statement, values) => {
      const text = typeof statement === 'string' ? statement : statement.text
      if (isDown && text.includes('attempt_log')) return Promise.reject(new Error('connection terminated'))
      return db.pool.query(statement, values)
    },
  }
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker({ db: failing })
  await bench.addEvent([endpoint.id])
  isDown = true
  await sweepAndWait(worker)
  assert.equal((await bench.deliveries())[0]?.state, 'pending')
  isDown = false
  assert.equal(await sweepAndWait(worker), 0)
  bench.clock.advance(60_000)
  assert.equal(await sweepAndWait(worker), 1)
  assert.equal((await bench.deliveries())[0]?.state, 'delivered')
  assert.equal(receiver.requests.length, 2)
})

test('a database that fails while a worker looks for work costs it nothing but time', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  let isDown = true
  const failing: Database = {
    query: (text, values) =>
      isDown ? Promise.reject(new Error('connection terminated')) : db.pool.query(text, values),
  }
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker({ db: failing })
  const { event, deliveries } = await bench.addEvent([endpoint.id], { leasedBy: worker.process })
  worker.deliverNow(event, deliveries)
  await idle(worker)
  await assert.rejects(worker.sweep())
  isDown = false
  bench.clock.advance(60_000)
  assert.equal(await sweepAndWait(worker), 1)
  assert.equal(receiver.requests.length, 1)
})

test('an attempt whose lease another process has taken over is not recorded twice', async () => {
  await using db = await createTestDatabase()
  const replies: (() => void)[] = []
  await using receiver = await createReceiver((response) => {
    replies.push(() => response.writeHead(200).end())
  })
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const [first, second] = [bench.addWorker(), bench.addWorker()]
  await bench.addEvent([endpoint.id])
  await first.sweep()
  await until(() => replies.length === 1)
  bench.clock.advance(60_000)
  await second.sweep()
  await until(() => replies.length === 2)
  replies[0]?.()
  await idle(first)
  assert.deepEqual(
    (await bench.deliveries()).map(({ state, attempts }) => [state, attempts]),
    [['pending', 0]],
  )
  replies[1]?.()
  await idle(second)
  assert.deepEqual(
    (await bench.deliveries()).map(({ state, attempts }) => [state, attempts]),
    [['delivered', 1]],
  )
})

test('a closing worker gives back what waits and records what it had to cut off', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(silence)
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const [closing, next] = [bench.addWorker(), bench.addWorker()]
  for (let i = 0; i < 12; i++) await bench.addEvent([endpoint.id])
  await closing.sweep()
  await until(() => receiver.requests.length === 8)
  await closing.close()
  assert.equal(await closing.sweep(), 0)
  const cutOff = (await bench.deliveries()).filter((each) => each.attemptLog.length === 1)
  assert.equal(cutOff.length, 8)
  assert.match(cutOff[0]?.lastError ?? '', /gateway stopped/)
  receiver.answer = status(200)
  while ((await sweepAndWait(next)) > 0);
  const deliveries = await bench.deliveries()
  assert.ok(deliveries.every(({ state, attempts }) => state === 'delivered' && attempts === 1))
})

test('a closing worker does not wait for a database that hangs', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  await bench.addEvent([endpoint.id])
  const answers = Promise.withResolvers<void>()
  const hanging: Database = {
    async query(...asked) {
      await answers.promise
      return db.pool.query(...asked)
    },
  }
  const worker = bench.addWorker({ db: hanging })
  let hasSwept = false
  const swept = worker.sweep().finally(() => {
    hasSwept = true
  })
  await worker.close()
  assert.equal(hasSwept, false)
  answers.resolve()
  await swept
})

test('after its close a worker takes nothing, and what it is handed is found by others', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const [closed, other] = [bench.addWorker(), bench.addWorker()]
  await closed.close()
  const { event, deliveries } = await bench.addEvent([endpoint.id], { leasedBy: closed.process })
  closed.deliverNow(event, deliveries)
  assert.equal(closed.inFlight(), 0)
  bench.clock.advance(60_000)
  assert.equal(await sweepAndWait(other), 1)
  assert.equal(receiver.requests.length, 1)
})

test('a delivery keeps its last twenty attempts and counts all of them', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver((reply) => {
    reply.writeHead(500).end('\0 no \ud800')
  })
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  await bench.addEvent([endpoint.id])
  for (let i = 0; i < 23; i++) {
    await db.pool.query(`update webhook_deliveries set state = 'pending', due_at = $1`, [
      new Date(bench.clock.now()),
    ])
    await sweepAndWait(worker)
    bench.clock.advance(61_000)
  }
  const [delivery] = await bench.deliveries()
  assert.equal(delivery?.attempts, 23)
  assert.equal(delivery.attemptLog.length, 20)
  assert.match(delivery.attemptLog[19]?.response ?? '', / no /)
})
