import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ValueReader } from './field-reader.ts'
import {
  choiceOf,
  choicesOf,
  digitsOf,
  numberOf,
  phoneOf,
  textMapOf,
  textOf,
  textsOf,
  timeOf,
} from './field-values.ts'

function takes(read: ValueReader<unknown>, values: unknown[]): void {
  for (const value of values) assert.ok(read(value).ok, `${JSON.stringify(value)} is refused`)
}

function refuses(read: ValueReader<unknown>, values: unknown[]): void {
  for (const value of values) assert.ok(!read(value).ok, `${JSON.stringify(value)} is taken`)
}

test('a time is a moment of the calendar since 1970, with its offset', () => {
  takes(timeOf, ['2026-03-21T14:30:55Z', '2026-03-21T14:30:55.123456789+03:00', '2024-02-29T00:00:00z'])
  refuses(timeOf, [
    '2026-02-29T00:00:00Z',
    '2026-03-21T25:00:00Z',
    '2026-03-21',
    '2026-03-21T14:30:55',
    '1969-12-31T23:59:59Z',
    '0000-01-01T00:00:00Z',
    '2026-03-21T14:30:55+99:99',
    'yesterday',
    1_774_092_655,
    ['2026-03-21T14:30:55Z', '2026-03-21T14:30:55Z'],
  ])
})

test('a parameter that is repeated is refused, not chosen from', () => {
  const twice = ['5', '5']
  for (const read of [
    textOf({ max: 9 }),
    choiceOf(['5']),
    choicesOf(['5']),
    digitsOf({ min: 1, max: 9 }),
    phoneOf,
  ]) {
    refuses(read, [twice])
  }
})

test('numbers stay within their bounds', () => {
  takes(numberOf({ min: 0, max: 60, whole: false }), [0, 0.5, 60])
  refuses(numberOf({ min: 0, max: 60, whole: false }), [-1, 60.1, Number.NaN, Number.POSITIVE_INFINITY, '5'])
  refuses(numberOf({ min: 5, max: 3600, whole: true }), [4, 5.5, 3601])
  takes(digitsOf({ min: 1, max: 100 }), ['1', '100'])
  refuses(digitsOf({ min: 1, max: 100 }), ['0', '101', '1e1', '-1', '', ' 5', 5])
})

test('several choices are separated by commas', () => {
  assert.deepEqual(choicesOf(['a', 'b', 'c'])('c, a'), { ok: true, value: ['a', 'c'] })
  refuses(choicesOf(['a', 'b']), ['a,x', '', ',', 'A'])
})

test('metadata is a flat object of a few short texts', () => {
  const read = textMapOf({ max: 2, key: 5, value: 10 })
  takes(read, [{}, { a: '1' }, { a: '', 'b c': 'line\nline' }])
  refuses(read, [
    [],
    'a',
    { a: 1 },
    { a: null },
    { a: { b: 'c' } },
    { a: '1', b: '2', c: '3' },
    { toolong: '1' },
    { '': '1' },
    { ' a': '1' },
    { 'a\u0000': '1' },
    { a: '\u0000' },
    { a: '\ud800' },
    { a: 'x'.repeat(11) },
  ])
  assert.deepEqual(read({}), { ok: true, value: null })
})

test('lists of texts are short, and hold texts only', () => {
  const read = textsOf({ max: 2, length: 5 })
  takes(read, [[], ['a'], ['a', 'b']])
  refuses(read, ['a', ['a', 'b', 'c'], [1], [''], ['toolong'], [['a']], {}])
})

test('no value makes a reader fail', () => {
  const readers: ValueReader<unknown>[] = [
    timeOf,
    phoneOf,
    textOf({ max: 5 }),
    choicesOf(['a']),
    numberOf({ min: 0, max: 9, whole: true }),
    digitsOf({ min: 0, max: 9 }),
    textMapOf({ max: 3, key: 3, value: 3 }),
    textsOf({ max: 3, length: 3 }),
  ]
  fc.assert(
    fc.property(fc.anything(), (value) => {
      for (const read of readers) read(value)
    }),
  )
})
