import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findDisagreements, type Seen } from './ledger-check.ts'

const WELL: Seen = {
  accepted: 5,
  totals: {
    payments: { succeeded: 5 },
    events: { 'payment.succeeded': 5 },
    deliveries: { delivered: 5 },
  },
  prompts: { prompts: 5, phones: 5 },
  told: { payments: 5, repeats: 0, others: 0 },
}

test('When every accepted payment was prompted, paid and told once, nothing disagrees', () => {
  assert.deepEqual(findDisagreements(WELL), [])
})

test('A payment that is lost, doubled, failed, not told or told twice is found', () => {
  const { totals, prompts, told } = WELL
  const wrong: [Partial<Seen>, RegExp][] = [
    [{ totals: { ...totals, payments: { succeeded: 4 } } }, /^payments/],
    [{ totals: { ...totals, payments: { succeeded: 4, failed: 1 } } }, /^payments/],
    [{ totals: { ...totals, events: { 'payment.succeeded': 5, 'payment.uncertain': 1 } } }, /^events/],
    [{ totals: { ...totals, deliveries: { delivered: 4, pending: 1 } } }, /^deliveries/],
    [{ prompts: { ...prompts, prompts: 6 } }, /^prompts/],
    [{ prompts: { ...prompts, phones: 4 } }, /^prompts/],
    [{ told: { ...told, repeats: 1 } }, /^webhooks/],
    [{ told: { ...told, payments: 4 } }, /^webhooks/],
  ]
  for (const [change, expected] of wrong) {
    const found = findDisagreements({ ...WELL, ...change })
    assert.equal(found.length, 1)
    assert.match(found[0] ?? '', expected)
  }
})

test('A run in which nothing was accepted is not taken for one that went well', () => {
  const empty = { totals: { payments: {}, events: {}, deliveries: {} }, prompts: { prompts: 0, phones: 0 } }
  const told = { payments: 0, repeats: 0, others: 0 }
  assert.notDeepEqual(findDisagreements({ accepted: 0, ...empty, told }), [])
})
