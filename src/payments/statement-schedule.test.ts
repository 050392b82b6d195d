import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { windowOf } from './statement-payment.ts'
import { halve, PULL_REACH_MS, pauseAfterPull, slicesFor } from './statement-schedule.ts'

const MINUTE = 60_000
const NOW = Date.parse('2026-03-21T12:00:00Z')

test('the pause grows while nothing is settled, and doubles while pulls fail', () => {
  const minutes = (...args: Parameters<typeof pauseAfterPull>) => pauseAfterPull(...args) / MINUTE
  assert.deepEqual(
    [0, 1, 2, 9].map((idle) => minutes(idle, 0, null)),
    [3, 6, 9, 15],
  )
  assert.deepEqual(
    [1, 2, 3, 50].map((failures) => minutes(0, failures, null)),
    [6, 12, 24, 60],
  )
  assert.equal(minutes(0, 1, 90 * MINUTE), 90, 'Daraja said for how long')
})

test('every payment of the last 48 hours is covered by a slice, and no slice goes further back', () => {
  const agos = fc.array(fc.integer({ min: 5, max: 47 * 60 }), { minLength: 1, maxLength: 20 })
  const property = fc.property(agos, fc.nat({ max: 8 }), (ago, halvings) => {
    const sent = ago.map((minutes) => NOW - minutes * MINUTE)
    const slices = slicesFor(sent, NOW).map((whole) => {
      let slice = whole
      for (let count = 0; count < halvings; count += 1) slice = halve(slice) ?? slice
      return slice
    })
    for (const sentAtMs of sent) {
      const window = windowOf({ sentAtMs })
      const toMs = Math.min(window.toMs, NOW)
      assert.ok(slices.some((slice) => slice.fromMs <= window.fromMs && slice.toMs >= toMs))
    }
    for (const { fromMs, toMs } of slices) assert.ok(fromMs >= NOW - PULL_REACH_MS && toMs <= NOW)
  })
  fc.assert(property, { numRuns: 1_000 })
})

test('a slice is halved until it can be no shorter', () => {
  const [slice] = slicesFor([NOW - 24 * 60 * MINUTE], NOW)
  assert.ok(slice)
  let last = slice
  let count = 0
  for (let next = halve(last); next !== null; next = halve(last)) {
    assert.ok(next.toMs < last.toMs)
    last = next
    count += 1
  }
  assert.ok(count > 1 && count < 30)
  assert.equal(last.toMs, slice.toMsMin)
})

test('however many payments are open, a slice can be cut to a few hours', () => {
  const sent = Array.from({ length: 1_000 }, (_, index) => NOW - 30 * 60 * MINUTE + index * MINUTE)
  for (const { fromMs, toMsMin } of slicesFor(sent, NOW)) assert.ok(toMsMin - fromMs <= 2 * 60 * MINUTE)
})
