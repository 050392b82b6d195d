import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readFields } from './field-reader.ts'
import { type FieldErrors, HttpError } from './http-error.ts'

function faultsOf(read: () => unknown): FieldErrors {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof HttpError && error.code === 'invalid')
    return error.fields ?? {}
  }
  return {}
}

function amountFault(amount: unknown, digits = false): string[] {
  const faults = faultsOf(() => {
    const fields = readFields({ amount })
    fields.amountKes('amount', { digits })
    fields.check()
  })
  return faults.amount ?? []
}

test('an amount is whole shillings from 1 to 250,000', () => {
  for (const amount of [1, 100, 250_000, 1e5]) assert.deepEqual(amountFault(amount), [])
  const wrong = [
    0,
    -1,
    0.5,
    1.01,
    250_001,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    '100',
    '',
    null,
    undefined,
    true,
    [1],
    { a: 1 },
  ]
  for (const amount of wrong) assert.equal(amountFault(amount).length, 1, String(amount))
})

test('where digits are taken, a string of them is an amount and nothing else is', () => {
  assert.deepEqual(amountFault('1500', true), [])
  for (const amount of ['0', '1.5', '1e3', '-1', ' 5', '0x10', '250001', '9'.repeat(400), '']) {
    assert.equal(amountFault(amount, true).length, 1, amount.slice(0, 20))
  }
})

test('every field at fault is named, with what would be right', () => {
  const faults = faultsOf(() => {
    const fields = readFields({ phone: '123', reference: 'x'.repeat(13) })
    fields.phone('phone')
    fields.amountKes('amount')
    fields.text('reference', { max: 12 })
    fields.text('missing', { max: 12 })
    fields.check()
  })
  assert.deepEqual(Object.keys(faults).sort(), ['amount', 'missing', 'phone', 'reference'])
  assert.match(String(faults.phone), /0712345678/)
  assert.match(String(faults.reference), /at most 12/)
})

test('texts that neither a phone nor PostgreSQL can hold are refused', () => {
  for (const reference of ['a\u0000b', 'a\nb', '\ud800', 'a\u009f', '   ', 7, ['x'], { a: 1 }]) {
    const faults = faultsOf(() => {
      const fields = readFields({ reference })
      fields.text('reference', { max: 12 })
      fields.check()
    })
    assert.equal(faults.reference?.length, 1, JSON.stringify(reference))
  }
})

test('a body of any other shape is malformed', () => {
  for (const body of [null, undefined, 1, 'x', [], [1], true]) {
    assert.throws(() => readFields(body), { code: 'malformed_body' })
  }
})

test('no body makes the reader fail in any other way', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), (body) => {
      try {
        const fields = readFields(body)
        const names = [...Object.keys(body), 'amount', '__proto__', 'constructor']
        for (const name of names) {
          fields.text(name, { max: 12 })
          fields.amountKes(name, { digits: true })
          fields.phone(name)
        }
        fields.check()
      } catch (error) {
        assert.ok(error instanceof HttpError, String(error))
      }
    }),
  )
})
