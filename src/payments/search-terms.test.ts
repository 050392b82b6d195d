import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSearchTerms } from './search-terms.ts'

test('an amount is read as people write it', () => {
  for (const text of ['1500', '1,500', 'KES 1,500', 'Ksh 1500', 'kshs. 1500/=', '1500.00', '1,500/-']) {
    assert.equal(readSearchTerms(text).amountKes, 1500, text)
  }
  for (const text of ['1,50', '15 00', '1500.50', 'x1500', '12345678']) {
    assert.equal(readSearchTerms(text).amountKes, null, text)
  }
})

test('a phone is a phone in any form, and no number of a record', () => {
  for (const text of ['0712 345 678', '+254712345678', '254712345678', '712-345-678']) {
    const terms = readSearchTerms(text)
    assert.deepEqual([terms.phone, terms.number], ['254712345678', null], text)
  }
})

test('any text may be searched for', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      assert.ok(readSearchTerms(text).texts.includes(text))
    }),
  )
})
