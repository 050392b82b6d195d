// What Daraja and M-Pesa have said is not lost with a database that is away for longer than anybody waits.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { CREDENTIAL } from '../../test/simulation/gateway-process.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { createPaymentBench, type PaymentBench, REQUEST_IDS } from '../../test/support/payment-bench.ts'
import type { PushOutcome } from '../daraja/client.ts'
import { DatabaseEndedError, DatabaseUnavailableError } from '../db/database.ts'
import { createUntilAvailable } from '../db/until-available.ts'
import { createCallbackGuard } from './callback-guard.ts'
import { createDispatcher } from './dispatch.ts'
import { createLivePrompts } from './live-prompts.ts'
import { readPayment } from './payment.ts'
import type { PaymentStore } from './payment-store.ts'
import { type CallbackDeps, type CallbackResult, receiveCallback } from './receive-callback.ts'
import { sweepLapsed } from './reconcile.ts'

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

/** The store of a process whose database is away for so long from now on; pauses pass at once. */
function duringOutage(awayMs: number, meanwhile: () => Promise<void> = async () => undefined) {
  const { clock, moveDeps } = bench
  const untilMs = clock.now() + awayMs
  const away = async () => {
    await meanwhile()
    throw new DatabaseUnavailableError('away')
  }
  const store = new Proxy(moveDeps.store, {
    get: (all, name: keyof PaymentStore) => (clock.now() < untilMs ? away : all[name]),
  })
  const pause = async (ms: number) => clock.advance(ms)
  return { ...moveDeps, store, untilAvailable: createUntilAvailable({ nowMs: clock.now, pause }) }
}

const ACCEPTED: PushOutcome = {
  ...{ kind: 'accepted', ...REQUEST_IDS, durationMs: 0 },
  ...{ responseCode: '0', responseDescription: '', customerMessage: '' },
}
const REFUSED: PushOutcome = {
  ...{ kind: 'refused', errorCode: '400.002.02', errorMessage: 'Bad Request', httpStatus: 400 },
  ...{ cause: 'invalid', durationMs: 0 },
}

/** Pushes a payment whose answer finds the database away; resolves when nothing is held any longer. */
async function pushInto(deps: PaymentBench['moveDeps'], outcome: PushOutcome) {
  const key = await bench.addPayment({ state: 'sending' })
  await bench.db.query('update payments set sent_at = $1 where id = $2', [bench.at(0), key.paymentId])
  const payment = readPayment(await bench.row(key))
  let placeLeftMs = Number.POSITIVE_INFINITY
  const dispatcher = createDispatcher({
    ...deps,
    daraja: { push: async () => outcome, query: () => assert.fail('nothing is asked') },
    shortcodes: {
      find: () => assert.fail('it is known'),
      credentialOf: async () => ({ ...CREDENTIAL, environment: 'simulator' }),
    },
    livePrompts: createLivePrompts(bench),
    callbackUrl: () => 'https://gateway.example/',
    random: () => 0,
  })
  const answeredMs = bench.clock.now()
  const leave = () => {
    placeLeftMs = bench.clock.now() - answeredMs
  }
  await dispatcher.send(payment, 'soon', 0, { leave })
  await dispatcher.idle()
  return { key, answeredMs, placeLeftMs }
}

test('an accepted push keeps its ids through an outage of 40 s, and its place for less', async () => {
  const { key, answeredMs, placeLeftMs } = await pushInto(duringOutage(40_000), ACCEPTED)
  const row = await bench.row(key)
  assert.deepEqual([row.state, row.checkout_request_id], ['pending', REQUEST_IDS.checkoutRequestId])
  assert.deepEqual(row.prompted_at, new Date(answeredMs))
  assert.ok(placeLeftMs < 40_000, `left after ${placeLeftMs} ms`)
})

test('a push that another process has given up on meanwhile gets its ids, to be asked about', async () => {
  const others = bench.moveDeps
  const hasLapsed = bench.clock.now() + 91_000
  const sweep = async () => {
    if (bench.clock.now() >= hasLapsed) await sweepLapsed(others)
  }
  const { key } = await pushInto(duringOutage(120_000, sweep), ACCEPTED)
  const row = await bench.row(key)
  assert.deepEqual([row.state, row.checkout_request_id], ['uncertain', REQUEST_IDS.checkoutRequestId])
  assert.notEqual(row.due_at, null)
  assert.deepEqual(
    (await bench.toldOf(key)).map(({ type }) => type),
    ['payment.uncertain'],
  )
})

test('a push that was refused fails after an outage of 60 s', async () => {
  const { key } = await pushInto(duringOutage(60_000), REFUSED)
  const row = await bench.row(key)
  assert.deepEqual([row.state, row.outcome], ['failed', 'refused'])
})

test('nothing is held once the process closes', async () => {
  let tries = 0
  const closing = async () => {
    tries += 1
    throw new DatabaseEndedError('ended')
  }
  const deps = duringOutage(600_000)
  await pushInto({ ...deps, store: { ...bench.store, accept: closing } }, ACCEPTED)
  assert.equal(tries, 1)
})

test('an acceptance that is said again leaves a question alone that is under way', async () => {
  const key = await bench.addPayment({ state: 'pending', leasedBy: bench.process, leaseInMs: 90_000 })
  const before = await bench.row(key)
  const said = { ...key, ...REQUEST_IDS, at: bench.at(0), dueAt: bench.at(10_000) }
  assert.equal((await bench.accept(said))?.state, 'pending')
  const row = await bench.row(key)
  for (const name of ['due_at', 'leased_by', 'leased_until']) assert.deepEqual(row[name], before[name], name)
})

test('a callback 10 s into an outage of 40 s is refused, and settles its payment afterwards', async () => {
  const key = await bench.addPayment({ state: 'pending' })
  const guard = createCallbackGuard<CallbackResult>(bench)
  const seen: string[] = []
  const { observe } = bench.moveDeps
  const callback = (kind: string) => void seen.push(kind)
  const deps: CallbackDeps = { ...duringOutage(40_000), guard, observe: { ...observe, callback } }
  bench.clock.advance(10_000)
  const items = { Amount: 100, MpesaReceiptNumber: 'SGF123ABC4', TransactionDate: 20260321140000 }
  const stkCallback = {
    MerchantRequestID: REQUEST_IDS.merchantRequestId,
    CheckoutRequestID: REQUEST_IDS.checkoutRequestId,
    ...{ ResultCode: 0, ResultDesc: 'The service request is processed successfully.' },
    CallbackMetadata: { Item: Object.entries(items).map(([Name, Value]) => ({ Name, Value })) },
  }
  const body = { Body: { stkCallback } }
  const came = { body, text: JSON.stringify(body), ip: null, addressAllowed: false, token: key }
  await assert.rejects(receiveCallback(deps, came), DatabaseUnavailableError)
  await until('its being taken in', async () => seen.length > 0)
  const row = await bench.row(key)
  assert.deepEqual([seen, row.state, row.receipt], [['settled'], 'succeeded', 'SGF123ABC4'])
})
