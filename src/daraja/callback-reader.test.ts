import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCallback, type StkCallback } from './callback-reader.ts'
import { fixture } from './testing/stub-daraja.ts'

function read(body: unknown): StkCallback {
  const reading = readCallback(body)
  if (reading.kind !== 'callback') return assert.fail(reading.detail)
  return reading.callback
}

function paid(items: unknown, changes: object = {}) {
  const stkCallback = {
    MerchantRequestID: '29115-34620561-1',
    CheckoutRequestID: 'ws_CO_191220191020363925',
    ResultCode: 0,
    ResultDesc: 'ok',
    CallbackMetadata: { Item: items },
    ...changes,
  }
  return { Body: { stkCallback } }
}

const UNREADABLE = { amountKes: null, receipt: null, transactionDate: null, phone: null }

test('a captured payment is read whole, with and without a balance', () => {
  assert.deepEqual(read(JSON.parse(fixture('callback-paid.json'))), {
    merchantRequestId: '29115-34620561-1',
    checkoutRequestId: 'ws_CO_191220191020363925',
    resultCode: '0',
    resultDesc: 'The service request is processed successfully.',
    amountKes: 1,
    receipt: 'NLJ7RT61SV',
    transactionDate: new Date('2019-12-19T07:21:15Z'),
    phone: '254708374149',
  })
  const withoutBalance = read(JSON.parse(fixture('callback-paid-no-balance.json')))
  assert.equal(withoutBalance.receipt, 'SGF123ABC4')
  assert.equal(withoutBalance.amountKes, 1)
})

test('a captured failure has a code and no metadata', () => {
  const cancelled = read(JSON.parse(fixture('callback-cancelled.json')))
  assert.equal(cancelled.resultCode, '1032')
  assert.equal(cancelled.resultDesc, 'Request cancelled by user')
  assert.equal(cancelled.receipt, null)
  const old = read(JSON.parse(fixture('callback-failed-old-prefix.json')))
  assert.equal(old.resultCode, '1032')
  assert.equal(old.resultDesc, '[STK_CB - ]Request cancelled by user')
})

test('items are read by name, in any order, as numbers or strings', () => {
  const callback = read(
    paid([
      { Name: 'PhoneNumber', Value: '2547*****149' },
      { Name: 'Something new', Value: { a: 1 } },
      { Value: 5, Name: 'Balance' },
      { Name: 'TransactionDate', Value: '20191219102115' },
      { Name: 'MpesaReceiptNumber', Value: ' NLJ7RT61SV ' },
      { Name: 'Amount', Value: '1500.50' },
    ]),
  )
  assert.equal(callback.amountKes, 1500.5)
  assert.equal(callback.receipt, 'NLJ7RT61SV')
  assert.equal(callback.phone, '2547*****149')
  assert.equal(callback.transactionDate?.toISOString(), '2019-12-19T07:21:15.000Z')
})

test('a result code may be a string, and is kept as one', () => {
  assert.equal(read(paid([], { ResultCode: '1037' })).resultCode, '1037')
  assert.equal(read(paid([], { ResultCode: 'SFC_IC0003' })).resultCode, 'SFC_IC0003')
})

test('an item said twice in the same way is read, in two ways it is not', () => {
  const receipt = { Name: 'MpesaReceiptNumber', Value: 'NLJ7RT61SV' }
  assert.equal(read(paid([receipt, receipt])).receipt, 'NLJ7RT61SV')
  const other = { Name: 'MpesaReceiptNumber', Value: 'XXXXXXXXXX' }
  assert.equal(read(paid([receipt, other])).receipt, null)
  assert.equal(read(paid([receipt, other, receipt])).receipt, null)
})

test('what has no callback in it is not one', () => {
  const bodies = [
    ...[undefined, null, 0, '', 'text', [], {}, { Body: null }, { Body: {} }, { Body: { stkCallback: [] } }],
    ...[{ stkCallback: { ResultCode: 0 } }, { Body: { stkCallback: {} } }],
    ...[null, true, 1.5, Infinity, '', {}, [0], 'a b', 'x'.repeat(65), '1\u0000'].map((code) =>
      paid([], { ResultCode: code }),
    ),
  ]
  for (const body of bodies) assert.equal(readCallback(body).kind, 'not_a_callback', JSON.stringify(body))
})

