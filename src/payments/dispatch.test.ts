// What becomes of a payment that cannot be sent, and of one that cannot be sent yet.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CREDENTIAL } from '../../test/simulation/gateway-process.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench } from '../../test/support/payment-bench.ts'
import type { PushOutcome } from '../daraja/client.ts'
import { createDispatcher, type DispatchDeps, retryPauseMs } from './dispatch.ts'
import { createLivePrompts } from './live-prompts.ts'
import { type Payment, readPayment } from './payment.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

const never = () => assert.fail('nothing is asked of M-Pesa')
const PLACE = { leave: () => undefined }

/** Pushes of every payment here before. */
const ATTEMPTS = 2

/** A payment that this process has taken to send, and a dispatcher whose chance is `random`. */
async function take(changes: Partial<DispatchDeps>, { expiresInMs = 60_000, random = 0.5 } = {}) {
  const bench = createPaymentBench(database.pool)
  const key = await bench.addPayment({ state: 'sending', expiresInMs })
  await database.pool.query('update payments set attempts = $2 where id = $1', [key.paymentId, ATTEMPTS])
  const dispatcher = createDispatcher({
    ...bench.moveDeps,
    daraja: { push: never, query: never },
    shortcodes: { find: never, credentialOf: async () => ({ ...CREDENTIAL, environment: 'simulator' }) },
    livePrompts: createLivePrompts(bench),
    callbackUrl: () => 'https://gateway.example/',
    random: () => random,
    ...changes,
  })
  const payment = readPayment(await bench.row(key))
  return {
    dispatcher,
    payment,
    /** What the row says then, and in how many milliseconds it is due. */
    async queued() {
      const { state, result_code: why, attempts, due_at: dueAt } = await bench.row(key)
      const dueInMs = dueAt instanceof Date ? dueAt.getTime() - bench.clock.now() : null
      return { state, why, attempts, dueInMs }
    },
  }
}

test('a payment whose shortcode cannot be reached from here ends at once, and says why', async () => {
  const shortcodes = { find: never, credentialOf: async () => null }
  const { dispatcher, payment } = await take({ shortcodes, callbackUrl: never })
  const sent = await dispatcher.send(payment, 'now', ATTEMPTS, PLACE)
  assert.deepEqual([sent.state, sent.outcome, sent.resultCode], ['failed', 'not_sent', 'not_sent'])
  assert.equal(sent.resultDesc, 'the shortcode is gone, or its environment has no address here')
})

test('a push that was not processed waits longer each time, as long as Daraja wishes, and spread out', () => {
  const from = (wishMs: number | null, attempts: number) =>
    [0, 0.5, 1].map((random) => retryPauseMs({ random: () => random }, wishMs, attempts))
  assert.deepEqual(from(null, 0), [500, 750, 1_000])
  assert.deepEqual(from(null, 1), [1_000, 1_500, 2_000])
  assert.deepEqual(from(null, 2), [2_000, 3_000, 4_000])
  assert.deepEqual(from(null, 3), [4_000, 6_000, 8_000])
  // A quarter of a minute at the most, however often it was tried.
  assert.deepEqual(from(null, 4), [7_500, 11_250, 15_000])
  assert.deepEqual(from(null, 2_000), [7_500, 11_250, 15_000])
  // Never sooner than Daraja wishes; half as much later at the most, and up to a second where that is less.
  assert.deepEqual(from(0, 0), [0, 500, 1_000])
  assert.deepEqual(from(1_000, 5), [1_000, 1_500, 2_000])
  assert.deepEqual(from(60_000, 0), [60_000, 75_000, 90_000])
})

const BUSY: PushOutcome = {
  kind: 'not_processed',
  reason: 'rate_limited',
  retryAfterMs: null,
  detail: 'busy',
  durationMs: 1,
}
const LOCKED: PushOutcome = {
  kind: 'refused',
  errorCode: '500.001.1001',
  errorMessage: 'Unable to lock subscriber',
  httpStatus: 500,
  cause: 'subscriber_locked',
  durationMs: 1,
}
type Taken = Awaited<ReturnType<typeof take>>
type Waits = { outcome: PushOutcome | null; why: string | null; pausesMs: [least: number, most: number] }

/** Each way back into the queue: after which answer, or held back without a push; and how long it waits. */
const waits: Record<string, Waits> = {
  'a busy Daraja': { outcome: BUSY, why: null, pausesMs: [2_000, 4_000] },
  'a Daraja that says when': {
    outcome: { ...BUSY, retryAfterMs: 8_000 },
    why: null,
    pausesMs: [8_000, 12_000],
  },
  'another prompt that Daraja knows of': {
    outcome: LOCKED,
    why: 'customer_busy',
    pausesMs: [7_500, 12_500],
  },
  'another prompt that this process knows of': {
    outcome: null,
    why: 'customer_busy',
    pausesMs: [3_000, 5_000],
  },
}

function tryAgain({ dispatcher, payment }: Taken, { outcome }: Waits): Promise<Payment> {
  if (outcome === null) return dispatcher.holdBack(payment, ATTEMPTS)
  return dispatcher.send(payment, 'soon', ATTEMPTS, PLACE)
}

for (const [name, wait] of Object.entries(waits)) {
  const daraja = { push: async () => wait.outcome ?? never(), query: never }

  test(`after ${name} a payment waits in the queue, for as long as makes sense`, async () => {
    for (const [random, dueInMs] of wait.pausesMs.entries()) {
      const taken = await take({ daraja }, { random })
      assert.equal((await tryAgain(taken, wait)).state, 'queued')
      const queued = { state: 'queued', why: wait.why, attempts: ATTEMPTS + 1, dueInMs }
      assert.deepEqual(await taken.queued(), queued)
    }
  })

  test(`after ${name} a payment never waits for longer than it can be sent`, async () => {
    const taken = await take({ daraja }, { expiresInMs: 1_500 })
    await tryAgain(taken, wait)
    assert.equal((await taken.queued()).dueInMs, 1_500)
  })
}
