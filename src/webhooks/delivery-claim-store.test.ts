import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Uuid } from '../ids.ts'
import {
  claimDeliveries,
  type EndpointCursor,
  FIRST_ENDPOINT,
  findDueEndpoints,
  releaseDeliveries,
} from './delivery-claim-store.ts'
import { createWebhookBench, newId, type WebhookBench } from './testing/webhook-bench.ts'

async function addEvents(bench: WebhookBench, endpointId: Uuid, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await bench.addEvent([endpointId])
}

function claim(bench: WebhookBench, quotas: Map<Uuid, number>, rowsMax: number, holder = newId()) {
  const { merchantId } = bench.owner
  const list = [...quotas].map(([endpointId, quota]) => ({ merchantId, endpointId, quota }))
  const nowMs = bench.clock.now()
  const lease = { now: new Date(nowMs), holder, leaseUntil: new Date(nowMs + 60_000) }
  return claimDeliveries(bench, list, { ...lease, rowsMax })
}

test('every endpoint with something due is found, a few at a look, and then from the start', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const endpoints = Array.from({ length: 5 }, newId).toSorted()
  for (const endpoint of endpoints) await addEvents(bench, endpoint, 3)
  const later = newId()
  await addEvents(bench, later, 1)
  await db.pool.query(
    `update webhook_deliveries set due_at = due_at + interval '1 hour' where endpoint_id = $1`,
    [later],
  )
  const found: Uuid[] = []
  let cursor: EndpointCursor = FIRST_ENDPOINT
  let looks = 0
  do {
    const look = await findDueEndpoints(bench, cursor, { limit: 2, now: new Date(bench.clock.now()) })
    found.push(...look.due.map((each) => each.endpointId))
    cursor = look.next
    looks += 1
  } while (cursor !== FIRST_ENDPOINT)
  assert.deepEqual(found, endpoints)
  assert.equal(looks, 4)
})

test('what a claim can hold is shared between endpoints, within the quota of each', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const [busy, calm, probed] = [newId(), newId(), newId()]
  await addEvents(bench, busy, 40)
  await addEvents(bench, calm, 4)
  await addEvents(bench, probed, 10)
  const quotas = new Map([
    [busy, 100],
    [calm, 100],
    [probed, 1],
  ])
  const jobs = await claim(bench, quotas, 20)
  const count = (endpoint: Uuid) => jobs.filter((job) => job.endpointId === endpoint).length
  assert.deepEqual([count(busy), count(calm), count(probed)], [15, 4, 1])
})

test('what is taken is nobody else’s until it is given back or its lease runs out', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = newId()
  await addEvents(bench, endpoint, 3)
  const quotas = new Map([[endpoint, 100]])
  const holder = newId()
  const taken = await claim(bench, quotas, 100, holder)
  assert.equal(taken.length, 3)
  assert.equal((await claim(bench, quotas, 100)).length, 0)
  await releaseDeliveries(bench, newId(), taken)
  assert.equal((await claim(bench, quotas, 100)).length, 0)
  await releaseDeliveries(bench, holder, taken.slice(0, 1))
  assert.equal((await claim(bench, quotas, 100)).length, 1)
  bench.clock.advance(60_000)
  assert.equal((await claim(bench, quotas, 100)).length, 3)
})

test('claims at the same time share what is due without doubles', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const endpoints = [newId(), newId()]
  for (const endpoint of endpoints) await addEvents(bench, endpoint, 30)
  const quotas = new Map(endpoints.map((endpoint) => [endpoint, 100]))
  const ids: Uuid[] = []
  while (ids.length < 60) {
    const claims = await Promise.all(Array.from({ length: 4 }, () => claim(bench, quotas, 10)))
    const taken = claims.flat().map((job) => job.id)
    assert.ok(taken.length > 0)
    ids.push(...taken)
  }
  assert.equal(new Set(ids).size, 60)
})
