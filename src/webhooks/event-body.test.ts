import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { paymentResource } from '../payments/payment-resource.ts'
import { wantsEvent } from './endpoint.ts'
import { eventBody } from './event-body.ts'
import { samplePayment } from './testing/sample-payment.ts'
import { newId } from './testing/webhook-bench.ts'
import type { EventSubject, WebhookEvent } from './webhook-event.ts'

function eventOf(changes: Record<string, unknown>, more: Partial<WebhookEvent> = {}): WebhookEvent {
  const payment = samplePayment(changes)
  return {
    merchantId: payment.merchantId,
    id: newId(),
    type: payment.state === 'succeeded' ? 'payment.succeeded' : 'payment.failed',
    sequence: 1,
    live: false,
    createdAt: new Date('2024-07-17T08:03:40Z'),
    subject: { kind: 'payment', payment },
    callback: null,
    ...more,
  }
}

function callbackOf(changes: Record<string, unknown>) {
  const body: unknown = JSON.parse(eventBody(eventOf(changes), 'daraja'))
  assert.ok(typeof body === 'object' && body !== null && 'Body' in body)
  const inner = body.Body
  assert.ok(typeof inner === 'object' && inner !== null && 'stkCallback' in inner)
  return inner.stkCallback
}

test('the event format holds the event and the payment as the native API shows it', () => {
  const event = eventOf({}, { sequence: 3 })
  const body = JSON.parse(eventBody(event, 'event'))
  assert.deepEqual(Object.keys(body), ['id', 'type', 'created_at', 'sequence', 'data'])
  assert.equal(body.id, `evt_${event.id.replaceAll('-', '')}`)
  assert.equal(body.created_at, '2024-07-17T08:03:40.000Z')
  assert.equal(body.sequence, 3)
  assert.ok(event.subject.kind === 'payment')
  assert.deepEqual(body.data, JSON.parse(JSON.stringify(paymentResource(event.subject.payment))))
})

test('the daraja format passes on the callback byte for byte', () => {
  const fixtures = ['callback-paid.json', 'callback-cancelled.json']
  for (const name of fixtures) {
    const callback = readFileSync(new URL(`../../test/fixtures/daraja/${name}`, import.meta.url), 'utf8')
    assert.equal(eventBody(eventOf({}, { callback }), 'daraja'), callback)
  }
  const odd = '{ "Body": {"stkCallback":{"Amount":1.00,"ResultCode":0}} }\n'
  assert.equal(eventBody(eventOf({}, { callback: odd }), 'daraja'), odd)
})

test('a success learnt without a callback is told in its shape, with the items that are known', () => {
  assert.deepEqual(callbackOf({}), {
    MerchantRequestID: '1409-80154031-1',
    CheckoutRequestID: 'ws_CO_17072024110329432712345678',
    ResultCode: 0,
    ResultDesc: 'The service request is processed successfully.',
    CallbackMetadata: {
      Item: [
        { Name: 'Amount', Value: 1500 },
        { Name: 'MpesaReceiptNumber', Value: 'SGF123ABC4' },
        { Name: 'TransactionDate', Value: 20240717110339 },
        { Name: 'PhoneNumber', Value: 254712345678 },
      ],
    },
  })
  const bare = JSON.stringify(callbackOf({ receipt: null, paid_at: null }))
  assert.doesNotMatch(bare, /MpesaReceiptNumber|TransactionDate/)
  assert.match(bare, /"Amount","Value":1500/)
})

const failed = { state: 'failed', receipt: null, paid_at: null }

test('a failure has its code as a number and no metadata', () => {
  const declined = { ...failed, outcome: 'declined', result_code: '1037', result_desc: 'No response.' }
  assert.deepEqual(callbackOf(declined), {
    MerchantRequestID: '1409-80154031-1',
    CheckoutRequestID: 'ws_CO_17072024110329432712345678',
    ResultCode: 1037,
    ResultDesc: 'No response.',
  })
  const odd = callbackOf({ ...declined, result_code: 'SFC_IC0003' })
  assert.match(JSON.stringify(odd), /"ResultCode":"SFC_IC0003"/)
})

test('a payment without a prompt is told as a failure that no receiver takes for a success', () => {
  const unsent = { ...failed, merchant_request_id: null, checkout_request_id: null }
  const refused = {
    outcome: 'refused',
    result_code: '400.002.02',
    result_desc: 'Bad Request - Invalid Amount',
  }
  assert.deepEqual(callbackOf({ ...unsent, ...refused }), {
    MerchantRequestID: '',
    CheckoutRequestID: '',
    ResultCode: 9999,
    ResultDesc: 'Bad Request - Invalid Amount (400.002.02)',
  })
  const notSent = callbackOf({ ...unsent, outcome: 'not_sent', result_code: null, result_desc: null })
  assert.match(JSON.stringify(notSent), /"ResultCode":9999,"ResultDesc":"The prompt was not sent."/)
})

test('a payment that a statement does not show is told as a failure, with the reason in its text', () => {
  const failure = { state: 'failed', outcome: 'declined', receipt: null, result_code: 'not_on_statement' }
  const told = callbackOf({ ...failure, result_desc: 'The statement does not show it.' })
  assert.ok(typeof told === 'object' && told !== null && 'ResultCode' in told && 'ResultDesc' in told)
  const text = 'The statement does not show it. (not_on_statement)'
  assert.deepEqual([told.ResultCode, told.ResultDesc], [9999, text])
})

test('whatever code a failure has, it is never told as ResultCode 0', () => {
  const code = fc.oneof(fc.constantFrom('0', '00', '', '0.0'), fc.string({ maxLength: 12 }))
  fc.assert(
    fc.property(code, fc.constantFrom('declined', 'refused', 'not_sent'), (result_code, outcome) => {
      const text = JSON.stringify(callbackOf({ ...failed, outcome, result_code }))
      assert.doesNotMatch(text, /"ResultCode":("[0.]*"|0)[,}]/)
      assert.doesNotMatch(text, /CallbackMetadata/)
    }),
  )
})

test('a test event looks like no payment, in either format', () => {
  const subject: EventSubject = { kind: 'test' }
  for (const format of ['event', 'daraja'] as const) {
    const body = JSON.parse(eventBody(eventOf({}, { type: 'webhook.test', subject }), format))
    assert.equal(body.type, 'webhook.test')
    assert.equal(body.data.object, 'webhook_test')
    assert.equal(body.Body, undefined)
  }
})

test('an endpoint gets the types it subscribed to, as far as its format can say them', () => {
  const all = { format: 'event', eventTypes: null } as const
  const daraja = { format: 'daraja', eventTypes: null } as const
  const few = { format: 'event', eventTypes: ['payment.failed'] } as const
  assert.equal(wantsEvent(all, 'payment.uncertain'), true)
  assert.equal(wantsEvent(daraja, 'payment.uncertain'), false)
  assert.equal(wantsEvent(daraja, 'payment.contradicted'), false)
  assert.equal(wantsEvent(daraja, 'webhook_endpoint.disabled'), false)
  assert.equal(wantsEvent(daraja, 'payment.corrected'), true)
  assert.equal(wantsEvent({ ...few, eventTypes: [...few.eventTypes] }, 'payment.succeeded'), false)
  assert.equal(wantsEvent({ ...few, eventTypes: [...few.eventTypes] }, 'payment.failed'), true)
  assert.equal(wantsEvent({ ...few, eventTypes: [...few.eventTypes] }, 'webhook.test'), true)
})
