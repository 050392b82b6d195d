// `/api/stk-push` to the letter of its document: both modes, the record, labels, codes and phone formats.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, objectIn, startTestGateway, type TestGateway } from '../support/gateway.ts'

let bed: TestGateway
before(async () => {
  bed = await startTestGateway()
})
after(() => bed[Symbol.asyncDispose]())

const valid = { phone: '0712345678', amount: 1500, reference: 'INV-2024-001', tag: 'loan-repayment' }
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The keys of a record, which are those of the document and its `...`. */
const RECORD_KEYS = [
  'amount',
  'checkout_request_id',
  'created_at',
  'id',
  'merchant_request_id',
  'meta',
  'phone_number',
  'reference',
  'response_code',
  'response_description',
  'status',
  'status_label',
  'tag',
  'tracking_id',
  'transaction_code',
  'updated_at',
]

async function pay(phone: string): Promise<Record<string, unknown>> {
  const made = await bed.post('/api/stk-push', { ...valid, phone })
  assert.equal(made.status, 202, made.text)
  const read = await bed.get(`/api/stk-push/${made.body.tracking_id}?wait=30`)
  assert.equal(read.status, 200)
  return objectIn(read.body, 'data')
}

function assertPending(data: Record<string, unknown>): void {
  assert.deepEqual(
    [data.status, data.status_label, data.response_code, data.transaction_code, data.meta],
    [0, 'Pending', null, null, null],
  )
}

test('the example request is accepted with a tracking id, and a look straight after finds it', async () => {
  const made = await bed.post('/api/stk-push', valid)
  assert.equal(made.status, 202)
  assert.deepEqual(Object.keys(made.body).sort(), ['message', 'success', 'tracking_id'])
  assert.equal(made.body.success, true)
  assert.match(String(made.body.tracking_id), UUID)
  const read = await bed.get(`/api/stk-push/${made.body.tracking_id}`)
  assert.equal(read.status, 200)
  const data = objectIn(read.body, 'data')
  assert.deepEqual(Object.keys(data).sort(), RECORD_KEYS)
  assertPending(data)
  assert.equal(data.tracking_id, made.body.tracking_id)
  assert.equal(Number.isSafeInteger(data.id), true)
})

test('a paid record reads as the document shows', async () => {
  const data = await pay('254700000000')
  const { phone_number, amount, reference, status, status_label, response_code } = data
  assert.deepEqual(
    { phone_number, amount, reference, status, status_label, response_code },
    {
      phone_number: '254700000000',
      amount: '1500',
      reference: 'INV-2024-001',
      status: 1,
      status_label: 'Success',
      response_code: '0',
    },
  )
  assert.match(String(data.transaction_code), /^[A-Z0-9]{10}$/)
  assert.match(String(objectIn(data, 'meta').transaction_date), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
})

test('the transaction date is in East Africa Time', async () => {
  const data = await pay('254700000000')
  const shown = new Date(`${String(objectIn(data, 'meta').transaction_date).replace(' ', 'T')}+03:00`)
  const apart = Math.abs(shown.getTime() - new Date(String(data.created_at)).getTime())
  assert.ok(apart < 60_000, `${apart} ms from its creation`)
})

test('every status label of the document comes with its code', async () => {
  const labels = {
    '254700001032': ['Cancelled by User', '1032'],
    '254700000001': ['Insufficient Balance', '1'],
    '254700001037': ['Timed Out', '1037'],
    '254700001019': ['Transaction Expired', '1019'],
  }
  for (const [phone, [label, code]] of Object.entries(labels)) {
    const data = await pay(phone)
    assert.deepEqual([data.status, data.status_label, data.response_code], [1, label, code])
    assert.deepEqual([data.transaction_code, data.meta], [null, null])
  }
})

test('a push that Daraja refuses is Rejected with its errorCode', async () => {
  const data = await pay('254700070002')
  assert.deepEqual([data.status, data.status_label, data.response_code], [1, 'Rejected', '400.002.02'])
  const sync = await bed.post('/api/stk-push?mode=sync', { ...valid, phone: '254700071001' })
  const refused = objectIn(sync.body, 'data')
  assert.deepEqual([refused.status_label, refused.response_code], ['Rejected', '500.001.1001'])
})

test('in sync mode the full record comes back at once', async () => {
  const made = await bed.post('/api/stk-push?mode=sync', { ...valid, phone: '254712000001' })
  assert.equal(made.status, 200)
  assert.equal(made.body.success, true)
  const data = objectIn(made.body, 'data')
  assert.deepEqual(Object.keys(data).sort(), RECORD_KEYS)
  assertPending(data)
  assert.match(String(data.checkout_request_id), /^ws_CO_/)
})

test('a callback that outruns the push’s answer is in the record that sync mode gives', async () => {
  const made = await bed.post('/api/stk-push?mode=sync', { ...valid, phone: '254700030000' })
  const data = objectIn(made.body, 'data')
  assert.deepEqual([data.status, data.status_label, data.response_code], [1, 'Success', '0'])
  assert.match(String(data.transaction_code), /^[A-Z0-9]{10}$/)
  const declined = await bed.post('/api/stk-push?mode=sync', { ...valid, phone: '254700031032' })
  assert.equal(objectIn(declined.body, 'data').status_label, 'Cancelled by User')
})

test('QUEUE_CONNECTION=sync makes that the rule, and ?mode=async the exception', async () => {
  await using sync = await startTestGateway({ env: { QUEUE_CONNECTION: 'sync' } })
  const made = await sync.post('/api/stk-push', valid)
  assert.equal(made.status, 200)
  assertPending(objectIn(made.body, 'data'))
  const queued = await sync.post('/api/stk-push?mode=async', { ...valid, phone: '0712345679' })
  assert.equal(queued.status, 202)
})

test('the three documented phone formats become one', async () => {
  for (const phone of ['0712000002', '254712000002', '+254712000002']) {
    const made = await bed.post('/api/stk-push', { ...valid, phone })
    const read = await bed.get(`/api/stk-push/${made.body.tracking_id}`)
    assert.equal(objectIn(read.body, 'data').phone_number, '254712000002')
  }
})

test('a form-encoded body and an amount of digits are taken, as PHP sends them', async () => {
  const form = new URLSearchParams({ phone: '0712000003', amount: '1500', reference: 'A', tag: '' })
  const made = await bed.send('POST', '/api/stk-push', { body: form })
  assert.equal(made.status, 202, made.text)
  const read = await bed.get(`/api/stk-push/${made.body.tracking_id}`)
  assert.deepEqual([objectIn(read.body, 'data').amount, objectIn(read.body, 'data').tag], ['1500', null])
  assert.equal((await bed.post('/api/stk-push', { ...valid, amount: '1500' })).status, 202)
})

test('a form is read as people wrote it: blanks, accents, a lone percent sign', async () => {
  for (const [sent, kept] of [
    ['Caf%C3%A9+no.%205', 'Café no. 5'],
    ['Café', 'Café'],
    ['10% off', '10% off'],
    ['50%25', '50%'],
  ]) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = `phone=0712000003&amount=1500&reference=${sent}`
    const made = await bed.send('POST', '/api/stk-push', { body, headers })
    assert.equal(made.status, 202, made.text)
    const read = await bed.get(`/api/stk-push/${made.body.tracking_id}`)
    assert.equal(objectIn(read.body, 'data').reference, kept)
  }
})

