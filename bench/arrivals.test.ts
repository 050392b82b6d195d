import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { type Arrivals, startArrivals } from './arrivals.ts'
import { listenLocally } from './listen-locally.ts'
import { machineNowMs } from './shared-clock.ts'

/** Longer than the test lasts, so that what is left when it is taken off is nothing. */
const LONG_MS = 1_000_000

async function answering(
  t: TestContext,
  status: number,
  body: string,
): Promise<{ origin: string; count(): number }> {
  let count = 0
  const server = createServer((request, response) => {
    count += 1
    request.resume()
    response.writeHead(status).end(body)
  })
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  return { origin: await listenLocally(server), count: () => count }
}

function begin(origins: string[], path: string): Arrivals {
  const order = { origins, path, apiKey: '', perSecond: 1_000, seconds: 0.01, connections: 2 }
  return startArrivals(order, 100)
}

test('payments go to the gateways by turns', async (t) => {
  const one = await answering(t, 202, '{}')
  const other = await answering(t, 202, '{}')
  const arrivals = begin([one.origin, other.origin], '/api/stk-push')
  for (let index = 100; index < 110; index += 1) setImmediate(tellWhenBegun, arrivals, index)
  const { counts, told } = await arrivals.finish()
  assert.deepEqual([counts.answered, counts.failed, told], [10, 0, 10])
  assert.deepEqual([one.count(), other.count()], [5, 5])
})

test('what Daraja and the customer took is taken off', async (t) => {
  const held = `{"MerchantRequestID":"29115-${LONG_MS * 10}-1"}`
  const { origin } = await answering(t, 200, held)
  const arrivals = begin([origin], '/api/mpesa/stkPush')
  for (let index = 100; index < 110; index += 1) setImmediate(tellWhenBegun, arrivals, index)
  const { answers, webhooks } = await arrivals.finish()
  assert.deepEqual([answers.count, answers.maxMs], [10, 0.001])
  assert.deepEqual([webhooks.count, webhooks.maxMs], [10, 0.001])
})

test('an answer that is no yes is a failure, and tells which', async (t) => {
  const { origin } = await answering(t, 503, 'busy')
  const { counts } = await begin([origin], '/api/stk-push').finish()
  assert.deepEqual([counts.answered, counts.failed], [0, 10])
  assert.equal(counts.firstFailure, '/api/stk-push answered 503: busy')
})

test('what was told of in another run is not counted in this one', async (t) => {
  const { origin } = await answering(t, 503, 'busy')
  const arrivals = begin([origin], '/api/stk-push')
  arrivals.take({ index: 99, nowMs: machineNowMs(), times: null })
  assert.equal((await arrivals.finish()).told, 0)
})

/** The webhook of a payment comes after its request, here as there. */
function tellWhenBegun(arrivals: Arrivals, index: number): void {
  if (arrivals.look().counts.begun <= index - 100) setImmediate(tellWhenBegun, arrivals, index)
  else arrivals.take({ index, nowMs: machineNowMs(), times: { sinceSentMs: 1, heldMs: LONG_MS } })
}
