import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../src/clock.ts'
import { createMetrics } from '../src/metrics.ts'
import { mergeMetrics, readMetrics, rowsARun } from './metrics-text.ts'

test('group sizes are read from what the gateway really says', async () => {
  const metrics = createMetrics(systemClock)
  const scrape = async () => readMetrics((await metrics.render()).text)
  metrics.groups('payment_insert', 10, 1)
  metrics.groups('not_run_again', 3, 1)
  const before = await scrape()
  metrics.groups('payment_insert', 30, 1)
  metrics.groups('payment_insert', 20, 1)
  metrics.groups('event_insert', 4, 1)
  const after = await scrape()
  assert.deepEqual(rowsARun(before, after), { payment_insert: 25, event_insert: 4 })
  assert.ok(after.loopP99Ms !== null && after.loopMaxMs !== null)
})

test('several processes are told of as one, by their slowest loop', () => {
  const one = { loopP99Ms: 5, loopMaxMs: 9, groups: { a: { runs: 1, rows: 10 } } }
  const other = {
    loopP99Ms: 7,
    loopMaxMs: null,
    groups: { a: { runs: 3, rows: 2 }, b: { runs: 1, rows: 1 } },
  }
  assert.deepEqual(mergeMetrics([one, other]), {
    loopP99Ms: 7,
    loopMaxMs: 9,
    groups: { a: { runs: 4, rows: 12 }, b: { runs: 1, rows: 1 } },
  })
  assert.equal(mergeMetrics([]), null)
})
