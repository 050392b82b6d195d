import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { mock, test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { createUuidSource, type Uuid } from '../../ids.ts'
import { READ_CACHE_TTL_MS } from '../../merchants/read-cache.ts'
import type { Payment } from '../../payments/payment.ts'
import type { PaymentListener } from '../../payments/waiters.ts'
import { samplePayment } from '../../webhooks/testing/sample-payment.ts'
import { HttpError } from '../http-error.ts'
import { BED_KEY, createServerBed } from '../testing/server-bed.ts'
import {
  createPaymentStreams,
  HEARTBEAT_MS,
  STREAM_LIFE_MS,
  STREAMS_EACH_MAX,
  STREAMS_MAX,
} from './payment-stream.ts'
import { PERMISSION_LOOK_EVERY_MS } from './stream-permission.ts'

const isAllowed = async () => true

const OPEN = {
  outcome: null,
  result_code: null,
  result_desc: null,
  receipt: null,
  paid_at: null,
  settled_at: null,
}

/** A payment in the middle of its life, and the same one a moment later. */
function lifeOf(): { pending: Payment; succeeded: Payment } {
  const succeeded = samplePayment({ updated_at: '2024-07-17T08:04:00.000Z' })
  const pending = samplePayment({
    ...OPEN,
    merchant_id: succeeded.merchantId,
    id: succeeded.id,
    shortcode_id: succeeded.shortcodeId,
    state: 'pending',
  })
  return { pending, succeeded }
}

/** A core that tells listeners what a test says. */
function createNews() {
  const listeners = new Set<PaymentListener>()
  return {
    listeners,
    tell(payment: Payment) {
      for (const listener of [...listeners]) listener(payment)
    },
    subscribe(_key: unknown, listener: PaymentListener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** What a stream holds by now. */
async function textOf(stream: Readable | null): Promise<string> {
  await new Promise(setImmediate)
  const chunks: unknown[] = []
  for (let chunk = stream?.read(); chunk; chunk = stream?.read()) chunks.push(chunk)
  return chunks.join('')
}

function statesIn(text: string): string[] {
  return [...text.matchAll(/^event: payment\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '').status)
}

test('a stream tells the payment at once and at every change, and ends when it is settled', async () => {
  const { pending, succeeded } = lifeOf()
  const news = createNews()
  await using bed = await createServerBed({
    payments: { find: async () => pending, subscribe: news.subscribe },
  })
  const asked = bed.ask('GET', '/v1/payments/pay_0197f2a61c1e7c3a9a546e1f0b2d3c4d/stream')
  while (news.listeners.size === 0) await new Promise(setImmediate)
  news.tell(pending)
  news.tell(succeeded)
  const answer = await asked
  assert.equal(answer.status, 200)
  assert.match(String(answer.headers['content-type']), /^text\/event-stream/)
  assert.deepEqual(statesIn(answer.text), ['pending', 'succeeded'])
  assert.match(answer.text, /^id: succeeded-\d+$/m)
  assert.equal(news.listeners.size, 0)
})

test('news that is older than what was told is left out', async () => {
  const { pending, succeeded } = lifeOf()
  const uncertain = { ...pending, state: 'uncertain' as const, updatedAt: succeeded.updatedAt }
  const news = createNews()
  const stream = createPaymentStreams(news).open(uncertain, undefined, isAllowed)
  news.tell(pending)
  assert.deepEqual(statesIn(await textOf(stream)), ['uncertain'])
  stream?.destroy()
})

test('who connects again after the end is told that nothing more will come', async () => {
  const { succeeded } = lifeOf()
  await using bed = await createServerBed({
    payments: { find: async () => succeeded, subscribe: createNews().subscribe },
  })
  const url = '/v1/payments/pay_0197f2a61c1e7c3a9a546e1f0b2d3c4d/stream'
  const first = await bed.ask('GET', url)
  const id = /^id: (.*)$/m.exec(first.text)?.[1] ?? assert.fail(first.text)
  const again = await bed.ask('GET', url, { headers: { 'last-event-id': id } })
  assert.equal(again.status, 204)
  const stale = await bed.ask('GET', url, { headers: { 'last-event-id': 'failed-1' } })
  assert.deepEqual(statesIn(stale.text), ['succeeded'])
})

test('a silent stream is kept alive, and ended after its time', async () => {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  try {
    const news = createNews()
    const stream = createPaymentStreams(news).open(lifeOf().pending, undefined, isAllowed)
    await textOf(stream)
    mock.timers.tick(HEARTBEAT_MS)
    assert.equal(await textOf(stream), ': still here\n\n')
    mock.timers.tick(STREAM_LIFE_MS)
    const ended = new Promise((resolve) => stream?.once('close', resolve))
    stream?.resume()
    await ended
    assert.equal(news.listeners.size, 0)
  } finally {
    mock.timers.reset()
  }
})

test('there are only so many streams at once, and of one merchant half as many', () => {
  const streams = createPaymentStreams(createNews())
  const { pending } = lifeOf()
  const openAs = (merchantId: Uuid) => streams.open({ ...pending, merchantId }, undefined, isAllowed)
  const isRefusal = (error: unknown) => error instanceof HttpError && error.code === 'rate_limited'
  const merchants = Array.from({ length: STREAMS_MAX / STREAMS_EACH_MAX }, createUuidSource(systemClock))
  const open = merchants.flatMap((merchantId) => {
    const theirs = Array.from({ length: STREAMS_EACH_MAX }, () => openAs(merchantId))
    assert.throws(() => openAs(merchantId), isRefusal)
    return theirs
  })
  assert.throws(() => openAs(pending.merchantId), isRefusal)
  for (const stream of open) stream?.destroy()
})

test('a stream ends within 5 s of a revocation, and not while that cannot be told', async () => {
  assert.ok(READ_CACHE_TTL_MS + PERMISSION_LOOK_EVERY_MS < 5_000)
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  try {
    const answers = [isAllowed, async () => Promise.reject(new Error('away')), async () => false]
    const stream = createPaymentStreams(createNews()).open(lifeOf().pending, undefined, () =>
      (answers.shift() ?? assert.fail('asked once it has ended'))(),
    )
    const wasEnded: boolean[] = []
    for (let look = 0; look < 3; look += 1) {
      mock.timers.tick(PERMISSION_LOOK_EVERY_MS)
      await textOf(stream)
      await textOf(stream)
      wasEnded.push(stream?.readableEnded === true)
    }
    assert.deepEqual(wasEnded, [false, false, true])
    mock.timers.tick(PERMISSION_LOOK_EVERY_MS)
  } finally {
    mock.timers.reset()
  }
})

test('a client that goes away leaves nothing behind, and neither does a server that closes', async () => {
  const news = createNews()
  await using bed = await createServerBed({
    payments: { find: async () => lifeOf().pending, subscribe: news.subscribe },
  })
  await bed.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = bed.app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/v1/payments/pay_0197f2a61c1e7c3a9a546e1f0b2d3c4d/stream`
  const headers = { 'x-api-key': BED_KEY }
  const gone = new AbortController()
  const response = await fetch(url, { headers, signal: gone.signal })
  await response.body?.getReader().read()
  assert.equal(news.listeners.size, 1)
  gone.abort()
  while (news.listeners.size > 0) await new Promise(setImmediate)
  const last = await fetch(url, { headers })
  const [text] = await Promise.all([last.text(), bed.app.close()])
  assert.deepEqual(statesIn(text), ['pending'])
  assert.equal(news.listeners.size, 0)
})
