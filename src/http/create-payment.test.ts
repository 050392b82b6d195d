import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplePayment } from '../webhooks/testing/sample-payment.ts'
import { createServerBed, type ServerBed } from './testing/server-bed.ts'

const NOT_ANSWERED = { outcome: null, result_code: null, receipt: null, paid_at: null, settled_at: null }
const sending = samplePayment({ ...NOT_ANSWERED, state: 'sending' })
const pending = samplePayment({ ...NOT_ANSWERED, state: 'pending' })

/** A gateway whose payment came before, and is `latest` when its repeated request has waited. */
const replayingBed = (latest: typeof sending) =>
  createServerBed({
    payments: {
      create: async () => ({ code: 'replayed', payment: sending }),
      waitFor: async () => latest,
    },
  })

const phone = '0712345678'
const headers = { 'idempotency-key': 'order-1' }
const push = (bed: ServerBed) =>
  bed.ask('POST', '/api/mpesa/stkPush', { body: { amount: 1, phoneNumber: phone, accountId: 'A' }, headers })
const pushSync = (bed: ServerBed) =>
  bed.ask('POST', '/api/stk-push?mode=sync', { body: { amount: 1, phone, reference: 'A' }, headers })

test('a repeated request whose first try is still on its way is no replay: 409, to come again', async () => {
  await using bed = await replayingBed(sending)
  for (const answer of [await push(bed), await pushSync(bed)]) {
    assert.equal(answer.status, 409, answer.text)
    assert.equal(answer.headers['idempotent-replayed'], undefined)
    assert.equal(Number(answer.headers['retry-after']), 2)
  }
})

test('a repeated request that has waited for its first try is a replay, and says so', async () => {
  await using bed = await replayingBed(pending)
  for (const answer of [await push(bed), await pushSync(bed)]) {
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.headers['idempotent-replayed'], 'true')
  }
})
