// Whose statement is due, under whose lease, and which payments it may speak of.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Uuid } from '../../src/ids.ts'
import {
  createStatementStore,
  type PullClaim,
  type StatementStore,
} from '../../src/payments/statement-store.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, type PaymentBench } from '../support/payment-bench.ts'

const MINUTE = 60_000

let database: TestDatabase
let bench: PaymentBench
let store: StatementStore
before(async () => {
  database = await createTestDatabase()
  bench = createPaymentBench(database.pool)
  store = createStatementStore({ db: database.pool })
  await database.pool.query(`insert into merchants values ($1, 'Shop', now())`, [bench.merchantId])
})
after(() => database[Symbol.asyncDispose]())

/** An uncertain payment on a shortcode of its own, sent so many minutes ago. */
async function addUncertain(wish: { ago: number; askable?: boolean; pulled?: boolean }) {
  const ids = wish.askable === true ? { merchantRequestId: 'm-1', checkoutRequestId: 'ws_CO_1' } : null
  const key = await bench.addPayment({ state: 'uncertain', ids })
  await database.pool.query(
    `insert into shortcodes (merchant_id, id, environment, kind, number, credential_id, credentials_sealed,
       created_at, updated_at, pull_transactions)
     values ($1, $2, 'simulator', 'paybill', '600123', 'app', '', now(), now(), $3)`,
    [key.merchantId, key.paymentId, wish.pulled ?? true],
  )
  const sentAt = bench.at(-wish.ago * MINUTE)
  await database.pool.query('update payments set sent_at = $2 where id = $1', [key.paymentId, sentAt])
  return key
}

function claimOf(changes: Partial<PullClaim> = {}): PullClaim {
  return {
    now: bench.at(0),
    process: bench.process,
    leaseUntil: bench.at(5 * MINUTE),
    oldest: bench.at(-48 * 60 * MINUTE),
    unaskableBefore: bench.at(-5 * MINUTE),
    askableBefore: bench.at(-15 * MINUTE),
    limit: 100,
    ...changes,
  }
}

async function claimed(changes: Partial<PullClaim> = {}): Promise<Uuid[]> {
  return (await store.claimPulls(claimOf(changes))).map(({ shortcodeId }) => shortcodeId)
}

function record(shortcodeId: Uuid, changes: { process?: Uuid; nextAt?: Date } = {}) {
  return store.recordPull({
    merchantId: bench.merchantId,
    shortcodeId,
    process: bench.process,
    nextAt: bench.at(3 * MINUTE),
    failures: 1,
    idle: 2,
    at: bench.at(0),
    outcome: 'read',
    detail: null,
    remarks: { [shortcodeId]: 'ambiguous' },
    ...changes,
  })
}

test('shortcodes are due by the age of their open payments, when they are switched on', async () => {
  const due = [await addUncertain({ ago: 6 }), await addUncertain({ ago: 16, askable: true })]
  await addUncertain({ ago: 4 })
  await addUncertain({ ago: 14, askable: true })
  await addUncertain({ ago: 49 * 60 })
  await addUncertain({ ago: 30, pulled: false })
  const found = await claimed()
  assert.deepEqual(found.toSorted(), due.map(({ paymentId }) => paymentId).toSorted())
  for (const id of found) await record(id, { nextAt: bench.at(100 * 60 * MINUTE) })
})

test('one process at a time pulls for a shortcode; another stands in when its lease has ended', async () => {
  const { paymentId } = await addUncertain({ ago: 6 })
  const other = bench.newUuid()
  const both = await Promise.all([claimed(), claimed({ process: other })])
  assert.deepEqual(both.flat(), [paymentId])
  assert.deepEqual(await claimed({ process: other }), [])
  const later = { now: bench.at(6 * MINUTE), leaseUntil: bench.at(11 * MINUTE), process: other }
  assert.deepEqual(await claimed(later), [paymentId])
  // The first comes back too late: what it records changes nothing.
  await record(paymentId)
  assert.deepEqual(await claimed({ now: bench.at(7 * MINUTE) }), [])
  await record(paymentId, { process: other, nextAt: bench.at(9 * MINUTE) })
  assert.deepEqual(await claimed({ now: bench.at(8 * MINUTE) }), [])
  const [task] = await store.claimPulls(claimOf({ now: bench.at(10 * MINUTE) }))
  assert.deepEqual([task?.failures, task?.idle, task?.number], [1, 2, '600123'])
  const state = await store.pullState({ merchantId: bench.merchantId, shortcodeId: paymentId, paymentId })
  assert.deepEqual([state?.enabled, state?.remark, state?.lastOutcome], [true, 'ambiguous', 'read'])
})

test('what may have been paid on a number is found by time, whosever shortcode it is', async () => {
  const { paymentId } = await addUncertain({ ago: 6 })
  const subject = { environment: 'simulator', number: '600123' } as const
  const made = bench.clock.now()
  const around = { fromMs: made - MINUTE, toMs: made + MINUTE }
  const found = await store.paymentsBetween(subject, around, 1_000)
  assert.ok(found.some((payment) => payment.paymentId === paymentId))
  const before = { fromMs: made - 60 * MINUTE, toMs: made - MINUTE }
  assert.deepEqual(await store.paymentsBetween(subject, before, 1_000), [])
  assert.deepEqual(await store.paymentsBetween({ ...subject, number: '600124' }, around, 1_000), [])
  assert.equal((await store.paymentsBetween(subject, around, 1)).length, 1)
  await database.pool.query(`update payments set receipt = 'TAKEN00001' where id = $1`, [paymentId])
  const taken = await store.takenReceipts(subject, ['TAKEN00001', 'FREE000001'])
  assert.deepEqual([...taken], ['TAKEN00001'])
})
