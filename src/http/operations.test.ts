import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createServerBed } from './testing/server-bed.ts'

test('a process that runs is healthy, whether or not it can take payments', async () => {
  await using bed = await createServerBed({ ready: async () => ({ ok: false, reason: 'away' }) })
  const answer = await bed.ask('GET', '/healthz')
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.body, { status: 'ok' })
})

test('a gateway is ready when it can take a payment, and says why when it cannot', async () => {
  await using ready = await createServerBed({ ready: async () => ({ ok: true }) })
  const good = await ready.ask('GET', '/readyz', { headers: { 'x-api-key': '' } })
  assert.equal(good.status, 200)
  await using away = await createServerBed({ ready: async () => ({ ok: false, reason: 'No database.' }) })
  const bad = await away.ask('GET', '/readyz')
  assert.equal(bad.status, 503)
  assert.deepEqual(bad.body, { status: 'unavailable', reason: 'No database.' })
})
