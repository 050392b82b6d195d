import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAlertBench } from './testing/alert-bench.ts'
import { addPayments } from './testing/alert-things.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

test('failures that last for weeks are told of once; those that nobody can judge are dropped', async () => {
  await using bench = await createAlertBench()
  const merchantId = await bench.addMerchant()
  const fail = async (afterMs: number) => {
    bench.clock.advance(afterMs)
    await addPayments(bench, merchantId, { count: 10, code: '26' })
    return bench.pass(MINUTE_MS)
  }
  assert.equal((await fail(0)).length, 1)
  assert.deepEqual(await fail(8 * DAY_MS), [], 'a week later')
  assert.deepEqual(await fail(8 * DAY_MS), [], 'two weeks later')
  assert.deepEqual(await bench.pass(HOUR_MS), [], 'too few to judge')
  assert.equal((await fail(0)).length, 1, 'begun anew')
  bench.clock.advance(8 * DAY_MS)
  await bench.set(merchantId, { alert_failures: false })
  assert.deepEqual(await bench.pass(HOUR_MS), [], 'not watched')
  await bench.set(merchantId, { alert_failures: true })
  assert.equal((await fail(0)).length, 1, 'begun anew')
})
