import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplePayment } from '../webhooks/testing/sample-payment.ts'
import { customerWords } from './customer-words.ts'
import { PAYMENT_STATES } from './payment.ts'

test('there are words for a customer in every state, in both languages, and never the same ones', () => {
  const all = PAYMENT_STATES.map((state) => {
    const failed = { result_code: '1032', result_desc: 'Request cancelled by user', receipt: null }
    return customerWords(samplePayment({ state, ...(state === 'succeeded' ? {} : failed) }))
  })
  for (const { en, sw } of all) assert.ok(en !== '' && sw !== '' && en !== sw)
  assert.equal(new Set(all.map(({ en }) => en)).size, PAYMENT_STATES.length)
})

test('who has paid is told the receipt, and who may have paid is told not to pay again', () => {
  const paid = samplePayment({})
  assert.match(customerWords(paid).sw, new RegExp(String(paid.receipt)))
  assert.match(customerWords(samplePayment({ state: 'uncertain' })).en, /do not pay again/)
})
