// What a callback does while the database comes and goes: its tries count as one. And what is kept of it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench, type PaymentBench, REQUEST_IDS } from '../../test/support/payment-bench.ts'
import { DatabaseUnavailableError } from '../db/database.ts'
import { createUntilAvailable } from '../db/until-available.ts'
import { createCallbackGuard } from './callback-guard.ts'
import { listOddCallbacks } from './callback-store.ts'
import { moveOpen } from './move.ts'
import type { PaymentKey } from './payment-store.ts'
import { type CallbackDeps, type CallbackResult, receiveCallback } from './receive-callback.ts'

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

/** Every callback finds the database away once, in the statement of this name. */
function failingAt(
  name: 'find' | 'findAnyByCheckout' | 'makeDue' | 'keepOddCallback' | 'noteRequestIds',
  addressAllowed = false,
) {
  let hasFailed = false
  const { store } = bench.moveDeps
  const fail = async () => {
    hasFailed = true
    throw new DatabaseUnavailableError('away')
  }
  const failing = new Proxy(store, {
    get: (all, asked: keyof typeof store) => (asked === name && !hasFailed ? fail : all[asked]),
  })
  const deps: CallbackDeps = {
    ...bench.moveDeps,
    store: failing,
    guard: createCallbackGuard<CallbackResult>(bench),
    untilAvailable: createUntilAvailable({ nowMs: () => 0, pause: async () => undefined }),
  }
  return (key: PaymentKey | null, stkCallback: object) => {
    hasFailed = false
    const token = key ?? 'none'
    const body = { Body: { stkCallback } }
    const text = JSON.stringify(body)
    return receiveCallback(deps, { body, text, ip: null, addressAllowed, token })
  }
}

const IDS = {
  MerchantRequestID: REQUEST_IDS.merchantRequestId,
  CheckoutRequestID: REQUEST_IDS.checkoutRequestId,
}
const UNDER_WAY = { ...IDS, ResultCode: 4999, ResultDesc: 'The transaction is still under processing.' }

const HOUR_MS = 3_600_000

for (const name of ['findAnyByCheckout', 'makeDue', 'keepOddCallback'] as const) {
  test(`a hint without a token has M-Pesa asked though its first try fails at ${name}`, async () => {
    const key = await bench.addPayment({ state: 'pending', dueInMs: HOUR_MS })
    assert.equal(await failingAt(name)(null, UNDER_WAY), 'hint')
    assert.deepEqual((await bench.row(key)).due_at, bench.at(0))
  })
}

for (const name of ['find', 'makeDue', 'keepOddCallback'] as const) {
  test(`a hint with a token has M-Pesa asked though its first try fails at ${name}`, async () => {
    const key = await bench.addPayment({ state: 'pending', dueInMs: HOUR_MS })
    assert.equal(await failingAt(name)(key, UNDER_WAY), 'hint')
    assert.deepEqual((await bench.row(key)).due_at, bench.at(0))
  })
}

test('of a payment as many callbacks are kept as may be, though each is tried twice', async () => {
  const key = await bench.addPayment({ state: 'succeeded' })
  const receive = failingAt('keepOddCallback')
  for (let number = 0; number < 20; number += 1) {
    const refused = { ...IDS, MerchantRequestID: `another-${number}`, ResultCode: 1032, ResultDesc: 'no' }
    assert.equal(await receive(key, refused), 'refused_ids')
  }
  const payment = { merchantId: key.merchantId, id: key.paymentId }
  assert.equal((await listOddCallbacks({ db: database.pool }, payment)).length, 20)
})

const PAID_WITHOUT_RECEIPT = { ...IDS, ResultCode: 0, ResultDesc: 'The service request is processed.' }

async function idsOf(key: PaymentKey) {
  const { merchant_request_id, checkout_request_id } = await bench.row(key)
  return [merchant_request_id, checkout_request_id]
}

test('after a lost push answer a success without receipt brings the ids to ask M-Pesa by', async () => {
  const key = await bench.addPayment({ state: 'uncertain', live: true, dueInMs: null })
  const receive = failingAt('noteRequestIds', true)
  assert.equal(await receive(key, PAID_WITHOUT_RECEIPT), 'hint')
  assert.deepEqual(await idsOf(key), Object.values(REQUEST_IDS))
  assert.deepEqual((await bench.row(key)).due_at, bench.at(0))
})

test('ids that a callback brings before the push is given up are asked by after it', async () => {
  const key = await bench.addPayment({ state: 'sending', live: true })
  assert.equal(await failingAt('noteRequestIds', true)(key, PAID_WITHOUT_RECEIPT), 'hint')
  assert.deepEqual(await idsOf(key), Object.values(REQUEST_IDS))
  const moved = await moveOpen(bench.moveDeps, key, 'unknown', { resultDesc: 'no answer' })
  assert.equal(moved?.state, 'uncertain')
  assert.deepEqual((await bench.row(key)).due_at, bench.at(0))
})

test('ids are taken with token, right address and right amount only, and never changed', async () => {
  const add = (ids: typeof REQUEST_IDS | null = null) =>
    bench.addPayment({ state: 'uncertain', live: true, dueInMs: null, ids })
  const foreign = await add()
  assert.equal(await failingAt('makeDue')(foreign, PAID_WITHOUT_RECEIPT), 'hint')
  const bare = await add()
  assert.equal(await failingAt('makeDue', true)(null, PAID_WITHOUT_RECEIPT), 'unmatched')
  const another = await add()
  const Item = [{ Name: 'Amount', Value: 1 }]
  const wrong = { ...PAID_WITHOUT_RECEIPT, CallbackMetadata: { Item } }
  assert.equal(await failingAt('makeDue', true)(another, wrong), 'hint')
  for (const key of [foreign, bare, another]) assert.deepEqual(await idsOf(key), [null, null])
  const known = await add({ merchantRequestId: 'm-9', checkoutRequestId: 'ws_CO_9' })
  await failingAt('makeDue', true)(known, PAID_WITHOUT_RECEIPT)
  assert.deepEqual(await idsOf(known), ['m-9', 'ws_CO_9'])
})

/** A callback while the database is there. */
function receive(stkCallback: object, token: PaymentKey | 'none') {
  const body = { Body: { stkCallback } }
  const text = JSON.stringify(body)
  const deps = { ...bench.moveDeps, guard: createCallbackGuard<CallbackResult>(bench) }
  return { text, result: receiveCallback(deps, { body, text, ip: null, addressAllowed: false, token }) }
}

test('a bare callback whose id two payments have has M-Pesa asked about neither', async () => {
  const other = createPaymentBench(database.pool)
  const both = [
    { of: bench, key: await bench.addPayment({ state: 'pending', dueInMs: HOUR_MS }) },
    { of: other, key: await other.addPayment({ state: 'pending', dueInMs: HOUR_MS }) },
  ]
  assert.equal(await receive(UNDER_WAY, 'none').result, 'unmatched')
  for (const { of, key } of both) assert.deepEqual((await of.row(key)).due_at, of.at(HOUR_MS))
})

test('of a callback that is far too long the beginning is kept', async () => {
  const key = await bench.addPayment({ state: 'succeeded' })
  const long = { ...IDS, MerchantRequestID: 'another', ResultCode: 1032, ResultDesc: 'x'.repeat(10_000) }
  const { text, result } = receive(long, key)
  assert.equal(await result, 'refused_ids')
  const payment = { merchantId: key.merchantId, id: key.paymentId }
  const [kept] = await listOddCallbacks({ db: database.pool }, payment)
  assert.equal(kept?.body, text.slice(0, 4_096))
})
