// A Daraja that answers pushes with HTTP 200 and a ResponseCode other than 0: what each surface says of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startStubDaraja } from '../../src/daraja/testing/stub-daraja.ts'
import { objectIn, startTestGateway, type TestGateway } from '../support/gateway.ts'

const KEYS = { consumer_key: 'key', consumer_secret: 'secret', passkey: 'passkey' }
const IDS = { MerchantRequestID: '1-2-3', CheckoutRequestID: 'ws_CO_1' }
const REJECTED = { ResponseCode: '1', ResponseDescription: 'Rejected' }

/** A key whose payments go to the Daraja that is known as the sandbox. */
async function sandboxKey(bed: TestGateway): Promise<Record<string, string>> {
  const added = await bed.post('/v1/shortcodes', { environment: 'sandbox', number: '174379', ...KEYS })
  assert.equal(added.status, 201, added.text)
  const made = await bed.post('/v1/api_keys', {
    name: 'sandbox',
    scopes: ['payments:write', 'payments:read'],
    shortcode: added.body.id,
  })
  assert.equal(made.status, 201, made.text)
  return { 'x-api-key': String(made.body.secret) }
}

const V1_WISH = { amount: 10, phone: '254712345671', reference: 'R', wait: 30 }
const MPESA_WISH = { amount: 10, phoneNumber: '254712345672', accountId: 'R' }
const STK_PUSH_WISH = { amount: 10, phone: '254712345673', reference: 'R' }

test('a rejected push is a refusal with a code of its own, and no word of the customer’s money', async () => {
  await using daraja = await startStubDaraja({ push: [{ status: 200, body: REJECTED }] })
  await using bed = await startTestGateway({ env: { DARAJA_SANDBOX_URL: daraja.url } })
  const key = await sandboxKey(bed)
  const payment = (await bed.post('/v1/payments', V1_WISH, key)).body
  const result = objectIn(payment, 'result')
  assert.deepEqual(
    [payment.status, result.code, result.label, result.description],
    ['failed', 'push_rejected', 'Rejected', 'ResponseCode 1: Rejected'],
  )
  assert.match(String(objectIn(result, 'message').en), /did not accept the payment request/)
  const answer = await bed.post('/api/mpesa/stkPush', MPESA_WISH, key)
  assert.equal(answer.status, 422, answer.text)
  const data = { errorCode: 'push_rejected', errorMessage: 'ResponseCode 1: Rejected' }
  assert.deepEqual(answer.body.data, data)
  const record = objectIn((await bed.post('/api/stk-push?mode=sync', STK_PUSH_WISH, key)).body, 'data')
  assert.deepEqual(
    [record.status, record.status_label, record.response_code],
    [1, 'Rejected', 'push_rejected'],
  )
})

test('a rejected push with a CheckoutRequestID is uncertain: a prompt may be out', async () => {
  await using daraja = await startStubDaraja({ push: [{ status: 200, body: { ...IDS, ...REJECTED } }] })
  await using bed = await startTestGateway({ env: { DARAJA_SANDBOX_URL: daraja.url } })
  const key = await sandboxKey(bed)
  const answer = await bed.post('/api/mpesa/stkPush', MPESA_WISH, key)
  assert.equal(answer.status, 504, answer.text)
  assert.match(String(answer.body.message), /do not retry/)
  const record = objectIn((await bed.post('/api/stk-push?mode=sync', STK_PUSH_WISH, key)).body, 'data')
  assert.deepEqual([record.status, record.response_code], [0, null])
  const { body } = await bed.get(`/v1/payments/pay_${String(record.tracking_id).replaceAll('-', '')}`, key)
  assert.equal(body.status, 'uncertain')
})
