// `/api/mpesa` to the letter of its document: paths, headers, field names, types, status codes, messages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

let bed: TestGateway
before(async () => {
  bed = await startTestGateway()
})
after(() => bed[Symbol.asyncDispose]())

const PAYS = '254700000000'
const valid = { amount: 100, phoneNumber: '254712345678', accountId: 'ACC123456' }

/** Pushes to a test phone and waits for its result by the surface's own polling. */
async function settle(phoneNumber: string): Promise<Record<string, unknown>> {
  const pushed = await bed.post('/api/mpesa/stkPush', { ...valid, phoneNumber })
  assert.equal(pushed.status, 200, pushed.text)
  const checkoutRequestId = objectIn(pushed.body, 'data').CheckoutRequestID
  return until(`a result for ${phoneNumber}`, async () => {
    const checked = await bed.post('/api/mpesa/check-status', { checkoutRequestId })
    const data = objectIn(checked.body, 'data')
    return data.ResultCode === '4999' ? null : checked.body
  })
}

test('the example request is answered as the document shows', async () => {
  const answer = await bed.post('/api/mpesa/stkPush', valid)
  assert.equal(answer.status, 200)
  assert.match(String(answer.headers.get('content-type')), /^application\/json/)
  const { MerchantRequestID, CheckoutRequestID, ...rest } = objectIn(answer.body, 'data')
  assert.match(String(MerchantRequestID), /^[0-9a-f-]+$/)
  assert.match(String(CheckoutRequestID), /^ws_CO_\d+$/)
  assert.deepEqual(
    { ...answer.body, data: rest },
    {
      success: true,
      message: 'STK push initiated successfully',
      data: { ResponseCode: '0', ResponseDescription: 'Success. Request accepted for processing' },
    },
  )
})

test('a finished payment is reported as the document shows', async () => {
  const body = await settle(PAYS)
  const { CheckoutRequestID, ...data } = objectIn(body, 'data')
  assert.match(String(CheckoutRequestID), /^ws_CO_/)
  assert.deepEqual(
    { ...body, data },
    {
      success: true,
      message: 'Transaction status retrieved successfully',
      data: {
        ResponseCode: '0',
        ResultCode: '0',
        ResultDesc: 'The service request is processed successfully.',
      },
    },
  )
})

test('every result code of the document reaches the merchant as a string', async () => {
  for (const code of ['1', '1032', '1037', '2001']) {
    const body = await settle(`25470000${code.padStart(4, '0')}`)
    assert.equal(objectIn(body, 'data').ResultCode, code)
  }
})

test('before its result is known a payment is 4999', async () => {
  const pushed = await bed.post('/api/mpesa/stkPush', { ...valid, phoneNumber: '254700090000' })
  const checkoutRequestId = objectIn(pushed.body, 'data').CheckoutRequestID
  const checked = await bed.post('/api/mpesa/check-status', { checkoutRequestId })
  assert.equal(checked.status, 200)
  assert.deepEqual(objectIn(checked.body, 'data'), {
    ResponseCode: '0',
    CheckoutRequestID: checkoutRequestId,
    ResultCode: '4999',
    ResultDesc: 'The transaction is still under processing',
  })
})

test('an id that is not the merchant’s own is not found', async () => {
  const other = await bed.addMerchant('other')
  const mine = await bed.post('/api/mpesa/stkPush', valid)
  const checkoutRequestId = objectIn(mine.body, 'data').CheckoutRequestID
  const headers = { 'x-api-key': other.key }
  for (const id of [checkoutRequestId, 'ws_CO_191220191020363925', "' or 1=1 --"]) {
    const answer = await bed.post('/api/mpesa/check-status', { checkoutRequestId: id }, headers)
    assert.equal(answer.status, 404)
    assert.deepEqual(answer.body, { success: false, message: 'Transaction not found.' })
  }
})

test('the key is taken from each of the three headers, and without one nothing is', async () => {
  const { key } = bed.merchant
  const none = { 'x-api-key': '' }
  for (const headers of [
    { 'x-api-key': key },
    { ...none, 'X-API-Token': key },
    { ...none, authorization: `Bearer ${key}` },
    { ...none, authorization: `bearer ${key}` },
  ]) {
    const answer = await bed.post('/api/mpesa/check-status', { checkoutRequestId: 'x' }, headers)
    assert.equal(answer.status, 404, JSON.stringify(headers))
  }
  for (const wrong of [
    '',
    'nonsense',
    `${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`,
    'x'.repeat(5_000),
  ]) {
    const answer = await bed.post('/api/mpesa/stkPush', valid, { 'x-api-key': wrong })
    assert.equal(answer.status, 401)
    assert.deepEqual(answer.body, { success: false, message: 'Unauthenticated.' })
  }
})

test('invalid input names every field at fault', async () => {
  const answer = await bed.post('/api/mpesa/stkPush', { amount: 1.5, phoneNumber: '123', accountId: '' })
  assert.equal(answer.status, 400)
  assert.equal(answer.body.success, false)
  assert.equal(typeof answer.body.message, 'string')
  const errors = objectIn(answer.body, 'errors')
  assert.deepEqual(Object.keys(errors).sort(), ['accountId', 'amount', 'phoneNumber'])
  for (const texts of Object.values(errors)) assert.ok(Array.isArray(texts) && typeof texts[0] === 'string')
})

test('all phone formats reach Daraja as 254…', async () => {
  for (const phoneNumber of ['0712000111', '712000112', '254712000113', '+254712000114', '0712 000 115']) {
    const answer = await bed.post('/api/mpesa/stkPush', { ...valid, phoneNumber })
    assert.equal(answer.status, 200, phoneNumber)
  }
  const ledger = await bed.simulator('GET', '/simulator/ledger?limit=100')
  const phones = JSON.stringify(ledger)
  for (const n of [1, 2, 3, 4, 5]) assert.match(phones, new RegExp(`25471200011${n}`))
})

test('a push that Daraja refuses is 422 with its words, and says that nothing was sent', async () => {
  const answer = await bed.post('/api/mpesa/stkPush', { ...valid, phoneNumber: '254700071001' })
  assert.equal(answer.status, 422)
  assert.equal(answer.body.success, false)
  assert.match(String(answer.body.message), /another M-Pesa prompt open.*new try is safe/)
  const data = objectIn(answer.body, 'data')
  assert.equal(data.errorCode, '500.001.1001')
  assert.match(String(data.errorMessage), /lock subscriber/)
})

test('a busy M-Pesa is 503 with Retry-After, and says that a new try is safe', async () => {
  for (const phoneNumber of ['254700070302', '254700070303']) {
    const answer = await bed.post('/api/mpesa/stkPush', { ...valid, phoneNumber })
    assert.equal(answer.status, 503, phoneNumber)
    assert.match(String(answer.headers.get('retry-after')), /^\d+$/)
    assert.match(String(answer.body.message), /new try is safe/)
  }
})

test('a push that may have reached M-Pesa is 504 and not to be retried, and is settled later', async () => {
  const answer = await bed.post('/api/mpesa/stkPush', { ...valid, phoneNumber: '254700060000' })
  assert.equal(answer.status, 504)
  assert.match(String(answer.body.message), /do not retry/)
  const { trackingId } = objectIn(answer.body, 'data')
  const record = await bed.get(`/api/stk-push/${trackingId}?wait=20`)
  assert.equal(objectIn(record.body, 'data').status_label, 'Success')
})
