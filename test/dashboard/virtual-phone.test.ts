import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FAULT_GROUPS } from '../../dashboard/src/phone/console/fault-groups.ts'
import { faultTexts } from '../../dashboard/src/phone/console/fault-texts.ts'
import { resultText } from '../../dashboard/src/phone/console/result-texts.ts'
import { testNumberKey, testNumberTexts } from '../../dashboard/src/phone/console/test-number-texts.ts'
import { readPageAddress } from '../../dashboard/src/phone/page-address.ts'
import { readPhoneNumber, spokenNumber } from '../../dashboard/src/phone/phone-number.ts'
import type { LedgerEntry } from '../../dashboard/src/phone/simulator.ts'
import { afterNews, NOTHING_TOLD } from '../../dashboard/src/phone/watch-state.ts'
import { TEST_NUMBERS } from '../../src/simulator/behaviours.ts'
import { FAULT_RULES } from '../../src/simulator/faults.ts'

test('a number of a virtual phone is read however people write it', () => {
  for (const text of ['0712345678', '0712 345 678', '+254 712-345678', '254712345678', '(0712) 345678']) {
    assert.deepEqual(readPhoneNumber(text), { ok: true, number: '254712345678' }, text)
  }
  for (const text of ['', '712345678', '0812345678', '07123456789', '+255712345678', 'x']) {
    assert.deepEqual(readPhoneNumber(text), { ok: false, why: 'form' }, text)
  }
  assert.deepEqual(readPhoneNumber('254700010000'), { ok: false, why: 'test_number' })
  assert.equal(spokenNumber('254712345678'), '0712 345 678')
})

test('the address tells what is embedded, in which language and theme, and nothing strange', () => {
  assert.deepEqual(readPageAddress('?embed=1&number=0712345678&lang=sw&scheme=dark'), {
    isEmbedded: true,
    number: '0712345678',
    language: 'sw',
    scheme: 'dark',
  })
  const odd = readPageAddress('?embed=yes&lang=fr&scheme=red')
  assert.deepEqual(odd, { isEmbedded: false, number: null, language: null, scheme: null })
})

test('every switch of the simulator is shown once, and explained in both languages', () => {
  const names = Object.keys(FAULT_RULES).sort()
  assert.deepEqual(FAULT_GROUPS.flatMap((group) => group.names).sort(), names)
  for (const language of ['en', 'sw'] as const) {
    assert.deepEqual(Object.keys(faultTexts[language]).sort(), names)
  }
})

test('every test number that is shown is explained in both languages', () => {
  for (const number of TEST_NUMBERS) {
    for (const language of ['en', 'sw'] as const) {
      assert.ok(testNumberTexts[language][testNumberKey(number)], `${number} ${language}`)
    }
  }
  assert.equal(Object.keys(testNumberTexts.en).length, TEST_NUMBERS.length)
})

test('a ResultCode that nobody knows is shown as it is', () => {
  assert.equal(resultText('2001', 'en'), 'Wrong PIN')
  assert.equal(resultText('4711', 'sw'), '4711')
})

test('changed pushes take the place of what was known of them, and the newest hundred stay', () => {
  const first = afterNews(NOTHING_TOLD, ledger([entry(2), entry(1)], true))
  const changed = afterNews(first, ledger([entry(3), { ...entry(2), resultCode: '0' }], false))
  assert.deepEqual(
    changed.entries?.map(({ sequence, resultCode }) => [sequence, resultCode]),
    [
      [3, null],
      [2, '0'],
      [1, null],
    ],
  )
  const many = Array.from({ length: 100 }, (_, index) => entry(103 - index))
  const flooded = afterNews(changed, ledger(many, false))
  assert.deepEqual([flooded.entries?.length, flooded.entries?.at(-1)?.sequence], [100, 4])
  assert.equal(afterNews(flooded, ledger([entry(1)], true)).entries?.length, 1)
})

function ledger(entries: LedgerEntry[], isAll: boolean) {
  return { kind: 'ledger', entries, count: 1, isAll } as const
}

function entry(sequence: number): LedgerEntry {
  return {
    sequence,
    checkoutRequestId: `ws_CO_${sequence}`,
    shortcode: '174379',
    phone: '254712345678',
    amountKes: 10,
    reference: 'R',
    answer: 'accepted',
    promptShown: true,
    pushedAtMs: 0,
    endedAtMs: null,
    resultCode: null,
    receipt: null,
    callbacksAttempted: 0,
    callbacksAnswered: 0,
    queries: 0,
  }
}
