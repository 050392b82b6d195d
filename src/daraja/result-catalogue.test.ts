import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeResult, isFinalByQuery } from './result-catalogue.ts'

const FAILURES = [
  ...[
    '1',
    '2',
    '3',
    '4',
    '8',
    '17',
    '26',
    '1001',
    '1019',
    '1025',
    '9999',
    '1032',
    '1036',
    '1037',
    '2001',
    '2028',
  ],
  ...['SFC_IC0003', '8006', '11', '15', '20', '21', '1031', '1101', '1102', '2008', '2026'],
]
const REFUSALS = [
  ...['400.002.02', '401.003.01', '404.001.03', '404.001.01', '405.001', '500.001.1001', '500.003.02'],
  ...['500.003.03', 'policies.ratelimit.SpikeArrestViolation', 'not_sent', 'push_rejected'],
]

test('the labels that merchants were promised', () => {
  const promised: [string, string][] = [
    ['0', 'Success'],
    ['1', 'Insufficient Balance'],
    ['1032', 'Cancelled by User'],
    ['1037', 'Timed Out'],
    ['1019', 'Transaction Expired'],
  ]
  for (const [code, label] of promised) assert.equal(describeResult(code).label, label)
  for (const code of REFUSALS) assert.equal(describeResult(code).label, 'Rejected', code)
})

test('every code says what happened and what to do next, in two languages', () => {
  for (const code of ['0', ...FAILURES, ...REFUSALS, '4999', '500.003.1001', '777']) {
    const described = describeResult(code)
    assert.equal(described.code, code)
    assert.match(described.label, /^[A-Z]/)
    assert.match(described.message.en, /^[A-Z].*\.$/, code)
    assert.match(described.message.sw, /^[A-Z].*\.$/, code)
    assert.notEqual(described.message.en, described.message.sw)
    assert.equal(described.retryable, described.retry !== 'no')
  }
})

test('another try is offered where the table of codes allows it, and nowhere else', () => {
  const hopeless = ['2', '3', '8', '2028', 'SFC_IC0003', '8006']
  for (const code of FAILURES) assert.equal(describeResult(code).retryable, !hopeless.includes(code), code)
  for (const code of ['0', '4999', '500.003.1001', '400.002.02', '777']) {
    assert.equal(describeResult(code).retryable, false, code)
  }
})

test('a query settles by the listed codes only', () => {
  for (const code of ['0', ...FAILURES]) assert.equal(isFinalByQuery(code), true, code)
  const open = ['4999', '', '00', '777', '500.001.1001', 'not_sent', 'toString', '__proto__', 'constructor']
  for (const code of open) assert.equal(isFinalByQuery(code), false, code)
})

test('the refusals that share 500.001.1001 are told apart by their texts', () => {
  const locked = describeResult(
    '500.001.1001',
    'Unable to lock subscriber, a transaction is already in process',
  )
  assert.match(locked.message.en, /Another M-Pesa transaction is open/)
  assert.equal(locked.retryable, true)
  const credentials = describeResult('500.001.1001', '[MerchantValidate] - Wrong credentials')
  assert.match(credentials.message.en, /Tell the business/)
  assert.equal(credentials.retryable, false)
  assert.match(describeResult('500.001.1001').message.en, /did not accept/)
})

test('a code with the name of an object property is a code like any unknown one', () => {
  for (const code of ['toString', '__proto__', 'constructor', 'hasOwnProperty']) {
    assert.equal(describeResult(code).label, 'Failed')
  }
})

test('a customer is told to check what is the customer’s, and to tell the business of all else', () => {
  const told = (field: string) => describeResult('400.002.02', `Bad Request - Invalid ${field}`)
  for (const field of ['Amount', 'PhoneNumber', 'PartyA']) {
    assert.match(told(field).message.en, /Check the phone number and the amount/, field)
    assert.match(told(field).message.sw, /nambari ya simu na kiasi/, field)
  }
  for (const field of ['CallBackURL', 'Timestamp', 'BusinessShortCode', 'PartyB', 'Request Body', '']) {
    const { message, label, retryable } = told(field)
    assert.match(message.en, /business's M-Pesa set-up.* Tell the business/, field)
    assert.match(message.sw, /Ijulishe biashara/, field)
    assert.deepEqual([label, retryable], ['Rejected', false])
  }
})
