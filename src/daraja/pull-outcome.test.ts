import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpExchange } from './http-exchange.ts'
import { classifyPull } from './pull-outcome.ts'
import { mayBePhone, readAmount, readStatementPhone, readStatementTime } from './statement.ts'

/** A row as Safaricom's documentation shows it. */
const ROW = {
  transactionId: 'yMIuNCDG00',
  trxDate: '2020-08-05T10:13:00Z',
  msisdn: 254722000000,
  sender: 'UAT2',
  transactiontype: 'c2b-pay-bill-debit',
  billreference: '37207636392',
  amount: '168.00',
  organizationname: 'Daraja Pull API Test',
}

function answered(body: unknown, status = 200): HttpExchange {
  return { kind: 'answered', status, retryAfterMs: null, text: JSON.stringify(body), json: body }
}

const success = (response: unknown, more: object = {}) =>
  answered({ ResponseRefID: '26178-42530161-2', ResponseCode: '1000', Response: response, ...more })

test('a page is read whether its rows lie in one list or in two', () => {
  for (const response of [[ROW], [[ROW]]]) {
    const page = classifyPull(success(response, { TotalPages: 3 }))
    assert.deepEqual(page, {
      kind: 'page',
      rows: [
        {
          receipt: 'YMIUNCDG00',
          at: {
            asUtcMs: Date.parse('2020-08-05T10:13:00Z'),
            asEatMs: Date.parse('2020-08-05T07:13:00Z'),
          },
          phone: { kind: 'full', phone: '254722000000' },
          amountKes: 168,
          reference: '37207636392',
        },
      ],
      unreadable: 0,
      totalPages: 3,
    })
  }
})

test('rows that cannot be read are counted, not taken', () => {
  const broken = [
    { ...ROW, transactionId: 7 },
    { ...ROW, trxDate: '2020-02-31T10:13:00Z' },
    { ...ROW, amount: '-168.00' },
    { ...ROW, amount: null },
    null,
    'row',
  ]
  const page = classifyPull(success([[ROW, ...broken]]))
  assert.ok(page.kind === 'page')
  assert.deepEqual([page.rows.length, page.unreadable], [1, broken.length])
})

test('what is no page is none, whatever its HTTP status', () => {
  const cases: [string, HttpExchange][] = [
    ['none', answered({ ResponseCode: '1001', ResponseMessage: 'No records found' })],
    ['refused', answered({ ResponseCode: '500.003.02', ResponseMessage: 'Internal server error' })],
    ['garbled', success({ rows: [ROW] })],
    ['garbled', success(null)],
    ['no_answer', answered({ Response: [[ROW]] })],
    ['no_answer', answered('<html>')],
    ['no_answer', { kind: 'no_answer', detail: 'reset' }],
    ['token', answered({ errorCode: '404.001.03', errorMessage: 'Invalid Access Token' }, 404)],
    ['rate_limited', answered({}, 429)],
    ['refused', answered({ errorCode: '404.001.01', errorMessage: 'Resource not found' }, 404)],
  ]
  for (const [expected, exchange] of cases) {
    const page = classifyPull(exchange)
    assert.equal(page.kind === 'failed' ? page.reason : page.kind, expected, JSON.stringify(exchange))
  }
})

test('times are read in every form, and a Z leaves its zone open', () => {
  const noon = Date.parse('2026-03-21T09:00:00Z')
  for (const text of ['2026-03-21 12:00:00', '20260321120000', '2026-03-21T12:00:00+03:00']) {
    assert.deepEqual(readStatementTime(text), { asUtcMs: noon, asEatMs: noon }, text)
  }
  const open = readStatementTime('2026-03-21T12:00:00.000Z')
  assert.deepEqual(open, { asUtcMs: noon + 3 * 3_600_000, asEatMs: noon })
  for (const text of ['21/03/2026 12:00', '2026-13-01 00:00:00', '', null]) {
    assert.equal(readStatementTime(text), null, String(text))
  }
})

test('amounts are shillings with or without separators, and nothing else', () => {
  const cases = { '168.00': 168, '1,500': 1500, '1500.50': 1500.5, '1 500': null, '-1': null, x: null }
  for (const [text, expected] of Object.entries(cases)) assert.equal(readAmount(text), expected, text)
})

test('a masked phone rules out the numbers that it does not fit, a hidden one none', () => {
  const phone = '254712340111'
  const cases: [string, boolean][] = [
    ['254712340111', true],
    ['0712340111', true],
    ['254712340112', false],
    ['2547****0111', true],
    ['0712****111', true],
    ['2547****0112', false],
    ['0713****111', false],
    ['25470 ******* 111', false],
    ['9f86d081884c7d659a2feaa0c55ad015', true],
    ['', true],
    ['72200000', true],
  ]
  const read = readStatementPhone(phone)
  assert.ok(read.kind === 'full')
  for (const [text, expected] of cases) {
    assert.equal(mayBePhone(readStatementPhone(text), read.phone), expected, text)
  }
})
