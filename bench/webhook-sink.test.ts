import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hmacSigner, newWebhookSecret } from '../src/webhooks/signature.ts'
import { createReceipts, machineNowMs } from './shared-clock.ts'
import { startWebhookSink, type Telling, type WebhookSink } from './webhook-sink.ts'

const CHECKED_ONE_OF = 64

function bodyOf(phone: string, receipt: string): string {
  return JSON.stringify({ type: 'payment.succeeded', data: { phone, receipt } })
}

async function send(sink: WebhookSink, body: string, secret: string): Promise<void> {
  const signature = hmacSigner(secret)(`evt_1.1000.${body}`)
  const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': '1000', 'webhook-signature': signature }
  const answer = await fetch(sink.url, { method: 'POST', headers, body })
  assert.equal(answer.status, 200)
}

test('each payment is told of once, with the times of its receipt; everything else is counted', async (t) => {
  const tellings: Telling[] = []
  const sink = await startWebhookSink((telling) => tellings.push(telling))
  t.after(sink.close)
  const secret = newWebhookSecret()
  const receipt = createReceipts()(machineNowMs(), 1_500)
  await send(sink, bodyOf('254700000005', receipt), secret)
  await send(sink, bodyOf('254700000005', receipt), secret)
  await send(sink, bodyOf('254700000006', 'ODD'), secret)
  await send(sink, '{"type":"payment.failed","data":{"phone":"254700000007"}}', secret)
  assert.deepEqual(
    tellings.map(({ index, times }) => [index, times?.heldMs]),
    [
      [5, 1_500],
      [6, undefined],
    ],
  )
  assert.deepEqual(sink.totals(), { payments: 2, repeats: 1, others: 1, checked: 0, badSignatures: 0 })
  assert.equal(sink.takeDurations().summary().count, 1)
  assert.equal(sink.takeDurations().summary().count, 0)
})

test('a wrong signature is found in a sample', async (t) => {
  const sink = await startWebhookSink(() => undefined)
  t.after(sink.close)
  const secret = newWebhookSecret()
  sink.expectSecret(secret)
  const fill = async (signedWith: string, from: number) => {
    for (let n = 0; n < CHECKED_ONE_OF; n += 1) {
      await send(sink, bodyOf(`2547000${10_000 + from + n}`, ''), signedWith)
    }
  }
  await fill(secret, 0)
  assert.deepEqual([sink.totals().checked, sink.totals().badSignatures], [1, 0])
  await fill(newWebhookSecret(), CHECKED_ONE_OF)
  assert.deepEqual([sink.totals().checked, sink.totals().badSignatures], [2, 1])
})
