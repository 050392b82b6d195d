// A till is paid as a paybill is: only Daraja is told so in other words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SANDBOX_PASSKEY } from '../../src/simulator/credentials.ts'
import { startTestGateway } from '../support/gateway.ts'

test('a payment to a till names store and till as Daraja wants them', async () => {
  await using bed = await startTestGateway()
  const till = await bed.post('/v1/shortcodes', {
    environment: 'simulator',
    kind: 'till',
    number: '174380',
    till_number: '5174380',
    consumer_key: 'simulator',
    consumer_secret: 'simulator-secret',
    passkey: SANDBOX_PASSKEY,
  })
  assert.equal(till.status, 201, till.text)
  const verified = await bed.post(`/v1/shortcodes/${till.body.id}/verify`, undefined)
  assert.equal(verified.status, 200, verified.text)
  const payment = { amount: 10, phone: '254700000000', reference: 'R', wait: 30 }
  const paid = await bed.post('/v1/payments', { ...payment, shortcode: '174380' })
  assert.equal(paid.body.status, 'succeeded', paid.text)
  assert.equal(paid.body.shortcode, till.body.id)
  const ledger = await bed.simulator('GET', `/simulator/ledger?checkout=${paid.body.checkout_request_id}`)
  const [push] = ledger.entries as Record<string, unknown>[]
  assert.deepEqual([push?.shortcode, push?.partyB], ['174380', '5174380'])
  const other = await bed.post('/v1/payments', { ...payment, phone: '254700001032' })
  assert.notEqual(other.body.shortcode, till.body.id)
})
