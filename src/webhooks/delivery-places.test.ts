import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Database } from '../db/database.ts'
import { createReceiver } from './testing/receiver.ts'
import { until } from './testing/until.ts'
import { type BenchWorker, createWebhookBench, idle, type WebhookBench } from './testing/webhook-bench.ts'

/** Of `endpoint-lanes.ts`: attempts at once to a new endpoint, and to one that has proven itself. */
const RUNNING_START = 8
const RUNNING_MAX = 64
/** Of `delivery-worker.ts`. */
const UNRECORDED_MAX = 512

/** A database that writes nothing of attempts until it is let go. */
function holdRecords(db: Database): { db: Database; letGo(): void } {
  const { promise: isLetGo, resolve: letGo } = Promise.withResolvers<void>()
  return {
    db: {
      async query(statement, values) {
        if (typeof statement !== 'string' && statement.name === 'delivery_record') await isLetGo
        return db.query(statement, values)
      },
    },
    letGo,
  }
}

async function deliverAtOnce(
  bench: WebhookBench,
  worker: BenchWorker,
  order: { url: string; count: number },
): Promise<void> {
  const endpoint = await bench.addEndpoint(order.url)
  const options = { leasedBy: worker.process }
  const add = () => bench.addEvent([endpoint.id], options)
  for (const { event, deliveries } of await Promise.all(Array.from({ length: order.count }, add)))
    worker.deliverNow(event, deliveries)
}

test('an endpoint that answers is sent more while what became of the first is being written', async () => {
  const count = 5 * RUNNING_START
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const held = holdRecords(db.pool)
  const worker = bench.addWorker({ db: held.db })
  await deliverAtOnce(bench, worker, { url: receiver.url, count })
  await until(() => receiver.requests.length === count)
  assert.equal((await bench.deliveries()).filter(({ state }) => state === 'delivered').length, 0)
  held.letGo()
  await idle(worker)
  const found = await bench.deliveries()
  assert.deepEqual(
    found.map(({ state, attempts }) => [state, attempts]),
    Array.from({ length: count }, () => ['delivered', 1]),
  )
})

test('no more are sent than a process may have to repeat, and they go on when it has written', async () => {
  const most = UNRECORDED_MAX + RUNNING_MAX
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const held = holdRecords(db.pool)
  const worker = bench.addWorker({ db: held.db })
  await deliverAtOnce(bench, worker, { url: receiver.url, count: most + 100 })
  await until(() => receiver.requests.length >= most)
  await worker.sweep()
  assert.equal(receiver.requests.length, most)
  held.letGo()
  await idle(worker)
  assert.equal(receiver.requests.length, most + 100)
  const found = await bench.deliveries()
  assert.ok(found.every(({ state, attempts }) => state === 'delivered' && attempts === 1))
})
