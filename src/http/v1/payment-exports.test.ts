// Files of payments are long: who takes one slowly, or many at once, leaves others theirs.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connectRaw } from '../../../test/support/raw-http.ts'
import { samplePayment } from '../../webhooks/testing/sample-payment.ts'
import { BED_KEY, bedPrincipal, createServerBed } from '../testing/server-bed.ts'
import { WAIT_SECONDS_MAX } from '../wait.ts'
import { EXPORTS_MAX } from './payment-list-routes.ts'

const URL_OF = '/v1/payments/export?time_zone=Africa/Nairobi'
const OTHER_KEY = 'sk_test_other'

test('one merchant takes half of the files at once, also when all are asked for together', async () => {
  const started = Promise.withResolvers<void>()
  await using bed = await createServerBed({
    others: { [OTHER_KEY]: bedPrincipal() },
    insight: { estimate: async () => started.promise.then(() => 0) },
    payments: { list: async () => [] },
  })
  const ask = (key: string) => bed.ask('GET', URL_OF, { headers: { 'x-api-key': key } })
  const theirs = Array.from({ length: EXPORTS_MAX * 2 }, () => ask(BED_KEY))
  const refusals = theirs.map(async (asked) => (await asked).status === 429)
  while ((await countSettled(refusals)) < EXPORTS_MAX * 1.5) await new Promise(setImmediate)
  const other = ask(OTHER_KEY)
  started.resolve()
  assert.equal((await other).status, 200)
  const statuses = (await Promise.all(theirs)).map(({ status }) => status)
  assert.equal(statuses.filter((status) => status === 200).length, EXPORTS_MAX / 2)
  assert.equal((await ask(BED_KEY)).status, 200, 'places are given back')
})

async function countSettled(promises: readonly Promise<unknown>[]): Promise<number> {
  const open = Symbol('open')
  const all = await Promise.all(promises.map((each) => Promise.race([each, Promise.resolve(open)])))
  return all.filter((each) => each !== open).length
}

test('a file that nobody takes is cut off, and its place given back', async () => {
  const page = Array.from({ length: 1_001 }, () => samplePayment({}))
  await using bed = await createServerBed({
    insight: { estimate: async () => 0 },
    // There is always one page more.
    payments: { list: async () => page },
  })
  const { server } = bed.app
  assert.ok(server.timeout > WAIT_SECONDS_MAX * 1_000, 'nobody who waits for an answer is cut off')
  server.timeout = 100
  await bed.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.address() as AddressInfo
  const ends: Promise<unknown>[] = []
  for (let count = 0; count < EXPORTS_MAX / 2; count += 1) {
    const accepted = once(server, 'connection')
    const { socket } = connectRaw(`http://127.0.0.1:${port}`)
    socket.pause()
    socket.write(`GET ${URL_OF} HTTP/1.1\r\nhost: a\r\nx-api-key: ${BED_KEY}\r\n\r\n`)
    const [theirs] = await accepted
    ends.push(once(theirs, 'close').then(() => socket.destroy()))
  }
  await Promise.all(ends)
  const gone = new AbortController()
  const again = await fetch(`http://127.0.0.1:${port}${URL_OF}`, {
    headers: { 'x-api-key': BED_KEY },
    signal: gone.signal,
  })
  assert.equal(again.status, 200)
  gone.abort()
})

test('who is gone before the file is begun takes no place for good', async () => {
  const known = Promise.withResolvers<void>()
  await using bed = await createServerBed({
    beforeKey: () => known.promise,
    insight: { estimate: async () => 0 },
    payments: { list: async () => [] },
  })
  await bed.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = bed.app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  for (let count = 0; count < EXPORTS_MAX; count += 1) {
    const heard = once(bed.app.server, 'request')
    const { socket } = connectRaw(url)
    socket.write(`GET ${URL_OF} HTTP/1.1\r\nhost: a\r\nx-api-key: ${BED_KEY}\r\n\r\n`)
    const [request] = await heard
    const gone = once(request.socket, 'close')
    socket.destroy()
    await gone
  }
  known.resolve()
  const answer = await fetch(`${url}${URL_OF}`, { headers: { 'x-api-key': BED_KEY } })
  assert.equal(answer.status, 200)
  await answer.text()
})
