import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { connectRaw, type RawConnection, sendRaw } from '../../test/support/raw-http.ts'
import { type ConnectionLimits, guardConnections, isInnerAddress } from './connection-guard.ts'

const stack = new AsyncDisposableStack()
after(() => stack.disposeAsync())

const NONE: ConnectionLimits = { total: 1_000, perAddress: 1_000, pipelined: 1_000 }
const HALF = 'POST / HTTP/1.1\r\nhost: a\r\n'
/** Its answer waits for the rest. */
const HALF_BODY = 'POST /wait HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf'
const WHOLE = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'
/** More than two sockets hold between them. */
const LARGE = Buffer.alloc(16 * 1024 * 1024)
const LAST = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'

/** A server that answers at once, but what is asked at `/wait`; at `/large` with very much. */
async function serve(limits: Partial<ConnectionLimits>, isShared = false) {
  const waiting: ServerResponse[] = []
  const server = createServer((request, response) => {
    if (request.url === '/wait') waiting.push(response)
    else if (request.url === '/large') response.end(LARGE)
    else response.end('ok')
  })
  guardConnections(server, () => isShared, { ...NONE, ...limits })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  const url = `http://127.0.0.1:${address.port}`
  const open: RawConnection[] = []
  stack.defer(() => {
    for (const { socket } of open) socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  const connect = async (bytes: string) => {
    const accepted = once(server, 'connection')
    const connection = connectRaw(url)
    open.push(connection)
    await accepted
    connection.write(bytes)
    return connection
  }
  return { url, waiting, connect }
}

const isOpen = ({ socket }: RawConnection) => !socket.destroyed && !socket.readableEnded

async function untilAnswered(connection: RawConnection): Promise<void> {
  await once(connection.socket, 'data')
}

for (const what of ['total', 'perAddress'] as const) {
  test(`silent connections make room for a new one, the oldest first (${what})`, async () => {
    const { url, connect } = await serve({ [what]: 3 })
    const silent: RawConnection[] = []
    for (const bytes of ['', HALF, HALF_BODY]) silent.push(await connect(bytes))
    for (const each of silent) {
      const { status } = await sendRaw(url, LAST)
      assert.equal(status, 200)
      await each.closed
      await connect(HALF)
    }
  })

  test(`answers that nobody takes make room for a new one, the oldest first (${what})`, async () => {
    const { url, connect } = await serve({ [what]: 2 })
    const idle: RawConnection[] = []
    for (let count = 0; count < 2; count += 1) {
      const each = await connect(WHOLE.replace('/', '/large'))
      await untilAnswered(each)
      each.socket.pause()
      idle.push(each)
    }
    for (const each of idle) {
      const ended = once(each.socket, 'close')
      assert.equal((await sendRaw(url, LAST)).status, 200)
      each.socket.resume()
      await ended
      await connect(HALF)
    }
  })

  test(`a request that waits for its answer is never ended for a new one (${what})`, async () => {
    const { url, waiting, connect } = await serve({ [what]: 2 })
    const busy = [await connect(WHOLE.replace('/', '/wait')), await connect(WHOLE.replace('/', '/wait'))]
    const arrived = async () => {
      while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve))
    }
    await arrived()
    assert.equal((await sendRaw(url, LAST)).status, null, 'the new one ends')
    assert.deepEqual(busy.map(isOpen), [true, true])
    for (const response of waiting) response.end('done')
    await Promise.all(busy.map(untilAnswered))
    assert.equal((await sendRaw(url, LAST)).status, 200, 'answered ones rest, and make room')
  })
}

test('connections of a shared address are not counted by address', async () => {
  const { url, connect } = await serve({ perAddress: 1 }, true)
  const silent = [await connect(HALF), await connect(HALF)]
  assert.equal((await sendRaw(url, LAST)).status, 200)
  assert.deepEqual(silent.map(isOpen), [true, true])
})

test('one that was just used outlives one that was not', async () => {
  const { url, connect } = await serve({ total: 2 })
  const used = await connect(WHOLE)
  await untilAnswered(used)
  const unused = await connect(HALF)
  const again = untilAnswered(used)
  used.write(WHOLE)
  await again
  assert.equal((await sendRaw(url, LAST)).status, 200)
  await unused.closed
  assert.equal(isOpen(used), true)
})

test('a pipe of requests without end is cut off, a short one is answered', async () => {
  const { connect } = await serve({ pipelined: 5 })
  const short = await connect(WHOLE.repeat(4) + LAST)
  assert.equal((await short.closed).text.match(/200 OK/g)?.length, 5)
  const endless = await connect(WHOLE.replace('/', '/wait').repeat(50))
  assert.equal((await endless.closed).status, null, 'nothing was answered, and yet it ends')
})

test('inner addresses are told from those of the internet', () => {
  for (const address of ['127.0.0.1', '::1', '::ffff:10.0.0.7', '172.17.0.1', '192.168.1.1', 'fd00::1']) {
    assert.equal(isInnerAddress(address), true, address)
  }
  for (const address of ['196.201.214.200', '::ffff:8.8.8.8', '2a00:1450::1', '', 'x']) {
    assert.equal(isInnerAddress(address), false, address)
  }
})
