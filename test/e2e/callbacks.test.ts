// Safaricom's callback: believed only with evidence, settled once, acknowledged in one way.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { holdLock } from '../../src/db/testing/lock-holder.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

let bed: TestGateway
before(async () => {
  // So slow that the simulator's own callbacks never come into these tests.
  bed = await startTestGateway({ env: { SIMULATOR_SPEED: '0.001' } })
})
after(() => bed[Symbol.asyncDispose]())

const ACCEPTED = { ResultCode: 0, ResultDesc: 'Accepted' }
let nextPhone = 254_712_000_000

type Pushed = {
  trackingId: string
  merchantRequestId: string
  checkoutRequestId: string
  callbackPath: string
}

/** A pending payment of 100 shillings, and the path that Daraja was given for its callback. */
async function push(at: TestGateway = bed): Promise<Pushed> {
  nextPhone += 1
  const made = await at.post('/api/stk-push?mode=sync', {
    phone: `${nextPhone}`,
    amount: 100,
    reference: 'R',
  })
  const data = objectIn(made.body, 'data')
  const ledger = await at.simulator('GET', `/simulator/ledger?checkout=${data.checkout_request_id}`)
  const callbackUrl = /http[^"]+\/hooks\/stk-push\/[0-9a-f]{96}/.exec(JSON.stringify(ledger))?.[0] ?? ''
  return {
    trackingId: String(data.tracking_id),
    merchantRequestId: String(data.merchant_request_id),
    checkoutRequestId: String(data.checkout_request_id),
    callbackPath: new URL(callbackUrl).pathname,
  }
}

type Changes = {
  code?: number | string
  amount?: number
  receipt?: string
  checkout?: string
  merchant?: string
}

function callbackOf(pushed: Pushed, changes: Changes = {}) {
  const code = changes.code ?? 0
  const Item = [
    { Name: 'Amount', Value: changes.amount ?? 100 },
    { Name: 'MpesaReceiptNumber', Value: changes.receipt ?? 'NLJ7RT61SV' },
    { Name: 'Balance' },
    { Name: 'TransactionDate', Value: 20240321143055 },
    { Name: 'PhoneNumber', Value: 254708374149 },
  ]
  return {
    Body: {
      stkCallback: {
        MerchantRequestID: changes.merchant ?? pushed.merchantRequestId,
        CheckoutRequestID: changes.checkout ?? pushed.checkoutRequestId,
        ResultCode: code,
        ResultDesc:
          code === 0 ? 'The service request is processed successfully.' : 'Request cancelled by user',
        ...(code === 0 ? { CallbackMetadata: { Item } } : {}),
      },
    },
  }
}

async function statusOf(pushed: Pushed): Promise<string> {
  const read = await bed.get(`/api/stk-push/${pushed.trackingId}`)
  return String(objectIn(read.body, 'data').status_label)
}

async function eventsOf(pushed: Pushed): Promise<string[]> {
  const found = await bed.db.pool.query<{ type: string }>(
    'select type from events where payment_id = $1 order by sequence',
    [pushed.trackingId],
  )
  return found.rows.map((row) => row.type)
}

async function oddOf(pushed: Pushed): Promise<string[]> {
  const found = await bed.db.pool.query<{ kind: string; reason: string }>(
    'select kind, reason from callbacks where payment_id = $1 order by id',
    [pushed.trackingId],
  )
  return found.rows.map((row) => `${row.kind}: ${row.reason}`)
}

test('a callback with the payment’s own token settles it, with receipt, time and evidence', async () => {
  const pushed = await push()
  const answer = await bed.post(pushed.callbackPath, callbackOf(pushed))
  assert.deepEqual([answer.status, answer.body], [200, ACCEPTED])
  const read = await bed.get(`/v1/payments/pay_${pushed.trackingId.replaceAll('-', '')}`)
  assert.equal(read.body.status, 'succeeded')
  assert.equal(read.body.receipt, 'NLJ7RT61SV')
  assert.equal(read.body.paid_at, '2024-03-21T11:30:55.000Z')
  const { source, confidence, token, amount_match, ids_match } = objectIn(read.body, 'evidence')
  assert.deepEqual(
    [source, confidence, token, amount_match, ids_match],
    ['callback', 'proven', true, true, true],
  )
})

test('every method is taken, with a token and without', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const pushed = await push()
    const body = JSON.stringify(callbackOf(pushed, { code: 1032 }))
    const headers = { 'content-type': 'text/plain', 'x-api-key': '' }
    const answer = await bed.send(method, pushed.callbackPath, { body, headers })
    assert.deepEqual([answer.status, answer.body], [200, ACCEPTED], method)
    assert.equal(await statusOf(pushed), 'Cancelled by User')
    const bare = await bed.send(method, '/hooks/stk-push', { body, headers })
    assert.deepEqual([bare.status, bare.body], [200, ACCEPTED], method)
  }
})

test('a byte order mark in front of a callback is no part of it', async () => {
  const pushed = await push()
  const body = `\ufeff${JSON.stringify(callbackOf(pushed))}`
  const answer = await bed.send('POST', pushed.callbackPath, { body })
  assert.deepEqual([answer.status, answer.body], [200, ACCEPTED])
  assert.equal(await statusOf(pushed), 'Success')
})

