// Forged callbacks: whatever is altered, by whomever and however often, nothing moves but by the true one.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { manualClock } from '../../src/clock.ts'
import { holdLock } from '../../src/db/testing/lock-holder.ts'
import {
  type Awaited,
  awaitCallback,
  callBack,
  callbackBody,
  callbackCounts,
  keptCount,
  NO_CALLBACKS,
  rowsButDueOf,
  rowsOfPayment,
  type Words,
  withoutDue,
} from '../support/callback-forge.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'

let bed: TestGateway
before(async () => {
  // Without a worker nothing is asked: what changes, callbacks have changed.
  const env = { ...NO_CALLBACKS, SUKUMA_ROLES: 'api', TRUSTED_PROXIES: '127.0.0.1' }
  bed = await startTestGateway({ env })
})
after(() => bed[Symbol.asyncDispose]())

let phones = 254_712_000_000
const nextPayment = (key?: string) => awaitCallback(bed, `${phones++}`, key)

async function stateOf(payment: Awaited): Promise<unknown> {
  const found = await bed.db.pool.query('select state from payments where id = $1', [payment.trackingId])
  return found.rows[0]?.state
}

/** Fails unless the true callback, and it alone, settles the payment. */
async function assertTrueOneSettles(payment: Awaited, headers = {}): Promise<void> {
  await callBack(bed, payment.token, callbackBody(payment), headers)
  assert.equal(await stateOf(payment), 'succeeded')
}

const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
const otherAmounts = fc
  .oneof(fc.integer({ min: -1_000, max: 300_000 }), fc.double({ noNaN: true }), texts)
  .filter((amount) => Number(amount) !== 100)
/** What is altered in a paid callback. Left out is not altered: it is less evidence, or none. */
const alteredWords: fc.Arbitrary<Words> = fc
  .record({ checkout: texts, merchant: texts, amount: otherAmounts }, { requiredKeys: [] })
  .filter((words) => Object.values(words).some((value) => isReadable(value)))

/** Ids with blanks or beyond ASCII read as no ids: they would be less evidence, and not another's. */
function isReadable(value: unknown): boolean {
  return typeof value !== 'string' || /^[\x21-\x7e]+$/.test(value)
}

test('whatever is altered in the ids or the amount, the right address moves nothing', async () => {
  const payment = await nextPayment()
  const before = await rowsOfPayment(bed, payment)
  await fc.assert(
    fc.asyncProperty(alteredWords, async (words) => {
      await callBack(bed, payment.token, callbackBody(payment, words))
      // An amount that is none proves nothing: it is a hint, and may have M-Pesa asked.
      assert.equal(await rowsButDueOf(bed, payment), withoutDue(before))
    }),
    { numRuns: 300 },
  )
  assert.ok((await keptCount(bed, payment)) <= 20)
  await assertTrueOneSettles(payment)
})

test('the very first callback about a payment is refused for each single thing that differs', async () => {
  const differing: Words[] = [
    { amount: 99 },
    { amount: 100.5 },
    { checkout: 'ws_CO_1' },
    { merchant: '1-1-1' },
    { code: 1032, checkout: 'ws_CO_1' },
    { code: 1032, merchant: '1-1-1' },
  ]
  for (const words of differing) {
    const payment = await nextPayment()
    const before = await rowsOfPayment(bed, payment)
    await callBack(bed, payment.token, callbackBody(payment, words))
    assert.deepEqual(await rowsOfPayment(bed, payment), before, JSON.stringify(words))
    await assertTrueOneSettles(payment)
  }
})

