// The log: one wide line a step, and neither secrets nor full phone numbers in any of them.
import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { createLogger } from '../../src/log.ts'
import { objectIn, startTestGateway, until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

/** A logger and all that it has written. */
function keepLog() {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { lines, log: createLogger('trace', destination) }
}

/** Every way a payment can go: paid, declined, lost, unanswered, errors, refused, busy, ordinary. */
const PHONES = [
  '254700000000',
  '254700001032',
  '254700010000',
  '254700050000',
  '254700060000',
  '254700071001',
  '254700070303',
  '254712345678',
]

test('a payment leaves a line for each of its steps, and no line tells a secret or a number', async () => {
  const { lines, log } = keepLog()
  await using bed = await startTestGateway({ log })
  await using receiver = await startReceiver()
  receiver.answer = { status: 500 }
  const made = await bed.post('/v1/webhook_endpoints', { url: receiver.url, format: 'event' })
  for (const phone of PHONES) {
    await bed.post('/api/stk-push?mode=sync', { phone, amount: 10, reference: 'R' })
  }
  await bed.post('/api/stk-push', { phone: '0712999888x', amount: 10, reference: 'R' })
  await bed.post('/hooks/stk-push', { Body: { stkCallback: { ResultCode: 0, PhoneNumber: '254799999999' } } })
  await until('a webhook', async () => receiver.received.length > 0)
  const paid = await bed.get('/v1/payments?phone=254700000000')
  const [payment] = paid.body.data as Record<string, unknown>[]
  const text = () => lines.join('')
  await until('the steps', async () => {
    const own = lines.filter((line) => line.includes(String(payment?.tracking_id)))
    return ['create', 'push', 'payment'].every((step) => own.some((line) => line.includes(`"${step}"`)))
  })
  for (const phone of [...PHONES, '254799999999']) {
    assert.ok(!text().includes(phone.slice(3)), `${phone} is in the log`)
  }
  const secrets = [bed.merchant.key, bed.secret, String(made.body.secret).slice(6), 'simulator-secret']
  for (const secret of secrets) assert.ok(!text().includes(secret), `${secret.slice(0, 4)}… is in the log`)
  assert.ok(!text().includes('bfb279f9aa9bdbcf158e97dd71a467cd'), 'the passkey is in the log')
  assert.ok(!/Bearer [A-Za-z0-9]/.test(text()))
  const token = /\/hooks\/stk-push\/[0-9a-f]{96}/
  assert.ok(!token.test(text()), 'a callback token is in the log')
  assert.equal(typeof objectIn({ payment }, 'payment').id, 'string')
})
