// What a statement proves moves payments as the state table says, tells it once, and moves nobody else's.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PaymentKey } from '../../src/payments/payment-store.ts'
import { readAgainstKnown, settleByReading } from '../../src/payments/settle-by-statement.ts'
import type { StatementVerdict } from '../../src/payments/statement-match.ts'
import type { StatementPayment } from '../../src/payments/statement-payment.ts'
import { createStatementStore } from '../../src/payments/statement-store.ts'
import { parsePhone } from '../../src/phone.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, type PaymentBench } from '../support/payment-bench.ts'

let database: TestDatabase
let bench: PaymentBench
before(async () => {
  database = await createTestDatabase()
  bench = createPaymentBench(database.pool)
})
after(() => database[Symbol.asyncDispose]())

function known(key: PaymentKey, changes: Partial<StatementPayment> = {}): StatementPayment {
  const phone = parsePhone('254712345678')
  assert.ok(phone)
  return {
    merchantId: key.merchantId,
    paymentId: key.paymentId,
    // The bench gives each payment a shortcode of its own id.
    shortcodeId: key.paymentId,
    kind: 'paybill',
    state: 'uncertain',
    amountKes: 100,
    phone,
    reference: 'INV-1',
    sentAtMs: bench.clock.now(),
    receipt: null,
    paidAtMs: null,
    source: null,
    ...changes,
  }
}

function settle(key: PaymentKey, verdict: StatementVerdict, owner = key) {
  const deps = { ...bench.moveDeps, statements: createStatementStore({ db: database.pool }) }
  const shortcode = { merchantId: owner.merchantId, shortcodeId: key.paymentId }
  return settleByReading(deps, shortcode, { verdicts: [verdict], foreign: [], missing: [] })
}

function paid(payment: StatementPayment, receipt: string | null = 'SGF123ABC4'): StatementVerdict {
  return { kind: 'paid', payment, receipt, paidAtMs: receipt === null ? null : bench.clock.now() }
}

async function stateOf(key: PaymentKey) {
  const row = await bench.row(key)
  const told = (await bench.toldOf(key)).map(({ type }) => type)
  const { source, confidence, amount_match: amount } = Object(row.evidence)
  return [row.state, row.outcome, row.result_code, row.receipt, source, confidence, amount, told]
}

const NOTHING = { paid: 0, corrected: 0, receipts: 0, notPaid: 0 }

test('paid with a receipt is proven, paid without one is confirmed, and not paid is declined', async () => {
  const [proven, confirmed, unpaid] = await Promise.all(
    [1, 2, 3].map(() => bench.addPayment({ state: 'uncertain' })),
  )
  assert.ok(proven && confirmed && unpaid)
  assert.deepEqual(await settle(proven, paid(known(proven))), { ...NOTHING, paid: 1 })
  assert.deepEqual(await settle(confirmed, paid(known(confirmed), null)), { ...NOTHING, paid: 1 })
  const verdict = { kind: 'not_paid', payment: known(unpaid) } as const
  assert.deepEqual(await settle(unpaid, verdict), { ...NOTHING, notPaid: 1 })
  const [yes, no] = [['payment.succeeded'], ['payment.failed']]
  const receipt = 'SGF123ABC4'
  assert.deepEqual(await stateOf(proven), [
    'succeeded',
    'paid',
    '0',
    receipt,
    'statement',
    'proven',
    true,
    yes,
  ])
  assert.deepEqual(await stateOf(confirmed), [
    'succeeded',
    'paid',
    '0',
    null,
    'statement',
    'confirmed',
    true,
    yes,
  ])
  const code = 'not_on_statement'
  assert.deepEqual(await stateOf(unpaid), [
    'failed',
    'declined',
    code,
    null,
    'statement',
    'confirmed',
    null,
    no,
  ])
})

test('the same statement twice settles and tells once', async () => {
  const key = await bench.addPayment({ state: 'uncertain' })
  await settle(key, paid(known(key)))
  assert.deepEqual(await settle(key, paid(known(key))), NOTHING)
  assert.deepEqual(await settle(key, { kind: 'not_paid', payment: known(key) }), NOTHING)
  assert.equal((await bench.toldOf(key)).length, 1)
})

test('a failure by statement is corrected by proof, and by nothing less', async () => {
  const key = await bench.addPayment({ state: 'uncertain' })
  await settle(key, { kind: 'not_paid', payment: known(key) })
  const failed = known(key, { state: 'failed', source: 'statement' })
  assert.deepEqual(await settle(key, paid(failed, null)), NOTHING)
  assert.deepEqual(await settle(key, paid(failed)), { ...NOTHING, corrected: 1 })
  const told = (await bench.toldOf(key)).map(({ type }) => type)
  assert.deepEqual(told, ['payment.failed', 'payment.corrected'])
})

test('a receipt is filled in once, and told', async () => {
  const key = await bench.addPayment({ state: 'succeeded' })
  const payment = known(key, { state: 'succeeded', source: 'query' })
  const verdict = { kind: 'receipt', payment, receipt: 'SGF123ABC4', paidAtMs: bench.clock.now() } as const
  assert.deepEqual(await settle(key, verdict), { ...NOTHING, receipts: 1 })
  assert.deepEqual(await settle(key, verdict), NOTHING)
  const [state, , , receipt, source, confidence, , told] = await stateOf(key)
  assert.deepEqual([state, receipt, source, confidence], ['succeeded', 'SGF123ABC4', 'statement', 'proven'])
  assert.deepEqual(told, ['payment.updated'])
})

test('what is said of another merchant’s or shortcode’s payment moves nothing', async () => {
  const key = await bench.addPayment({ state: 'uncertain' })
  const stranger = { merchantId: bench.newUuid(), paymentId: key.paymentId }
  assert.deepEqual(await settle(key, paid(known(key)), stranger), NOTHING)
  assert.deepEqual(await settle(key, paid(known(key, { shortcodeId: bench.newUuid() }))), NOTHING)
  assert.equal((await bench.row(key)).state, 'uncertain')
})

test('a statement is read against payments of its own time, and not of the hours after it', async () => {
  const store = createStatementStore({ db: database.pool })
  const asked: { fromMs: number; toMs: number }[] = []
  const statements: typeof store = {
    ...store,
    paymentsBetween(subject, time, limit) {
      asked.push(time)
      return store.paymentsBetween(subject, time, limit)
    },
  }
  const toMs = bench.clock.now() - 4 * 3_600_000
  const fromMs = toMs - 3_600_000
  const statement = { rows: [], fromMs, toMs, takenAtMs: bench.clock.now(), incomplete: null }
  await readAgainstKnown({ statements }, { environment: 'simulator', number: '600123' }, statement, false)
  const [time] = asked
  assert.ok(time !== undefined && time.fromMs <= fromMs - 3_600_000 && time.toMs >= toMs)
  assert.ok(time.toMs <= toMs + 600_000)
})
