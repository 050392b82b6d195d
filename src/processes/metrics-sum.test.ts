import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { createMetrics } from '../metrics.ts'
import { createMetricsSum, type MetricsSum } from './metrics-sum.ts'

async function shown(sum: MetricsSum, ready: number, start: string): Promise<string | undefined> {
  const { text } = await sum.render(ready)
  const line = text.split('\n').find((each) => each.startsWith(start))
  return line?.split(' ').at(-1)
}

function processOf(open: number) {
  const metrics = createMetrics(manualClock(0))
  metrics.setBacklogReader(async () => ({
    payments: [{ state: 'queued', count: open, oldest: null }],
    deliveries: { count: 0, oldest: null },
  }))
  return metrics
}

test('counters and histograms add up, and what all processes read in the database does not', async () => {
  const sum = createMetricsSum()
  for (const slot of [1, 2]) {
    const metrics = processOf(7)
    metrics.delivered({ ok: true, status: 200, durationMs: 30 * slot })
    metrics.pulled('read')
    sum.note(slot, await metrics.snapshot())
  }
  assert.equal(await shown(sum, 2, 'sukuma_statements_total{outcome="read"}'), '2')
  assert.equal(await shown(sum, 2, 'sukuma_delivery_seconds_count'), '2')
  assert.equal(await shown(sum, 2, 'sukuma_delivery_seconds_bucket{le="0.05"'), '1')
  assert.equal(await shown(sum, 2, 'sukuma_payments_open{state="queued"}'), '7')
  assert.equal(await shown(sum, 2, 'sukuma_processes'), '2')
})

test('what a process counted stays when it ends, and its gauges go', async () => {
  const sum = createMetricsSum()
  for (let life = 1; life <= 3; life += 1) {
    const metrics = processOf(life)
    metrics.pulled('read')
    sum.note(1, await metrics.snapshot())
    sum.lost(1)
    assert.equal(await shown(sum, 0, 'sukuma_statements_total{outcome="read"}'), String(life))
    assert.equal(await shown(sum, 0, 'sukuma_payments_open{state="queued"}'), undefined)
  }
  assert.equal(await shown(sum, 0, 'sukuma_process_losses_total'), '3')
})
