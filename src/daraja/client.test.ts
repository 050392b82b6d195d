import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { silentLogger } from '../log.ts'
import { createDarajaClient, type DarajaClient, type PushRequest } from './client.ts'
import type { DarajaTimeouts } from './http-exchange.ts'
import { DEFAULT_TIMEOUTS } from './http-exchange.ts'
import { createMemoryTokenStore } from './testing/memory-token-store.ts'
import { fixture, listen, type StubDaraja, startStubDaraja, stubCredential } from './testing/stub-daraja.ts'
import type { TokenStore } from './token.ts'

/** Far beyond what an answer that comes takes. */
const TIMEOUTS: DarajaTimeouts = { connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000, totalMs: 10_000 }
/** For an answer that never comes. */
const SHORT_MS = 200
/** 09:24:08 in East Africa. */
const NOW_MS = Date.UTC(2021, 5, 28, 6, 24, 8)
const PUSH_PATH = '/mpesa/stkpush/v1/processrequest'
const REQUEST: PushRequest = {
  amountKes: 1500,
  phone: '254722000000',
  accountReference: 'INV-1',
  transactionDesc: 'Payment',
  callbackUrl: 'https://pay.example.com/hooks/stk-push/abc',
}

const ACCEPTED = { status: 200, body: fixture('push-accepted.json') }
const INVALID_TOKEN = { status: 404, body: fixture('push-404-invalid-token.json') }
const CHECKOUT_ID = 'ws_CO_13012021093521236557'

function createClient(tokenStore: TokenStore = createMemoryTokenStore(), timeouts = TIMEOUTS) {
  const client = createDarajaClient(
    { clock: manualClock(NOW_MS), log: silentLogger, tokenStore },
    { timeouts },
  )
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() })
}

function push(client: DarajaClient, stub: Pick<StubDaraja, 'url'>, beforeSend?: () => boolean) {
  return client.push(stubCredential(stub.url), REQUEST, beforeSend === undefined ? {} : { beforeSend })
}

test('a push of a paybill is the documented request', async () => {
  await using stub = await startStubDaraja({ push: [ACCEPTED] })
  await using client = createClient()
  const outcome = await push(client, stub)
  assert.equal(outcome.kind, 'accepted')
  assert.ok(outcome.durationMs > 0)
  const request = stub.requests.find(({ path }) => path === PUSH_PATH)
  assert.equal(request?.method, 'POST')
  assert.equal(request?.headers.authorization, 'Bearer token-1')
  assert.equal(request?.headers['content-type'], 'application/json')
  assert.deepEqual(stub.bodiesOf(PUSH_PATH), [
    {
      BusinessShortCode: '174379',
      Password: Buffer.from('174379passkey20210628092408').toString('base64'),
      Timestamp: '20210628092408',
      TransactionType: 'CustomerPayBillOnline',
      Amount: 1500,
      PartyA: '254722000000',
      PartyB: '174379',
      PhoneNumber: '254722000000',
      CallBackURL: 'https://pay.example.com/hooks/stk-push/abc',
      AccountReference: 'INV-1',
      TransactionDesc: 'Payment',
    },
  ])
})

test('a push of a till names the store and the till', async () => {
  await using stub = await startStubDaraja({ push: [ACCEPTED] })
  await using client = createClient()
  const till = { kind: 'till' as const, businessShortCode: '600100', partyB: '900200' }
  await client.push(stubCredential(stub.url, till), REQUEST)
  const [body] = stub.bodiesOf(PUSH_PATH)
  assert.equal(body?.TransactionType, 'CustomerBuyGoodsOnline')
  assert.equal(body?.BusinessShortCode, '600100')
  assert.equal(body?.PartyB, '900200')
})

test('a query is the documented request', async () => {
  await using stub = await startStubDaraja({ query: [{ status: 200, body: fixture('query-paid.json') }] })
  await using client = createClient()
  const outcome = await client.query(stubCredential(stub.url), CHECKOUT_ID)
  assert.equal(outcome.kind === 'verdict' && outcome.resultCode, '0')
  assert.deepEqual(stub.bodiesOf('/mpesa/stkpushquery/v1/query'), [
    {
      BusinessShortCode: '174379',
      Password: Buffer.from('174379passkey20210628092408').toString('base64'),
      Timestamp: '20210628092408',
      CheckoutRequestID: CHECKOUT_ID,
    },
  ])
})

