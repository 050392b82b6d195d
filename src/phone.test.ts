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
  ]
  for (const form of forms) assert.equal(parsePhone(form), '254712345678', form)
  assert.equal(parsePhone('0112345678'), '254112345678')
  assert.equal(parsePhone('112345678'), '254112345678')
  assert.equal(parsePhone('+254112345678'), '254112345678')
})

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
  const gap = fc.constantFrom('', ' ', '-', '  ')
  fc.assert(
    fc.property(national, prefix, gap, fc.nat(8), (digits, before, space, at) => {
      const spaced = before + digits.slice(0, at) + space + digits.slice(at)
      assert.equal(parsePhone(spaced), `254${digits}`)
      assert.equal(parsePhone(`254${digits}`), `254${digits}`)
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
