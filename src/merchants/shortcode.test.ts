import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NAME_HINT, parseName } from './name.ts'
import { checkCredentials, checkNumbers } from './shortcode.ts'

describe('the numbers of a shortcode', () => {
  it('are a paybill of 5 to 7 digits, or a store and a till of 5 to 8', () => {
    assert.deepEqual(checkNumbers({ kind: 'paybill', number: '174379', tillNumber: null }), {})
    assert.deepEqual(checkNumbers({ kind: 'till', number: '12345678', tillNumber: '54321' }), {})
  })

  it('are refused field by field', () => {
    const fieldsOf = (input: Parameters<typeof checkNumbers>[0]) => Object.keys(checkNumbers(input))
    assert.deepEqual(fieldsOf({ kind: 'paybill', number: '1234', tillNumber: null }), ['number'])
    assert.deepEqual(fieldsOf({ kind: 'paybill', number: '12345678', tillNumber: null }), ['number'])
    assert.deepEqual(fieldsOf({ kind: 'paybill', number: '174379', tillNumber: '54321' }), ['till_number'])
    assert.deepEqual(fieldsOf({ kind: 'till', number: '17437９', tillNumber: null }), [
      'number',
      'till_number',
    ])
    assert.deepEqual(fieldsOf({ kind: 'till', number: '174379', tillNumber: '1' }), ['till_number'])
  })
})

describe('the credentials of a shortcode', () => {
  it('must be visible characters, the key without a colon', () => {
    assert.deepEqual(checkCredentials({ consumerKey: 'aB3=', consumerSecret: 's:x', passkey: 'p' }), {})
    assert.deepEqual(
      Object.keys(checkCredentials({ consumerKey: 'a:b', consumerSecret: '', passkey: 'p q' })),
      ['consumer_secret', 'passkey', 'consumer_key'],
    )
    assert.deepEqual(Object.keys(checkCredentials({ passkey: 'x'.repeat(201) })), ['passkey'])
    assert.deepEqual(Object.keys(checkCredentials({ passkey: 'x\u0000' })), ['passkey'])
  })
})

describe('a name', () => {
  it('is trimmed, and counted in the characters that people see', () => {
    assert.equal(parseName('  Mama Mboga '), 'Mama Mboga')
    assert.equal(parseName('🛒'.repeat(100))?.length, 200)
    for (const text of ['', '   ', 'a\u0000b', 'a\nb', '\ud800', 'x'.repeat(101)]) {
      assert.equal(parseName(text), null, JSON.stringify(text))
    }
    assert.match(NAME_HINT, /1 to 100/)
  })
})
