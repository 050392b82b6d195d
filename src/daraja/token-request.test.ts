import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { createDarajaDispatcher } from './http-exchange.ts'
import { fixture, type StubReply, startStubDaraja, stubCredential } from './testing/stub-daraja.ts'
import { requestToken } from './token-request.ts'

/** Far beyond what an answer that comes takes. */
const TIMEOUTS = { connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000, totalMs: 10_000 }
/** For an answer that never comes. */
const SHORT_MS = 200
const TOKEN = 'c9SQxWWhmdVRlyh0zh8gZDTkubVF'

async function ask(reply: StubReply, totalMs = TIMEOUTS.totalMs) {
  await using stub = await startStubDaraja({ oauth: [reply] })
  const dispatcher = createDarajaDispatcher(TIMEOUTS)
  const deps = { dispatcher, clock: manualClock(0) }
  try {
    const answer = await requestToken(deps, stubCredential(stub.url), totalMs)
    return { answer, requests: stub.requests }
  } finally {
    await dispatcher.destroy()
  }
}

test('the request is the documented one', async () => {
  const { requests } = await ask({ status: 200, body: fixture('oauth-string.json') })
  const [request] = requests
  assert.equal(request?.method, 'GET')
  assert.equal(request?.path, '/oauth/v1/generate?grant_type=client_credentials')
  assert.equal(request?.headers.authorization, `Basic ${Buffer.from('key:secret').toString('base64')}`)
})

test('a life in seconds is read as a string and as a number', async () => {
  for (const name of ['oauth-string.json', 'oauth-number.json']) {
    const { answer } = await ask({ status: 200, body: fixture(name) })
    assert.deepEqual(answer, { kind: 'issued', accessToken: TOKEN, lifeMs: 3_599_000 }, name)
  }
})

test('a life that cannot be read is taken to be short, and an endless one is bounded', async () => {
  const cases: [unknown, number][] = [
    [undefined, 300_000],
    ['', 300_000],
    ['soon', 300_000],
    [0, 300_000],
    [-1, 300_000],
    [null, 300_000],
    [1e9, 86_400_000],
    ['60', 60_000],
  ]
  for (const [life, lifeMs] of cases) {
    const { answer } = await ask({ status: 200, body: { access_token: TOKEN, expires_in: life } })
    assert.equal(answer.kind === 'issued' && answer.lifeMs, lifeMs, `${life}`)
  }
})

test('wrong keys are told apart from a Daraja that does not work', async () => {
  const refusal = { errorCode: '400.008.01', errorMessage: 'Invalid Authentication passed' }
  const cases: [number, string | object, string][] = [
    [400, refusal, 'refused'],
    [400, '', 'refused'],
    [401, '', 'refused'],
    [400, { errorCode: '400.008.02', errorMessage: 'Invalid grant type passed' }, 'refused'],
    [403, fixture('edge-403.html'), 'unavailable'],
    [500, refusal, 'unavailable'],
    [503, '', 'unavailable'],
    [302, '', 'unavailable'],
    [200, '', 'unavailable'],
    [200, '<html></html>', 'unavailable'],
    [200, { access_token: '' }, 'unavailable'],
    [200, { access_token: 7 }, 'unavailable'],
    [200, { access_token: 'a\r\nX-Evil: 1' }, 'unavailable'],
    [200, { access_token: 'é' }, 'unavailable'],
  ]
  for (const [status, body, kind] of cases) {
    const { answer } = await ask({ status, body })
    assert.equal(answer.kind, kind, `${status} ${JSON.stringify(body)}`)
  }
})

test('a rate limit passes on when to come back', async () => {
  const { answer } = await ask({ status: 429, body: '', headers: { 'retry-after': '3' } })
  assert.deepEqual(answer, { kind: 'unavailable', detail: 'HTTP 429: empty body', retryAfterMs: 3_000 })
})

test('no answer is a Daraja that does not work', async () => {
  const silent = await ask(() => {}, SHORT_MS)
  assert.equal(silent.answer.kind, 'unavailable')
  const reset = await ask((_request, response) => response.destroy())
  assert.equal(reset.answer.kind, 'unavailable')
})
