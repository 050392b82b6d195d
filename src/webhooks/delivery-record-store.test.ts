import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { createRecordDelivery } from './delivery-record-store.ts'
import { createWebhookBench, newId } from './testing/webhook-bench.ts'

const RECORDED = 25
const KEPT = 20

test('of many attempts a delivery keeps the last twenty, and counts all', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint('https://shop.example/')
  const { event, deliveries } = await bench.addEvent([endpoint.id])
  const record = createRecordDelivery({ db: db.pool })
  const holder = newId()
  const errors = Array.from({ length: RECORDED }, (_, index) => `attempt ${index + 1}`)
  for (const [attemptsBefore, error] of errors.entries()) {
    await db.pool.query('update webhook_deliveries set leased_by = $1', [holder])
    const at = new Date(bench.clock.now() + attemptsBefore)
    const attempt = { at: at.toISOString(), status: 500, error, duration_ms: 1, response: null }
    const recorded = await record({
      merchantId: event.merchantId,
      deliveryId: deliveries[0]?.id ?? assert.fail('no delivery'),
      ...{ holder, state: 'pending', dueAt: at, attempt, isCounted: true, attemptsBefore, error, at },
    })
    assert.deepEqual(recorded, { state: 'pending', attempts: attemptsBefore + 1 })
  }
  const [delivery] = await bench.deliveries()
  assert.equal(delivery?.attempts, RECORDED)
  assert.deepEqual(
    delivery.attemptLog.map(({ error }) => error),
    errors.slice(-KEPT),
  )
})
