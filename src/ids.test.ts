import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from './clock.ts'
import { createUuidSource, parsePrefixedId, parseUuid, prefixedId } from './ids.ts'

test('ids of one process sort as they were made, within a millisecond and when the clock goes back', () => {
  const clock = manualClock(1_700_000_000_000)
  const newUuid = createUuidSource(clock)
  const made: string[] = []
  for (let n = 0; n < 10_000; n += 1) {
    if (n === 5_000) clock.advance(-60_000)
    made.push(newUuid())
  }
  assert.deepEqual(made, [...made].sort())
  assert.equal(new Set(made).size, made.length)
})

test('an id is a UUID of version 7 that tells its time', () => {
  const id = createUuidSource(manualClock(1_700_000_000_123))()
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), 1_700_000_000_123)
})

test('a prefixed id reads back, and only under its own prefix', () => {
  const id = createUuidSource(manualClock(1))()
  const shown = prefixedId('pay', id)
  assert.equal(parsePrefixedId('pay', shown), id)
  assert.equal(parsePrefixedId('evt', shown), null)
  assert.equal(parsePrefixedId('pay', shown.toUpperCase()), null)
  assert.equal(parsePrefixedId('pay', `${shown}0`), null)
  assert.equal(parseUuid(id.toUpperCase()), id)
  assert.equal(parseUuid(id.replaceAll('-', '')), null)
})
