import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfDay, instantOf, startOfDay } from '../../dashboard/src/pages/payments/local-day.ts'

test('a day begins and ends by the clock of its place', () => {
  assert.equal(startOfDay('2026-01-02', 'Africa/Nairobi')?.toISOString(), '2026-01-01T21:00:00.000Z')
  assert.equal(endOfDay('2026-12-31', 'Africa/Nairobi')?.toISOString(), '2026-12-31T21:00:00.000Z')
  // The clocks go forward in the night before, and back in the night after.
  assert.equal(startOfDay('2026-03-29', 'Europe/Paris')?.toISOString(), '2026-03-28T23:00:00.000Z')
  assert.equal(endOfDay('2026-03-29', 'Europe/Paris')?.toISOString(), '2026-03-29T22:00:00.000Z')
})

test('a time is the one that clocks show there', () => {
  assert.equal(instantOf('2026-03-21T14:30', 'Africa/Nairobi')?.toISOString(), '2026-03-21T11:30:00.000Z')
  assert.equal(instantOf('2026-03-29T12:00:05', 'Europe/Paris')?.toISOString(), '2026-03-29T10:00:05.000Z')
  for (const none of ['', '2026-03-21', '2026-03-21T25:00', '20261-03-21T14:30', '2026-03-21T14:30Z', 'x']) {
    assert.equal(instantOf(none, 'Africa/Nairobi'), null, none)
  }
})

test('what stands in the field while a year is typed, and what is no day at all, is none', () => {
  for (const day of [
    '',
    '0000-01-02',
    '0002-01-02',
    '0020-01-02',
    '0202-01-02',
    '20261-01-02',
    '2026-13-01',
    'x',
  ]) {
    for (const zone of ['Africa/Nairobi', 'America/New_York']) {
      assert.equal(startOfDay(day, zone), null, day)
      assert.equal(endOfDay(day, zone), null, day)
    }
  }
  assert.equal(endOfDay('9999-12-31', 'Africa/Nairobi'), null)
  assert.equal(startOfDay('1000-01-01', 'America/New_York')?.getUTCFullYear(), 1000)
})
