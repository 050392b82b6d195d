import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { setImmediate as microtasksDone } from 'node:timers/promises'
import { manualClock } from '../clock.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { type CallbackGuard, createCallbackGuard } from './callback-guard.ts'

let clock: ReturnType<typeof manualClock>
let newUuid: () => Uuid
let guard: CallbackGuard<string>
let judged: number
beforeEach(() => {
  clock = manualClock(Date.UTC(2026, 0, 1))
  newUuid = createUuidSource(clock)
  guard = createCallbackGuard<string>({ clock })
  judged = 0
})

const judge = (result: string, isFinal: boolean) => async () => {
  judged += 1
  return { result, isFinal }
}

test('what will not change is judged once a minute, and what may is judged each time', async () => {
  const id = newUuid()
  for (let round = 0; round < 3; round += 1) {
    assert.equal(await guard.once(id, 'a', judge('refused', true)), 'refused')
  }
  assert.equal(judged, 1)
  for (let round = 0; round < 3; round += 1) await guard.once(id, 'b', judge('hint', false))
  assert.equal(judged, 4)
  assert.equal(await guard.once(newUuid(), 'a', judge('settled', false)), 'settled', 'another payment')
  clock.advance(60_000)
  await guard.once(id, 'a', judge('refused', true))
  assert.equal(judged, 6)
})

test('a payment that has changed is judged anew', async () => {
  const id = newUuid()
  await guard.once(id, 'a', judge('duplicate', true))
  guard.forget(id)
  assert.equal(await guard.once(id, 'a', judge('contradicted', true)), 'contradicted')
})

test('copies wait for the first of them, and fail with it', async () => {
  const id = newUuid()
  const first = Promise.withResolvers<{ result: string; isFinal: boolean }>()
  const copies = Array.from({ length: 500 }, () => guard.once(id, 'a', () => first.promise))
  first.resolve({ result: 'duplicate', isFinal: true })
  assert.deepEqual(new Set(await Promise.all(copies)), new Set(['duplicate']))
  const failing = Promise.withResolvers<{ result: string; isFinal: boolean }>()
  const failed = Array.from({ length: 10 }, () => guard.once(id, 'b', () => failing.promise))
  failing.reject(new Error('away'))
  for (const each of await Promise.allSettled(failed)) assert.equal(each.status, 'rejected')
})

test('too many different words about one payment at once are refused, and no other payment’s', async () => {
  const id = newUuid()
  const never = new Promise<never>(() => undefined)
  for (let index = 0; index < 50; index += 1) void guard.once(id, `${index}`, () => never)
  assert.equal(await guard.once(id, 'one more', judge('settled', false)), 'crowded')
  assert.equal(await guard.once(newUuid(), 'one more', judge('settled', false)), 'settled')
})

test('of thousands of payments the oldest is forgotten, of one payment a few words are kept', async () => {
  const first = newUuid()
  await guard.once(first, 'a', judge('refused', true))
  for (let index = 0; index < 10_000; index += 1) await guard.once(newUuid(), 'a', judge('refused', true))
  judged = 0
  await guard.once(first, 'a', judge('refused', true))
  assert.equal(judged, 1)
  for (let index = 0; index < 20; index += 1) await guard.once(first, `${index}`, judge('refused', true))
  judged = 0
  for (let index = 0; index < 20; index += 1) await guard.once(first, `${index}`, judge('refused', true))
  assert.ok(judged >= 12 && judged < 20, String(judged))
})

test('a clock that was set back makes nothing be remembered for longer', async () => {
  const id = newUuid()
  await guard.once(id, 'a', judge('refused', true))
  clock.advance(-3_600_000)
  await guard.once(id, 'a', judge('refused', true))
  assert.equal(judged, 2)
})

test('what nothing vouches for is read, looked up and kept so often at once, and then now and then', () => {
  const allowances: [may: () => boolean, atOnce: number, inASecond: number][] = [
    [guard.mayRead, 500, 50],
    [() => guard.mayLookUp(true), 200, 100],
    [() => guard.mayLookUp(false), 50, 10],
    [guard.mayKeepUnclaimed, 100, 1],
  ]
  for (const [may, atOnce, inASecond] of allowances) {
    let count = 0
    while (may()) count += 1
    assert.equal(count, atOnce)
    clock.advance(1_000)
    while (may()) count += 1
    assert.equal(count, atOnce + inASecond)
  }
})

test('look-ups for others leave those for Safaricom’s addresses alone', () => {
  while (guard.mayLookUp(false));
  assert.equal(guard.mayLookUp(true), true)
})

test('a payment is asked about once in 30 s, and a shortcode’s payments twice at once', () => {
  const shortcode = newUuid()
  const ids = Array.from({ length: 5 }, newUuid)
  assert.deepEqual(
    ids.map((id) => guard.mayAsk(id, shortcode)),
    [true, true, false, false, false],
  )
  const vouchedFor = newUuid()
  assert.deepEqual([guard.mayAsk(vouchedFor, null), guard.mayAsk(vouchedFor, null)], [true, false])
  clock.advance(30_000)
  assert.equal(guard.mayAsk(vouchedFor, null), true)
  assert.equal(guard.mayAsk(newUuid(), shortcode), true)
})

test('twenty rows of a payment are kept in a minute', () => {
  const id = newUuid()
  const kept = Array.from({ length: 30 }, () => guard.mayKeepOf(id)).filter(Boolean)
  assert.equal(kept.length, 20)
})

test('words that nobody waits for are taken in once at a time, and 5,000 of them at the most', async () => {
  const id = newUuid()
  const ends: (() => void)[] = []
  const take = () => new Promise<void>((resolve) => ends.push(resolve))
  for (const words of ['a', 'a', 'b']) guard.takeLate(id, words, take)
  assert.equal(ends.length, 2)
  for (let number = 2; number <= 5_000; number += 1) guard.takeLate(newUuid(), 'a', take)
  assert.equal(ends.length, 5_000)
  ends[0]?.()
  await microtasksDone()
  guard.takeLate(id, 'a', take)
  assert.equal(ends.length, 5_001)
})
