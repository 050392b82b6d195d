// A process that stood still after it had taken a payment for sending: others may have told of it by then.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { CREDENTIAL } from '../../test/simulation/gateway-process.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench, type PaymentBench, REQUEST_IDS } from '../../test/support/payment-bench.ts'
import type { PushOptions, PushOutcome } from '../daraja/client.ts'
import { createDispatcher } from './dispatch.ts'
import { createLivePrompts } from './live-prompts.ts'
import { moveOpen } from './move.ts'
import { readPayment } from './payment.ts'
import type { PaymentKey } from './payment-store.ts'
import { sweepLapsed } from './reconcile.ts'

const HOUR_MS = 3_600_000
const WITHHELD: PushOutcome = {
  ...{ kind: 'not_processed', reason: 'expired', retryAfterMs: null, durationMs: 0 },
  detail: 'withheld before the first byte',
}

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

let bench: PaymentBench
beforeEach(async () => {
  await database.pool.query('truncate payments, events')
  bench = createPaymentBench(database.pool)
})

/** Claims the one queued payment, stands still for so long, and then sends it: nothing may leave. */
async function sendAfter(key: PaymentKey, stillMs: number, meanwhile: () => Promise<unknown>): Promise<void> {
  const [claimed] = await bench.claim('queued')
  assert.equal(claimed?.payment.id, key.paymentId)
  if (claimed === undefined) return
  bench.clock.advance(stillMs)
  await meanwhile()
  const asked: (boolean | undefined)[] = []
  const dispatcher = createDispatcher({
    ...bench.moveDeps,
    daraja: {
      async push(_credential: unknown, _request: unknown, options: PushOptions = {}) {
        asked.push(options.beforeSend?.())
        return WITHHELD
      },
      query: () => assert.fail('nothing is asked'),
    },
    shortcodes: {
      find: () => assert.fail('it is known'),
      credentialOf: async () => ({ ...CREDENTIAL, environment: 'simulator' }),
    },
    livePrompts: createLivePrompts(bench),
    callbackUrl: () => 'https://gateway.example/',
    random: () => 0,
  })
  await dispatcher.send(claimed.payment, 'soon', 0, { leave: () => undefined })
  assert.deepEqual(asked, [false])
}

test('a payment whose lease has ended is not pushed, and goes back into the queue', async () => {
  const key = await bench.addPayment({ state: 'queued', expiresInMs: HOUR_MS })
  await sendAfter(key, 100_000, async () => undefined)
  const row = await bench.row(key)
  assert.deepEqual([row.state, row.sent_at], ['queued', null])
})

test('a payment that others have told of as uncertain is not pushed, and ends as not sent', async () => {
  const key = await bench.addPayment({ state: 'queued', expiresInMs: HOUR_MS })
  await sendAfter(key, 100_000, () => sweepLapsed(bench.moveDeps))
  const row = await bench.row(key)
  assert.deepEqual([row.state, row.outcome, row.result_code], ['failed', 'not_sent', 'not_sent'])
  const told = (await bench.toldOf(key)).map(({ type }) => type)
  assert.deepEqual(told, ['payment.uncertain', 'payment.failed'])
})

for (const { name, ids, sentMs } of [
  { name: 'whose request ids are known', ids: REQUEST_IDS, sentMs: 0 },
  { name: 'that was sent again', ids: null, sentMs: 1 },
]) {
  test(`a payment ${name} is not ended by an attempt that sent nothing`, async () => {
    const key = await bench.addPayment({ state: 'uncertain', ids })
    const { sentAt } = readPayment(await bench.row(key))
    const unsentAt = new Date((sentAt?.getTime() ?? 0) - sentMs)
    assert.equal(await moveOpen(bench.moveDeps, key, 'never_sent', { unsentAt }), undefined)
    assert.equal((await bench.row(key)).state, 'uncertain')
  })
}
