import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Uuid } from '../ids.ts'
import { samplePayment } from '../webhooks/testing/sample-payment.ts'
import { isSettled, type Payment } from './payment.ts'
import { createWaiters } from './waiters.ts'

const LONG = { timeoutMs: 60_000 }

/** A payment that is not settled yet, with `changes` to its row. */
const openPayment = (changes: Record<string, unknown> = {}): Payment =>
  samplePayment({ state: 'pending', outcome: null, receipt: null, settled_at: null, ...changes })

const settledCopy = (payment: Payment): Payment => ({ ...payment, state: 'succeeded', outcome: 'paid' })

/** What other processes have committed, as a look-up finds it. */
function createRows() {
  const rows = new Map<Uuid, Payment>()
  const lookUps: Uuid[][] = []
  const errors: unknown[] = []
  const waiters = createWaiters({
    async readPayments(keys) {
      lookUps.push(keys.map((key) => key.paymentId))
      return keys.flatMap((key) => rows.get(key.paymentId) ?? [])
    },
    onError: (error) => errors.push(error),
  })
  return { rows, lookUps, errors, waiters }
}

test('who waits for what is done already, or for no time at all, is answered at once', async () => {
  const { waiters, lookUps } = createRows()
  const open = openPayment()
  const settled = settledCopy(open)
  assert.equal(await waiters.waitFor(settled, isSettled, LONG), settled)
  assert.equal(await waiters.waitFor(open, isSettled, { timeoutMs: 0 }), open)
  assert.equal(await waiters.waitFor(open, isSettled, { ...LONG, signal: AbortSignal.abort() }), open)
  assert.deepEqual(lookUps, [])
})

test('a change made by this process is told at once', async () => {
  const { waiters, lookUps } = createRows()
  const open = openPayment()
  const waiting = [waiters.waitFor(open, isSettled, LONG), waiters.waitFor(open, isSettled, LONG)]
  waiters.changed(openPayment())
  waiters.changed({ ...open, checkoutRequestId: 'ws_CO_1' })
  waiters.changed(settledCopy(open))
  for (const payment of await Promise.all(waiting)) assert.equal(payment.state, 'succeeded')
  assert.deepEqual(lookUps, [])
})

test('changes made by other processes are found by one look-up for all who wait', async () => {
  const { waiters, rows, lookUps } = createRows()
  const payments = Array.from({ length: 50 }, () => openPayment())
  const waiting = payments.map((payment) => waiters.waitFor(payment, isSettled, LONG))
  for (const payment of payments) rows.set(payment.id, settledCopy(payment))
  const found = await Promise.all(waiting)
  assert.deepEqual(
    found.map(({ id, state }) => [id, state]),
    payments.map(({ id }) => [id, 'succeeded']),
  )
  assert.deepEqual(lookUps, [payments.map(({ id }) => id)])
})

test('who gives up waiting gets the payment as it was last seen', async () => {
  const { waiters } = createRows()
  const queued = openPayment({ state: 'queued' })
  const abort = new AbortController()
  const aborted = waiters.waitFor(queued, isSettled, { ...LONG, signal: abort.signal })
  const timedOut = waiters.waitFor(queued, isSettled, { timeoutMs: 1 })
  waiters.changed({ ...queued, state: 'pending' })
  abort.abort()
  assert.equal((await aborted).state, 'pending')
  assert.equal((await timedOut).state, 'pending')
})

test('a look-up that fails is reported, and the next one finds the change', async () => {
  const open = openPayment()
  const errors: unknown[] = []
  let lookUps = 0
  const waiters = createWaiters({
    async readPayments() {
      lookUps += 1
      if (lookUps === 1) throw new Error('away')
      return [settledCopy(open)]
    },
    onError: (error) => errors.push(error),
  })
  assert.equal((await waiters.waitFor(open, isSettled, LONG)).state, 'succeeded')
  assert.equal(errors.length, 1)
})

test('a subscriber is told of every change until it has had enough', async () => {
  const { waiters } = createRows()
  const payment = openPayment({ state: 'queued' })
  const seen: string[] = []
  const unsubscribe = waiters.subscribe(payment, ({ state }) => seen.push(state))
  for (const state of ['queued', 'sending', 'sending', 'pending'] as const)
    waiters.changed({ ...payment, state })
  unsubscribe()
  waiters.changed(settledCopy(payment))
  assert.deepEqual(seen, ['queued', 'sending', 'pending'])
})

test('who comes with an old view while others listen is told of what they know already', async () => {
  const { waiters, rows } = createRows()
  const old = openPayment()
  const unsubscribe = waiters.subscribe(old, () => {})
  rows.set(old.id, settledCopy(old))
  waiters.changed(settledCopy(old))
  assert.equal((await waiters.waitFor(old, isSettled, LONG)).state, 'succeeded')
  unsubscribe()
})

test('closing ends all waiting, and nobody waits after it', async () => {
  const { waiters, lookUps } = createRows()
  const open = openPayment()
  const waiting = waiters.waitFor(open, isSettled, LONG)
  waiters.close()
  assert.equal(await waiting, open)
  assert.equal(await waiters.waitFor(open, isSettled, LONG), open)
  assert.deepEqual(lookUps, [])
})

test('a look-up that ends after closing is the last one', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const read = Promise.withResolvers<Payment[]>()
  let lookUps = 0
  const waiters = createWaiters({
    readPayments() {
      lookUps += 1
      return read.promise
    },
    onError: (error) => assert.fail(String(error)),
  })
  waiters.subscribe(openPayment(), () => {})
  t.mock.timers.tick(1_000)
  waiters.close()
  read.resolve([])
  await new Promise((resolve) => setImmediate(resolve))
  waiters.subscribe(openPayment(), () => {})
  t.mock.timers.tick(10_000)
  assert.equal(lookUps, 1)
})
