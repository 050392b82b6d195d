// A callback that comes after the query's verdict: it brings the receipt, and makes the payment proven.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import {
  type Awaited,
  awaitCallback,
  callBack,
  callbackBody,
  NO_CALLBACKS,
} from '../support/callback-forge.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

let bed: TestGateway
before(async () => {
  bed = await startTestGateway({ env: NO_CALLBACKS })
})
after(() => bed[Symbol.asyncDispose]())

/** A payment as a query has settled it: paid, without a receipt. */
async function confirmedPayment(phone: string): Promise<Awaited> {
  const payment = await awaitCallback(bed, phone)
  const query = { result_code: '0', result_desc: 'The service request is processed successfully.' }
  const told = { source: 'query', confidence: 'confirmed', token: null, ip: null, query }
  await bed.db.pool.query(
    `update payments set state = 'succeeded', outcome = 'paid', settled_at = now(), due_at = null,
       event_count = 1, result_code = '0', evidence = $2 where id = $1`,
    [payment.trackingId, { ...told, amount_match: null, ids_match: null }],
  )
  return payment
}

async function read(payment: Awaited): Promise<Record<string, unknown>> {
  return (await bed.get(`/v1/payments/pay_${payment.trackingId.replaceAll('-', '')}`)).body
}

test('the evidence then is the callback’s, with the query’s answer beside it, and it is told', async () => {
  const payment = await confirmedPayment('254712000001')
  const before = objectIn(await read(payment), 'evidence')
  assert.deepEqual([before.source, before.confidence], ['query', 'confirmed'])
  await callBack(bed, payment.token, callbackBody(payment))
  const after = await read(payment)
  assert.equal(after.receipt, 'NLJ7RT61SV')
  assert.equal(after.paid_at, '2024-03-21T11:30:55.000Z')
  assert.deepEqual(after.evidence, {
    source: 'callback',
    confidence: 'proven',
    token: true,
    ip: '127.0.0.1',
    amount_match: true,
    ids_match: true,
    query: before.query,
  })
  const events = await bed.db.pool.query<{ type: string; snapshot: Record<string, unknown> }>(
    'select type, snapshot from events where payment_id = $1',
    [payment.trackingId],
  )
  assert.deepEqual(
    events.rows.map(({ type }) => type),
    ['payment.updated'],
  )
  assert.deepEqual(events.rows[0]?.snapshot.evidence, after.evidence)
})

test('another amount or id brings no receipt', async () => {
  const payment = await confirmedPayment('254712000002')
  const before = await read(payment)
  await callBack(bed, payment.token, callbackBody(payment, { amount: 99 }))
  await callBack(bed, payment.token, callbackBody(payment, { checkout: 'ws_CO_other' }))
  assert.deepEqual(await read(payment), before)
})

test('a receiver of Daraja’s format is told of it twice: at once, and with the receipt', async () => {
  let aheadMs = 0
  const clock = { now: () => systemClock.now() + aheadMs }
  await using bed = await startTestGateway({ clock })
  await using receiver = await startReceiver()
  await bed.post('/v1/webhook_endpoints', { url: receiver.url, format: 'daraja' })
  // The simulator loses its callback, and tells its query.
  const payment = await awaitCallback(bed, '254700010000')
  const paymentId = `pay_${payment.trackingId.replaceAll('-', '')}`
  await until('the verdict by query', async () => {
    aheadMs += 31_000
    return (await bed.get(`/v1/payments/${paymentId}`)).body.status === 'succeeded'
  })
  const verdict = await until('its webhook', async () => receiver.received[0])
  await callBack(bed, payment.token, callbackBody(payment))
  const receipt = await until('the receipt', async () => receiver.received[1])
  assert.deepEqual(verdict.body, {
    Body: {
      stkCallback: {
        MerchantRequestID: payment.merchantRequestId,
        CheckoutRequestID: payment.checkoutRequestId,
        ResultCode: 0,
        ResultDesc: 'The service request is processed successfully.',
        CallbackMetadata: {
          Item: [
            { Name: 'Amount', Value: 100 },
            { Name: 'PhoneNumber', Value: 254700010000 },
          ],
        },
      },
    },
  })
  assert.equal(receipt.text, callbackBody(payment))
  const { data } = (await bed.get(`/v1/payments/${paymentId}/events`)).body
  const told = (data as { type: string; id: string }[]).map(({ type, id }) => [type, id])
  assert.deepEqual(
    told.filter(([type]) => type !== 'payment.uncertain'),
    [
      ['payment.succeeded', verdict.headers['webhook-id']],
      ['payment.updated', receipt.headers['webhook-id']],
    ],
  )
  for (const { headers } of [verdict, receipt]) assert.equal(headers['sukuma-payment-id'], paymentId)
})
