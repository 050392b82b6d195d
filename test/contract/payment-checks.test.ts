// The table's own checks: rows that no life of a payment leads to are refused, whatever the code does.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PAYMENT_STATES } from '../../src/payments/payment.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, type PaymentBench } from '../support/payment-bench.ts'

let database: TestDatabase
let bench: PaymentBench
before(async () => {
  database = await createTestDatabase()
  bench = createPaymentBench(database.pool)
})
after(() => database[Symbol.asyncDispose]())

/** Tries to make a payment's row with `columns` in place of the usual ones; the check that refuses it. */
async function refusalOf(columns: Record<string, unknown>): Promise<string | null> {
  const row: Record<string, unknown> = {
    merchant_id: bench.merchantId,
    id: bench.newUuid(),
    shortcode_id: bench.newUuid(),
    environment: 'simulator',
    live: false,
    state: 'queued',
    amount: 100,
    phone: '254712345678',
    reference: 'INV-1',
    expires_at: bench.at(0),
    created_at: bench.at(0),
    updated_at: bench.at(0),
    ...columns,
  }
  const names = Object.keys(row)
  const places = names.map((_, index) => `$${index + 1}`)
  try {
    await database.pool.query(
      `insert into payments (${names.join(', ')}) values (${places.join(', ')})`,
      Object.values(row),
    )
    return null
  } catch (error) {
    if (error instanceof Error && 'constraint' in error) return String(error.constraint)
    throw error
  }
}

/** How a payment of each state may have ended; null: not at all. */
const OUTCOMES: Record<(typeof PAYMENT_STATES)[number], (string | null)[]> = {
  queued: [null],
  sending: [null],
  pending: [null],
  uncertain: [null],
  succeeded: ['paid'],
  failed: ['declined', 'refused', 'not_sent'],
}

test('a payment has an outcome and a time of settling exactly when it is settled', async () => {
  for (const state of PAYMENT_STATES) {
    for (const outcome of [null, 'paid', 'declined', 'refused', 'not_sent']) {
      for (const settledAt of [null, bench.at(0)]) {
        const isPossible = OUTCOMES[state].includes(outcome) && (outcome === null) === (settledAt === null)
        const refusal = await refusalOf({ state, outcome, settled_at: settledAt })
        const what = `${state}, ${outcome}, ${settledAt === null ? 'not settled' : 'settled'}`
        assert.equal(refusal, isPossible ? null : 'payments_settled', what)
      }
    }
  }
})

test('a queued payment was never sent', async () => {
  assert.equal(await refusalOf({ sent_at: bench.at(0) }), 'payments_queued_unsent')
  assert.equal(await refusalOf({ state: 'sending', sent_at: bench.at(0) }), null)
})

test('there are no other states and outcomes', async () => {
  assert.equal(await refusalOf({ state: 'paid' }), 'payments_state_check')
  assert.equal(await refusalOf({ state: '' }), 'payments_state_check')
  const unheardOf = { state: 'failed', outcome: 'lost', settled_at: bench.at(0) }
  assert.equal(await refusalOf(unheardOf), 'payments_outcome_check')
})

test('amounts are whole shillings that M-Pesa moves, and phones are Kenyan mobile numbers', async () => {
  for (const amount of [1, 250_000]) assert.equal(await refusalOf({ amount }), null, String(amount))
  for (const amount of [0, -1, 250_001]) assert.equal(await refusalOf({ amount }), 'payments_amount_check')
  for (const phone of ['254712345678', '254112345678']) assert.equal(await refusalOf({ phone }), null)
  for (const phone of ['0712345678', '254212345678', '25471234567', '2547123456789', '+254712345678', '']) {
    assert.equal(await refusalOf({ phone }), 'payments_phone_check', phone)
  }
  assert.equal(await refusalOf({ phone: '254712345678\n' }), 'payments_phone_check')
})

test('an idempotency key names one payment of a merchant and side', async () => {
  const key = { idempotency_key: 'order-1' }
  assert.equal(await refusalOf(key), null)
  // A partition's own index carries a name made of its columns.
  assert.match(String(await refusalOf(key)), /idempotency/)
  assert.equal(await refusalOf({ ...key, live: true }), null)
  assert.equal(await refusalOf({ ...key, merchant_id: bench.newUuid() }), null)
})
