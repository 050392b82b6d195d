// Requests that are no HTTP, end too early, come too slowly or never end; and thousands of random ones.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { connectRaw, type RawAnswer, type RawConnection, readRaw, sendRaw } from '../support/raw-http.ts'
import { assertShape, createRefusalBench, type RefusalBench, type Route } from '../support/refusals.ts'

let bed: TestGateway
let bench: RefusalBench
/** Opened before all else: that they are ended in time is looked at when the rest is done. */
let halfOpen: RawConnection[]
before(async () => {
  bed = await startTestGateway()
  bench = await createRefusalBench(bed)
  halfOpen = HALF_REQUESTS.map((bytes) => {
    const connection = connectRaw(bed.gateway.url)
    connection.write(bytes.replace('KEY', bed.merchant.key))
    return connection
  })
})
after(() => bed[Symbol.asyncDispose]())

const PAYMENT = '{"amount":1,"phone":"254712999999","reference":"A"}'
const HEAD = 'POST /api/stk-push HTTP/1.1\r\nhost: a\r\nx-api-key: KEY\r\ncontent-type: application/json\r\n'
/** Where the address has not come in, the answer is a problem, as it is at `/v1`. */
const NO_ADDRESS = '/v1'
const HALF_REQUESTS = [
  'P',
  'POST /api/stk-push HTTP/1.1\r\nhost: a\r\nx-api-',
  `${HEAD}content-length: 51\r\n\r\n`,
  `${HEAD}content-length: 51\r\n\r\n${PAYMENT.slice(0, 20)}`,
  `${HEAD}transfer-encoding: chunked\r\n\r\n`,
  `${HEAD}transfer-encoding: chunked\r\n\r\n33\r\n${PAYMENT}\r\n`,
  'POST /hooks/stk-push HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"Body":{',
  'GET /hooks/stk-push HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"Body":{',
  `${HEAD.replace('/api/stk-push', '/v1/payments')}content-length: 51\r\n\r\n`,
]

const head = () => HEAD.replace('KEY', bed.merchant.key)
const send = (bytes: string | Buffer): Promise<RawAnswer> => sendRaw(bed.gateway.url, bytes)

async function assertAlive(): Promise<void> {
  assert.equal((await bed.get('/healthz')).status, 200)
}

