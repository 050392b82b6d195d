import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Uuid } from '../ids.ts'
import { findEndpoint } from './endpoint-store.ts'
import { updateEndpoint } from './endpoints.ts'
import { createReceiver, silence, status } from './testing/receiver.ts'
import { until } from './testing/until.ts'
import { createWebhookBench, idle, sweepAndWait, type WebhookBench } from './testing/webhook-bench.ts'

const HOUR_MS = 3_600_000

async function endpointOf(bench: WebhookBench, id: Uuid) {
  const endpoint = await findEndpoint(bench, bench.owner, id)
  assert.ok(endpoint)
  return endpoint
}

test('410 switches an endpoint off, cancels its queue and tells the other endpoints', async () => {
  await using db = await createTestDatabase()
  await using gone = await createReceiver(status(410))
  await using other = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const [dead, alive] = [await bench.addEndpoint(gone.url), await bench.addEndpoint(other.url)]
  await bench.addEndpoint(`${other.url}/daraja`, { format: 'daraja' })
  await bench.addEndpoint(`${other.url}/payments`, { eventTypes: ['payment.failed'] })
  const worker = bench.addWorker()
  for (let i = 0; i < 20; i++) await bench.addEvent([dead.id])
  await sweepAndWait(worker)
  await sweepAndWait(worker)
  const endpoint = await endpointOf(bench, dead.id)
  assert.equal(endpoint.disabledReason, 'gone')
  assert.ok(gone.requests.length <= 8)
  assert.equal(other.requests.length, 1)
  const told = JSON.parse(other.requests[0]?.body ?? '')
  assert.equal(told.type, 'webhook_endpoint.disabled')
  assert.equal(told.data.id, `we_${dead.id.replaceAll('-', '')}`)
  assert.equal(told.data.disabled_reason, 'gone')
  assert.doesNotMatch(JSON.stringify(told), /"secret"|whsec_/)
  const states = (await bench.deliveries())
    .filter((each) => each.endpointId === dead.id)
    .map((each) => each.state)
  assert.ok(states.every((state) => state === 'cancelled'))
  assert.equal((await endpointOf(bench, alive.id)).disabledAt, null)
})

test('what a former URL answers says nothing of an endpoint that has moved', async () => {
  await using db = await createTestDatabase()
  const held: (() => void)[] = []
  await using former = await createReceiver((reply) => {
    const code = held.length === 0 ? 410 : 500
    held.push(() => reply.writeHead(code).end())
  })
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(former.url)
  const worker = bench.addWorker()
  for (let i = 0; i < 2; i++) await bench.addEvent([id])
  await worker.sweep()
  await until(() => held.length === 2)
  const moved = await updateEndpoint(bench.endpointDeps, bench.owner, id, { url: receiver.url })
  assert.ok(moved.ok)
  for (const answer of held) answer()
  await idle(worker)
  const endpoint = await endpointOf(bench, id)
  assert.deepEqual([endpoint.disabledAt, endpoint.failingSince], [null, null])
  bench.clock.advance(10_000)
  await sweepAndWait(worker)
  assert.equal(receiver.requests.length, 2)
})

test('five days of nothing but failures switch an endpoint off, four do not', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  let hours = 0
  for (; hours < 24 * 5; hours += 4) {
    await bench.addEvent([id])
    await sweepAndWait(worker)
    assert.equal((await endpointOf(bench, id)).disabledAt, null, `after ${hours} hours`)
    bench.clock.advance(4 * HOUR_MS)
  }
  await bench.addEvent([id])
  await sweepAndWait(worker)
  const endpoint = await endpointOf(bench, id)
  assert.equal(endpoint.disabledReason, 'failing')
  const { rows } = await db.pool.query("select 1 from events where type = 'webhook_endpoint.disabled'")
  assert.equal(rows.length, 1)
  assert.ok((await bench.deliveries()).every((each) => each.dueAt === null))
})

test('one success in five days keeps an endpoint on', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  for (let hours = 0; hours < 24 * 9; hours += 6) {
    receiver.answer = status(hours === 24 * 4 ? 200 : 500)
    await bench.addEvent([id])
    await sweepAndWait(worker)
    if (hours === 24 * 4) assert.equal((await endpointOf(bench, id)).failingSince, null)
    bench.clock.advance(6 * HOUR_MS)
  }
  assert.equal((await endpointOf(bench, id)).disabledAt, null)
})

test('a success that went unnoticed by the record of failures keeps an endpoint on too', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(200))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  await bench.addEvent([id])
  await sweepAndWait(worker)
  await db.pool.query('update webhook_endpoints set failing_since = $1', [
    new Date(bench.clock.now() - 1_000),
  ])
  receiver.answer = status(500)
  bench.clock.advance(6 * 24 * HOUR_MS)
  await bench.addEvent([id])
  await sweepAndWait(worker)
  const endpoint = await endpointOf(bench, id)
  assert.equal(endpoint.disabledAt, null)
  assert.equal(endpoint.failingSince, null)
})

test('an endpoint that is switched on again starts without its past', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(410))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  await bench.addEvent([id])
  await sweepAndWait(worker)
  // The worker now knows it as off; another process switches it on.
  await bench.addEvent([id])
  await sweepAndWait(worker)
  receiver.answer = status(200)
  const enabled = await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: true })
  assert.ok(enabled.ok)
  assert.deepEqual(
    [enabled.endpoint.disabledAt, enabled.endpoint.disabledReason, enabled.endpoint.failingSince],
    [null, null, null],
  )
  await bench.addEvent([id])
  await sweepAndWait(worker)
  assert.equal(receiver.requests.length, 2)
})

test('failures count from the first one, whichever process saw it and whatever others remember', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(200))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const [one, two] = [bench.addWorker(), bench.addWorker()]
  for (const worker of [one, two]) {
    await bench.addEvent([id])
    await sweepAndWait(worker)
  }
  receiver.answer = status(500)
  const firstFailure = bench.clock.now()
  for (const worker of [one, two]) {
    const { event, deliveries } = await bench.addEvent([id], { leasedBy: worker.process })
    worker.deliverNow(event, deliveries)
    await idle(worker)
    // Shorter than a process remembers what it has read of endpoints.
    bench.clock.advance(1_000)
  }
  assert.equal((await endpointOf(bench, id)).failingSince?.getTime(), firstFailure)
})

test('an attempt that the gateway itself cut off says nothing and is made again', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(silence)
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  await bench.addEvent([id])
  // Its last one, too.
  await db.pool.query('update webhook_deliveries set attempts = 10')
  await worker.sweep()
  await until(() => receiver.requests.length === 1)
  await worker.close()
  assert.match((await bench.deliveries())[0]?.lastError ?? '', /gateway stopped/)
  assert.equal((await endpointOf(bench, id)).failingSince, null)
  receiver.answer = status(200)
  await sweepAndWait(bench.addWorker())
  const [delivery] = await bench.deliveries()
  assert.deepEqual([delivery?.state, delivery?.attempts], ['delivered', 11])
  assert.equal(delivery?.attemptLog.length, 2)
})
