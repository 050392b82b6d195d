import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eatDayFirst, eatStamp, isStamp } from './eat-time.ts'

test('times are three hours ahead of UTC', () => {
  const atMs = Date.UTC(2026, 11, 31, 22, 5, 9)
  assert.equal(eatStamp(atMs), '20270101010509')
  assert.equal(eatDayFirst(atMs), '01012027010509')
})

test('every stamp that is written is a stamp', () => {
  const anyMs = fc.integer({ min: Date.UTC(1971, 0), max: Date.UTC(2099, 11) })
  fc.assert(fc.property(anyMs, (atMs) => assert.ok(isStamp(eatStamp(atMs)))))
})

test('days and hours that do not exist are no stamps', () => {
  for (const text of ['20260229000000', '20261301000000', '20260101240000', '20260101006000', '2026-01-01']) {
    assert.ok(!isStamp(text), text)
  }
  assert.ok(isStamp('20240229235959'))
})
