import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../src/clock.ts'
import type { LedgerEntry } from '../src/simulator/simulator.ts'
import { createArrivals } from './arrivals.ts'

const URL = 'http://127.0.0.1:1/hooks/stk-push/a'
const REQUEST = Buffer.from(`POST /mpesa/stkpush/v1/processrequest HTTP/1.1\r\n\r\n{"CallBackURL":"${URL}"}`)

function pushAt(pushedAtMs: number, callbackUrl = URL): LedgerEntry {
  return {
    sequence: 1,
    checkoutRequestId: null,
    merchantRequestId: null,
    shortcode: '174379',
    transactionType: 'CustomerPayBillOnline',
    partyB: '174379',
    phone: '254710000001',
    amountKes: 1,
    reference: 'D1',
    callbackUrl,
    behaviour: null,
    answer: 'accepted',
    promptShown: true,
    pushedAtMs,
    endedAtMs: null,
    resultCode: null,
    receipt: null,
    callbacksAttempted: 0,
    callbacksAnswered: 0,
    queries: 0,
  }
}

test('a push that was found after a pause may have come at any time of that pause', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const clock = manualClock(1_000)
  const arrivals = createArrivals(clock)
  clock.advance(100)
  t.mock.timers.tick(5)
  // The process did not run for 900 ms: its tick is late, and what it reads next may be older.
  clock.advance(900)
  t.mock.timers.tick(5)
  arrivals.note(REQUEST)
  assert.equal(arrivals.of(pushAt(2_000)).arrivedAtMs, 1_100)
})

test('each of several pushes of a payment has its own arrival', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const clock = manualClock(1_000)
  const arrivals = createArrivals(clock)
  arrivals.note(REQUEST)
  clock.advance(50)
  t.mock.timers.tick(10)
  arrivals.note(REQUEST)
  assert.equal(arrivals.of(pushAt(1_010)).arrivedAtMs, 1_000)
  assert.equal(arrivals.of(pushAt(1_060)).arrivedAtMs, 1_050)
})

test('what was not seen arriving is taken to have arrived when it was taken in', () => {
  const arrivals = createArrivals(manualClock(1_000))
  arrivals.note(Buffer.from('POST /mpesa/stkpushquery/v1/query HTTP/1.1\r\n\r\n{}'))
  assert.equal(arrivals.of(pushAt(1_500, 'http://127.0.0.1:1/other')).arrivedAtMs, 1_500)
})
