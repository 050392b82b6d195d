import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench, type PaymentBench, REQUEST_IDS } from '../../test/support/payment-bench.ts'
import { lookForOpenWork } from './open-work-store.ts'
import { PAYMENT_STATES } from './payment.ts'

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

const look = () => lookForOpenWork({ db: database.pool }, bench.at(0))

test('where a sweep would find something the look says so, and settled payments are no work', async () => {
  const found = { queued: 0, lapsed: 0, askable: 0 }
  for (const state of PAYMENT_STATES) {
    for (const dueInMs of [null, -1, 0, 1]) {
      for (const expiresInMs of [-1, 0, 60_000]) {
        for (const ids of [null, REQUEST_IDS]) {
          await database.pool.query('delete from payments')
          await bench.addPayment({ state, dueInMs, expiresInMs, ids, leaseInMs: null })
          const open = await look()
          const told = JSON.stringify({ state, dueInMs, expiresInMs, ids, open })
          const isSettled = state === 'succeeded' || state === 'failed'
          if (isSettled) assert.ok(!Object.values(open).includes(true), told)
          assert.equal(open.uncertain, state === 'uncertain', told)
          const now = bench.at(0)
          const page = { now, after: null, shortcodesMax: 10, eachMax: 10 }
          const askable = (await bench.store.readQuestions(page)).questions.length
          const claim = { now, process: bench.process, leaseUntil: now, limit: 10 }
          const lapsed = (await bench.store.claimDue({ ...claim, kind: 'lapsed' })).length
          const queued = (await bench.claim('queued')).length
          for (const [name, count] of Object.entries({ queued, lapsed, askable })) {
            if (count > 0) assert.equal(new Map(Object.entries(open)).get(name), true, `${name} ${told}`)
          }
          found.queued += queued
          found.lapsed += lapsed
          found.askable += askable
        }
      }
    }
  }
  assert.ok(
    Object.values(found).every((count) => count > 0),
    JSON.stringify(found),
  )
})

test('a gateway without payments has nothing to look for', async () => {
  assert.deepEqual(await look(), { queued: false, lapsed: false, askable: false, uncertain: false })
})
