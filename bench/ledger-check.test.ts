import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findDisagreements, type Seen } from './ledger-check.ts'

const WELL: Seen = {
  accepted: 5,
  others: 2,
  totals: {
    payments: { succeeded: 5 },
    events: { 'payment.succeeded': 5 },
    deliveries: { delivered: 5 },
  },
  daraja: { prompts: 7, phones: 7, callbacks: 7 },
  told: { payments: 7, repeats: 0, others: 0, checked: 1, badSignatures: 0 },
}

test('when every accepted payment was prompted, paid and told once, nothing disagrees', () => {
  assert.deepEqual(findDisagreements(WELL), [])
})

test('a payment that is lost, doubled, failed, not told, told twice or signed wrongly is found', () => {
  const { totals, daraja, told } = WELL
  const wrong: [Partial<Seen>, RegExp][] = [
    [{ totals: { ...totals, payments: { succeeded: 4 } } }, /^payments/],
    [{ totals: { ...totals, payments: { succeeded: 4, failed: 1 } } }, /^payments/],
    [{ totals: { ...totals, events: { 'payment.succeeded': 5, 'payment.uncertain': 1 } } }, /^events/],
    [{ totals: { ...totals, deliveries: { delivered: 4, pending: 1 } } }, /^deliveries/],
    [{ daraja: { ...daraja, prompts: 8 } }, /^prompts/],
    [{ daraja: { ...daraja, phones: 6 } }, /^prompts/],
    [{ told: { ...told, repeats: 1 } }, /^webhooks/],
    [{ told: { ...told, payments: 6 } }, /^webhooks/],
    [{ told: { ...told, badSignatures: 1 } }, /^webhooks/],
  ]
  for (const [change, expected] of wrong) {
    const found = findDisagreements({ ...WELL, ...change })
    assert.equal(found.length, 1)
    assert.match(found[0] ?? '', expected)
  }
})

test('a run in which nothing was accepted is not taken for one that went well', () => {
  const empty: Seen = {
    ...{ accepted: 0, others: 0, totals: { payments: {}, events: {}, deliveries: {} } },
    daraja: { prompts: 0, phones: 0, callbacks: 0 },
    told: { payments: 0, repeats: 0, others: 0, checked: 0, badSignatures: 0 },
  }
  assert.ok(findDisagreements(empty).includes('no payment was accepted'))
})
