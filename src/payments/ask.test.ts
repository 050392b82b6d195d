// Questions that do not get as far as M-Pesa: they cost no payment its turn, and no sweep runs hot over them.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench, type PaymentBench, REQUEST_IDS } from '../../test/support/payment-bench.ts'
import { type OpenReason, open } from '../daraja/query-outcome.ts'
import { stubCredential } from '../daraja/testing/stub-daraja.ts'
import { type Asker, createAsker } from './ask.ts'
import { readPayment } from './payment.ts'
import type { PaymentKey } from './payment-store.ts'
import { createQueryBudget } from './query-budget.ts'
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

const FIVE_HOURS_MS = 5 * 3_600_000

/** An asker whose every question ends so; `asked` counts them. */
function askerOf(reason: OpenReason, retryAfterMs: number | null = null) {
  const asked = { count: 0 }
  const budgets = createMemoryQueryBudgetStore()
  const credential = stubCredential('https://daraja.example', { environment: 'production' })
  const never = () => assert.fail('nothing is pushed')
  const asker = createAsker({
    ...bench.moveDeps,
    daraja: {
      push: never,
      async query() {
        asked.count += 1
        return { ...open(reason, 'as the test says', null, retryAfterMs), durationMs: 0 }
      },
    },
    shortcodes: { find: never, credentialOf: async () => credential },
    budget: createQueryBudget({ clock: bench.clock, store: budgets }),
  })
  const permits = async () => {
    const wish = { wanted: 100, answered: 0, perMinuteMax: 600 }
    const grants = await budgets.take(bench.clock.now(), new Map([[credential.id, wish]]))
    return grants.get(credential.id)?.granted
  }
  return { asker, asked, permits }
}

/** An uncertain payment that was sent five hours ago, and is due. */
async function addOld(): Promise<PaymentKey> {
  const key = await bench.addPayment({ state: 'uncertain', ids: REQUEST_IDS })
  await database.pool.query('update payments set sent_at = $2 where id = $1', [
    key.paymentId,
    bench.at(-FIVE_HOURS_MS),
  ])
  return key
}

async function sweep(asker: Asker): Promise<void> {
  await asker.sweep()
  await asker.idle()
}

test('without a token nothing was asked: it is due in a minute, and the permit given back', async () => {
  const key = await addOld()
  const { asker, asked, permits } = askerOf('token')
  await sweep(asker)
  const row = await bench.row(key)
  assert.deepEqual([asked.count, row.queries, row.last_query, row.leased_until], [1, 0, null, null])
  assert.deepEqual(row.due_at, bench.at(60_000))
  assert.equal(await permits(), 1)
})

test('a hundred due payments without a token are tried one by one, at a pause, and then go on', async () => {
  for (let n = 0; n < 100; n += 1) await addOld()
  const { asker, asked } = askerOf('token')
  for (let n = 0; n < 10; n += 1) await sweep(asker)
  assert.equal(asked.count, 1)
  bench.clock.advance(10_000)
  for (let n = 0; n < 10; n += 1) await sweep(asker)
  assert.equal(asked.count, 2)
})

test('who asks at once hears that there is no token, and that nothing was asked', async () => {
  const key = await addOld()
  const { asker } = askerOf('token')
  await sweep(asker)
  const payment = readPayment(await bench.row(key))
  assert.deepEqual(await asker.now(payment), { ok: false, reason: 'no_credentials' })
  assert.equal((await bench.row(key)).queries, 0)
})

test('a question that was turned away as too many is put again in a minute, not in two hours', async () => {
  const key = await addOld()
  const { asker } = askerOf('rate_limited')
  await sweep(asker)
  const row = await bench.row(key)
  assert.deepEqual([row.queries, row.due_at], [1, bench.at(60_000)])
})

test('a "paid" that came too soon counts for no question in vain', async () => {
  const counts: unknown[] = []
  for (const kind of ['in_flight', 'paid_while_open']) {
    const key = await bench.addPayment({ state: 'pending', ids: REQUEST_IDS })
    const query = { at: bench.at(0).toISOString(), kind, code: '0', detail: 'as the test says' }
    const leasedBy = bench.moveDeps.process
    await database.pool.query('update payments set leased_by = $2 where id = $1', [key.paymentId, leasedBy])
    await bench.moveDeps.store.postpone({ ...key, leasedBy, dueAt: bench.at(1), query })
    const row = await bench.row(key)
    counts.push([row.queries, Object(row.last_query).kind])
  }
  assert.deepEqual(counts, [
    [1, 'in_flight'],
    [0, 'paid_while_open'],
  ])
})

test('what Daraja wants to be waited for is waited for', async () => {
  const key = await addOld()
  const { asker } = askerOf('rate_limited', 300_000)
  await sweep(asker)
  assert.deepEqual((await bench.row(key)).due_at, bench.at(300_000))
})
