// What contradicts a verdict is raised once, whoever says it and however often the database fails meanwhile.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { CREDENTIAL } from '../../test/simulation/gateway-process.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench, type PaymentBench, REQUEST_IDS } from '../../test/support/payment-bench.ts'
import type { QueryOutcome } from '../daraja/client.ts'
import { DatabaseUnavailableError } from '../db/database.ts'
import { createUntilAvailable } from '../db/until-available.ts'
import { createAsker } from './ask.ts'
import { PROMPT_LIFE_MS } from './ask-schedule.ts'
import { createCallbackGuard } from './callback-guard.ts'
import { moveOpen } from './move.ts'
import { readPayment } from './payment.ts'
import type { PaymentKey } from './payment-store.ts'
import { createQueryBudget } from './query-budget.ts'
import { type CallbackResult, receiveCallback } from './receive-callback.ts'
import { createMemoryQueryBudgetStore } from './testing/memory-query-budget-store.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

let bench: PaymentBench
beforeEach(async () => {
  await database.pool.query('truncate payments, events, callbacks')
  bench = createPaymentBench(database.pool)
})

const typesOf = async (key: PaymentKey) => (await bench.toldOf(key)).map(({ type }) => type)

test('a callback that contradicts is raised once though keeping it fails the first time', async () => {
  const key = await bench.addPayment({ state: 'succeeded' })
  let tries = 0
  const { store } = bench
  const keepOddCallback: typeof store.keepOddCallback = async (callback) => {
    tries += 1
    if (tries === 1) throw new DatabaseUnavailableError('away')
    await store.keepOddCallback(callback)
  }
  const stkCallback = {
    MerchantRequestID: REQUEST_IDS.merchantRequestId,
    CheckoutRequestID: REQUEST_IDS.checkoutRequestId,
    ...{ ResultCode: 1032, ResultDesc: 'Request cancelled by user.' },
  }
  const body = { Body: { stkCallback } }
  const deps = {
    ...bench.moveDeps,
    store: { ...store, keepOddCallback },
    guard: createCallbackGuard<CallbackResult>(bench),
    untilAvailable: createUntilAvailable({ nowMs: () => 0, pause: async () => undefined }),
  }
  const came = { body, text: JSON.stringify(body), ip: null, addressAllowed: true, token: key }
  assert.equal(await receiveCallback(deps, came), 'contradicted')
  assert.equal(tries, 2)
  assert.deepEqual(await typesOf(key), ['payment.contradicted'])
})

/** Asks about a payment, which a callback settles as `declined` before M-Pesa answers with this code. */
async function answerLate(resultCode: string): Promise<PaymentKey> {
  const key = await bench.addPayment({ state: 'pending' })
  const answer = Promise.withResolvers<QueryOutcome>()
  const wasPut = Promise.withResolvers<void>()
  const query = () => {
    wasPut.resolve()
    return answer.promise
  }
  const never = () => assert.fail('not in this story')
  const asker = createAsker({
    ...bench.moveDeps,
    daraja: { push: never, query },
    shortcodes: { find: never, credentialOf: async () => ({ ...CREDENTIAL, environment: 'simulator' }) },
    budget: createQueryBudget({ clock: bench.clock, store: createMemoryQueryBudgetStore() }),
  })
  // Before the prompt is over a "0" is no verdict.
  bench.clock.advance(PROMPT_LIFE_MS)
  const asked = asker.now(readPayment(await bench.row(key)))
  await wasPut.promise
  await moveOpen(bench.moveDeps, key, 'declined', { resultCode: '1032' })
  answer.resolve({ kind: 'verdict', resultCode, resultDesc: 'said late', durationMs: 0 })
  assert.equal((await asked).ok, true)
  return key
}

test('a query that answers "paid" after a payment has failed leaves an alarm', async () => {
  const key = await answerLate('0')
  assert.equal((await bench.row(key)).state, 'failed')
  assert.deepEqual(await typesOf(key), ['payment.failed', 'payment.contradicted'])
})

test('a query that says again what is settled leaves none', async () => {
  assert.deepEqual(await typesOf(await answerLate('1032')), ['payment.failed'])
})
