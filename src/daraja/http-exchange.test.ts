import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Dispatcher } from 'undici'
import { manualClock } from '../clock.ts'
import {
  createDarajaDispatcher,
  type DarajaTimeouts,
  exchangeHttp,
  type HttpExchange,
  type HttpRequest,
} from './http-exchange.ts'
import { listen, startStubDaraja } from './testing/stub-daraja.ts'

/** Far beyond what an answer that comes takes. */
const TIMEOUTS: DarajaTimeouts = { connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000, totalMs: 10_000 }
/** For answers that never come. */
const SHORT_MS = 200
const NOW_MS = Date.UTC(2026, 0, 1)

type Changes = Partial<HttpRequest> & { timeouts?: Partial<DarajaTimeouts> }

async function ask(baseUrl: string, { timeouts, ...changes }: Changes = {}): Promise<HttpExchange> {
  const dispatcher = createDarajaDispatcher({ ...TIMEOUTS, ...timeouts })
  try {
    return await exchangeHttp(
      { dispatcher, clock: manualClock(NOW_MS) },
      {
        method: 'POST',
        url: new URL(`${baseUrl}/mpesa/stkpush/v1/processrequest`),
        headers: { 'content-type': 'application/json' },
        body: '{"Amount":1}',
        totalTimeoutMs: TIMEOUTS.totalMs,
        beforeSend: null,
        ...changes,
      },
    )
  } finally {
    await dispatcher.destroy()
  }
}

/** Asks a server that answers with the given function. */
async function askOne(reply: (response: ServerResponse) => void, changes: Changes = {}) {
  await using stub = await startStubDaraja({ push: [(_request, response) => reply(response)] })
  return { exchange: await ask(stub.url, changes), requests: stub.requests }
}

/** Asks a server that does as it likes with the connection. */
async function askRaw(serve: (socket: Socket) => void, scheme = 'http') {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    serve(socket)
  })
  const url = await listen(server)
  try {
    return await ask(url.replace('http', scheme))
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

test('a JSON answer comes with its status, text and value', async () => {
  const { exchange, requests } = await askOne((response) => response.writeHead(201).end('{"a":[1]}'))
  assert.deepEqual(exchange, {
    kind: 'answered',
    status: 201,
    retryAfterMs: null,
    text: '{"a":[1]}',
    json: { a: [1] },
  })
  assert.equal(requests[0]?.body, '{"Amount":1}')
})

test('an answer that is not JSON is an answer all the same', async () => {
  for (const body of [
    '<html>502</html>',
    '',
    '{"a":',
    gzipSync('{"a":1}'),
    Buffer.from([0xff, 0xfe, 0x00]),
  ]) {
    const { exchange } = await askOne((response) => response.writeHead(502).end(body))
    assert.equal(exchange.kind, 'answered')
    assert.equal(exchange.kind === 'answered' && exchange.json, undefined)
  }
})

test('a byte order mark and deep nesting do no harm', async () => {
  const marked = await askOne((response) => response.end('\ufeff{"a":1}'))
  assert.deepEqual(marked.exchange.kind === 'answered' && marked.exchange.json, { a: 1 })
  const deep = await askOne((response) => response.end('['.repeat(60_000)))
  assert.equal(deep.exchange.kind === 'answered' && deep.exchange.json, undefined)
})

test('no compressed answer is asked for', async () => {
  const { requests } = await askOne((response) => response.end('{}'))
  assert.equal(requests[0]?.headers['accept-encoding'], undefined)
})

test('a redirect is an answer and is not followed', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const { exchange, requests } = await askOne((response) =>
      response.writeHead(status, { location: '/mpesa/stkpush/v1/elsewhere' }).end(),
    )
    assert.equal(exchange.kind === 'answered' && exchange.status, status)
    assert.equal(requests.length, 1)
  }
})

test('Retry-After is read as seconds and as a date, within limits', async () => {
  const cases: [string, number | null][] = [
    ['7', 7_000],
    ['0', 0],
    ['99999999', 3_600_000],
    [new Date(NOW_MS + 30_000).toUTCString(), 30_000],
    [new Date(NOW_MS - 30_000).toUTCString(), 0],
    ['soon', null],
  ]
  for (const [header, expectedMs] of cases) {
    const { exchange } = await askOne((response) => response.writeHead(429, { 'retry-after': header }).end())
    assert.equal(exchange.kind === 'answered' && exchange.retryAfterMs, expectedMs, header)
  }
})

test('a server that is not there was not reached', async () => {
  const server = createServer()
  const url = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  assert.equal((await ask(url)).kind, 'not_connected')
  assert.equal((await ask('http://name.invalid')).kind, 'not_connected')
})

