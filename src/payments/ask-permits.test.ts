// The permits that questions cost: what was not asked is given back, so that another payment gets it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { CREDENTIAL } from '../../test/simulation/gateway-process.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench, type PaymentBench } from '../../test/support/payment-bench.ts'
import type { DarajaCredential } from '../daraja/credential.ts'
import { DatabaseUnavailableError } from '../db/database.ts'
import { type AskDeps, createAsker } from './ask.ts'
import { readPayment } from './payment.ts'
import type { PaymentKey } from './payment-store.ts'
import { createQueryBudget } from './query-budget.ts'
import { createMemoryQueryBudgetStore } from './testing/memory-query-budget-store.ts'

let database: TestDatabase
let bench: PaymentBench
before(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await database.pool.query('delete from payments')
  bench = createPaymentBench(database.pool)
})
after(() => database[Symbol.asyncDispose]())

const APP: DarajaCredential = { ...CREDENTIAL, environment: 'simulator' }

/** An asker whose app has one permit; nothing is asked of M-Pesa unless `changes` say what it answers. */
function createBed(changes: Partial<AskDeps> = {}) {
  const budget = createQueryBudget({ clock: bench.clock, store: createMemoryQueryBudgetStore() })
  const asker = createAsker({
    ...bench.moveDeps,
    budget,
    daraja: { push: () => assert.fail('nothing is pushed'), query: () => assert.fail('M-Pesa was asked') },
    shortcodes: { find: async () => null, credentialOf: async () => APP },
    ...changes,
  })
  const wish = { credentialId: APP.id, environment: APP.environment, wanted: 10 }
  return {
    asker,
    /** How many questions could be put now. */
    permitsLeft: async () => (await budget.take([wish])).get(APP.id) ?? 0,
  }
}

/** A store whose claim of questions is `claimQuestions`. */
function storeClaiming(claimQuestions: AskDeps['store']['claimQuestions']): Pick<AskDeps, 'store'> {
  return { store: { ...bench.moveDeps.store, claimQuestions } }
}

const takenByAnother = async () => []
const cutOff = async () => {
  throw new DatabaseUnavailableError('away')
}

async function addPending(): Promise<{ key: PaymentKey; payment: ReturnType<typeof readPayment> }> {
  const key = await bench.addPayment({ state: 'pending' })
  return { key, payment: readPayment(await bench.row(key)) }
}

test('a question that nobody could be asked with costs no permit', async () => {
  const { payment } = await addPending()
  const unreadable = () => Promise.reject(new Error('sealed under another key'))
  for (const credentialOf of [async () => null, unreadable]) {
    const bed = createBed({ shortcodes: { find: async () => null, credentialOf } })
    assert.deepEqual(await bed.asker.now(payment), { ok: false, reason: 'no_credentials' })
    assert.equal(await bed.asker.sweep(), 0)
    assert.equal(await bed.permitsLeft(), 1)
  }
})

test('without a permit nothing is claimed', async () => {
  const { key, payment } = await addPending()
  const bed = createBed()
  assert.equal(await bed.permitsLeft(), 1)
  assert.deepEqual(await bed.asker.now(payment), { ok: false, reason: 'budget' })
  assert.equal(await bed.asker.sweep(), 0)
  assert.equal((await bench.row(key)).leased_by, null)
})

test('a permit for what another process asks about is given back', async () => {
  const { payment } = await addPending()
  const now = createBed(storeClaiming(takenByAnother))
  assert.deepEqual(await now.asker.now(payment), { ok: false, reason: 'being_asked' })
  assert.equal(await now.permitsLeft(), 1)
  const sweep = createBed(storeClaiming(takenByAnother))
  assert.equal(await sweep.asker.sweep(), 0)
  assert.equal(await sweep.permitsLeft(), 1)
})

test('a permit is given back when the database is cut off before it says what was claimed', async () => {
  const { payment } = await addPending()
  const now = createBed(storeClaiming(cutOff))
  await assert.rejects(now.asker.now(payment), DatabaseUnavailableError)
  assert.equal(await now.permitsLeft(), 1)
  const sweep = createBed(storeClaiming(cutOff))
  await assert.rejects(sweep.asker.sweep(), DatabaseUnavailableError)
  assert.equal(await sweep.permitsLeft(), 1)
})

test('the fault that is told is the claim’s, also when no permit can be given back', async () => {
  const { payment } = await addPending()
  const whole = createQueryBudget({ clock: bench.clock, store: createMemoryQueryBudgetStore() })
  const budget = { ...whole, giveBack: () => Promise.reject(new Error('the budget is away too')) }
  const bed = createBed({ ...storeClaiming(cutOff), budget })
  await assert.rejects(bed.asker.now(payment), DatabaseUnavailableError)
})

test('a permit that was used is spent', async () => {
  const { key, payment } = await addPending()
  const query: AskDeps['daraja']['query'] = async () => ({
    kind: 'open',
    reason: 'in_flight',
    code: '4999',
    detail: 'in process',
    retryAfterMs: null,
    durationMs: 1,
  })
  const bed = createBed({ daraja: { push: () => assert.fail('nothing is pushed'), query } })
  const asked = await bed.asker.now(payment)
  assert.equal(asked.ok && asked.answer.kind, 'in_flight')
  assert.equal(await bed.permitsLeft(), 0)
  assert.equal((await bench.row(key)).queries, 1)
})
