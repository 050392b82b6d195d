// The pages read a number as the gateway does: what one takes, the other takes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPhoneNumber } from '../../dashboard/src/phone/phone-number.ts'
import { normalisePhone } from '../../dashboard/src/ui/phone-number.ts'
import { parsePhone } from '../../src/phone.ts'

const SEPARATORS = ' -.()+\u2010\u2015\u2212\u200b\u200f\u202a\u202e\u2060\u2066\u2069\ufeff'
const separator = fc.constantFrom(...SEPARATORS)
const digit = fc.constantFrom(...'0123456789')
/** Digits among gaps of all sorts, mostly a number; and any other text. */
const typed = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('0', '', '254', '+254', '255'),
      fc.stringMatching(/^[178]\d{7,9}$/),
      fc.string({ unit: separator, maxLength: 3 }),
      fc.nat(9),
    )
    .map(([before, digits, gap, at]) => gap + before + digits.slice(0, at) + gap + digits.slice(at)),
  fc.string({ unit: fc.oneof(digit, separator, fc.string({ unit: 'binary', maxLength: 1 })), maxLength: 20 }),
)

test('the pages and the gateway read the same number in the same text', () => {
  fc.assert(
    fc.property(typed, (text) => {
      assert.equal(normalisePhone(text), parsePhone(text))
    }),
  )
})

test('a virtual phone takes a number as it comes out of an address book', () => {
  const texts = ['\u202a+254\u00a0712\u2011345\u2011678\u202c', '0712.345.678', '\u20660712345678\u2069']
  for (const text of texts) {
    assert.deepEqual(readPhoneNumber(text), { ok: true, number: '254712345678' }, text)
  }
})
