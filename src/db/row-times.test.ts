import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTime, requireTime } from './row-times.ts'

const AT = new Date('2026-03-21T11:00:00.000Z')

test('a time is read as the driver gives it, and as JSON does', () => {
  for (const at of [AT, '2026-03-21T11:00:00+00:00', '2026-03-21T14:00:00+03:00']) {
    assert.deepEqual(readTime(at), AT)
    assert.deepEqual(requireTime({ at }, 'at'), AT)
  }
  assert.equal(readTime(null), null)
})

test('a column that must be there and is not is a fault that names it, and no time long ago', () => {
  for (const row of [{}, { created_at: null }, { created_at: undefined }, { created_at: 1 }]) {
    assert.throws(() => requireTime(row, 'created_at'), /created_at/)
  }
})
