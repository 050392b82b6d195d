import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { type AttemptRequest, createAttempter } from './attempt.ts'
import { createReceiver, silence, status } from './testing/receiver.ts'
import { until } from './testing/until.ts'

const attempter = createAttempter({ clock: systemClock }, { timeoutMs: 10_000 })
const impatient = createAttempter({ clock: systemClock }, { timeoutMs: 100 })
/** For an answer that begins, which a slow machine must have seen by then, and never ends. */
const lessImpatient = createAttempter({ clock: systemClock }, { timeoutMs: 2_000 })
after(() => Promise.all([attempter.close(), impatient.close(), lessImpatient.close()]))

function to(url: string, changes: Partial<AttemptRequest> = {}): AttemptRequest {
  return { url, headers: { 'webhook-id': 'evt_1' }, body: '{"a":1}', allowPrivate: true, ...changes }
}

test('the receiver gets the body as JSON, with the headers and who sends it', async () => {
  await using receiver = await createReceiver()
  const result = await attempter.attempt(to(`${receiver.url}/hooks?shop=1`))
  assert.equal(result.ok, true)
  assert.equal(result.error, null)
  const [request] = receiver.requests
  assert.equal(request?.path, '/hooks?shop=1')
  assert.equal(request?.body, '{"a":1}')
  assert.equal(request?.headers['content-type'], 'application/json')
  assert.equal(request?.headers['user-agent'], 'Sukuma-Webhooks/1')
  assert.equal(request?.headers['webhook-id'], 'evt_1')
})

test('2xx alone is success', async () => {
  await using receiver = await createReceiver()
  for (const [code, ok] of [
    ...[200, 201, 202, 204, 299].map((each) => [each, true] as const),
    ...[300, 304, 400, 401, 404, 410, 429, 500, 503].map((each) => [each, false] as const),
  ]) {
    receiver.answer = status(code)
    const result = await attempter.attempt(to(receiver.url))
    assert.deepEqual([result.ok, result.status, result.error === null], [ok, code, ok])
  }
})

test('a redirect is a failure and is never followed', async () => {
  await using target = await createReceiver()
  await using receiver = await createReceiver()
  for (const code of [301, 302, 303, 307, 308]) {
    receiver.answer = status(code, { location: target.url })
    const result = await attempter.attempt(to(receiver.url))
    assert.equal(result.ok, false)
    assert.match(result.error ?? '', /redirect/)
  }
  assert.equal(target.requests.length, 0)
})

test('a private address is refused where it is not allowed, even after a call where it is', async () => {
  await using receiver = await createReceiver()
  assert.equal((await attempter.attempt(to(receiver.url))).ok, true)
  const result = await attempter.attempt(to(receiver.url, { allowPrivate: false }))
  assert.equal(result.status, null)
  assert.match(result.error ?? '', /may not be sent to/)
  assert.equal(receiver.requests.length, 1)
})

test('a receiver that does not answer, or never ends its answer, costs the time of one attempt', async () => {
  await using receiver = await createReceiver(silence)
  const silent = await impatient.attempt(to(receiver.url))
  assert.deepEqual([silent.ok, silent.status], [false, null])
  assert.match(silent.error ?? '', /no answer within 0.1 s/)
  receiver.answer = (reply) => reply.writeHead(200).write('first')
  const endless = await lessImpatient.attempt(to(receiver.url))
  assert.deepEqual([endless.ok, endless.status, endless.response], [true, 200, 'first'])
})

test('of a flood only the beginning is read and less is kept', async () => {
  let written = 0
  await using receiver = await createReceiver((reply) => {
    reply.writeHead(500)
    const flood = () => {
      while (!reply.destroyed && written < 50_000_000) {
        written += 65_536
        if (!reply.write('x'.repeat(65_536))) return
      }
      reply.end()
    }
    reply.on('drain', flood).on('error', () => {})
    flood()
  })
  const result = await attempter.attempt(to(receiver.url))
  assert.equal(result.status, 500)
  assert.equal(result.response, 'x'.repeat(1024))
  assert.ok(written < 50_000_000)
})

test('what is kept of an answer is text that a database takes', async () => {
  const bytes = Buffer.from([0x68, 0x69, 0, 0xff, 0xfe, 0xed, 0xa0, 0x80, 0x0a, 0x1b])
  await using receiver = await createReceiver((reply) => {
    reply.writeHead(400).end(bytes)
  })
  const response = (await attempter.attempt(to(receiver.url))).response ?? ''
  assert.ok(response.startsWith('hi'))
  assert.ok(response.isWellFormed())
  for (const control of ['\u0000', '\u001b']) assert.ok(!response.includes(control))
  receiver.answer = (reply) => {
    reply.writeHead(400).end(Buffer.alloc(4096, 0xff))
  }
  const garbage = await attempter.attempt(to(receiver.url))
  assert.ok(Buffer.byteLength(garbage.response ?? '') <= 1024)
})

test('Retry-After is read from failures', async () => {
  await using receiver = await createReceiver(status(429, { 'retry-after': '120' }))
  assert.equal((await attempter.attempt(to(receiver.url))).retryAfterMs, 120_000)
  receiver.answer = status(503)
  assert.equal((await attempter.attempt(to(receiver.url))).retryAfterMs, null)
})

test('no HTTP, a hang-up or nobody there is a failure with a reason', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume()
    socket.end('SSH-2.0-OpenSSH_9.6\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://127.0.0.1:${port}/`
  assert.match((await attempter.attempt(to(url))).error ?? '', /request failed|connection/)
  await new Promise((resolve) => server.close(resolve))
  assert.equal((await attempter.attempt(to(url))).error, 'connection refused')
  assert.equal((await attempter.attempt(to(`https://127.0.0.1:${port}/`))).error, 'connection refused')
  assert.equal((await attempter.attempt(to('http://[::ffff:169.254.169.254]/'))).status, null)
})

test('closing cuts off what is under way and says that it was us', async () => {
  await using receiver = await createReceiver(silence)
  const closing = createAttempter({ clock: systemClock }, { timeoutMs: 10_000 })
  const pending = closing.attempt(to(receiver.url))
  await until(() => receiver.requests.length === 1)
  await closing.close()
  await closing.close()
  const result = await pending
  assert.deepEqual([result.ok, result.interrupted], [false, true])
})
