// What `check-status` answers is what a webhook of Daraja's format has told of the same payment.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Payment } from '../../payments/payment.ts'
import { eventBody } from '../../webhooks/event-body.ts'
import { samplePayment } from '../../webhooks/testing/sample-payment.ts'
import { BED_KEY, createServerBed, type ServerBed } from '../testing/server-bed.ts'

type Said = { code: string; text: unknown }

/** A gateway with one payment at a time, like the sample one with `changes`, and what is said of it. */
async function sayingBed() {
  let payment = samplePayment()
  const bed = await createServerBed({ payments: { findByCheckout: async () => payment } })
  return {
    async said(changes: Record<string, unknown>): Promise<{ status: Said; webhook: Said }> {
      payment = samplePayment(changes)
      return { status: await statusOf(bed), webhook: webhookOf(payment) }
    },
    [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
  }
}

async function statusOf({ app }: ServerBed): Promise<Said> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/mpesa/check-status',
    headers: { 'x-api-key': BED_KEY },
    payload: { checkoutRequestId: 'ws_CO_1' },
  })
  assert.equal(answer.statusCode, 200, answer.body)
  const { ResultCode, ResultDesc } = answer.json().data
  return { code: ResultCode, text: ResultDesc }
}

function webhookOf(payment: Payment): Said {
  const event = {
    merchantId: payment.merchantId,
    id: payment.id,
    type: 'payment.failed',
    sequence: 1,
    live: false,
    createdAt: payment.createdAt,
    subject: { kind: 'payment' as const, payment },
    callback: null,
  }
  const { ResultCode, ResultDesc } = JSON.parse(eventBody(event, 'daraja')).Body.stkCallback
  return { code: String(ResultCode), text: ResultDesc }
}

const declined = { state: 'failed', outcome: 'declined', receipt: null, paid_at: null }

test('what M-Pesa’s statement does not show is 9999, a code that Daraja’s clients know', async () => {
  await using bed = await sayingBed()
  const result_desc = 'The statement does not show it.'
  const said = await bed.said({ ...declined, result_code: 'not_on_statement', result_desc })
  const text = 'The statement does not show it. (not_on_statement)'
  assert.deepEqual(said, { status: { code: '9999', text }, webhook: { code: '9999', text } })
})

test('M-Pesa’s own codes are answered as they are', async () => {
  await using bed = await sayingBed()
  const cases: [changes: Record<string, unknown>, code: string, text: string][] = [
    [{ result_desc: null }, '0', 'The service request is processed successfully.'],
    [{ ...declined, result_code: '1032', result_desc: 'Request cancelled' }, '1032', 'Request cancelled'],
    [{ ...declined, result_code: 'SFC_IC0003', result_desc: 'No operator' }, 'SFC_IC0003', 'No operator'],
  ]
  for (const [changes, code, text] of cases) {
    assert.deepEqual((await bed.said(changes)).status, { code, text })
  }
})

test('however a payment ended, a poll and a webhook say the same, and 0 of what was paid alone', async () => {
  await using bed = await sayingBed()
  const code = fc.oneof(
    fc.constantFrom('0', '00', '4711', 'not_sent', 'customer_busy', 'not_on_statement', '500.001.1001'),
    fc.string({ maxLength: 12 }),
    fc.constant(null),
  )
  const ending = fc.record({
    outcome: fc.constantFrom('declined', 'refused', 'not_sent'),
    result_code: code,
    result_desc: fc.option(fc.string({ maxLength: 20 })),
  })
  await fc.assert(
    fc.asyncProperty(ending, async (changes) => {
      const { status, webhook } = await bed.said({ ...declined, ...changes })
      assert.deepEqual(status, webhook)
      assert.doesNotMatch(status.code, /^[0.]*$/)
    }),
    { numRuns: 300 },
  )
})