test('a TLS handshake that fails was not reached', async () => {
  const plainText = await askRaw(
    (socket) => void socket.on('data', () => socket.end('HTTP/1.1 400\r\n\r\n')),
    'https',
  )
  assert.equal(plainText.kind, 'not_connected')
  const reset = await askRaw((socket) => void socket.once('data', () => socket.resetAndDestroy()), 'https')
  assert.equal(reset.kind, 'not_connected')
})

test('a connection that is never made within the time was not reached', async () => {
  let sent = false
  // The handshake is never answered, so the connection is never ready.
  const server = createServer((socket) => void socket.on('error', () => {}))
  const url = (await listen(server)).replace('http', 'https')
  const beforeSend = () => {
    sent = true
    return true
  }
  const exchange = await ask(url, { totalTimeoutMs: 100, beforeSend })
  server.close()
  assert.equal(exchange.kind, 'not_connected')
  assert.equal(sent, false)
})

test('a connection closed or reset after the request leaves the outcome open', async () => {
  const endings: ((socket: Socket) => void)[] = [
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.end(),
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":1'),
    (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n'),
    (socket) => socket.end('not HTTP at all\r\n\r\n'),
  ]
  for (const [index, ending] of endings.entries()) {
    const exchange = await askRaw((socket) => void socket.once('data', () => ending(socket)))
    assert.equal(exchange.kind, 'no_answer', `ending ${index}`)
  }
})

test('headers that do not come in time leave the outcome open', async () => {
  const { exchange } = await askOne(() => {}, { timeouts: { headersMs: SHORT_MS } })
  assert.equal(exchange.kind, 'no_answer')
  assert.match(exchange.kind === 'no_answer' ? exchange.detail : '', /HEADERS_TIMEOUT/)
})

test('a body that stops halfway leaves the outcome open', async () => {
  const half = (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('{"a"')
  }
  const { exchange } = await askOne(half, { timeouts: { bodyMs: SHORT_MS } })
  assert.equal(exchange.kind, 'no_answer')
  assert.match(exchange.kind === 'no_answer' ? exchange.detail : '', /BODY_TIMEOUT/)
})

test('a body that drips for ever is cut off by the total timeout', async () => {
  const { exchange } = await askOne(
    (response) => {
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    },
    { totalTimeoutMs: 300 },
  )
  assert.equal(exchange.kind, 'no_answer')
})

test('a body of more than 64 KiB leaves the outcome open, and one of 64 KiB is read', async () => {
  const limit = 64 * 1024
  const full = await askOne((response) => response.end(' '.repeat(limit - 2).concat('{}')))
  assert.deepEqual(full.exchange.kind === 'answered' && full.exchange.json, {})
  const above = await askOne((response) => response.end(' '.repeat(limit - 1).concat('{}')))
  assert.equal(above.exchange.kind, 'no_answer')
  const endless = await askOne((response) => response.write(' '.repeat(10 * limit)))
  assert.equal(endless.exchange.kind, 'no_answer')
})

test('a request that is withheld never leaves', async () => {
  const { exchange, requests } = await askOne((response) => response.end('{}'), { beforeSend: () => false })
  assert.deepEqual(exchange, { kind: 'withheld' })
  assert.equal(requests.length, 0)
})

test('a fault of beforeSend is a fault, and nothing leaves', async () => {
  await using stub = await startStubDaraja({ push: [{ status: 200, body: {} }] })
  const beforeSend = () => {
    throw new Error('broken')
  }
  await assert.rejects(ask(stub.url, { beforeSend }), /broken/)
  assert.equal(stub.requests.length, 0)
})

test('a request that the connection wants to send again is not sent again', async () => {
  const aborted: string[] = []
  const controller: Dispatcher.DispatchController = {
    aborted: false,
    paused: false,
    reason: null,
    abort: (reason) => void aborted.push(reason.message),
    pause: () => {},
    resume: () => {},
  }
  class TwiceDispatcher extends Dispatcher {
    override dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      handler.onRequestStart?.(controller, null)
      assert.deepEqual(aborted, [])
      handler.onRequestStart?.(controller, null)
      return true
    }
  }
  let asked = 0
  const beforeSend = () => {
    asked += 1
    return true
  }
  const exchange = await exchangeHttp(
    { dispatcher: new TwiceDispatcher(), clock: manualClock(NOW_MS) },
    {
      method: 'POST',
      url: new URL('http://stub/'),
      headers: {},
      body: '{}',
      totalTimeoutMs: 1_000,
      beforeSend,
    },
  )
  assert.equal(exchange.kind, 'no_answer')
  assert.equal(aborted.length, 1)
  assert.equal(asked, 1)
})
