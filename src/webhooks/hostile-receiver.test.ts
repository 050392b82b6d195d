// Receivers that answer so that it never ends, or costs: every attempt ends, and little of it is taken in.
import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { systemClock } from '../clock.ts'
import { createAttempter } from './attempt.ts'

const TIMEOUT_MS = 400
/** What the sockets on both sides may have taken in beyond what was read. */
const SOCKET_BYTES = 8 * 1024 * 1024

/** A server that says whatever it likes to each connection once a request has come. */
async function createLiar(answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('data', () => answer(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    written: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Writes `text` for as long as the socket takes it; at once, or every few milliseconds. */
function forEver(text: string | Buffer, pauseMs = 0): (socket: Socket) => void {
  return (socket) => {
    const write = () => {
      if (socket.destroyed) return
      const hasRoom = socket.write(text)
      if (pauseMs > 0) setTimeout(write, pauseMs)
      else if (hasRoom) setImmediate(write)
      else socket.once('drain', write)
    }
    write()
  }
}

function after(head: string, then: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    socket.write(head)
    then(socket)
  }
}

async function attempt(url: string) {
  const attempter = createAttempter({ clock: systemClock }, { timeoutMs: TIMEOUT_MS })
  try {
    return await attempter.attempt({ url, headers: {}, body: '{}', allowPrivate: true })
  } finally {
    await attempter.close()
  }
}

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`

const FAILURES: Record<string, (socket: Socket) => void> = {
  'a status line, a byte at a time': forEver('H', 10),
  'headers, a byte at a time': after(`${OK}x-slow: `, forEver('x', 10)),
  'headers without end': after(OK, forEver(`x-flood: ${'x'.repeat(1_000)}\r\n`)),
  'one header without end': after(`${OK}x-flood: `, forEver('x'.repeat(1_000))),
  'early hints without end': forEver(
    'HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n'.repeat(1_000),
  ),
  'a continuation without end': forEver('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000)),
  'a change of protocol': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  'no HTTP, without end': forEver('SSH-2.0-x'.repeat(1_000)),
  'two lengths': (socket) => socket.end(`${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nx`),
}

for (const [kind, answer] of Object.entries(FAILURES)) {
  test(`${kind}: fails`, async () => {
    await using liar = await createLiar(answer)
    const result = await attempt(liar.url)
    assert.deepEqual([result.ok, result.status], [false, null])
    assert.match(result.error ?? '', /\w/)
    assert.ok(liar.written() < SOCKET_BYTES, `${liar.written()} bytes were taken`)
  })
}

const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024))

const SUCCESSES: Record<string, (socket: Socket) => void> = {
  'a body, a byte at a time': after(`${OK}content-length: 1000000\r\n\r\n`, forEver('x', 10)),
  'a body without end': after(`${OK}\r\n`, forEver('x'.repeat(64_000))),
  'chunks without end': after(CHUNKED, forEver('5\r\nhello\r\n'.repeat(1_000))),
  'trailers without end': after(`${CHUNKED}0\r\n`, forEver(`x-flood: ${'x'.repeat(1_000)}\r\n`)),
  'a body that breaks off': (socket) => socket.end(`${OK}content-length: 100\r\n\r\nhalf`),
  'a compressed bomb': (socket) => {
    socket.end(
      Buffer.concat([
        Buffer.from(`${OK}content-encoding: gzip\r\ncontent-length: ${BOMB.length}\r\n\r\n`),
        BOMB,
      ]),
    )
  },
  'a second answer that nobody asked for': (socket) =>
    socket.write(`${OK}content-length: 2\r\n\r\nokHTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n`),
}

for (const [kind, answer] of Object.entries(SUCCESSES)) {
  test(`${kind}: is taken for the 2xx that it is, and only its beginning is kept`, async () => {
    await using liar = await createLiar(answer)
    const result = await attempt(liar.url)
    assert.deepEqual([result.ok, result.status, result.error], [true, 200, null])
    assert.ok((result.response ?? '').length <= 1_024)
    assert.ok(liar.written() < SOCKET_BYTES, `${liar.written()} bytes were taken`)
  })
}

test('an answer without end of which nothing is body holds no place for a whole attempt', async () => {
  // The extension of a chunk is thrown away as it comes, so that no limit of bytes ends it.
  for (const pauseMs of [0, 10]) {
    await using liar = await createLiar(after(`${CHUNKED}5;x=`, forEver('x'.repeat(1_000), pauseMs)))
    const attempter = createAttempter({ clock: systemClock }, { timeoutMs: 600_000 })
    const result = await attempter.attempt({ url: liar.url, headers: {}, body: '{}', allowPrivate: true })
    assert.deepEqual([result.ok, result.status, result.response], [true, 200, null])
    await attempter.close()
  }
})

test('a few early hints are no reason to fail', async () => {
  await using liar = await createLiar((socket) => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n'
    socket.write(`${hints.repeat(5)}HTTP/1.1 204 No Content\r\n\r\n`)
  })
  assert.equal((await attempt(liar.url)).status, 204)
})
