// How much a sweep takes at a time out of a backlog.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import type { PaceDeps } from './backlog-pace.ts'
import { createReceiver, silence } from './testing/receiver.ts'
import { createWebhookBench } from './testing/webhook-bench.ts'

const ENDPOINTS = 15
/** Due at each. */
const DUE = 15
const BESIDE_NEW_MAX = 100

/** Time that stands still, so that what is new stays new. */
const STILL: PaceDeps = { nowMs: () => 0, busyMs: () => 0, after: () => {} }

test('beside new work a backlog is taken in small parts, a few of every endpoint in each', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(silence)
  await using bench = await createWebhookBench(db.pool)
  const endpoints = await Promise.all(
    Array.from({ length: ENDPOINTS }, () => bench.addEndpoint(receiver.url)),
  )
  for (let nth = 0; nth < DUE; nth++) await bench.addEvent(endpoints.map(({ id }) => id))
  const [quiet, busy] = [bench.addWorker({ pace: STILL }), bench.addWorker({ pace: STILL })]
  const fresh = await bench.addEndpoint(receiver.url)
  const { event, deliveries } = await bench.addEvent([fresh.id], { leasedBy: busy.process })
  busy.deliverNow(event, deliveries)
  assert.equal(await busy.sweep(), BESIDE_NEW_MAX)
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(*)::integer as count from webhook_deliveries
     where leased_by = $1 and endpoint_id <> $2 group by endpoint_id`,
    [busy.process, fresh.id],
  )
  const [least, most] = [Math.floor(BESIDE_NEW_MAX / ENDPOINTS), Math.ceil(BESIDE_NEW_MAX / ENDPOINTS)]
  assert.deepEqual([...new Set(rows.map(({ count }) => count))].sort(), [least, most])
  assert.equal(await quiet.sweep(), ENDPOINTS * DUE - BESIDE_NEW_MAX)
})