test('what is no callback is 400, and only that', async () => {
  const pushed = await push()
  for (const body of ['', '{', '[]', 'null', '{"Body":{}}', '{"Body":{"stkCallback":{}}}']) {
    for (const path of ['/hooks/stk-push', pushed.callbackPath]) {
      const answer = await bed.send('POST', path, { body, headers: { 'content-type': 'application/json' } })
      assert.equal(answer.status, 400, body)
    }
  }
  assert.equal((await bed.get('/hooks/stk-push')).status, 400)
  assert.equal(await statusOf(pushed), 'Pending')
})

test('a wrong token, other ids or another amount change nothing and are answered the same', async () => {
  const pushed = await push()
  const other = await push()
  const flipped = pushed.callbackPath.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  const forged: [string, object][] = [
    [flipped, callbackOf(pushed)],
    ['/hooks/stk-push/nonsense', callbackOf(pushed)],
    [other.callbackPath, callbackOf(pushed)],
    [pushed.callbackPath, callbackOf(pushed, { amount: 1 })],
    [pushed.callbackPath, callbackOf(pushed, { amount: 100.5 })],
    [pushed.callbackPath, callbackOf(pushed, { checkout: 'ws_CO_1' })],
    [pushed.callbackPath, callbackOf(pushed, { merchant: '1-1-1' })],
  ]
  for (const [path, body] of forged) {
    const answer = await bed.post(path, body)
    assert.deepEqual([answer.status, answer.body], [200, ACCEPTED])
    assert.equal(await statusOf(pushed), 'Pending')
    assert.equal(await statusOf(other), 'Pending')
  }
  const odd = await oddOf(pushed)
  assert.ok(odd.includes('refused: another amount'), odd.join())
  assert.ok(odd.includes('refused: another CheckoutRequestID'), odd.join())
  await bed.post(pushed.callbackPath, callbackOf(pushed))
  assert.equal(await statusOf(pushed), 'Success')
})

test('a success without receipt or amount proves nothing', async () => {
  const pushed = await push()
  const body = callbackOf(pushed)
  const callback = { ...body.Body.stkCallback, CallbackMetadata: { Item: [] } }
  await bed.post(pushed.callbackPath, { Body: { stkCallback: callback } })
  assert.equal(await statusOf(pushed), 'Pending')
  assert.match((await oddOf(pushed)).join(), /^hint/)
})

test('a zero in another form than 0 is no verdict: M-Pesa is asked', async () => {
  for (const code of ['00', '0.0', '-0', '0x0']) {
    const pushed = await push()
    await bed.post(pushed.callbackPath, callbackOf(pushed, { code }))
    assert.equal(await statusOf(pushed), 'Pending', code)
    assert.match((await oddOf(pushed)).join(), /^hint/)
    await bed.post(pushed.callbackPath, callbackOf(pushed))
    assert.equal(await statusOf(pushed), 'Success')
  }
})

test('copies of a callback settle once, and tell the merchant once', async () => {
  const pushed = await push()
  const body = callbackOf(pushed)
  const answers = await Promise.all(Array.from({ length: 20 }, () => bed.post(pushed.callbackPath, body)))
  for (const answer of answers) assert.deepEqual([answer.status, answer.body], [200, ACCEPTED])
  assert.equal(await statusOf(pushed), 'Success')
  assert.deepEqual(await eventsOf(pushed), ['payment.succeeded'])
})

test('a proven payment corrects a failure; a failure after a payment is kept and raised', async () => {
  const pushed = await push()
  await bed.post(pushed.callbackPath, callbackOf(pushed, { code: 1032 }))
  assert.equal(await statusOf(pushed), 'Cancelled by User')
  await bed.post(pushed.callbackPath, callbackOf(pushed))
  assert.equal(await statusOf(pushed), 'Success')
  await bed.post(pushed.callbackPath, callbackOf(pushed, { code: 1032 }))
  await bed.post(pushed.callbackPath, callbackOf(pushed, { receipt: 'OTHER12345' }))
  assert.equal(await statusOf(pushed), 'Success')
  assert.deepEqual(await eventsOf(pushed), [
    'payment.failed',
    'payment.corrected',
    'payment.contradicted',
    'payment.contradicted',
  ])
})

test('a callback that the database cuts off is held until it is back', async () => {
  const pushed = await push()
  await using holder = await holdLock(bed.db, 'lock table payments in access exclusive mode')
  const answering = bed.post(pushed.callbackPath, callbackOf(pushed))
  await holder.cutOffWaiting()
  await holder.release()
  const answer = await answering
  assert.deepEqual([answer.status, answer.body], [200, ACCEPTED])
  assert.equal(await statusOf(pushed), 'Success')
})

test('a bare callback only makes M-Pesa be asked', async () => {
  // Its own gateway: the questions of a shortcode are few, and other tests have asked theirs.
  await using own = await startTestGateway({ env: { SIMULATOR_SPEED: '0.001' } })
  const pushed = await push(own)
  await own.post('/hooks/stk-push', callbackOf(pushed))
  const read = async () => {
    const found = await own.db.pool.query<{ queries: number; state: string }>(
      'select queries, state from payments where id = $1',
      [pushed.trackingId],
    )
    return found.rows[0]
  }
  assert.equal((await read())?.state, 'pending')
  await until('the question', async () => ((await read())?.queries ?? 0) > 0)
  assert.equal((await read())?.state, 'pending')
})
