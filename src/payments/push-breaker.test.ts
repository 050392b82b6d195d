// The breaker: it opens for an ailing Daraja and for nothing else, and lets one push try before the others.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createPushBreaker, type PushBreaker } from './push-breaker.ts'
import type { PushSignal } from './push-signal.ts'

const FAILURES = 5
/** In the midst of the spread. */
const random = () => 0.5

function fail(breaker: PushBreaker, nowMs: number, times: number, phone?: string): void {
  for (let n = 0; n < times; n += 1) {
    const told = { signal: 'failed' as const, phone: phone ?? `phone ${n}` }
    breaker.record(nowMs, breaker.enter(), told)
  }
}

function opened(): PushBreaker {
  const breaker = createPushBreaker({ random })
  fail(breaker, 0, FAILURES)
  return breaker
}

test('so many failures in a row open it, and one fewer does not', () => {
  const breaker = createPushBreaker({ random })
  fail(breaker, 0, FAILURES - 1)
  assert.deepEqual([breaker.state(0), breaker.waitMs(0)], ['closed', 0])
  fail(breaker, 0, 1, 'another')
  assert.equal(breaker.state(0), 'open')
  assert.equal(breaker.waitMs(0), 5_000)
})

test('an answer in between begins the count again', () => {
  const breaker = createPushBreaker({ random })
  for (let n = 0; n < 10; n += 1) {
    fail(breaker, 0, FAILURES - 1)
    breaker.record(0, breaker.enter(), { signal: 'answered', phone: null })
  }
  assert.equal(breaker.state(0), 'closed')
})

test('one phone that always fails does not open it, and a Daraja out of reach does', () => {
  const breaker = createPushBreaker({ random })
  fail(breaker, 0, 100, 'the same')
  assert.equal(breaker.state(0), 'closed')
  for (let n = 0; n < FAILURES; n += 1) {
    breaker.record(0, breaker.enter(), { signal: 'failed', phone: null })
  }
  assert.equal(breaker.state(0), 'open')
})

test('nothing but failures opens it', () => {
  const signal = fc.constantFrom<PushSignal>('answered', 'busy', 'blocked', 'none')
  fc.assert(
    fc.property(fc.array(signal, { maxLength: 200 }), (signals) => {
      const breaker = createPushBreaker({ random })
      for (const each of signals) breaker.record(0, breaker.enter(), { signal: each, phone: null })
      assert.equal(breaker.state(0), 'closed')
    }),
  )
})

test('half open it lets one through, and no other until that one is known', () => {
  const breaker = opened()
  assert.equal(breaker.state(5_000), 'half_open')
  assert.equal(breaker.waitMs(5_000), 0)
  const probe = breaker.enter()
  assert.equal(probe.isProbe, true)
  assert.ok(breaker.waitMs(5_000) > 0)
  assert.equal(breaker.record(5_100, probe, { signal: 'answered', phone: null }), true, 'closed')
  assert.deepEqual([breaker.state(5_100), breaker.waitMs(5_100)], ['closed', 0])
})

test('a probe that fails opens it for longer, up to a bound', () => {
  const breaker = opened()
  const waits = [10_000, 20_000, 40_000, 60_000, 60_000].map((expected) => {
    const nowMs = breaker.waitMs(0)
    breaker.record(nowMs, breaker.enter(), { signal: 'failed', phone: 'p' })
    return [breaker.waitMs(nowMs), expected]
  })
  for (const [wait, expected] of waits) assert.equal(wait, expected)
})

test('a probe that tells nothing is followed by another', () => {
  const breaker = opened()
  const probe = breaker.enter()
  assert.equal(breaker.record(5_000, probe, { signal: 'none', phone: null }), false)
  assert.equal(breaker.waitMs(5_000), 1_000)
  assert.equal(breaker.waitMs(6_000), 0)
})

test('what was sent before it opened or closed says nothing about now', () => {
  const breaker = createPushBreaker({ random })
  const early = Array.from({ length: 50 }, () => breaker.enter())
  fail(breaker, 0, FAILURES)
  for (const pass of early) breaker.record(100, pass, { signal: 'answered', phone: null })
  assert.equal(breaker.state(100), 'open', 'a straggler does not close it')
  breaker.record(5_000, breaker.enter(), { signal: 'answered', phone: null })
  for (const [n, pass] of early.entries()) {
    breaker.record(5_100, pass, { signal: 'failed', phone: `${n}` })
  }
  assert.equal(breaker.state(5_100), 'closed', 'nor do stragglers open it again')
})

test('breakers of many processes do not try at the same moment', () => {
  const [early, late] = [0, 0.99].map((share) => {
    const breaker = createPushBreaker({ random: () => share })
    fail(breaker, 0, FAILURES)
    return breaker.waitMs(0)
  })
  assert.ok((late ?? 0) - (early ?? 0) > 2_000)
})

test('a clock that is set back keeps it open for no longer than it ever is', () => {
  const hoursAhead = 3 * 3_600_000
  const breaker = createPushBreaker({ random })
  fail(breaker, hoursAhead, FAILURES)
  assert.equal(breaker.waitMs(hoursAhead), 5_000)
  assert.deepEqual([breaker.state(0), breaker.waitMs(0)], ['half_open', 0])
  const probe = breaker.enter()
  assert.ok(breaker.waitMs(0) > 0)
  breaker.record(0, probe, { signal: 'failed', phone: 'p' })
  assert.deepEqual([breaker.state(0), breaker.waitMs(0)], ['open', 10_000])
})
