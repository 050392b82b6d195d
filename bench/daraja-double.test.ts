import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { type TestContext, test } from 'node:test'
import { readCallback } from '../src/daraja/callback-reader.ts'
import { DEFAULT_CREDENTIALS } from '../src/simulator/credentials.ts'
import { createDarajaCaller } from './daraja-caller.ts'
import { type DarajaDouble, startDarajaDouble } from './daraja-double.ts'
import { listenLocally } from './listen-locally.ts'
import { machineNowMs, readReceipt } from './shared-clock.ts'

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../test/fixtures/daraja/${name}.json`, import.meta.url), 'utf8'))
}

/** Objects by their keys and lists by their items, down to whether a value is a text or a number. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]))
}

async function start(t: TestContext): Promise<DarajaDouble> {
  const daraja = await startDarajaDouble()
  t.after(() => daraja.close())
  return daraja
}

type Received = { request: IncomingMessage; text: string }

/** A gateway's side: resolves to what is posted to it first. */
async function receiveOnce(t: TestContext): Promise<{ url: string; received: Promise<Received> }> {
  const { promise: received, resolve } = Promise.withResolvers<Received>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    await once(request, 'end')
    response.end('{"ResultCode":0,"ResultDesc":"Accepted"}')
    resolve({ request, text: Buffer.concat(chunks).toString('utf8') })
  })
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  return { url: await listenLocally(server), received }
}

const WISH = { phone: '254712345678', amountKes: 7, reference: 'R1' }

test('a payment is pushed, and called back in the very shape that Safaricom documents', async (t) => {
  const daraja = await start(t)
  const { url, received } = await receiveOnce(t)
  const caller = await createDarajaCaller(daraja.url)
  const checkout = await caller.push({ ...WISH, callbackUrl: `${url}/hooks/1` })
  assert.match(checkout, /^ws_CO_\d{15}712345678$/)
  const { request, text } = await received
  assert.equal(request.url, '/hooks/1')
  assert.equal(request.headers['content-type'], 'application/json;charset=UTF-8')
  const body: unknown = JSON.parse(text)
  assert.deepEqual(shapeOf(body), shapeOf(fixture('callback-paid')))
  const reading = readCallback(body)
  assert.ok(reading.kind === 'callback')
  const { callback } = reading
  assert.deepEqual(
    [callback.amountKes, callback.checkoutRequestId, callback.phone],
    [7, checkout, WISH.phone],
  )
  assert.ok(callback.transactionDate !== null && callback.merchantRequestId !== null)
  assert.ok(readReceipt(callback.receipt ?? '', machineNowMs()) !== null)
  const { prompts, phones, callbacks } = daraja.totals()
  assert.deepEqual({ prompts, phones, callbacks }, { prompts: 1, phones: 1, callbacks: 1 })
})

test('token and push are answered in the shapes that Safaricom documents', async (t) => {
  const daraja = await start(t)
  const [app] = DEFAULT_CREDENTIALS
  const basic = Buffer.from(`${app?.consumerKey}:${app?.consumerSecret}`).toString('base64')
  const token = await fetch(`${daraja.url}/oauth/v1/generate`, {
    headers: { authorization: `Basic ${basic}` },
  })
  const found = await token.text()
  assert.deepEqual(shapeOf(JSON.parse(found)), shapeOf(fixture('oauth-string')))
  const authorization = `Bearer ${JSON.parse(found).access_token}`
  const push = { PhoneNumber: WISH.phone, Amount: 1, CallBackURL: 'http://127.0.0.1:1/nobody' }
  const path = '/mpesa/stkpush/v1/processrequest'
  const send = (headers: Record<string, string>) =>
    fetch(`${daraja.url}${path}`, { method: 'POST', headers, body: JSON.stringify(push) })
  const pushed: unknown = await (await send({ authorization })).json()
  assert.deepEqual(shapeOf(pushed), shapeOf(fixture('push-accepted')))
  const refused = await send({ authorization: 'Bearer of-another' })
  assert.equal(refused.status, 404)
  assert.deepEqual(shapeOf(await refused.json()), shapeOf(fixture('push-404-invalid-token')))
})

test('a second prompt on a phone is found in the totals', async (t) => {
  const daraja = await start(t)
  const caller = await createDarajaCaller(daraja.url)
  for (let n = 0; n < 2; n += 1) await caller.push({ ...WISH, callbackUrl: 'http://127.0.0.1:1/nobody' })
  const { prompts, phones } = daraja.totals()
  assert.deepEqual({ prompts, phones }, { prompts: 2, phones: 1 })
})

test('a query is answered by what has become of the payment', async (t) => {
  const daraja = await start(t)
  const { url, received } = await receiveOnce(t)
  const caller = await createDarajaCaller(daraja.url)
  const checkout = await caller.push({ ...WISH, callbackUrl: `${url}/hooks/1` })
  await received
  const ask = async (CheckoutRequestID: string) => {
    const answer = await fetch(`${daraja.url}/mpesa/stkpushquery/v1/query`, {
      method: 'POST',
      headers: { authorization: 'Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF' },
      body: JSON.stringify({ CheckoutRequestID }),
    })
    return answer.text()
  }
  assert.deepEqual(shapeOf(JSON.parse(await ask(checkout))), shapeOf(fixture('query-paid')))
  assert.match(await ask(checkout), /"ResultCode":"0"/)
  assert.match(await ask('ws_CO_010120260000001700000009'), /"ResultCode":"4999"/)
})
