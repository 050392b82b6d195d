import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { retryDelivery } from './deliveries.ts'
import { findDelivery, listDeliveries } from './delivery-store.ts'
import { deleteEndpoint, updateEndpoint } from './endpoints.ts'
import { createReceiver, silence, status } from './testing/receiver.ts'
import { until } from './testing/until.ts'
import { createWebhookBench, newId, sweepAndWait } from './testing/webhook-bench.ts'

test('deliveries are listed newest first, by page, endpoint, state and payment', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const [one, two] = [
    await bench.addEndpoint('https://a.example/'),
    await bench.addEndpoint('https://b.example/'),
  ]
  const payment = { id: newId() }
  for (let i = 0; i < 5; i++) await bench.addEvent([one.id])
  const { deliveries } = await bench.addEvent([two.id], { payment })
  const list = (filter: Parameters<typeof listDeliveries>[2], limit = 10, before: string | null = null) =>
    listDeliveries(bench, bench.owner, filter, {
      limit,
      before: all.find((each) => each.id === before)?.id ?? null,
    })
  const all = await listDeliveries(bench, bench.owner, {}, { limit: 100, before: null })
  assert.equal(all.length, 6)
  assert.equal(all[0]?.id, deliveries[0]?.id)
  assert.deepEqual(
    all.map((each) => each.id),
    all
      .map((each) => each.id)
      .toSorted()
      .toReversed(),
  )
  assert.deepEqual(await list({}, 2, all[1]?.id), all.slice(2, 4))
  assert.equal((await list({ endpointId: one.id })).length, 5)
  assert.equal((await list({ state: 'delivered' })).length, 0)
  assert.equal((await list({ paymentId: payment.id, state: 'pending' })).length, 1)
  const stranger = { merchantId: newId(), live: false }
  const page = { limit: 10, before: null }
  assert.equal((await listDeliveries(bench, stranger, {}, page)).length, 0)
  assert.equal((await listDeliveries(bench, { ...bench.owner, live: true }, {}, page)).length, 0)
})

test('a delivery that was given up is retried by hand, and so is one that was delivered', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  const id = (await bench.addEvent([endpoint.id])).deliveries[0]?.id
  assert.ok(id)
  await db.pool.query('update webhook_deliveries set attempts = 10')
  await sweepAndWait(worker)
  assert.equal((await findDelivery(bench, bench.owner, id))?.state, 'failed')
  receiver.answer = status(200)
  for (const attempts of [12, 13]) {
    const retried = await retryDelivery(bench.endpointDeps, bench.owner, id)
    assert.ok(retried.ok)
    assert.equal(retried.delivery.state, 'pending')
    await sweepAndWait(worker)
    const delivery = await findDelivery(bench, bench.owner, id)
    assert.deepEqual([delivery?.state, delivery?.attempts], ['delivered', attempts])
  }
})

test('what cannot be retried says why', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(silence)
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const id = (await bench.addEvent([endpoint.id])).deliveries[0]?.id
  assert.ok(id)
  const retry = (owner = bench.owner) => retryDelivery(bench.endpointDeps, owner, id)
  const worker = bench.addWorker()
  await worker.sweep()
  await until(() => receiver.requests.length === 1)
  assert.deepEqual(await retry(), { ok: false, code: 'under_way' })
  assert.deepEqual(await retry({ ...bench.owner, live: true }), { ok: false, code: 'not_found' })
  await worker.close()
  await updateEndpoint(bench.endpointDeps, bench.owner, endpoint.id, { enabled: false })
  assert.deepEqual(await retry(), { ok: false, code: 'endpoint_disabled' })
  await deleteEndpoint(bench.endpointDeps, bench.owner, endpoint.id)
  assert.deepEqual(await retry(), { ok: false, code: 'endpoint_deleted' })
})

test('a side lists its own deliveries, those to deleted endpoints among them', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const page = { limit: 10, before: null }
  const list = async (filter: Parameters<typeof listDeliveries>[2], live = false) =>
    (await listDeliveries(bench, { ...bench.owner, live }, filter, page)).map(({ id }) => id)
  const [kept, gone] = [
    await bench.addEndpoint('https://a.example/'),
    await bench.addEndpoint('https://b.example/'),
  ]
  const payment = { id: newId() }
  const { deliveries } = await bench.addEvent([kept.id, gone.id], { payment })
  const [toKept = '', toGone = ''] = deliveries.map(({ id }) => id)
  const both = [toKept, toGone].sort().reverse()
  assert.deepEqual(await list({ state: 'pending' }), both)
  assert.deepEqual(await list({ state: 'pending' }, true), [])
  await deleteEndpoint(bench.endpointDeps, bench.owner, gone.id)
  assert.deepEqual(await list({}), both)
  assert.deepEqual(await list({ state: 'pending' }), [toKept])
  assert.deepEqual(await list({ state: 'cancelled' }), [toGone])
  assert.deepEqual(await list({ endpointId: gone.id }), [toGone])
  assert.deepEqual(await list({ endpointId: gone.id, state: 'pending' }), [])
  assert.deepEqual(await list({ paymentId: payment.id }), both)
  for (const filter of [{}, { endpointId: kept.id }, { endpointId: gone.id }, { paymentId: payment.id }]) {
    assert.deepEqual(await list(filter, true), [])
  }
})
