// A synchronous request that is repeated while the first one of its key is still being answered.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connectRaw } from '../../test/support/raw-http.ts'
import type { Payment } from '../payments/payment.ts'
import type { PaymentService } from '../payments/payment-service.ts'
import { samplePayment } from '../webhooks/testing/sample-payment.ts'
import { BED_KEY, createServerBed } from './testing/server-bed.ts'

const OPEN = { outcome: null, receipt: null, result_code: null, paid_at: null, settled_at: null }
const SENDING = samplePayment({
  ...OPEN,
  state: 'sending',
  merchant_request_id: null,
  checkout_request_id: null,
})
const QUEUED: Payment = { ...SENDING, state: 'queued', sentAt: null }
const PENDING = samplePayment({ ...OPEN, state: 'pending' })

const SURFACES: [url: string, body: Record<string, unknown>][] = [
  ['/api/mpesa/stkPush', { amount: 1500, phoneNumber: '0712345678', accountId: 'INV-1' }],
  ['/api/stk-push?mode=sync', { amount: 1500, phone: '0712345678', reference: 'INV-1' }],
]

/** A server whose key has named `first` before. */
function createBed(first: Payment, waitFor: PaymentService['waitFor']) {
  return createServerBed({
    payments: { create: async () => ({ code: 'replayed', payment: first }), waitFor },
  })
}

const headers = { 'idempotency-key': 'order-1' }

test('it waits 30 s for the first one’s answer, and then is told to come again in a moment', async () => {
  for (const first of [SENDING, QUEUED]) {
    for (const [url, body] of SURFACES) {
      const waits: number[] = []
      await using bed = await createBed(first, async (payment, isDone, { timeoutMs }) => {
        waits.push(timeoutMs)
        assert.deepEqual([isDone(SENDING), isDone(QUEUED), isDone(PENDING)], [false, false, true])
        return payment
      })
      const answer = await bed.ask('POST', url, { body, headers })
      assert.equal(answer.status, 409, answer.text)
      assert.equal(answer.body.success, false)
      assert.match(String(answer.body.message), /first request with this Idempotency-Key is still being/)
      assert.equal(String(answer.headers['retry-after']), '2')
      assert.deepEqual(waits, [30_000])
    }
  }
})

test('it is answered as the first one once that is, and at once when that was before', async () => {
  for (const [first, latest] of [
    [SENDING, PENDING],
    [PENDING, null],
  ] as const) {
    for (const [url, body] of SURFACES) {
      const waitFor = async () => latest ?? assert.fail('there is nothing to wait for')
      await using bed = await createBed(first, waitFor)
      const answer = await bed.ask('POST', url, { body, headers })
      assert.equal(answer.status, 200, answer.text)
      assert.ok(answer.text.includes(String(PENDING.checkoutRequestId)), answer.text)
    }
  }
})

test('a client who hangs up meanwhile is no longer waited for', async () => {
  for (const [url, body] of SURFACES) {
    const waiting = Promise.withResolvers<AbortSignal | undefined>()
    await using bed = await createBed(SENDING, (payment, _isDone, { signal }) => {
      waiting.resolve(signal)
      if (signal === undefined) return Promise.resolve(payment)
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(payment)))
    })
    await bed.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = bed.app.server.address() as AddressInfo
    const { socket } = connectRaw(`http://127.0.0.1:${port}`)
    const text = JSON.stringify(body)
    const lines = [
      ...[`POST ${url} HTTP/1.1`, 'host: a', `x-api-key: ${BED_KEY}`, 'idempotency-key: order-1'],
      ...['content-type: application/json', `content-length: ${text.length}`],
    ]
    socket.write(`${lines.join('\r\n')}\r\n\r\n${text}`)
    const signal = (await waiting.promise) ?? assert.fail('nobody says when the client has gone')
    const gone = once(signal, 'abort')
    socket.destroy()
    await gone
  }
})
