import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../log.ts'
import type { LedgerEntry } from './ledger.ts'
import { createSimulation } from './simulation.ts'
import { openTestbed, until } from './testbed.ts'
import { openWatch } from './watch-client.ts'
import { type WatchEvents, watch } from './watch-stream.ts'

const PHONE = '254712345678'
const OTHER = '254798765432'

test('a page that lost its connection is shown what it missed: what is up, and what ended', async () => {
  await using bed = await openTestbed({ speed: 1 })
  const first = await openWatch(bed.simulator.url, `numbers=${PHONE}`)
  await first.latest('phone', (shown) => shown.number === PHONE)
  const paid = String((await bed.push()).body.CheckoutRequestID)
  await first.latest('phone', (shown) => shown.prompt?.id === paid)
  await first[Symbol.asyncDispose]()
  await bed.call('POST', `/simulator/prompts/${paid}/answer`, { action: 'pay', pin: '1234' })
  const waiting = String((await bed.push()).body.CheckoutRequestID)
  assert.equal(bed.latest().endedAtMs, null)
  await using again = await openWatch(bed.simulator.url, `numbers=${PHONE}`)
  const shown = await again.latest('phone', (phone) => phone.prompt !== null)
  assert.equal(shown.prompt?.id, waiting)
  assert.deepEqual([shown.balanceKes, shown.messages.length], [4850, 1])
})

test('a number is answered by hand while a page holds it and shortly after, then by itself', async () => {
  await using bed = await openTestbed({ clockFactor: 100 })
  const page = await openWatch(bed.simulator.url, `numbers=${PHONE},${OTHER}`)
  assert.deepEqual((await bed.call('GET', '/simulator/phones')).body, { phones: [PHONE, OTHER] })
  await page[Symbol.asyncDispose]()
  assert.deepEqual((await bed.call('GET', '/simulator/phones')).body, { phones: [PHONE, OTHER] })
  let held: unknown
  do held = (await bed.call('GET', '/simulator/phones')).body.phones
  while (Array.isArray(held) && held.length > 0)
  await bed.push()
  assert.equal((await bed.ended()).resultCode, '0')
})

test('two pages may be the same phone, and one page several phones', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await using one = await openWatch(bed.simulator.url, `numbers=${PHONE}`)
  await using both = await openWatch(bed.simulator.url, `numbers=${PHONE},${OTHER}`)
  await bed.push()
  await bed.push({ PhoneNumber: OTHER, PartyA: OTHER })
  await both.latest('phone', (shown) => shown.number === OTHER && shown.prompt !== null)
  await until(
    () => both.told.phone.some((shown) => shown.number === PHONE && shown.prompt !== null),
    'no prompt',
  )
  await one.latest('phone', (shown) => shown.prompt !== null)
  assert.ok(one.told.phone.every((shown) => shown.number === PHONE))
})

test('the ledger is shown whole at first and then as it changes, without callback addresses', async () => {
  await using bed = await openTestbed()
  await bed.push({ PhoneNumber: '254700001032' })
  await bed.received(1)
  await using page = await openWatch(bed.simulator.url, 'ledger=true')
  const all = await page.latest('ledger', (event) => event.isAll)
  assert.deepEqual([all.count, all.entries[0]?.resultCode], [1, '1032'])
  await bed.push({ PhoneNumber: '254700000000' })
  const isDone = ({ entries }: WatchEvents['ledger']) =>
    entries[0]?.sequence === 2 && entries[0].callbacksAnswered === 1
  const changed = await page.latest('ledger', isDone)
  assert.deepEqual([changed.isAll, changed.entries.length, changed.entries[0]?.sequence], [false, 1, 2])
  assert.doesNotMatch(JSON.stringify(page.told.ledger), /callbackUrl|\/hooks\//)
})

test('a flood of pushes is a few events, each of the newest hundred', async () => {
  const deps = { clock: systemClock, log: silentLogger, random: Math.random }
  const simulation = createSimulation(deps, { speed: 1, credentials: [] })
  const query = new URLSearchParams({ ledger: 'true' })
  const reply = watch(simulation, { headers: {}, query, param: '', body: '' })
  assert.ok(reply.kind === 'stream')
  const sent: string[] = []
  const close = reply.open((text) => sent.push(text))
  for (let count = 0; count < 300; count += 1) simulation.ledger.add(PUSHED)
  const flood = () => sent.filter((text) => text.includes('"isAll":false'))
  await until(() => flood().length > 0, 'no event came')
  close()
  await simulation.callbacks.close()
  const sequences = [...(flood()[0] ?? '').matchAll(/"sequence":(\d+)/g)].map(([, found]) => Number(found))
  assert.deepEqual([sequences.length, sequences[0], sequences.at(-1)], [100, 300, 201])
})

test('switches and speed are told to every page that shows them', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await using page = await openWatch(bed.simulator.url, 'ledger=true')
  await page.latest('settings', ({ speed }) => speed === 1)
  await bed.call('PUT', '/simulator/faults', { lostCallback: 0.5 })
  await page.latest('settings', ({ faults }) => faults.lostCallback === 0.5)
  assert.deepEqual((await bed.call('PUT', '/simulator/speed', { speed: 20 })).body, { speed: 20 })
  await page.latest('settings', ({ speed }) => speed === 20)
  for (const speed of [0, 1001, '5', null]) {
    assert.equal((await bed.call('PUT', '/simulator/speed', { speed })).status, 400)
  }
})

test('pages beyond the limit are turned away, and one that leaves makes room', async () => {
  await using bed = await openTestbed()
  const pages = await Promise.all(
    Array.from({ length: 100 }, () => openWatch(bed.simulator.url, 'ledger=true')),
  )
  await assert.rejects(openWatch(bed.simulator.url, 'ledger=true'), /503/)
  await pages[0]?.[Symbol.asyncDispose]()
  await using more = await retry(() => openWatch(bed.simulator.url, 'ledger=true'))
  await more.latest('settings', () => true)
  for (const page of pages) await page[Symbol.asyncDispose]()
})

/** The simulator hears of a closed connection a moment later. */
async function retry<T>(open: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const opened = await open().catch(() => null)
    if (opened !== null) return opened
    await pause(5)
  }
  throw new Error('there was never room')
}

const PUSHED: Omit<LedgerEntry, 'sequence'> = {
  checkoutRequestId: null,
  merchantRequestId: null,
  shortcode: '174379',
  transactionType: 'CustomerPayBillOnline',
  partyB: '174379',
  phone: PHONE,
  amountKes: 1,
  reference: 'R',
  callbackUrl: 'http://127.0.0.1/hooks',
  behaviour: null,
  answer: 'accepted',
  promptShown: false,
  pushedAtMs: 0,
  endedAtMs: null,
  resultCode: null,
  receipt: null,
  callbacksAttempted: 0,
  callbacksAnswered: 0,
  queries: 0,
}
