// The backlog of deliveries as the metrics show it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { createUuidSource } from '../ids.ts'
import { readDeliveryBacklog } from './delivery-backlog-store.ts'

test('the backlog counts what is pending and knows what is due first, at whichever endpoint', async () => {
  await using database = await createTestDatabase()
  const newUuid = createUuidSource({ now: () => Date.parse('2026-03-21T11:00:00Z') })
  assert.deepEqual(await readDeliveryBacklog({ db: database.pool }), { count: 0, oldest: null })

  async function add(endpoint: string, dueAt: string | null): Promise<void> {
    await database.pool.query(
      `insert into webhook_deliveries (merchant_id, id, endpoint_id, event_id, state, due_at, created_at)
       values ($1, $2, $3, $4, $5, $6, now())`,
      [merchantId, newUuid(), endpoint, newUuid(), dueAt === null ? 'delivered' : 'pending', dueAt],
    )
  }
  const merchantId = newUuid()
  const [first, second, third] = [newUuid(), newUuid(), newUuid()]
  await add(first, '2026-03-21T10:05:00Z')
  await add(second, '2026-03-21T10:07:00Z')
  await add(second, '2026-03-21T10:01:00Z')
  await add(third, '2026-03-21T10:03:00Z')
  await add(third, null)
  const backlog = await readDeliveryBacklog({ db: database.pool })
  assert.equal(Number(backlog.count), 4)
  assert.deepEqual(backlog.oldest, new Date('2026-03-21T10:01:00Z'))
})
