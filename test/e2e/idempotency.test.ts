// `Idempotency-Key` on every route that creates a payment: one key, one payment, one prompt.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

let bed: TestGateway
before(async () => {
  bed = await startTestGateway()
})
after(() => bed[Symbol.asyncDispose]())

type Surface = {
  path: string
  body: Record<string, unknown>
  change: Record<string, unknown>
  status: number
}

/** The routes that create payments, each with a body and a change that makes it another. */
const SURFACES: Surface[] = [
  {
    path: '/api/mpesa/stkPush',
    body: { amount: 10, phoneNumber: '0712000000', accountId: 'A' },
    change: { amount: 11 },
    status: 200,
  },
  {
    path: '/api/stk-push',
    body: { amount: 10, phone: '0712000001', reference: 'B' },
    change: { reference: 'C' },
    status: 202,
  },
  {
    path: '/api/stk-push?mode=sync',
    body: { amount: 10, phone: '0712000002', reference: 'D' },
    change: { phone: '0712000009' },
    status: 200,
  },
  {
    path: '/v1/payments',
    body: { amount: 10, phone: '0712000003', reference: 'E', metadata: { a: '1', b: '2' } },
    change: { metadata: { a: '1' } },
    status: 201,
  },
]

/** What names the payment in an answer of any surface. */
function paymentIn(answer: Answer): unknown {
  const { body } = answer
  if (typeof body.tracking_id === 'string') return body.tracking_id
  const data = objectIn(body, 'data')
  return data.tracking_id ?? data.CheckoutRequestID
}

async function promptsOf(phone: unknown): Promise<number> {
  const number = `254${String(phone).slice(1)}`
  const { entries } = await bed.simulator('GET', `/simulator/ledger?phone=${number}`)
  return Array.isArray(entries) ? entries.length : Number.NaN
}

for (const { path, body, change, status } of SURFACES) {
  test(`${path}: the same key and body give the original payment, and no second prompt`, async () => {
    const headers = { 'idempotency-key': `order-1 ${path}`.replace(/[^\x21-\x7e]/g, '_') }
    const first = await bed.post(path, body, headers)
    assert.equal(first.status, status, first.text)
    assert.equal(first.headers.get('idempotent-replayed'), null)
    const again = await bed.post(path, { ...body }, headers)
    assert.equal(again.status, status)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    assert.equal(paymentIn(again), paymentIn(first))
    const conflict = await bed.post(path, { ...body, ...change }, headers)
    assert.equal(conflict.status, 422)
    await bed.get(`/api/stk-push/${paymentIn(first)}?wait=10`)
    assert.equal(await promptsOf(body.phone ?? body.phoneNumber), 1)
  })

  test(`${path}: keys that are not 1 to 255 visible characters are refused`, async () => {
    for (const key of ['x'.repeat(256), 'a b', 'é']) {
      const headers = {
        'idempotency-key': encodeURI(key) === key ? key : Buffer.from(key).toString('latin1'),
      }
      const answer = await bed.post(path, body, headers)
      assert.equal(answer.status, 400, key)
    }
  })
}

test('fifty equal requests at once make one payment and one prompt', async () => {
  const body = { amount: 10, phone: '0712000077', reference: 'F' }
  const headers = { 'idempotency-key': 'crowd' }
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => bed.post('/api/stk-push?mode=sync', body, headers)),
  )
  assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]))
  assert.equal(new Set(answers.map(paymentIn)).size, 1)
  assert.equal(answers.filter((answer) => answer.headers.get('idempotent-replayed') === null).length, 1)
  assert.equal(await promptsOf('0712000077'), 1)
})

test('a key belongs to one merchant', async () => {
  const other = await bed.addMerchant('other')
  const headers = { 'idempotency-key': 'mine' }
  const mine = await bed.post('/api/stk-push', { amount: 10, phone: '0712000078', reference: 'G' }, headers)
  const theirs = await bed.post(
    '/api/stk-push',
    { amount: 99, phone: '0712000079', reference: 'H' },
    { ...headers, 'x-api-key': other.key },
  )
  assert.deepEqual([mine.status, theirs.status], [202, 202])
  assert.notEqual(paymentIn(mine), paymentIn(theirs))
})

test('a payment of before is answered although its shortcode has been disabled since', async () => {
  const shop = await bed.addMerchant('closing')
  const keyed = { 'idempotency-key': 'before', 'x-api-key': shop.key }
  const body = { amount: 10, phone: '0712000080', reference: 'I' }
  const first = await bed.post('/api/stk-push', body, keyed)
  assert.equal(first.status, 202, first.text)
  const list = await bed.get('/v1/shortcodes', { 'x-api-key': shop.key })
  assert.ok(Array.isArray(list.body.data), list.text)
  for (const { id } of list.body.data) {
    const headers = { 'x-api-key': shop.key, 'content-type': 'application/json' }
    const change = { body: JSON.stringify({ status: 'disabled' }), headers }
    assert.equal((await bed.send('PATCH', `/v1/shortcodes/${id}`, change)).status, 200)
  }
  const refused = await until('the change to be heard of', async () => {
    const answer = await bed.post('/api/stk-push', body, { 'x-api-key': shop.key })
    return answer.status === 202 ? null : answer
  })
  assert.match(String(refused.body.message), /no enabled shortcode/)
  const again = await bed.post('/api/stk-push', body, keyed)
  assert.deepEqual([again.status, again.body.tracking_id], [202, first.body.tracking_id])
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal((await bed.post('/api/stk-push', { ...body, amount: 11 }, keyed)).status, 422)
})

test('a key stays with a push that was not sent, which the answer says', async () => {
  for (const [phoneNumber, status] of [
    ['254700070302', 503],
    ['254700071001', 422],
  ] as const) {
    const headers = { 'idempotency-key': `not-sent-${status}` }
    const body = { amount: 10, phoneNumber, accountId: 'J' }
    const first = await bed.post('/api/mpesa/stkPush', body, headers)
    assert.equal(first.status, status, first.text)
    assert.match(String(first.body.message), /a new try is safe, with a new Idempotency-Key\.$/)
    const again = await bed.post('/api/mpesa/stkPush', body, headers)
    assert.deepEqual([again.status, again.body], [status, first.body])
    assert.equal(again.headers.get('retry-after'), null)
  }
})