test('a token that Daraja no longer knows is renewed once and the push sent once more', async () => {
  for (const refusal of [INVALID_TOKEN, { status: 401, body: '' }]) {
    await using stub = await startStubDaraja({ push: [ACCEPTED, refusal, ACCEPTED] })
    await using client = createClient()
    assert.equal((await push(client, stub)).kind, 'accepted')
    assert.equal((await push(client, stub)).kind, 'accepted')
    assert.equal(stub.count('/oauth/'), 2)
    const bearers = stub.requests
      .filter(({ path }) => path === PUSH_PATH)
      .map((each) => each.headers.authorization)
    assert.deepEqual(bearers, ['Bearer token-1', 'Bearer token-1', 'Bearer token-2'])
  }
})

test('a push whose second token is refused as well was not processed', async () => {
  await using stub = await startStubDaraja({ push: [INVALID_TOKEN] })
  await using client = createClient()
  const outcome = await push(client, stub)
  assert.equal(outcome.kind === 'not_processed' && outcome.reason, 'token')
  assert.equal(stub.count('/stkpush/'), 2)
})

test('a push is not sent again when the renewal took the time that it needs', async (t) => {
  const issue = (token: string) => JSON.stringify({ access_token: token, expires_in: 3599 })
  // A second try needs a quarter of the 40 s, which pass as the test says.
  for (const [renewalMs, kind, pushes] of [
    [30_000, 'accepted', 2],
    [30_001, 'not_processed', 1],
  ] as const) {
    let nowMs = 0
    const clock = t.mock.method(performance, 'now', () => nowMs)
    await using stub = await startStubDaraja({
      oauth: [
        { status: 200, body: issue('one') },
        (_request, response) => {
          nowMs += renewalMs
          response.end(issue('two'))
        },
      ],
      push: [INVALID_TOKEN, ACCEPTED],
    })
    await using client = createClient(undefined, DEFAULT_TIMEOUTS)
    const outcome = await push(client, stub)
    clock.mock.restore()
    assert.equal(outcome.kind, kind)
    if (outcome.kind === 'not_processed') assert.equal(outcome.reason, 'token')
    assert.equal(stub.count('/stkpush/'), pushes)
  }
})

test('a query renews a refused token too', async () => {
  const paid = { status: 200, body: fixture('query-paid.json') }
  await using stub = await startStubDaraja({ query: [INVALID_TOKEN, paid] })
  await using client = createClient()
  assert.equal((await client.query(stubCredential(stub.url), CHECKOUT_ID)).kind, 'verdict')
  assert.equal(stub.count('/oauth/'), 2)
})

test('two processes over one store ask for one token', async () => {
  await using stub = await startStubDaraja({ push: [ACCEPTED] })
  const store = createMemoryTokenStore()
  await using one = createClient(store)
  await using two = createClient(store)
  const outcomes = await Promise.all([one, two, one, two].map((client) => push(client, stub)))
  assert.ok(outcomes.every(({ kind }) => kind === 'accepted'))
  assert.equal(stub.count('/oauth/'), 1)
})

test('without a token nothing is sent, and wrong keys are told apart', async () => {
  const cases: [number, string, string][] = [
    [400, '', 'credentials'],
    [401, '', 'credentials'],
    [503, '<html></html>', 'token'],
  ]
  for (const [status, body, reason] of cases) {
    await using stub = await startStubDaraja({ oauth: [{ status, body }], push: [ACCEPTED] })
    await using client = createClient()
    const outcome = await push(client, stub)
    assert.equal(outcome.kind === 'not_processed' && outcome.reason, reason)
    const query = await client.query(stubCredential(stub.url), CHECKOUT_ID)
    assert.equal(query.kind === 'open' && query.reason, 'token')
    assert.equal(stub.count('/mpesa/'), 0)
  }
})

test('a token store that fails means that nothing was sent', async () => {
  await using stub = await startStubDaraja({ push: [ACCEPTED] })
  const store = createMemoryTokenStore()
  store.read = () => Promise.reject(new Error('database away'))
  await using client = createClient(store)
  const outcome = await push(client, stub)
  assert.equal(outcome.kind === 'not_processed' && outcome.reason, 'token')
  assert.equal(stub.requests.length, 0)
})

test('a push that expired while its token was fetched is not sent', async () => {
  await using stub = await startStubDaraja({ push: [ACCEPTED] })
  await using client = createClient()
  const outcome = await push(client, stub, () => {
    assert.equal(stub.count('/oauth/'), 1, 'asked with the token in hand')
    return false
  })
  assert.equal(outcome.kind === 'not_processed' && outcome.reason, 'expired')
  assert.equal(stub.count('/stkpush/'), 0)
})

