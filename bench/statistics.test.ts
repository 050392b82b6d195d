import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { median, percentile, spread, spreadOfKnown } from './statistics.ts'

const VALUES = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 })

test('The median is the middle value, or the mean of the two in the middle', () => {
  assert.equal(median([7]), 7)
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([10, 2, 9, 100]), 9.5)
})

test('A percentile is a value that was measured, of the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  assert.equal(percentile(hundred, 50), 50)
  assert.equal(percentile(hundred, 99), 99)
  assert.equal(percentile(hundred, 100), 100)
  assert.equal(percentile([3, 1, 2], 99), 3)
  assert.equal(percentile([3, 1, 2], 0), 1)
})

test('A spread runs from the lowest to the highest with the median between them', () => {
  fc.assert(
    fc.property(VALUES, (values) => {
      const { median: middle, min, max } = spread(values)
      assert.equal(min, Math.min(...values))
      assert.equal(max, Math.max(...values))
      assert.ok(min <= middle && middle <= max)
    }),
  )
})

test('At least the share that a percentile names does not exceed it', () => {
  fc.assert(
    fc.property(VALUES, fc.integer({ min: 1, max: 100 }), (values, percent) => {
      const limit = percentile(values, percent)
      const within = values.filter((value) => value <= limit).length
      assert.ok(values.includes(limit))
      assert.ok(within / values.length >= percent / 100)
    }),
  )
})

test('Figures leave the measured values as they were', () => {
  const values = [3, 1, 2]
  median(values)
  percentile(values, 50)
  spread(values)
  assert.deepEqual(values, [3, 1, 2])
})

test('No figure is drawn from nothing, nor from rounds of which some have none', () => {
  assert.throws(() => median([]), RangeError)
  assert.throws(() => percentile([], 50), RangeError)
  assert.throws(() => spread([]), RangeError)
  assert.equal(spreadOfKnown([]), null)
  assert.equal(spreadOfKnown([1, null, 3]), null)
  assert.deepEqual(spreadOfKnown([1, 3]), { median: 2, min: 1, max: 3 })
})
