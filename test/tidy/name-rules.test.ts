import assert from 'node:assert/strict'
import { test } from 'node:test'
import { badNames } from './name-rules.ts'
import { assertNoBreach, readProject } from './project-files.ts'

test('every source is called what it holds, in kebab-case', async () => {
  assertNoBreach(badNames(await readProject()))
})

test('names that say nothing or are not kebab-case are found', () => {
  const bad = [
    'src/utils.ts',
    'src/helpers/phone.ts',
    'src/payments/types.ts',
    'src/payment-helpers.ts',
    'src/common/a.ts',
    'src/daraja/manager.test.ts',
    'src/PaymentStore.ts',
    'src/payment_store.ts',
  ]
  for (const path of bad) assert.equal(badNames([{ path, text: '' }]).length, 1, path)
  for (const path of [
    'src/payments/payment-store.test.ts',
    'bench/packages.d.ts',
    'bin/run.mjs',
    'docs/Utils.md',
  ]) {
    assert.deepEqual(badNames([{ path, text: '' }]), [], path)
  }
})