test('whatever is altered in the token, the true words move nothing', async () => {
  const payment = await nextPayment()
  const other = await nextPayment()
  const stranger = await bed.addMerchant('stranger')
  const foreign = await nextPayment(stranger.key)
  const before = await Promise.all([payment, other, foreign].map((each) => rowsOfPayment(bed, each)))
  const digits = fc.constantFrom(...'0123456789abcdef')
  const oneDigit = fc
    .tuple(fc.nat({ max: payment.token.length - 1 }), digits)
    .filter(([at, digit]) => payment.token[at] !== digit)
    .map(([at, digit]) => payment.token.slice(0, at) + digit + payment.token.slice(at + 1))
  const random = fc
    .uint8Array({ minLength: 48, maxLength: 48 })
    .map((bytes) => Buffer.from(bytes).toString('hex'))
  const spliced = fc
    .constantFrom(other.token, foreign.token)
    .chain((each) => fc.constantFrom(32, 64).map((at) => each.slice(0, at) + payment.token.slice(at)))
    // Of one merchant the first 32 digits are the same.
    .filter((token) => token !== payment.token)
  const owned = fc.constantFrom(other.token, foreign.token)
  await fc.assert(
    fc.asyncProperty(fc.oneof(oneDigit, random, spliced, owned), async (token) => {
      await callBack(bed, token, callbackBody(payment))
      const after = await Promise.all([payment, other, foreign].map((each) => rowsOfPayment(bed, each)))
      assert.deepEqual(after, before)
    }),
    { numRuns: 200 },
  )
  for (const each of [payment, other, foreign]) await assertTrueOneSettles(each)
})

test('a live payment is moved from Safaricom’s addresses alone', async () => {
  const payment = await nextPayment()
  await bed.db.pool.query('update payments set live = true where id = $1', [payment.trackingId])
  const before = await rowsOfPayment(bed, payment)
  const from = (address: string) => ({ 'x-forwarded-for': address })
  for (const address of ['203.0.113.7', '196.201.214.201', '::1', 'x', '196.201.214.200, 203.0.113.7']) {
    await callBack(bed, payment.token, callbackBody(payment), from(address))
    await callBack(bed, payment.token, callbackBody(payment, { code: 1032 }), from(address))
    assert.deepEqual(await rowsOfPayment(bed, payment), before, address)
  }
  await assertTrueOneSettles(payment, from('196.201.214.200'))
})

test('what is no verdict moves nothing, with the right token too', async () => {
  const payment = await nextPayment()
  const before = withoutDue(await rowsOfPayment(bed, payment))
  const proofless: Words[] = [
    { code: 4999 },
    { code: '4999' },
    { receipt: undefined },
    { amount: undefined },
    { receipt: '<script>' },
    { amount: 'all of it' },
  ]
  for (const words of proofless) {
    await callBack(bed, payment.token, callbackBody(payment, words))
    assert.equal(await rowsButDueOf(bed, payment), before, JSON.stringify(words))
  }
  for (const code of [null, {}, [], '', 'two words', 'x'.repeat(65), 1.5, true]) {
    const body = callbackBody(payment, { code })
    const answer = await bed.send('POST', `/hooks/stk-push/${payment.token}`, { body })
    assert.equal(answer.status, 400, body)
    assert.equal(await rowsButDueOf(bed, payment), before, body)
  }
  await assertTrueOneSettles(payment)
})

test('a true callback a thousand times again changes nothing, and asks the database little', async () => {
  const payment = await nextPayment()
  await assertTrueOneSettles(payment)
  const settled = await rowsOfPayment(bed, payment)
  const body = callbackBody(payment)
  await callBack(bed, payment.token, body)
  const before = await callbackCounts(bed)
  {
    await using _holder = await holdLock(bed.db, 'lock table payments, callbacks in access exclusive mode')
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 50 }, () => callBack(bed, payment.token, body)))
    }
  }
  assert.deepEqual(await rowsOfPayment(bed, payment), settled)
  assert.equal((await callbackCounts(bed)).duplicate, (before.duplicate ?? 0) + 1_000)
  assert.equal(await keptCount(bed, payment), 1)
})

test('copies that come all at once are one judgement', async () => {
  const payment = await nextPayment()
  const body = callbackBody(payment)
  await Promise.all(Array.from({ length: 200 }, () => callBack(bed, payment.token, body)))
  assert.equal(await stateOf(payment), 'succeeded')
  assert.equal(await keptCount(bed, payment), 1)
})

