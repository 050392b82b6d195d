import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { DatabaseUnavailableError } from '../db/database.ts'
import { samplePayment } from '../webhooks/testing/sample-payment.ts'
import { createHold } from './held-answers.ts'
import type { Payment } from './payment.ts'

const PAYMENT = samplePayment()
const work = async () => PAYMENT

test('2,000 answers are held without anybody waiting, and one more when one of them is written', async () => {
  const clock = manualClock(0)
  const written: ((payment: Payment) => void)[] = []
  let isHeld = false
  const hold = createHold(
    {
      clock,
      // Those who wait do so in vain; what is held behind them goes on until the test ends it.
      untilAvailable: <T>() => {
        isHeld = !isHeld
        if (isHeld) return Promise.reject<T>(new DatabaseUnavailableError('away'))
        return new Promise<T>((resolve) => written.push(resolve as (payment: Payment) => void))
      },
    },
    () => undefined,
  )
  for (let number = 0; number < 2_000; number += 1) await hold(PAYMENT, 1_000, work)
  assert.equal(written.length, 2_000)
  await assert.rejects(hold(PAYMENT, 1_000, work), DatabaseUnavailableError)
  isHeld = false
  written[0]?.(PAYMENT)
  await hold(PAYMENT, 1_000, work)
  assert.equal(written.length, 2_001)
})

test('what no longer counts is not held', async () => {
  const clock = manualClock(1_000)
  const untilAvailable = () => Promise.reject(new DatabaseUnavailableError('away'))
  const hold = createHold({ clock, untilAvailable }, () => assert.fail('it is held'))
  await assert.rejects(hold(PAYMENT, 1_000, work), DatabaseUnavailableError)
})
