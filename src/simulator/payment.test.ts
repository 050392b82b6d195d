import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { silentLogger } from '../log.ts'
import type { Plan } from './behaviours.ts'
import type { Callback } from './callback-sender.ts'
import { createChanges } from './changes.ts'
import { createDarajaIds } from './daraja-ids.ts'
import { DEFAULT_FAULTS } from './faults.ts'
import { createLedger, type LedgerEntry } from './ledger.ts'
import { beginPayment } from './payment.ts'
import { createPrompts } from './prompts.ts'
import type { Timers } from './timers.ts'

/** A payment on timers that move only when told to. */
function stage(plan: Partial<Plan>) {
  const clock = manualClock(Date.UTC(2026, 2, 1, 9))
  const sent: (Callback & { atMs: number })[] = []
  const startMs = clock.now()
  const { timers, advance } = manualTimers(clock)
  const told: unknown[][] = []
  const changes = createChanges()
  const note = (one: LedgerEntry) =>
    told.push([one.resultCode, one.callbacksAttempted, one.callbacksAnswered])
  changes.watch({ entry: note, phone: () => undefined, settings: () => undefined })
  const prompts = createPrompts({ onChange: () => undefined })
  const deps = {
    clock,
    log: silentLogger,
    timers,
    ids: createDarajaIds({ clock, random: () => 0.5 }),
    faults: DEFAULT_FAULTS,
    prompts,
    changes,
    callbacks: {
      send: async (callback: Callback) => {
        sent.push({ ...callback, atMs: clock.now() - startMs })
        return 200
      },
      close: async () => undefined,
    },
  }
  const entry = createLedger(10).add(pushed(clock.now()))
  const full: Plan = {
    behaviour: 0,
    answer: 'accepted',
    promptShown: true,
    locksSubscriber: true,
    ends: { resultCode: '0', afterMs: 3000 },
    callback: { timing: 'prompt', copies: 1 },
    ...plan,
  }
  return {
    begun: beginPayment(deps, entry, { plan: full, payee: { name: 'Shop', isTill: false } }),
    entry,
    prompts,
    sent,
    told,
    advance,
  }
}

test('the prompt is up until the payment ends, and the callback follows at once', async () => {
  const { entry, prompts, sent, advance } = stage({})
  assert.ok(prompts.isLocked(entry.phone))
  advance(2999)
  assert.ok(prompts.isLocked(entry.phone))
  advance(1)
  assert.ok(!prompts.isLocked(entry.phone))
  assert.deepEqual([entry.resultCode, sent[0]?.atMs], ['0', 3000])
})

test('whoever watches is told that a payment ended, was called back and was answered', async () => {
  const { told, advance } = stage({})
  advance(3000)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(told, [
    ['0', 0, 0],
    ['0', 1, 0],
    ['0', 1, 1],
  ])
})

test('a late callback comes three minutes after the payment has ended', () => {
  const { entry, sent, advance } = stage({ callback: { timing: 'late', copies: 1 } })
  advance(3000)
  assert.equal(entry.resultCode, '0')
  advance(179_999)
  assert.equal(sent.length, 0)
  advance(1)
  assert.equal(sent.length, 1)
})

test('copies of a callback come within seconds of each other', () => {
  const { sent, advance } = stage({ callback: { timing: 'prompt', copies: 3 } })
  advance(3000)
  advance(500)
  advance(500)
  advance(500)
  assert.deepEqual(
    sent.map((callback) => callback.atMs),
    [3000, 3500, 4000],
  )
})

test('an early callback is sent before the push is answered', async () => {
  const { begun, sent } = stage({ callback: { timing: 'early', copies: 1 } })
  await begun
  assert.equal(sent.length, 1)
})

test('a prompt answered by hand ends once, and its timer does nothing', () => {
  const { entry, prompts, sent, advance } = stage({})
  const prompt = prompts.find('ws_CO_1')
  prompt?.end('1032')
  prompt?.end('0')
  advance(60_000)
  assert.deepEqual([entry.resultCode, entry.receipt, sent.length], ['1032', null, 1])
})

test('a prompt ignored after twenty seconds is up for forty more', () => {
  const { entry, prompts, advance } = stage({ ends: { resultCode: '0', afterMs: 30_000 } })
  advance(20_000)
  prompts.find('ws_CO_1')?.ignore()
  advance(39_999)
  assert.equal(entry.resultCode, null)
  advance(1)
  assert.equal(entry.resultCode, '1037')
})

test('a payment without a prompt locks nobody and ends all the same', () => {
  const { entry, prompts, advance } = stage({ promptShown: false, locksSubscriber: false })
  assert.ok(!prompts.isLocked(entry.phone))
  advance(3000)
  assert.equal(entry.resultCode, '0')
})

function manualTimers(clock: ReturnType<typeof manualClock>): { timers: Timers; advance(ms: number): void } {
  const waiting = new Set<{ atMs: number; run: () => void }>()
  const timers: Timers = {
    after(delayMs, run) {
      const timer = { atMs: clock.now() + delayMs, run }
      waiting.add(timer)
      return () => waiting.delete(timer)
    },
    delay: (delayMs) => new Promise((resolve) => void timers.after(delayMs, resolve)),
    realMs: (delayMs) => delayMs,
    simulatedMs: (realMs) => realMs,
    speed: () => 1,
    setSpeed: () => undefined,
    close: () => waiting.clear(),
  }
  const advance = (ms: number): void => {
    clock.advance(ms)
    for (const timer of [...waiting].filter((due) => due.atMs <= clock.now())) {
      if (waiting.delete(timer)) timer.run()
    }
  }
  return { timers, advance }
}

function pushed(pushedAtMs: number): Omit<LedgerEntry, 'sequence'> {
  return {
    checkoutRequestId: 'ws_CO_1',
    merchantRequestId: '1-2-3',
    shortcode: '174379',
    transactionType: 'CustomerPayBillOnline',
    partyB: '174379',
    phone: '254712345678',
    amountKes: 1,
    reference: 'INV-1',
    callbackUrl: 'https://shop.example/hook',
    behaviour: 0,
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
