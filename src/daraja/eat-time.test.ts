import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatEatTimestamp, parseEatTimestamp } from './eat-time.ts'

test('a timestamp is three hours ahead of UTC', () => {
  assert.equal(formatEatTimestamp(Date.UTC(2021, 5, 28, 6, 24, 8)), '20210628092408')
  assert.equal(formatEatTimestamp(Date.UTC(2024, 11, 31, 22, 0, 0)), '20250101010000')
})

test('what is written is read back to the second', () => {
  const times = fc.integer({ min: 0, max: Date.UTC(2999, 0) / 1000 })
  fc.assert(
    fc.property(times, (seconds) => {
      assert.equal(parseEatTimestamp(formatEatTimestamp(seconds * 1000))?.getTime(), seconds * 1000)
    }),
  )
})

test('what is no date is not read', () => {
  for (const text of [
    '',
    '20240231101010',
    '20241301101010',
    '20240101240000',
    '2024010110101',
    'x'.repeat(14),
  ]) {
    assert.equal(parseEatTimestamp(text), null, text)
  }
})
