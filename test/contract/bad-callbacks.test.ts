// Whatever is posted to the hooks, with a payment's own token or without: acknowledged or refused, never a
// fault, and nothing is settled by what is no verdict.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, objectIn, startTestGateway, type TestGateway } from '../support/gateway.ts'
import { BROKEN_BODIES, ODD_VALUES } from '../support/odd-values.ts'
import { assertShape } from '../support/refusals.ts'

let bed: TestGateway
let hook: { token: string; trackingId: string }
before(async () => {
  // So slow that the simulator's own callbacks never come into these tests.
  bed = await startTestGateway({ env: { SIMULATOR_SPEED: '0.001' } })
  hook = await push()
})
after(() => bed[Symbol.asyncDispose]())

/** A pending payment of 100 shillings, and the token that Daraja was given for it. */
async function push() {
  const wish = { phone: '254712000001', amount: 100, reference: 'R' }
  const made = await bed.post('/api/stk-push?mode=sync', wish)
  const data = objectIn(made.body, 'data')
  const ledger = await bed.simulator('GET', `/simulator/ledger?checkout=${data.checkout_request_id}`)
  const token = /hooks\/stk-push\/([0-9a-f]{96})/.exec(JSON.stringify(ledger))?.[1] ?? assert.fail('no token')
  return { token, trackingId: String(data.tracking_id) }
}

/** As after a push whose answer never came: open, and without Daraja's ids. */
async function reopen(): Promise<void> {
  await bed.db.pool.query(
    `update payments set state = 'uncertain', outcome = null, settled_at = null, receipt = null,
       merchant_request_id = null, checkout_request_id = null, event_count = 0 where id = $1`,
    [hook.trackingId],
  )
}

async function rowOf() {
  const { rows } = await bed.db.pool.query('select state, receipt from payments where id = $1', [
    hook.trackingId,
  ])
  return { state: rows[0]?.state, receipt: rows[0]?.receipt }
}

const JSON_HEADERS = { 'content-type': 'application/json', 'x-api-key': '' }

async function call(
  path: string,
  body: string | Buffer,
  statuses: number[],
  method = 'POST',
): Promise<Answer> {
  const answer = await bed.send(method, path, { body, headers: JSON_HEADERS })
  const sent = body.toString('latin1').slice(0, 200)
  const said = `${path.slice(0, 24)} ${sent}: ${answer.status} ${answer.text}`
  assert.ok(statuses.includes(answer.status), said)
  if (answer.status === 200) assert.deepEqual(answer.body, { ResultCode: 0, ResultDesc: 'Accepted' }, said)
  else assertShape('/hooks', answer, said)
  return answer
}

/** The parts of a paid callback, each a JSON text. */
const PARTS = {
  MerchantRequestID: '"29115-34620561-1"',
  CheckoutRequestID: '"ws_CO_191220191020363925"',
  ResultCode: '0',
  ResultDesc: '"The service request is processed successfully."',
  Amount: '100.00',
  MpesaReceiptNumber: '"NLJ7RT61SV"',
  TransactionDate: '20191219102115',
  PhoneNumber: '254708374149',
}

function callbackText(changes: Partial<Record<keyof typeof PARTS, string>>): string {
  const parts = { ...PARTS, ...changes }
  const { Amount, MpesaReceiptNumber, TransactionDate, PhoneNumber, ...fields } = parts
  const items = Object.entries({ Amount, MpesaReceiptNumber, TransactionDate, PhoneNumber })
  const item = items.map(([name, value]) => `{"Name":"${name}","Value":${value}}`).join(',')
  const rest = Object.entries(fields).map(([name, value]) => `"${name}":${value}`)
  return `{"Body":{"stkCallback":{${rest.join(',')},"CallbackMetadata":{"Item":[${item}]}}}}`
}

