import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createReceipts, machineNowMs, readReceipt } from './shared-clock.ts'

test('a receipt carries when it was sent and how long it was held', () => {
  const sentAt = fc.double({ min: 0, max: 1e10, noNaN: true })
  const duration = fc.double({ min: 0, max: 160_000, noNaN: true })
  fc.assert(
    fc.property(sentAt, duration, duration, (sentAtMs, heldMs, laterMs) => {
      const receipt = createReceipts()(sentAtMs, heldMs)
      assert.match(receipt, /^[0-9A-Z]{10}$/)
      const read = readReceipt(receipt, sentAtMs + laterMs)
      assert.ok(read !== null)
      assert.ok(Math.abs(read.sinceSentMs - laterMs) < 0.03, `${read.sinceSentMs} is not ${laterMs}`)
      assert.ok(Math.abs(read.heldMs - heldMs) <= 0.051)
    }),
  )
})

test('receipts of the same moment differ', () => {
  const receiptOf = createReceipts()
  const receipts = Array.from({ length: 100 }, () => receiptOf(5, 1))
  assert.equal(new Set(receipts).size, 100)
})

test('a receipt of another make tells nothing', () => {
  assert.equal(readReceipt('', 0), null)
  assert.equal(readReceipt('NLJ7RT61SVX', 0), null)
})

test('the clock goes on', () => {
  const before = machineNowMs()
  assert.ok(machineNowMs() >= before)
})