test('fields of the wrong kind are null, and the rest is read', () => {
  const hostile = ['', {}, [], true, null, Infinity, 'x'.repeat(70_000), 'a\u0000b', '\ud800', 'é', ' ']
  for (const value of hostile) {
    const items = ['Amount', 'MpesaReceiptNumber', 'TransactionDate', 'PhoneNumber'].map((name) => ({
      Name: name,
      Value: value,
    }))
    const callback = read(paid(items, { MerchantRequestID: value, CheckoutRequestID: value }))
    const expected = { merchantRequestId: null, checkoutRequestId: null, ...UNREADABLE }
    assert.deepEqual({ ...callback, ...expected }, callback, JSON.stringify(value).slice(0, 40))
    assert.equal(callback.resultCode, '0')
  }
})

test('metadata of any shape is no reason to lose the callback', () => {
  for (const metadata of [
    null,
    'x',
    [],
    { Item: null },
    { Item: { Name: 'Amount', Value: 1 } },
    { Item: [null] },
  ]) {
    const callback = read(paid([], { CallbackMetadata: metadata }))
    assert.deepEqual({ ...callback, ...UNREADABLE }, callback)
  }
})

test('an amount is read as it was said', () => {
  const cases: [unknown, number | null][] = [
    [-0, 0],
    [-5, -5],
    [0.5, 0.5],
    [1e9, 1e9],
    [1e9 + 1, null],
    ['1.234', null],
    ['0x10', null],
    ['1e3', null],
  ]
  for (const [value, expected] of cases) {
    const amountKes = read(paid([{ Name: 'Amount', Value: value }])).amountKes
    assert.ok(Object.is(amountKes, expected), `${value}`)
  }
})

test('a description is cut and cleaned so that it can be stored', () => {
  const callback = read(paid([], { ResultDesc: `a\u0000b\ud800${'x'.repeat(70_000)}` }))
  assert.ok(callback.resultDesc.startsWith('a b\ufffdxxx'))
  assert.equal(callback.resultDesc.length, 300)
})

test('a long list of items is read to a limit', () => {
  const filler = Array.from({ length: 60 }, (_, index) => ({ Name: `n${index}`, Value: index }))
  assert.equal(read(paid([...filler, { Name: 'Amount', Value: 1 }])).amountKes, null)
})

/** JSON of any shape, with the names that the reader looks for in likely places. */
const ANY_VALUE = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', 'a\u0000', '__proto__'),
)
const ANY_ITEM = fc.record(
  {
    Name: fc.constantFrom('Amount', 'MpesaReceiptNumber', 'TransactionDate', 'PhoneNumber'),
    Value: ANY_VALUE,
  },
  { requiredKeys: [] },
)
const ANY_CALLBACK = fc.record(
  {
    ResultCode: fc.oneof(fc.integer(), ANY_VALUE),
    ResultDesc: ANY_VALUE,
    MerchantRequestID: ANY_VALUE,
    CheckoutRequestID: ANY_VALUE,
    CallbackMetadata: fc.oneof(ANY_VALUE, fc.record({ Item: fc.array(fc.oneof(ANY_ITEM, ANY_VALUE)) })),
  },
  { requiredKeys: [] },
)

test('no JSON makes the reader throw, and nothing it reads is refused by a database', () => {
  const bodies = fc.oneof(ANY_VALUE, fc.record({ Body: fc.record({ stkCallback: ANY_CALLBACK }) }))
  fc.assert(
    fc.property(bodies, (body) => {
      const reading = readCallback(body)
      if (reading.kind !== 'callback') return
      for (const value of Object.values(reading.callback)) {
        if (typeof value === 'number') assert.ok(Number.isFinite(value))
        if (typeof value !== 'string') continue
        assert.ok(value.isWellFormed() && !value.includes('\u0000') && value.length <= 300)
      }
    }),
    { numRuns: 2_000 },
  )
})