test('a base address with a slash at its end is as good as one without', async () => {
  const made = await bed.post('/api//stk-push', valid)
  assert.equal(made.status, 202, made.text)
  assert.equal((await bed.get(`/api//stk-push/${made.body.tracking_id}/`)).status, 200)
})

test('invalid input is 422 and names every field', async () => {
  const made = await bed.post('/api/stk-push', { phone: '12', amount: 0, reference: 'x'.repeat(13), tag: 5 })
  assert.equal(made.status, 422)
  assert.equal(made.body.success, false)
  assert.deepEqual(Object.keys(objectIn(made.body, 'errors')).sort(), ['amount', 'phone', 'reference', 'tag'])
})

test('without a good token there is only 401', async () => {
  for (const path of ['/api/stk-push', '/api/stk-push?mode=sync']) {
    const made = await bed.post(path, valid, { 'x-api-key': 'sk_test_nonsense' })
    assert.equal(made.status, 401)
    assert.deepEqual(made.body, { success: false, message: 'Unauthenticated.' })
  }
})

test('an unknown, malformed or foreign tracking id is not found', async () => {
  const other = await bed.addMerchant('other')
  const mine = await bed.post('/api/stk-push', valid)
  const answers: Answer[] = [
    await bed.get('/api/stk-push/550e8400-e29b-41d4-a716-446655440000'),
    await bed.get('/api/stk-push/nonsense'),
    await bed.get("/api/stk-push/'%20or%201=1"),
    await bed.get(`/api/stk-push/${mine.body.tracking_id}`, { 'x-api-key': other.key }),
  ]
  for (const answer of answers) {
    assert.equal(answer.status, 404)
    assert.deepEqual(answer.body, { success: false, message: 'Record not found.' })
  }
})

test('a wait that is no number of seconds up to 60 is refused', async () => {
  const made = await bed.post('/api/stk-push', valid)
  for (const wait of ['61', '-1', 'x', '1e3', 'Infinity', '0x1']) {
    const read = await bed.get(`/api/stk-push/${made.body.tracking_id}?wait=${wait}`)
    assert.equal(read.status, 422, wait)
    assert.deepEqual(Object.keys(objectIn(read.body, 'errors')), ['wait'])
  }
})
