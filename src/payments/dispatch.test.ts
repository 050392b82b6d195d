// What becomes of a payment that cannot be sent.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { createPaymentBench } from '../../test/support/payment-bench.ts'
import { createDispatcher } from './dispatch.ts'
import { createLivePrompts } from './live-prompts.ts'
import { readPayment } from './payment.ts'

test('a payment whose shortcode cannot be reached from here ends at once, and says why', async () => {
  await using database = await createTestDatabase()
  const bench = createPaymentBench(database.pool)
  const key = await bench.addPayment({ state: 'sending' })
  const never = () => assert.fail('nothing is asked of M-Pesa')
  const dispatcher = createDispatcher({
    ...bench.moveDeps,
    daraja: { push: never, query: never },
    shortcodes: { find: never, credentialOf: async () => null },
    livePrompts: createLivePrompts(bench),
    callbackUrl: never,
    random: () => 0,
  })
  const payment = readPayment(await bench.row(key))
  const sent = await dispatcher.send(payment, 'now', 0, { leave: () => undefined })
  assert.deepEqual([sent.state, sent.outcome, sent.resultCode], ['failed', 'not_sent', 'not_sent'])
  assert.equal(sent.resultDesc, 'the shortcode is gone, or its environment has no address here')
})
