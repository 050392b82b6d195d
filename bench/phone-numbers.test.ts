import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBitmap, indexOfPhone, PHONES_MAX, phoneOf } from './phone-numbers.ts'

test('every number is a phone that leads back to it', () => {
  assert.equal(phoneOf(0), '254700000000')
  assert.equal(phoneOf(100_000_007), '254100000007')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: PHONES_MAX - 1 }), (index) => {
      assert.match(phoneOf(index), /^254[17]\d{8}$/)
      assert.equal(indexOfPhone(phoneOf(index)), index)
    }),
  )
  assert.throws(() => phoneOf(PHONES_MAX), RangeError)
})

test('a text that is no such phone has no number', () => {
  for (const text of ['', '254', '2547123', '25471234567x', '254812345678', '2547123456789']) {
    assert.equal(indexOfPhone(text), null, text)
  }
})

test('a bitmap knows what was added, as a set does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 99 })), (numbers) => {
      const bitmap = createBitmap(100)
      const set = new Set<number>()
      for (const number of numbers) {
        assert.equal(bitmap.add(number), !set.has(number))
        set.add(number)
      }
      assert.equal(bitmap.count(), set.size)
      for (let number = 0; number < 100; number += 1) assert.equal(bitmap.has(number), set.has(number))
    }),
  )
  assert.throws(() => createBitmap(100).add(100), RangeError)
})
