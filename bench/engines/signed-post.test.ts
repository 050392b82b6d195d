import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { batchesOf, createSignedPost } from './signed-post.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

/** A receiver that answers `status` and keeps what came. */
async function createReceiver(status: number) {
  const received: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
    response.writeHead(status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test("a job's webhook is signed as the gateway's own are", async () => {
  await using receiver = await createReceiver(200)
  const webhook = { id: 'job_1', body: '{"id":"job_1"}' }
  await createSignedPost({ url: receiver.url, secret: SECRET })(webhook)
  const [request] = receiver.received
  assert.ok(request)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  )
  assert.deepEqual(new Webhook(SECRET).verify(request.body, headers), JSON.parse(webhook.body))
  assert.equal(request.headers['webhook-id'], webhook.id)
})

test('a job fails unless its webhook was taken, so that its engine tries again', async () => {
  await using receiver = await createReceiver(503)
  const post = createSignedPost({ url: receiver.url, secret: SECRET })
  await assert.rejects(post({ id: 'job_1', body: '{}' }), /answered 503/)
})

test('each job of an order has an id of its own, in its body too', () => {
  const order = {
    url: '',
    secret: SECRET,
    count: 5,
    firstNumber: 8,
    body: '{"id":"evt_a"}',
    idInBody: 'evt_a',
  }
  const batches = [...batchesOf(order, 2)]
  assert.deepEqual(
    batches.map((batch) => batch.map(({ id }) => id)),
    [['job_8', 'job_9'], ['job_10', 'job_11'], ['job_12']],
  )
  assert.deepEqual(batches.flat().at(-1), { id: 'job_12', body: '{"id":"job_12"}' })
})