test('what is no HTTP is a 4xx, and the connection ends', async () => {
  const key = `x-api-key: ${bed.merchant.key}\r\n`
  const requests: (string | Buffer)[] = [
    ...[
      '\r\n\r\nx\r\n\r\n',
      'hello\r\n\r\n',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\nhost: a\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
    ],
    ...[Buffer.from([0x16, 3, 1, 0, 200, 1, 0, 0]), Buffer.alloc(2_000, 0xff), Buffer.alloc(2_000)],
    `GET /api/stk-push/\0 HTTP/1.1\r\nhost: a\r\n${key}\r\n`,
    Buffer.from(`GET /api/stk-push/\xff HTTP/1.1\r\nhost: a\r\n${key}\r\n`, 'latin1'),
    `GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
    `GET /healthz?${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nhost: a\r\n${'x: a\r\n'.repeat(5_000)}\r\n`,
    `GET /healthz HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n`,
  ]
  for (const bytes of requests) {
    const { status, text } = await send(bytes)
    const said = `${bytes.toString('latin1').slice(0, 60)}: ${text.slice(0, 100)}`
    assert.ok(status !== null && status >= 400 && status < 500, said)
  }
  await assertAlive()
})

test('a body that says two lengths, or none that can be, is a 4xx and makes nothing', async () => {
  const madeBefore = await bench.paymentCount()
  const length = `content-length: ${PAYMENT.length}\r\n`
  const requests = [
    `${head()}${length}content-length: 3\r\n\r\n${PAYMENT}`,
    `${head()}${length}transfer-encoding: chunked\r\n\r\n33\r\n${PAYMENT}\r\n0\r\n\r\n`,
    `${head()}transfer-encoding: gzip, identity\r\n\r\n${PAYMENT}`,
    `${head()}transfer-encoding: chunked\r\n\r\nzz\r\n${PAYMENT}\r\n0\r\n\r\n`,
    `${head()}transfer-encoding: chunked\r\n\r\nffffffffffffffff1\r\n${PAYMENT}`,
    ...['-1', '1e2', '0x33', '99999999999999999999', ' ', '51, 51'].map(
      (each) => `${head()}content-length: ${each}\r\n\r\n${PAYMENT}`,
    ),
    `${head()}content-length: 10\r\nconnection: close\r\n\r\n${PAYMENT}`,
    `${head()}content-length: 99999999\r\n\r\n${PAYMENT}`,
    `${head()}transfer-encoding: chunked\r\n\r\n20000\r\n${'a'.repeat(0x20000)}\r\n0\r\n\r\n`,
  ]
  for (const bytes of requests) {
    const { status, text } = await send(bytes)
    assert.ok(status !== null && status >= 400 && status < 500, `${bytes.slice(150, 260)}: ${text}`)
  }
  assert.equal(await bench.paymentCount(), madeBefore)
  await assertAlive()
})

test('a request that is cut off at any byte makes nothing', async () => {
  const madeBefore = await bench.paymentCount()
  const whole = `${head()}content-length: ${PAYMENT.length}\r\n\r\n${PAYMENT}`
  const lengths = Array.from({ length: whole.length - 1 }, (_, index) => index + 1)
  await Promise.all(
    lengths.map(async (length) => {
      const connection = connectRaw(bed.gateway.url)
      // Half of them are ended, half are reset.
      if (length % 2 === 0) connection.socket.end(whole.slice(0, length))
      else connection.socket.write(whole.slice(0, length), () => connection.socket.resetAndDestroy())
      const { status, text } = await connection.closed
      assert.ok(status === null || (status >= 400 && status < 500), `${length}: ${text}`)
    }),
  )
  assert.equal(await bench.paymentCount(), madeBefore)
  await assertAlive()
})

test('a slow request is served when it is whole, and holds up no other', async () => {
  const connection = connectRaw(bed.gateway.url)
  const length = `content-length: ${PAYMENT.length}\r\nconnection: close\r\n\r\n`
  for (const character of `${head()}${length}${PAYMENT}`) {
    connection.write(character)
    await new Promise((resolve) => setImmediate(resolve))
    if (character === '"') await assertAlive()
  }
  const { status, text } = await connection.closed
  assert.equal(status, 202, text)
})

/** JSON that is mostly wrong, and now and then nearly right. */
const fieldNames = fc.constantFrom(
  ...[
    'amount',
    'phone',
    'phoneNumber',
    'reference',
    'accountId',
    'tag',
    'metadata',
    'url',
    'name',
    'since',
    'wait',
  ],
  ...[
    'checkoutRequestId',
    'overlap',
    'status',
    'scopes',
    'expires_in',
    'shortcode',
    'Body',
    '__proto__',
    'toString',
  ],
)
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(1, 250_000, '254712999999', 'INV-1', '\u0000', '\ud800', -0, 1e308, '', null),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const jsonBodies = fc.dictionary(fieldNames, values, { maxKeys: 6 }).map((body) => JSON.stringify(body))
const brokenBodies = fc
  .tuple(jsonBodies, fc.nat(), fc.string({ unit: 'binary', maxLength: 3 }))
  .map(([body, at, noise]) => {
    const place = at % (body.length + 1)
    return body.slice(0, place) + noise + body.slice(place + 1)
  })
const bodies = fc.oneof(jsonBodies, brokenBodies, fc.string({ unit: 'binary', maxLength: 60 }))
const queries = fc.webQueryParameters({ size: '+1' })

const RUNS = 6_000
const PROPERTY_LIMIT_MS = 18_000
const AT_ONCE = 10

test('thousands of random requests to every route are each done or refused, never a fault', async () => {
  // A key that is revoked in passing must not be the one that asks; and one answer never ends.
  const isFit = ({ method, form }: Route) => method !== 'DELETE' && form !== '/v1/payments/stream'
  const routes = bench.routes.filter(isFit)
  const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', 'x')
  const request = fc.record({ route: fc.constantFrom(...routes), body: bodies, query: queries, type: types })
  const property = fc.asyncProperty(fc.array(request, { minLength: AT_ONCE, maxLength: AT_ONCE }), (batch) =>
    Promise.all(batch.map((each) => assertBearable(each.route, each))).then(() => undefined),
  )
  await fc.assert(property, {
    numRuns: RUNS / AT_ONCE,
    interruptAfterTimeLimit: PROPERTY_LIMIT_MS,
    endOnFailure: true,
  })
  await assertAlive()
})

async function assertBearable(
  route: Route,
  { body, query, type }: { body: string; query: string; type: string },
): Promise<void> {
  const init = route.method === 'GET' ? {} : { body: Buffer.from(body), headers: { 'content-type': type } }
  const answer = await bed.send(route.method, `${route.path}?${query}`, init)
  const isSimulatorBusy = answer.status === 503 && route.form === '/api/mpesa/stkPush'
  const said = `${route.method} ${route.path}?${query} ${type} ${JSON.stringify(body)}: ${answer.text}`
  assert.ok((answer.status >= 200 && answer.status < 500) || isSimulatorBusy, said)
}

test('what cannot be read is refused in the shape of the surface that it was meant for', async () => {
  const chunk = 'host: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'
  const key = `x-api-key: ${bed.merchant.key}\r\ncontent-type: application/json\r\n`
  const cases: [path: string, bytes: string, status: number][] = [
    ['/api/stk-push', `POST /api/stk-push HTTP/1.1\r\n${key}${chunk}`, 400],
    ['/api/mpesa/stkPush', `POST /api/mpesa/stkPush HTTP/1.1\r\n${key}${chunk}`, 400],
    ['/v1/payments', `POST /v1/payments HTTP/1.1\r\n${key}${chunk}`, 400],
    ['/hooks/stk-push', `POST /hooks/stk-push HTTP/1.1\r\n${chunk}`, 400],
    [NO_ADDRESS, 'hello\r\n\r\n', 400],
    [NO_ADDRESS, `GET /api/stk-push/x HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ]
  for (const [path, bytes, status] of cases) {
    const answer = readRaw(await send(bytes))
    assert.equal(answer.status, status, `${path}: ${answer.text}`)
    assert.equal(answer.headers.get('connection'), 'close')
    assertShape(path, answer, `${path}: ${answer.text}`)
  }
  await assertAlive()
})

test('what cannot be read is answered once, and never within another answer', async () => {
  const key = `x-api-key: ${bed.merchant.key}\r\n`
  const cases: [head: string, then: string, answers: (string | undefined)[]][] = [
    ['GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n', 'hello\r\n\r\n', ['200', '400']],
    ['GET /healthz HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n', 'zz\r\n', ['200']],
    [`GET /v1/payments/stream HTTP/1.1\r\nhost: a\r\n${key}\r\n`, 'hello\r\n\r\n', ['200']],
  ]
  for (const [head, then, answers] of cases) {
    const connection = connectRaw(bed.gateway.url)
    const answered = new Promise((resolve) => connection.socket.once('data', resolve))
    connection.write(head)
    await answered
    connection.write(then)
    const { text } = await connection.closed
    const found = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)
    assert.deepEqual(found, answers, `${head}: ${text}`)
  }
})

test('a request that never becomes whole is ended with a 408 in the shape of its surface', async () => {
  const madeBefore = await bench.paymentCount()
  for (const [index, { closed }] of halfOpen.entries()) {
    const raw = await closed
    const said = `${HALF_REQUESTS[index]?.slice(0, 40)}: ${raw.text}`
    assert.equal(raw.status, 408, said)
    const [, path = NO_ADDRESS] = /^\w+ (\S+) HTTP.*\r\n\r\n/s.exec(HALF_REQUESTS[index] ?? '') ?? []
    const answer = readRaw(raw)
    assertShape(path, answer, said)
    assert.match(answer.text, /did not arrive whole in time/)
    if (path === NO_ADDRESS) assert.equal(answer.body.code, 'timeout')
  }
  assert.equal(await bench.paymentCount(), madeBefore)
  await assertAlive()
})