test('a push that expired while its token was renewed is not sent again', async () => {
  await using stub = await startStubDaraja({ push: [INVALID_TOKEN, ACCEPTED] })
  await using client = createClient()
  let looks = 0
  const outcome = await push(client, stub, () => {
    looks += 1
    return looks === 1
  })
  assert.equal(outcome.kind === 'not_processed' && outcome.reason, 'expired')
  assert.equal(looks, 2)
  assert.equal(stub.count('/stkpush/'), 1)
})

test('a push without an answer is unknown and sent once only', async () => {
  const silences = [() => {}, (_request: object, response: { destroy(): void }) => response.destroy()]
  for (const silence of silences) {
    await using stub = await startStubDaraja({ push: [silence] })
    await using client = createClient(undefined, { ...TIMEOUTS, headersMs: SHORT_MS })
    assert.equal((await push(client, stub)).kind, 'unknown')
    assert.equal(stub.count('/stkpush/'), 1)
  }
})

test('a connection closed between two pushes costs neither of them', async () => {
  await using stub = await startStubDaraja({
    push: [
      (_request, response) => {
        response.end(fixture('push-accepted.json'), () => response.socket?.destroy())
      },
    ],
  })
  await using client = createClient()
  for (let round = 1; round <= 5; round++) {
    assert.equal((await push(client, stub)).kind, 'accepted')
    assert.equal(stub.count('/stkpush/'), round)
  }
})

test('a Daraja that is not there is not connected', async () => {
  const store = createMemoryTokenStore()
  store.put({ accessToken: 't', lifeMs: 3_600_000, expiresAtMs: NOW_MS + 3_600_000 }, 1)
  await using client = createClient(store)
  const server = createServer()
  const url = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  const outcome = await push(client, { url })
  assert.equal(outcome.kind === 'not_processed' && outcome.reason, 'not_connected')
})

test('a verification tells whether the keys are right', async () => {
  await using right = await startStubDaraja()
  await using client = createClient()
  assert.deepEqual(await client.verify(stubCredential(right.url)), { ok: true })
  await using wrong = await startStubDaraja({ oauth: [{ status: 400, body: '' }] })
  const verdict = await client.verify(stubCredential(wrong.url, { id: 'app_wrong' }))
  assert.deepEqual(verdict, { ok: false, detail: 'HTTP 400: empty body' })
})

test('a request that Daraja could not honour is a fault before anything is sent', async () => {
  await using stub = await startStubDaraja({ push: [ACCEPTED] })
  await using client = createClient()
  const wrong: Partial<PushRequest>[] = [
    ...[0, 1.5, -1, 250_001, Number.NaN].map((amountKes) => ({ amountKes })),
    ...['', 'x'.repeat(13)].map((accountReference) => ({ accountReference })),
    ...['', 'x'.repeat(14)].map((transactionDesc) => ({ transactionDesc })),
    ...['0722000000', '254822000000', '2547220000001'].map((phone) => ({ phone })),
    { callbackUrl: 'not a url' },
  ]
  for (const change of wrong) {
    await assert.rejects(client.push(stubCredential(stub.url), { ...REQUEST, ...change }), RangeError)
  }
  assert.equal(stub.requests.length, 0)
})

test('closing cuts off a push that is not answered, whose outcome then is unknown', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  await using stub = await startStubDaraja({ push: [() => arrive()] })
  const client = createClient(undefined, DEFAULT_TIMEOUTS)
  const underWay = push(client, stub)
  await arrived
  await client.close()
  const outcome = await underWay
  assert.equal(outcome.kind, 'unknown')
  // Left alone it would end as a timeout, half a minute later.
  assert.doesNotMatch(outcome.kind === 'unknown' ? outcome.detail : '', /time/i)
})

test('closing lets a push under way finish, and sends nothing more', async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<() => void>()
  await using stub = await startStubDaraja({
    push: [(_request, response) => arrive(() => response.end(fixture('push-accepted.json')))],
  })
  const client = createClient()
  const underWay = push(client, stub)
  const answer = await arrived
  const closed = client.close()
  answer()
  assert.equal((await underWay).kind, 'accepted')
  await closed
  const late = await push(client, stub)
  assert.equal(late.kind === 'not_processed' && late.reason, 'not_connected')
  await client.close()
})
