import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseUnavailableError } from '../db/database.ts'
import { createServerBed } from './testing/server-bed.ts'

const away = async () => {
  throw new DatabaseUnavailableError('away')
}
const ID = '0197f2a6-1c1e-7c3a-9a54-6e1f0b2d3c4d'

function awayBed() {
  return createServerBed({
    payments: { create: away, find: away, findByCheckout: away },
    webhooks: { sendTestEvent: away },
  })
}

test('while the database is away a payment’s caller hears of this try alone, and keeps the key', async () => {
  await using bed = await awayBed()
  const phone = '0712345678'
  const requests: [string, object][] = [
    ['/api/mpesa/stkPush', { amount: 1, phoneNumber: phone, accountId: 'A' }],
    ['/api/stk-push', { amount: 1, phone, reference: 'A' }],
    ['/api/stk-push?mode=sync', { amount: 1, phone, reference: 'A' }],
    ['/v1/payments', { amount: 1, phone, reference: 'A' }],
  ]
  for (const [url, body] of requests) {
    const answer = await bed.ask('POST', url, { body, headers: { 'idempotency-key': 'order-1' } })
    assert.equal(answer.status, 503, url)
    assert.equal(Number(answer.headers['retry-after']), 5)
    const text = String(answer.body.message ?? answer.body.detail)
    assert.match(text, /This request sent nothing/, url)
    assert.match(text, /the same Idempotency-Key.*an earlier try may have been sent/, url)
  }
})

test('while the database is away nothing is said of prompts where none could be meant', async () => {
  await using bed = await awayBed()
  const answers = [
    await bed.ask('GET', `/v1/payments/pay_${ID.replaceAll('-', '')}`),
    await bed.ask('GET', `/api/stk-push/${ID}`),
    await bed.ask('POST', '/api/mpesa/check-status', { body: { checkoutRequestId: 'ws_CO_1' } }),
    await bed.ask('POST', `/v1/webhook_endpoints/we_${ID.replaceAll('-', '')}/test`, { body: {} }),
  ]
  for (const { status, headers, body, text } of answers) {
    assert.deepEqual([status, Number(headers['retry-after'])], [503, 5])
    const said = body.message ?? body.detail
    assert.equal(said, 'The gateway cannot use its database right now. Try again in a few seconds.', text)
  }
})
