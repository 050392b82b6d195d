import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../clock.ts'
import { createUuidSource } from '../ids.ts'
import { samplePayment } from '../webhooks/testing/sample-payment.ts'
import { addLatencies, countLatency, percentileMs } from './latency-histogram.ts'
import {
  countPush,
  countVerdict,
  mergeCounts,
  type NetworkCounts,
  noCounts,
  viewCounts,
} from './network-counts.ts'

const newUuid = createUuidSource(systemClock)
const [one, two, three, four] = [newUuid(), newUuid(), newUuid(), newUuid()]
const view = (counts: NetworkCounts, viewer = one) => viewCounts('production', counts, viewer)

function pushes(merchants: (typeof one)[], times: number): NetworkCounts {
  const counts = noCounts()
  for (const merchantId of merchants) {
    for (let n = 0; n < times; n += 1) countPush(counts, 'accepted', 100, merchantId)
  }
  return counts
}

test('a percentile is right to within a seventh', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 10, max: 10_000_000 }), { minLength: 1, maxLength: 60 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (durations, share) => {
        const histogram = {}
        for (const duration of durations) countLatency(histogram, duration)
        const sorted = durations.toSorted((a, b) => a - b)
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0
        const read = percentileMs(histogram, share) ?? 0
        assert.ok(read >= exact * 0.999 && read <= exact * 1.16, `${read} for ${exact}`)
      },
    ),
  )
  assert.equal(percentileMs({}, 0.5), null)
})

test('histograms of several processes read as one', () => {
  const [mine, theirs, both] = [{}, {}, {}]
  for (const ms of [20, 300, 4_000]) countLatency(mine, ms)
  for (const ms of [50, 6_000]) countLatency(theirs, ms)
  for (const ms of [20, 300, 4_000, 50, 6_000]) countLatency(both, ms)
  addLatencies(mine, theirs)
  assert.deepEqual(mine, both)
})

test('a merchant sees its own figures, and those of three or more, but never those of one other', () => {
  assert.equal(view(pushes([one], 1)).sample, 'own')
  assert.equal(view(pushes([two], 1_000)).sample, 'too_little')
  assert.equal(view(pushes([one, two], 1_000)).sample, 'too_little')
  assert.equal(view(pushes([one, two, three], 10)).sample, 'installation')
  assert.equal(view(pushes([two, three, four], 10)).sample, 'installation')
  assert.equal(
    view(pushes([two, three, four], 2)).sample,
    'too_little',
    'six pushes are nobody to hide among',
  )
  const hidden = view(pushes([one, two], 1_000))
  assert.doesNotMatch(JSON.stringify(hidden), /\d/)
})

test('what is shown are shares of pushes and verdicts', () => {
  const counts = pushes([one], 6)
  countPush(counts, 'refused', 100, one)
  countPush(counts, 'rate_limited', 100, one)
  countPush(counts, 'unknown', 20_000, one)
  countPush(counts, 'credentials', 0, one)
  const payment = { ...samplePayment(), merchantId: one }
  for (let n = 0; n < 3; n += 1) countVerdict(counts, payment, 15_000)
  const declined = { ...payment, state: 'failed' as const, outcome: 'declined' as const, resultCode: '1032' }
  countVerdict(counts, declined, 5_000)
  countVerdict(counts, { ...declined, outcome: 'not_sent' as const }, null)
  const seen = view(counts)
  assert.deepEqual(seen.pushes, { accepted: 60, refused: 10, not_processed: 20, unknown: 10 })
  assert.equal(seen.successShare, 75)
  assert.deepEqual(seen.failures, [{ code: '1032', share: 25 }])
  assert.ok((seen.promptToVerdict?.p50 ?? 0) >= 15_000)
})

test('codes from outside cannot make a row grow without end', () => {
  const counts = noCounts()
  const payment = { ...samplePayment(), outcome: 'declined' as const }
  for (let n = 0; n < 500; n += 1) countVerdict(counts, { ...payment, resultCode: `X${n}` }, 1)
  assert.ok(Object.keys(mergeCounts([counts, counts]).declined).length <= 31)
})
