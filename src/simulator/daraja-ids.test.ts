import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { createDarajaIds } from './daraja-ids.ts'

/** 19 December 2019, 23:30:05 UTC: already the 20th in Nairobi. */
const AT_MS = Date.UTC(2019, 11, 19, 23, 30, 5)

test('receipts begin with the day in Nairobi and never repeat', () => {
  const ids = createDarajaIds({ clock: manualClock(AT_MS), random: () => 0.25 })
  const receipts = Array.from({ length: 20_000 }, ids.receipt)
  for (const receipt of receipts) assert.match(receipt, /^NLK[0-9A-Z]{7}$/)
  assert.equal(new Set(receipts).size, receipts.length)
})

test('a checkout id holds the second in Nairobi and the last nine digits of the phone', () => {
  const ids = createDarajaIds({ clock: manualClock(AT_MS), random: () => 0.25 })
  assert.match(ids.checkout('new', '254712345678'), /^ws_CO_20122019023005\d{1,3}712345678$/)
  assert.match(ids.checkout('old', '254712345678'), /^ws_CO_20122019023005\d{4}$/)
})

test('a thousand pushes to one phone in one second get a thousand ids', () => {
  const ids = createDarajaIds({ clock: manualClock(AT_MS), random: () => 0.25 })
  const made = Array.from({ length: 1000 }, () => ids.checkout('new', '254712345678'))
  assert.equal(new Set(made).size, 1000)
})

test('request ids never repeat, even when the randomness does', () => {
  const ids = createDarajaIds({ clock: manualClock(AT_MS), random: () => 0.25 })
  const made = Array.from({ length: 1000 }, (_, index) => ids.request(index % 2 === 0 ? 'new' : 'old'))
  assert.equal(new Set(made).size, 1000)
})

test('the same randomness makes the same ids', () => {
  const make = () => {
    const ids = createDarajaIds({ clock: manualClock(AT_MS), random: () => 0.7 })
    return [ids.request('new'), ids.checkout('new', '254712345678'), ids.receipt(), ids.token()]
  }
  assert.deepEqual(make(), make())
})
