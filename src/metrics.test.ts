import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from './clock.ts'
import { createMetrics } from './metrics.ts'
import type { Evidence } from './payments/payment.ts'
import { samplePayment } from './webhooks/testing/sample-payment.ts'

const EVIDENCE: Evidence = {
  source: 'query',
  confidence: 'confirmed',
  token: null,
  ip: null,
  amount_match: null,
  ids_match: null,
  query: null,
}

test('the time from push to verdict is measured by where the verdict came from and what it was', async () => {
  const metrics = createMetrics(manualClock(0))
  const paid = samplePayment({
    sent_at: '2026-03-21T11:00:00.000Z',
    settled_at: '2026-03-21T11:01:10.000Z',
    evidence: EVIDENCE,
  })
  metrics.payments.settled(paid, 69_000)
  // Not sent, or refused by Daraja: no verdict of M-Pesa's.
  metrics.payments.settled({ ...paid, state: 'failed', outcome: 'not_sent' }, null)
  metrics.payments.settled({ ...paid, state: 'failed', outcome: 'refused' }, null)
  const { text } = await metrics.render()
  const lines = text.split('\n').filter((line) => line.startsWith('sukuma_time_to_certainty_seconds_'))
  const bucket = (le: string) =>
    lines
      .find((line) => line.includes(`le="${le}"`))
      ?.split(' ')
      .at(-1)
  assert.deepEqual([bucket('60'), bucket('75'), bucket('10800')], ['0', '1', '1'])
  assert.ok(
    lines.every((line) => !line.includes('outcome') || line.includes('source="query",outcome="paid"')),
  )
})
