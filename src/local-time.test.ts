import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, createLocalClock, parseTimeZone } from './local-time.ts'

const ZONES = [
  'Africa/Nairobi',
  'UTC',
  'Asia/Kathmandu',
  'America/New_York',
  'Australia/Lord_Howe',
  'Europe/London',
]

test('a clock shows what the calendar of the runtime shows there', () => {
  const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), times, (timeZone, time) => {
      const shown = createLocalClock(timeZone).at(time.getTime())
      const pad = (part: number) => String(part).padStart(2, '0')
      const text = `${shown.date} ${pad(shown.hour)}:${pad(shown.minute)}:${pad(shown.second)}`
      assert.equal(text, time.toLocaleString('sv-SE', { timeZone }))
    }),
  )
})

test('a day begins when its clock shows midnight, also on the days that clocks are set', () => {
  const days = fc.integer({ min: 0, max: 12_000 })
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), days, (timeZone, day) => {
      const clock = createLocalClock(timeZone)
      const date = addDays('2020-01-01', day)
      const { hour, minute, date: shown } = clock.at(clock.startOf(date))
      assert.deepEqual([shown, hour, minute], [date, 0, 0])
    }),
  )
})

test('a zone is taken as the IANA database writes it; one that there is not, or an offset, is none', () => {
  const known = ['Africa/Nairobi', 'africa/kampala', 'UTC', 'Etc/GMT-3', 'EST5EDT']
  const read = known.map(parseTimeZone)
  assert.deepEqual(read.slice(0, 3), ['Africa/Nairobi', 'Africa/Kampala', 'UTC'])
  assert.ok(!read.includes(null), String(read))
  for (const text of ['Mars/Olympus', 'Nairobi', '', '+03:00', '-0300', '+03', `A${'a'.repeat(100)}`]) {
    assert.equal(parseTimeZone(text), null, text)
  }
})
