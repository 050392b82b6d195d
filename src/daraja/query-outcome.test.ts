import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { HttpExchange } from './http-exchange.ts'
import { classifyQuery, type QueryResult } from './query-outcome.ts'
import { fixture } from './testing/stub-daraja.ts'

const ASKED = 'ws_CO_13012021093521236557'

function answer(status: number, body: string | object, retryAfterMs: number | null = null): HttpExchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {}
  return { kind: 'answered', status, retryAfterMs, text, json }
}

function result(changes: object) {
  return { ResponseCode: '0', CheckoutRequestID: ASKED, ResultCode: '0', ResultDesc: 'x', ...changes }
}

function error(errorCode: string, errorMessage: string) {
  return { requestId: '7071-4170-a0e4-8345632bad442144258', errorCode, errorMessage }
}

function word(query: QueryResult): string {
  return query.kind === 'verdict' ? `verdict ${query.resultCode}` : query.reason
}

const SPIKE_ARREST = {
  fault: { faultstring: 'x', detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' } },
}

const FINAL_CODES = [
  ...[
    '0',
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
  ],
  ...['2028', 'SFC_IC0003', '8006', '11', '15', '20', '21', '1031', '1101', '1102', '2008', '2026'],
]

test('every final code settles, as a string and, where it is one, as a number', () => {
  for (const code of FINAL_CODES) {
    assert.equal(word(classifyQuery(answer(200, result({ ResultCode: code })), ASKED)), `verdict ${code}`)
    if (!/^\d+$/.test(code)) continue
    const number = classifyQuery(answer(200, result({ ResultCode: Number(code) })), ASKED)
    assert.equal(word(number), `verdict ${code}`)
  }
})

test('every captured answer to a query has its outcome', () => {
  const captured: [number, string, string][] = [
    [200, 'query-paid.json', 'verdict 0'],
    [200, 'query-1037.json', 'verdict 1037'],
    [200, 'query-4999-in-flight.json', 'in_flight'],
    [500, 'query-500-being-processed.json', 'in_flight'],
    [429, 'query-429-spike-arrest.json', 'rate_limited'],
    [404, 'push-404-invalid-token.json', 'token'],
    [403, 'edge-403.html', 'no_answer'],
  ]
  for (const [status, name, expected] of captured) {
    assert.equal(word(classifyQuery(answer(status, fixture(name)), ASKED)), expected, name)
  }
})

test('every other answer keeps the payment open', () => {
  const table: [number, string | object, string][] = [
    [200, result({ ResultCode: '4999' }), 'in_flight'],
    [200, result({ ResultCode: 4999 }), 'in_flight'],
    [200, result({ ResultCode: '12345' }), 'unknown_code'],
    [200, result({ ResultCode: '00' }), 'unknown_code'],
    [200, result({ ResultCode: 'constructor' }), 'unknown_code'],
    [200, result({ ResultCode: null }), 'no_answer'],
    [200, result({ ResultCode: undefined }), 'no_answer'],
    [200, result({ ResponseCode: '1' }), 'no_answer'],
    [200, result({ CheckoutRequestID: 'ws_CO_other' }), 'mismatch'],
    [200, result({ CheckoutRequestID: null }), 'mismatch'],
    [200, '', 'no_answer'],
    [200, '[]', 'no_answer'],
    [200, '<html></html>', 'no_answer'],
    [302, '', 'no_answer'],
    [400, error('400.002.02', 'Bad Request - Invalid CheckoutRequestID'), 'too_early'],
    [400, error('400.002.02', 'Bad Request - Invalid BusinessShortCode'), 'no_answer'],
    [401, '', 'token'],
    [401, error('401.003.01', 'Invalid Access Token'), 'token'],
    [500, error('500.001.1001', 'The transaction is being processed'), 'in_flight'],
    [500, error('500.001.1001', 'The transaction does not Exist'), 'not_found'],
    [500, error('500.001.1001', 'Unable to process'), 'no_answer'],
    [500, error('500.003.02', 'System is busy'), 'rate_limited'],
    [500, error('500.003.03', 'Quota Violation'), 'rate_limited'],
    [500, SPIKE_ARREST, 'rate_limited'],
    [429, '', 'rate_limited'],
    [500, error('500.003.1001', 'Internal Server Error'), 'no_answer'],
    [502, '<html>Bad Gateway</html>', 'no_answer'],
  ]
  for (const [status, body, expected] of table) {
    assert.equal(
      word(classifyQuery(answer(status, body), ASKED)),
      expected,
      `${status} ${JSON.stringify(body)}`,
    )
  }
})

test('an answer without the id is taken for the one that was asked about', () => {
  const query = classifyQuery(answer(200, result({ CheckoutRequestID: undefined })), ASKED)
  assert.deepEqual(query, { kind: 'verdict', resultCode: '0', resultDesc: 'x' })
})

test('an error status never settles, whatever its body says', () => {
  for (const status of [302, 400, 404, 429, 500, 503]) {
    assert.equal(classifyQuery(answer(status, fixture('query-paid.json')), ASKED).kind, 'open')
  }
})

test('exchanges without an answer keep the payment open', () => {
  assert.equal(word(classifyQuery({ kind: 'not_connected', detail: 'x' }, ASKED)), 'no_answer')
  assert.equal(word(classifyQuery({ kind: 'no_answer', detail: 'x' }, ASKED)), 'no_answer')
})

test('an open answer carries its code and when to come back', () => {
  const limited = classifyQuery(answer(429, SPIKE_ARREST, 9_000), ASKED)
  assert.equal(limited.kind === 'open' && limited.retryAfterMs, 9_000)
  assert.equal(limited.kind === 'open' && limited.code, 'policies.ratelimit.SpikeArrestViolation')
  const unknown = classifyQuery(answer(200, result({ ResultCode: '12345' })), ASKED)
  assert.equal(unknown.kind === 'open' && unknown.code, '12345')
})

test('no answer whatever settles a payment without a final code, and none makes it throw', () => {
  const bodies = fc.oneof(fc.json(), fc.string())
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), bodies, (status, body) => {
      assert.equal(classifyQuery(answer(status, body), ASKED).kind, 'open')
    }),
  )
})
