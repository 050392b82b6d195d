import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../clock.ts'
import { createUuidSource } from '../../ids.ts'
import { decodeCursor, decodeFeedCursor, encodeCursor, encodeFeedCursor } from './cursor.ts'

const newUuid = createUuidSource(systemClock)

test('a cursor leads back to the row it was made of', () => {
  const id = newUuid()
  assert.equal(decodeCursor('payments', encodeCursor('payments', id)), id)
})

test('a cursor of one list is none in another', () => {
  const id = newUuid()
  assert.equal(decodeCursor('shortcodes', encodeCursor('payments', id)), null)
  assert.equal(decodeFeedCursor(encodeCursor('payments', id)), null)
  assert.equal(decodeCursor('payments', encodeFeedCursor({ tx: '7', id })), null)
})

test('a feed cursor holds 64 bits of transaction id and no more', () => {
  const id = newUuid()
  const most = { tx: String(2n ** 64n - 1n), id }
  assert.deepEqual(decodeFeedCursor(encodeFeedCursor(most)), most)
  assert.equal(decodeFeedCursor(encodeFeedCursor({ tx: String(2n ** 64n), id })), null)
  assert.equal(decodeFeedCursor(encodeFeedCursor({ tx: '-1', id })), null)
})

test('whatever else comes in place of a cursor is none', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.base64String(),
    fc.string().map((text) => Buffer.from(`payments:${text}`).toString('base64url')),
    fc.string().map((text) => Buffer.from(`events:${text}:${text}`).toString('base64url')),
  )
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(decodeCursor('payments', text), null)
      assert.equal(decodeFeedCursor(text), null)
    }),
  )
})