test('a flood of wrong tokens and unknown ids is counted, writes little, and holds up no one', async () => {
  const payment = await nextPayment()
  const before = await callbackCounts(bed)
  const keptBefore = await keptCount(bed, null)
  const each = 1_000
  const flood = async (send: (index: number) => Promise<void>) => {
    for (let index = 0; index < each; index += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, more) => send(index + more)))
    }
  }
  const unknown = (index: number) => callbackBody(payment, { checkout: `ws_CO_unknown_${index}` })
  await Promise.all([
    flood(() => callBack(bed, randomBytes(48).toString('hex'), callbackBody(payment))),
    flood((index) => callBack(bed, null, unknown(index))),
    assertTrueOneSettles(payment),
  ])
  const counts = await callbackCounts(bed)
  const more = (name: string) => (counts[name] ?? 0) - (before[name] ?? 0)
  assert.equal(more('refused_token'), each)
  assert.equal(more('unmatched') + more('shed'), each)
  assert.ok(more('shed') > each / 2, 'most of it is not looked up')
  assert.ok((await keptCount(bed, null)) - keptBefore < each / 5)
})

test('when no more forged ones are read, a token and an address of Safaricom’s are', async () => {
  // Its clock stands still, so that what is used up stays so.
  const env = { ...NO_CALLBACKS, SUKUMA_ROLES: 'api', TRUSTED_PROXIES: '127.0.0.1' }
  await using own = await startTestGateway({ env, clock: manualClock(Date.now()) })
  const payment = await awaitCallback(own, `${phones++}`)
  const forged = callbackBody(payment, { checkout: 'ws_CO_unknown' })
  for (let index = 0; index < 500; index += 50) {
    await Promise.all(Array.from({ length: 50 }, () => callBack(own, 'f'.repeat(96), forged)))
  }
  const bareFrom = async (address: string) => {
    const before = await callbackCounts(own)
    await callBack(own, null, forged, { 'x-forwarded-for': address })
    const after = await callbackCounts(own)
    return Object.keys(after).filter((name) => after[name] !== before[name])
  }
  assert.deepEqual(await bareFrom('203.0.113.7'), ['shed'])
  assert.deepEqual(await bareFrom('196.201.214.200'), ['unmatched'])
  await callBack(own, payment.token, callbackBody(payment), { 'x-forwarded-for': '203.0.113.7' })
  const { rows } = await own.db.pool.query('select state from payments')
  assert.deepEqual(rows, [{ state: 'succeeded' }])
})

test('a wrong token asks nothing of the database', async () => {
  const payment = await nextPayment()
  {
    await using _holder = await holdLock(bed.db, 'lock table payments, callbacks in access exclusive mode')
    await callBack(bed, randomBytes(48).toString('hex'), callbackBody(payment))
  }
  await assertTrueOneSettles(payment)
})

test('of what belongs to nobody a thousand rows are kept, at every moment', async () => {
  await using own = await startTestGateway({ env: { ...NO_CALLBACKS, SUKUMA_ROLES: 'api' } })
  await own.db.pool.query(
    `insert into callbacks (merchant_id, id, kind, reason, body, received_at)
     select '00000000-0000-0000-0000-000000000000', new_uuid_v7('2026-01-01'), 'unmatched', 'x', '{}', now()
     from generate_series(1, 3000)`,
  )
  const body = '{"Body":{"stkCallback":{"CheckoutRequestID":"ws_CO_mine","ResultCode":0}}}'
  await callBack(own, null, body)
  await until('the newest row', async () => (await keptCount(own, null)) === 1_000)
  const newest = await own.db.pool.query(`select 1 from callbacks where body like '%ws_CO_mine%'`)
  assert.equal(newest.rows.length, 1)
})

test('hints have M-Pesa asked now and then, however many they are', async () => {
  await using own = await startTestGateway({ env: { ...NO_CALLBACKS, SUKUMA_ROLES: 'api' } })
  const payments: Awaited[] = []
  for (let index = 0; index < 6; index += 1) payments.push(await awaitCallback(own, `${phones++}`))
  const pushBack = `update payments set due_at = now() + interval '1 hour'`
  const dueCount = async () =>
    (await own.db.pool.query('select 1 from payments where due_at <= now()')).rows.length
  await own.db.pool.query(pushBack)
  for (const payment of payments) await callBack(own, null, callbackBody(payment))
  assert.equal(await dueCount(), 2, 'of one shortcode two are asked about')
  await own.db.pool.query(pushBack)
  for (const payment of payments.slice(0, 2)) await callBack(own, null, callbackBody(payment))
  assert.equal(await dueCount(), 0, 'and about neither again at once')
  assert.equal((await callbackCounts(own)).shed, 6)
})
