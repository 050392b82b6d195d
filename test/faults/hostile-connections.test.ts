// Connections that are opened to keep others out: while they hang, payments are made, and callbacks come in.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { connectRaw, type RawConnection } from '../support/raw-http.ts'

let bed: TestGateway
before(async () => {
  bed = await startTestGateway()
})
after(() => bed[Symbol.asyncDispose]())

const EACH = 150
const BODY = 'content-type: application/json\r\ncontent-length: 60000\r\n\r\n{"Body":'
const HOSTILE: Record<string, (index: number) => string> = {
  'silent from the start': () => '',
  'a header that never ends': (index) => `GET /v1/account HTTP/1.1\r\nhost: a\r\nx-${index}: `,
  'a body that never comes': () => `POST /hooks/stk-push HTTP/1.1\r\nhost: a\r\n${BODY}`,
  'a body without a key': () => `POST /v1/payments HTTP/1.1\r\nhost: a\r\n${BODY}`,
  'chunks that never end': () =>
    'POST /hooks/stk-push/x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"Bod\r\n',
  'idle after one answer': () => 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n',
  'many at once': () => 'GET /v1/account HTTP/1.1\r\nhost: a\r\nx-api-key: no\r\n\r\n'.repeat(20),
  'an address without end': () => `GET /${'a'.repeat(15_000)}`,
}

/** Opens every kind of them; each has sent its part when this resolves. */
async function openHostile(): Promise<RawConnection[]> {
  const connections = Object.values(HOSTILE).flatMap((bytesOf) =>
    Array.from({ length: EACH }, (_, index) => ({ raw: connectRaw(bed.gateway.url), bytes: bytesOf(index) })),
  )
  const sent = ({ raw, bytes }: { raw: RawConnection; bytes: string }) =>
    new Promise<void>((resolve) => {
      raw.socket.once('close', () => resolve())
      raw.socket.write(bytes, () => resolve())
    })
  await Promise.all(connections.map(sent))
  return connections.map(({ raw }) => raw)
}

test('while a thousand hostile connections hang, payments are made, each by its callback', async () => {
  const hostile = await openHostile()
  try {
    const pay = (index: number) => {
      const wish = { phone: `2547120000${10 + index}`, amount: 10, reference: 'R', wait: 30 }
      return bed.post('/v1/payments', wish)
    }
    const made = await Promise.all(Array.from({ length: 40 }, (_, index) => pay(index)))
    for (const { status, body, text } of made) {
      assert.deepEqual([status, body.status], [201, 'succeeded'], text)
      assert.match(text, /"source":"callback"/)
    }
    const hook = connectRaw(bed.gateway.url)
    hook.write(CALLBACK)
    assert.equal((await hook.closed).status, 200, 'the public hook is open')
    assert.ok(
      hostile.some(({ socket }) => !socket.destroyed && !socket.readableEnded),
      'they still hang',
    )
  } finally {
    for (const { socket } of hostile) socket.destroy()
  }
})

const WORDS = '{"Body":{"stkCallback":{"CheckoutRequestID":"ws_CO_1","ResultCode":0}}}'
const CALLBACK =
  `POST /hooks/stk-push HTTP/1.1\r\nhost: a\r\nconnection: close\r\n` +
  `content-length: ${WORDS.length}\r\n\r\n${WORDS}`

test('a flood of connections that come and go leaves nothing behind', async () => {
  for (let round = 0; round < 10; round += 1) {
    const sockets = Array.from({ length: 100 }, () => connectRaw(bed.gateway.url))
    for (const [index, { socket }] of sockets.entries()) {
      if (index % 2 === 0) socket.resetAndDestroy()
      else socket.end('x')
    }
    await Promise.all(sockets.map(({ closed }) => closed))
  }
  assert.equal((await bed.get('/healthz')).status, 200)
})
