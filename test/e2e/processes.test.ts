// Several processes on one database: what one leaves undone another does, and each does only its part.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestGateway, until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

const payment = { phone: '254700000000', amount: 10, reference: 'R' }

test('a process without the worker role takes payments, and leaves webhooks to one that has it', async () => {
  await using api = await startTestGateway({ env: { SUKUMA_ROLES: 'api' } })
  await using receiver = await startReceiver()
  await api.post('/v1/webhook_endpoints', { url: receiver.url, format: 'event' })
  const made = await api.post('/v1/payments', { ...payment, wait: 30 })
  assert.equal(made.body.status, 'succeeded')
  const waiting = await api.db.pool.query('select 1 from webhook_deliveries where due_at is not null')
  assert.equal(waiting.rows.length, 1)
  await using worker = await startTestGateway({ env: { SUKUMA_ROLES: 'worker' }, beside: api })
  await until('the webhook', async () => receiver.received.length === 1)
  assert.equal((await worker.get('/readyz')).status, 200)
  assert.equal((await worker.post('/v1/payments', payment)).status, 404)
})

test('a payment that another process settles ends the wait of the one that was asked', async () => {
  await using one = await startTestGateway()
  await using other = await startTestGateway({ beside: one })
  const made = await one.post('/api/stk-push', { ...payment, phone: '254700000001' })
  const headers = { 'x-api-key': one.merchant.key }
  const read = await other.get(`/api/stk-push/${made.body.tracking_id}?wait=30`, headers)
  assert.match(read.text, /Insufficient Balance/)
})

test('a push unanswered when the gateway ends is recorded as uncertain, not left behind', async () => {
  await using bed = await startTestGateway({ env: { SIMULATOR_SPEED: '1' } })
  await bed.simulator('PUT', '/simulator/faults', { pushDelayMs: 60_000 })
  await bed.post('/api/stk-push', { phone: '0712345678', amount: 10, reference: 'R' })
  await until('the push', async () => {
    const { entries } = await bed.simulator('GET', '/simulator/ledger')
    return Array.isArray(entries) && entries.length === 1
  })
  await bed.gateway.close()
  const found = await bed.db.pool.query<{ state: string }>('select state from payments')
  assert.deepEqual(found.rows, [{ state: 'uncertain' }])
})
