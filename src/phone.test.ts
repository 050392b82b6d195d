import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsePhone } from './phone.ts'

test('every form that api clients write becomes 254 and nine digits', () => {
  const forms = [
    '0712345678',
    '712345678',
    '254712345678',
    '+254712345678',
    '+254 712 345 678',
    '0712-345-678',
    '(0712) 345 678',
    '(+254) 712.345.678',
    ' 0712345678 ',
    // As address books and messages have them: dashes of print, and marks around or between the digits.
    '0712\u2013345\u2010678',
    '+254\u2011712\u2014345\u2212678',
    '\u202a+254 712 345 678\u202c',
    '\u2066\u200e0712\u00a0345\u00a0678\u2069',
    '\ufeff0712345678\u200b',
  ]
  for (const form of forms) assert.equal(parsePhone(form), '254712345678', form)
  assert.equal(parsePhone('0112345678'), '254112345678')
  assert.equal(parsePhone('112345678'), '254112345678')
  assert.equal(parsePhone('+254112345678'), '254112345678')
})

/** Every character from `first` to `last`. */
function range(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index))
}

/** What may stand anywhere in a number: gaps, dashes, brackets, and marks that nobody sees. */
const PASSED_OVER = [
  ...' \u00a0\u202f-().\u2212\u2060\ufeff',
  ...range(0x2010, 0x2015),
  ...range(0x200b, 0x200f),
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
]

test('what is no Kenyan mobile number is refused', () => {
  const others = [
    '',
    '0812345678',
    '071234567',
    '07123456789',
    '254812345678',
    '2547123456789',
    '+0712345678',
    '+255712345678',
    '00254712345678',
    '0712345678a',
    '٠٧١٢٣٤٥٦٧٨',
    '254 254 712345678',
    '07\u000012345678',
    '0'.repeat(70_000),
  ]
  for (const other of others) assert.equal(parsePhone(other), null, other.slice(0, 40))
})

test('a number is read the same however it is spaced, and reading it again changes nothing', () => {
  const national = fc.stringMatching(/^[17]\d{8}$/)
  const prefix = fc.constantFrom('0', '', '254', '+254')
  const gap = fc.string({ unit: fc.constantFrom(...PASSED_OVER), maxLength: 4 })
  fc.assert(
    fc.property(national, prefix, gap, gap, fc.nat(8), (digits, before, around, space, at) => {
      const spaced = around + before + digits.slice(0, at) + space + digits.slice(at) + around
      assert.equal(parsePhone(spaced), `254${digits}`)
      assert.equal(parsePhone(`254${digits}`), `254${digits}`)
    }),
  )
})

test('nothing else may stand between the digits', () => {
  const passedOver = new Set(PASSED_OVER)
  const other = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code))
  const isOther = (text: string) => !passedOver.has(text) && !/[\s\d]/.test(text)
  fc.assert(
    fc.property(other.filter(isOther), fc.integer({ min: 1, max: 9 }), (text, at) => {
      const phone = '0712345678'
      assert.equal(parsePhone(phone.slice(0, at) + text + phone.slice(at)), null)
    }),
  )
})

test('no text makes the reader throw, and what it accepts is always in the one form', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const phone = parsePhone(text)
      assert.ok(phone === null || /^254[17]\d{8}$/.test(phone))
    }),
  )
})