test('odd values in any part of a callback with the right token break nothing', async () => {
  for (const name of Object.keys(PARTS)) {
    for (const value of ODD_VALUES) {
      await reopen()
      await call(`/hooks/stk-push/${hook.token}`, callbackText({ [name]: value }), [200, 400])
      const { state, receipt } = await rowOf()
      if (name === 'Amount') assert.equal(state, 'uncertain', value.slice(0, 40))
      if (state === 'succeeded') assert.match(String(receipt), /^[A-Za-z0-9]{1,32}$/)
    }
  }
})

test('odd shapes of a callback break nothing and settle nothing', async () => {
  for (const value of ODD_VALUES) {
    const shapes = [
      value,
      `{"Body":${value}}`,
      `{"Body":{"stkCallback":${value}}}`,
      `{"Body":{"stkCallback":{"ResultCode":0,"CallbackMetadata":${value}}}}`,
      `{"Body":{"stkCallback":{"ResultCode":0,"CallbackMetadata":{"Item":${value}}}}}`,
      `{"Body":{"stkCallback":{"ResultCode":0,"CallbackMetadata":{"Item":[${value}]}}}}`,
      `{"Body":{"stkCallback":{"ResultCode":0,"CallbackMetadata":{"Item":[{"Name":${value},"Value":1}]}}}}`,
      `{"Body":{"stkCallback":{"ResultCode":4999,"ResultDesc":${value}}}}`,
    ]
    await reopen()
    for (const body of shapes) await call(`/hooks/stk-push/${hook.token}`, body, [200, 400])
    assert.equal((await rowOf()).state, 'uncertain', value.slice(0, 40))
  }
})

test('a body in which there is no callback is a 400 at either address, whatever the method', async () => {
  await reopen()
  for (const path of ['/hooks/stk-push', `/hooks/stk-push/${hook.token}`]) {
    for (const body of BROKEN_BODIES) await call(path, body, [400])
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) await call(path, '{}', [400], method)
    for (const method of ['GET', 'PUT', 'DELETE']) {
      assertShape('/hooks', await bed.send(method, path, {}), `${method} without a body`)
    }
  }
  assert.equal((await rowOf()).state, 'uncertain')
})

test('a token that is none of ours settles nothing', async () => {
  await reopen()
  const wrong = [
    '0'.repeat(96),
    `${hook.token.slice(0, -1)}${hook.token.endsWith('0') ? '1' : '0'}`,
    hook.token.toUpperCase(),
    hook.token.slice(0, 64),
    `${hook.token}00`,
    ...['%00', '%ZZ', 'x'.repeat(5_000), '__proto__', '%F0%9F%98%80', ' '],
  ]
  for (const token of wrong) await call(`/hooks/stk-push/${token}`, callbackText({}), [200])
  for (const value of ODD_VALUES) {
    await call('/hooks/stk-push', callbackText({ CheckoutRequestID: value }), [200])
  }
  assert.equal((await rowOf()).state, 'uncertain')
})

test('more than 64 KiB are refused at either address, and of any content type', async () => {
  const body = callbackText({ ResultDesc: `"${'x'.repeat(64 * 1024)}"` })
  for (const path of ['/hooks/stk-push', `/hooks/stk-push/${hook.token}`]) {
    for (const type of ['application/json', 'text/xml', 'x']) {
      const answer = await bed.send('POST', path, { body, headers: { 'content-type': type } })
      assert.equal(answer.status, 413)
      assertShape('/hooks', answer, type)
    }
  }
})

test('a callback is taken whatever its content type, or without one', async () => {
  for (const type of [null, '', 'x', ';', 'text/xml', 'json; charset', 'application/x-www-form-urlencoded']) {
    await reopen()
    const headers = type === null ? {} : { 'content-type': type }
    const body = Buffer.from(callbackText({}))
    const answer = await bed.send('POST', `/hooks/stk-push/${hook.token}`, { body, headers })
    assert.equal(answer.status, 200, `${type}: ${answer.text}`)
    assert.equal((await rowOf()).state, 'succeeded', String(type))
  }
})

test('a true callback is still taken after all that', async () => {
  await reopen()
  await call(`/hooks/stk-push/${hook.token}`, callbackText({}), [200])
  assert.equal((await rowOf()).state, 'succeeded')
})
