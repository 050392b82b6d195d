import assert from 'node:assert/strict'
import type { Readable } from 'node:stream'
import { mock, test } from 'node:test'
import type { Uuid } from '../../ids.ts'
import type { SideWatcher } from '../../payments/side-feed.ts'
import { samplePayment } from '../../webhooks/testing/sample-payment.ts'
import { HttpError } from '../http-error.ts'
import { createSideStreams, SIDE_STREAMS_EACH_MAX } from './side-stream.ts'
import { PERMISSION_LOOK_EVERY_MS } from './stream-permission.ts'

const payment = samplePayment({})
const owner = { merchantId: payment.merchantId, live: true, shortcodeId: null }
const moment = { snapshot: '742:750:', atMs: 1_000 }
const isAllowed = async () => true

/** A side that tells what a test says, and who watches it. */
function createSide() {
  const watchers = new Set<SideWatcher>()
  const watch = (_side: unknown, _since: unknown, watcher: SideWatcher) => {
    watchers.add(watcher)
    return () => void watchers.delete(watcher)
  }
  const tell = (payments = [payment]) => {
    for (const watcher of watchers) watcher({ payments, reset: null, moment })
  }
  return { watchers, tell, streams: createSideStreams({ insight: { watch }, now: () => 1_000 }) }
}

/** What a stream has told by now. */
async function textOf(stream: Readable): Promise<string> {
  let text = ''
  stream.on('data', (chunk) => {
    text += String(chunk)
  })
  await settle()
  return text
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('only the last message of a batch moves a reader on, so that none of it is lost', async () => {
  const side = createSide()
  const stream = side.streams.open(owner, undefined, isAllowed)
  side.tell([])
  for (const watcher of side.watchers) {
    watcher({ payments: [payment, payment], reset: null, moment: { snapshot: '800:800:', atMs: 2_000 } })
  }
  const ids = [...(await textOf(stream)).matchAll(/^id: (.*)$/gm)].map(([, id]) => id)
  assert.deepEqual(ids, ['742-1000', '742-1000', '800-2000'])
  stream.destroy()
  await settle()
  assert.equal(side.watchers.size, 0)
})

test('who comes again and breaks off once more goes on from where it broke off first', async () => {
  const side = createSide()
  const stream = side.streams.open(owner, '700-900', isAllowed)
  side.tell([payment, payment])
  const ids = [...(await textOf(stream)).matchAll(/^id: (.*)$/gm)].map(([, id]) => id)
  assert.deepEqual(ids, ['700-900', '742-1000', '742-1000'])
  stream.destroy()
})

test('a reader that does not read is cut off, and holds up nobody', async () => {
  const side = createSide()
  const slow = side.streams.open(owner, undefined, isAllowed)
  for (let batch = 0; batch < 200; batch += 1) side.tell()
  await settle()
  assert.ok(slow.destroyed)
  assert.ok(slow.readableLength < 512 * 1024)
  assert.equal(side.watchers.size, 0)
})

test('a merchant has so many streams at a time, and others still have theirs', () => {
  const side = createSide()
  const open = () => side.streams.open(owner, undefined, isAllowed)
  const streams = Array.from({ length: SIDE_STREAMS_EACH_MAX }, open)
  assert.throws(open, (error) => error instanceof HttpError && error.code === 'rate_limited')
  const other = '00000000-0000-7000-8000-000000000000' as Uuid
  streams.push(side.streams.open({ ...owner, merchantId: other }, undefined, isAllowed))
  for (const stream of streams) stream.destroy()
})

test('a key of one shortcode is told of that one alone', async () => {
  const side = createSide()
  const bound = { ...owner, shortcodeId: '00000000-0000-7000-8000-000000000009' as Uuid }
  const stream = side.streams.open(bound, undefined, isAllowed)
  const own = side.streams.open({ ...owner, shortcodeId: payment.shortcodeId }, undefined, isAllowed)
  side.tell()
  assert.match(await textOf(own), /event: payment/)
  assert.doesNotMatch(await textOf(stream), /event: payment/)
  own.destroy()
  stream.destroy()
})

test('a stream ends when its key no longer may, and not when that cannot be told', async () => {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  try {
    const side = createSide()
    const answers = [async () => Promise.reject(new Error('away')), isAllowed, async () => false]
    const stream = side.streams.open(owner, undefined, () => (answers.shift() ?? isAllowed)())
    for (const wanted of [false, false, true]) {
      mock.timers.tick(PERMISSION_LOOK_EVERY_MS)
      await settle()
      assert.equal(stream.readableEnded || answers.length === 0, wanted)
    }
    stream.resume()
    await new Promise((resolve) => stream.once('end', resolve))
  } finally {
    mock.timers.reset()
  }
})
