import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { HttpExchange } from './http-exchange.ts'
import { classifyPush, type PushResult } from './push-outcome.ts'
import { fixture } from './testing/stub-daraja.ts'

function answer(status: number, body: string | object, retryAfterMs: number | null = null): HttpExchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {}
  return { kind: 'answered', status, retryAfterMs, text, json }
}

function error(errorCode: string, errorMessage: string) {
  return { requestId: '1c5b-4ba8-815c-ac45c57a3db01495926', errorCode, errorMessage }
}

/** The outcome in one word, or two where there are kinds of it. */
function verdict(result: PushResult): string {
  if (result.kind === 'refused') return `refused ${result.cause}`
  if (result.kind === 'not_processed') return `not_processed ${result.reason}`
  return result.kind
}

const INVALID_FIELDS = ['Amount', 'PhoneNumber', 'CallBackURL', 'Timestamp', 'BusinessShortCode']
const SPIKE_ARREST = {
  fault: { faultstring: 'x', detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' } },
}
const QUOTA_TEXT = { fault: { faultstring: 'Rate limit quota violation. Quota limit exceeded.' } }
const OTHER_FAULT = {
  fault: { faultstring: 'Gateway Timeout', detail: { errorcode: 'messaging.adaptors.http' } },
}
const LOCKED = 'Unable to lock subscriber, a transaction is already in process for the current subscriber'
const BUSY = 'System is busy. Please try again in few minutes.'

/** Status, body, outcome: every row of the table of refusals, and what lies beside it. */
const TABLE: [number, string | object, string][] = [
  ...INVALID_FIELDS.map((field): [number, object, string] => [
    400,
    error('400.002.02', `Bad Request - Invalid ${field}`),
    'refused invalid',
  ]),
  [400, error('400.002.05', 'Invalid Request Payload'), 'refused invalid'],
  [401, error('401.003.01', 'Error Occurred: Invalid Access Token'), 'not_processed token'],
  [401, error('401.003.01', 'no apiproduct match found'), 'not_processed token'],
  [401, '', 'not_processed token'],
  [401, '<html>Unauthorized</html>', 'not_processed token'],
  [404, error('404.001.03', 'Invalid Access Token'), 'not_processed token'],
  [404, error('404.001.01', 'Resource not found'), 'refused endpoint'],
  [405, error('405.001', 'Method Not Allowed'), 'refused endpoint'],
  [500, error('500.001.1001', 'Merchant does not exist'), 'refused credentials'],
  [500, error('500.001.1001', '[MerchantValidate] - Wrong credentials'), 'refused credentials'],
  [500, error('500.001.1001', LOCKED), 'refused subscriber_locked'],
  [400, error('500.001.1001', LOCKED), 'refused subscriber_locked'],
  [500, error('500.001.1001', 'Something else'), 'unknown'],
  [500, error('500.001.1001', ''), 'unknown'],
  [500, error('500.003.02', BUSY), 'not_processed busy'],
  [429, error('500.003.02', BUSY), 'not_processed busy'],
  [500, error('500.003.02', 'Error Occurred: Spike Arrest Violation'), 'not_processed rate_limited'],
  [429, error('500.003.02', 'Error Occurred: Spike Arrest Violation'), 'not_processed rate_limited'],
  [500, error('500.003.03', 'Error Occurred: Quota Violation'), 'not_processed rate_limited'],
  [429, error('policies.ratelimit.SpikeArrestViolation', ''), 'not_processed rate_limited'],
  [429, SPIKE_ARREST, 'not_processed rate_limited'],
  [500, SPIKE_ARREST, 'not_processed rate_limited'],
  [503, SPIKE_ARREST, 'not_processed rate_limited'],
  [500, QUOTA_TEXT, 'not_processed rate_limited'],
  [429, '', 'not_processed rate_limited'],
  [500, error('500.003.1001', 'Internal Server Error'), 'unknown'],
  [429, error('500.003.1001', 'Internal Server Error'), 'unknown'],
  [500, '', 'unknown'],
  [500, '<html>Internal Server Error</html>', 'unknown'],
  [500, OTHER_FAULT, 'unknown'],
  [502, '<html>Bad Gateway</html>', 'unknown'],
  [503, error('500.003.02', BUSY), 'unknown'],
  [503, error('400.002.02', 'Bad Request - Invalid Amount'), 'unknown'],
  [504, OTHER_FAULT, 'unknown'],
  [400, '<html>Bad Request</html>', 'unknown'],
  [400, error('999.9', 'what'), 'unknown'],
  [400, { errorCode: { a: 1 } }, 'unknown'],
  [404, '', 'unknown'],
  [302, error('400.002.02', 'Bad Request - Invalid Amount'), 'unknown'],
  [403, error('toString', 'x'), 'unknown'],
]

test('every row of the table of refusals has its outcome', () => {
  for (const [status, body, expected] of TABLE) {
    const what = `${status} ${JSON.stringify(body)}`
    assert.equal(verdict(classifyPush(answer(status, body))), expected, what)
  }
})

test('every captured answer to a push has its outcome', () => {
  const captured: [number, string, string][] = [
    [200, 'push-accepted.json', 'accepted'],
    [400, 'push-400-invalid-amount.json', 'refused invalid'],
    [404, 'push-404-invalid-token.json', 'not_processed token'],
    [500, 'push-500-subscriber-locked.json', 'refused subscriber_locked'],
    [500, 'push-500-wrong-credentials.json', 'refused credentials'],
    [429, 'query-429-spike-arrest.json', 'not_processed rate_limited'],
    [403, 'edge-403.html', 'unknown'],
  ]
  for (const [status, name, expected] of captured) {
    assert.equal(verdict(classifyPush(answer(status, fixture(name)))), expected, name)
  }
})

test('an accepted push carries its ids and texts', () => {
  assert.deepEqual(classifyPush(answer(200, fixture('push-accepted.json'))), {
    kind: 'accepted',
    merchantRequestId: '2654-4b64-97ff-b827b542881d3130',
    checkoutRequestId: 'ws_CO_1007202409152617172396192',
    responseCode: '0',
    responseDescription: 'Success. Request accepted for processing',
    customerMessage: 'Success. Request accepted for processing',
  })
})

test('a refused push carries the code and text of Daraja', () => {
  assert.deepEqual(classifyPush(answer(400, fixture('push-400-invalid-amount.json'))), {
    kind: 'refused',
    errorCode: '400.002.02',
    errorMessage: 'Bad Request - Invalid Amount',
    httpStatus: 400,
    cause: 'invalid',
  })
})

const ACCEPTED = { MerchantRequestID: '1-2-3', CheckoutRequestID: 'ws_CO_1', ResponseCode: '0' }

test('a ResponseCode may be a number', () => {
  assert.equal(classifyPush(answer(200, { ...ACCEPTED, ResponseCode: 0 })).kind, 'accepted')
  const refused = classifyPush(answer(200, { ResponseCode: 1, ResponseDescription: 'Rejected' }))
  assert.equal(verdict(refused), 'refused response_code')
})

test('a ResponseCode other than 0 refuses under a code that no payment ends with', () => {
  for (const code of ['1', 1, '1032', '1001', '0001', 'SFC_IC0003', '500.001.1001']) {
    const outcome = classifyPush(answer(200, { ResponseCode: code, ResponseDescription: 'Rejected' }))
    assert.deepEqual(outcome, {
      kind: 'refused',
      errorCode: 'push_rejected',
      errorMessage: `ResponseCode ${code}: Rejected`,
      httpStatus: 200,
      cause: 'response_code',
    })
  }
  const bare = classifyPush(answer(200, { ResponseCode: '1' }))
  assert.equal(bare.kind === 'refused' && bare.errorMessage, 'ResponseCode 1')
})

test('a ResponseCode other than 0 with a CheckoutRequestID beside it refuses nothing', () => {
  for (const code of ['1', 1, '1032']) {
    for (const MerchantRequestID of ['1-2-3', undefined]) {
      const outcome = classifyPush(answer(200, { ...ACCEPTED, MerchantRequestID, ResponseCode: code }))
      assert.equal(outcome.kind, 'unknown', 'a prompt may be out')
    }
  }
  const unusable = { ...ACCEPTED, ResponseCode: '1', CheckoutRequestID: '' }
  assert.equal(verdict(classifyPush(answer(200, unusable))), 'refused response_code')
})

test('a zero in another form is neither acceptance nor refusal', () => {
  for (const code of ['00', '0.0', '-0']) {
    assert.equal(classifyPush(answer(200, { ...ACCEPTED, ResponseCode: code })).kind, 'unknown')
    assert.equal(classifyPush(answer(200, { ResponseCode: code })).kind, 'unknown')
  }
})

test('a success without usable ids is unknown, not accepted', () => {
  const ids = [undefined, null, '', 7, {}, 'a b', 'a\u0000b', 'é', 'x'.repeat(129)]
  for (const id of ids) {
    assert.equal(classifyPush(answer(200, { ...ACCEPTED, MerchantRequestID: id })).kind, 'unknown')
    assert.equal(classifyPush(answer(200, { ...ACCEPTED, CheckoutRequestID: id })).kind, 'unknown')
  }
})

test('a success that says nothing is unknown', () => {
  const bodies = ['', 'OK', '<html></html>', '[]', 'null', '0', '{}', error('400.002.02', 'x'), SPIKE_ARREST]
  for (const body of bodies)
    assert.equal(classifyPush(answer(200, body)).kind, 'unknown', JSON.stringify(body))
  for (const code of ['', ' ', null, true, 0.5, {}, ['0']]) {
    assert.equal(classifyPush(answer(200, { ...ACCEPTED, ResponseCode: code })).kind, 'unknown')
  }
})

test('exchanges without an answer are told apart by what may have left', () => {
  assert.equal(verdict(classifyPush({ kind: 'withheld' })), 'not_processed expired')
  assert.equal(verdict(classifyPush({ kind: 'not_connected', detail: 'x' })), 'not_processed not_connected')
  assert.equal(verdict(classifyPush({ kind: 'no_answer', detail: 'x' })), 'unknown')
})

test('a rate limit passes on when to come back', () => {
  const limited = classifyPush(answer(429, SPIKE_ARREST, 12_000))
  assert.equal(limited.kind === 'not_processed' && limited.retryAfterMs, 12_000)
})

test('details can be stored and hold no phone number', () => {
  const result = classifyPush(answer(502, '<html>\u0000 254712345678 \ud800</html>'))
  assert.deepEqual(result, { kind: 'unknown', detail: 'HTTP 502: <html>  [digits] \ufffd</html>' })
})

test('no answer whatever is taken for a success without both ids, and none makes it throw', () => {
  const bodies = fc.oneof(
    fc.json(),
    fc.string(),
    fc.object().map((value) => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), bodies, (status, body) => {
      assert.notEqual(classifyPush(answer(status, body)).kind, 'accepted')
    }),
  )
})
