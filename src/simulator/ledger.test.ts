import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLedger, type Ledger, type LedgerEntry } from './ledger.ts'

test('a full ledger keeps the latest pushes and forgets the oldest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 100 }), (capacity, pushes) => {
      const ledger = filled(capacity, pushes)
      const kept = Array.from({ length: Math.min(capacity, pushes) }, (_, index) => pushes - index)
      assert.deepEqual(
        ledger.list({}, 1000).map((entry) => entry.sequence),
        kept,
      )
      assert.deepEqual(
        ledger.all().map((entry) => entry.sequence),
        kept.toReversed(),
      )
      assert.equal(ledger.count(), pushes)
      for (let sequence = 1; sequence <= pushes; sequence++) {
        const found = ledger.byCheckout(`ws_CO_${sequence}`)?.sequence ?? null
        assert.equal(found, sequence > pushes - capacity ? sequence : null)
      }
    }),
  )
})

test('what is listed is a copy', () => {
  const ledger = filled(5, 1)
  for (const entry of [...ledger.list({}, 1), ...ledger.all()]) entry.resultCode = '0'
  assert.equal(ledger.byCheckout('ws_CO_1')?.resultCode, null)
})

test('every condition of a filter must hold', () => {
  const ledger = filled(50, 30)
  const sequences = (filter: Parameters<Ledger['list']>[0]) =>
    ledger.list(filter, 100).map((entry) => entry.sequence)
  assert.deepEqual(sequences({ phone: '254700000001' }), [28, 25, 22, 19, 16, 13, 10, 7, 4, 1])
  assert.deepEqual(sequences({ phone: '254700000001', before: 8 }), [7, 4, 1])
  assert.deepEqual(sequences({ phone: '254700000001', reference: 'INV-4' }), [4])
  assert.deepEqual(sequences({ checkoutRequestId: 'ws_CO_4', reference: 'INV-5' }), [])
})

function filled(capacity: number, pushes: number): Ledger {
  const ledger = createLedger(capacity)
  for (let index = 1; index <= pushes; index++) ledger.add(entry(index))
  return ledger
}

function entry(index: number): Omit<LedgerEntry, 'sequence'> {
  return {
    checkoutRequestId: `ws_CO_${index}`,
    merchantRequestId: `${index}-2-3`,
    shortcode: '174379',
    transactionType: 'CustomerPayBillOnline',
    partyB: '174379',
    phone: `25470000000${index % 3}`,
    amountKes: index,
    reference: `INV-${index}`,
    callbackUrl: 'https://shop.example/hook',
    behaviour: null,
    answer: 'accepted',
    promptShown: true,
    pushedAtMs: index,
    endedAtMs: null,
    resultCode: null,
    receipt: null,
    callbacksAttempted: 0,
    callbacksAnswered: 0,
    queries: 0,
  }
}
