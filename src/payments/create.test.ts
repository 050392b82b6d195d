// One `Idempotency-Key`, one request: what makes a request another one, and what is only another spelling.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench } from '../../test/support/payment-bench.ts'
import type { Uuid } from '../ids.ts'
import { type Phone, parsePhone } from '../phone.ts'
import { type CreateDeps, type CreateResult, createPayment, type PaymentRequest } from './create.ts'
import type { NoRoom } from './push-lane.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

const NO_ROOM: NoRoom = { code: 'busy', retryAfterMs: 1_000 }

function phoneOf(text: string): Phone {
  return parsePhone(text) ?? assert.fail(`${text} is no phone`)
}

/** A merchant who has made one payment, under a key, that waits in the queue. */
async function createShop() {
  const bench = createPaymentBench(database.pool)
  const shortcodeId = bench.newUuid()
  const deps: CreateDeps = {
    ...bench.moveDeps,
    shortcodes: {
      find: async (_merchantId, { live }) => ({ id: shortcodeId, environment: 'simulator', live }),
      credentialOf: async () => null,
    },
    governor: { enter: () => NO_ROOM, waitForRoom: async () => NO_ROOM },
    dispatcher: { send: () => assert.fail('nothing is sent') },
    livePrompts: { isBusy: () => true },
    justQueued: { add: () => undefined },
    disown: () => undefined,
  }
  const first: PaymentRequest = {
    merchantId: bench.merchantId,
    live: false,
    shortcodeId,
    shortcodeNumber: '174379',
    amountKes: 10,
    phone: phoneOf('254712000000'),
    reference: 'INV-1',
    description: 'Order 1',
    tag: 'shop',
    metadata: { order: '1', till: '2' },
    expiresInMs: 60_000,
    idempotencyKey: 'order-1',
  }
  const ask = (change: Partial<PaymentRequest>) => createPayment(deps, { ...first, ...change }, 'soon')
  const made = await ask({})
  assert.equal(made.code, 'created')
  return { ask, id: made.payment.id, newUuid: bench.newUuid }
}

type Change = { to: Partial<PaymentRequest>; comesTo: CreateResult['code'] }

/** Of each field, changes: within one merchant's side and key they make another request, which is refused. */
function changesOf(newUuid: () => Uuid): Record<keyof PaymentRequest, Change[]> {
  const refused = (...changes: Partial<PaymentRequest>[]): Change[] =>
    changes.map((to) => ({ to, comesTo: 'idempotency_conflict' }))
  const apart = (to: Partial<PaymentRequest>): Change[] => [{ to, comesTo: 'created' }]
  return {
    merchantId: apart({ merchantId: newUuid() }),
    live: apart({ live: true }),
    idempotencyKey: apart({ idempotencyKey: 'order-2' }),
    shortcodeId: refused({ shortcodeId: newUuid() }, { shortcodeId: null }),
    shortcodeNumber: refused({ shortcodeNumber: '600123' }, { shortcodeNumber: null }),
    amountKes: refused({ amountKes: 11 }),
    phone: refused({ phone: phoneOf('254712000001') }),
    reference: refused({ reference: 'INV-2' }, { reference: 'inv-1' }),
    description: refused({ description: 'Order 2' }, { description: null }),
    tag: refused({ tag: 'till' }, { tag: null }, { description: 'shop', tag: 'Order 1' }),
    metadata: refused(
      { metadata: { order: '1', till: '3' } },
      { metadata: { order: '1' } },
      { metadata: { order: '2', till: '1' } },
      { metadata: {} },
      { metadata: null },
    ),
    expiresInMs: refused({ expiresInMs: 61_000 }),
  }
}

test('under one key no field may change, and another merchant, side or key is another payment', async () => {
  const shop = await createShop()
  for (const [field, changes] of Object.entries(changesOf(shop.newUuid))) {
    for (const { to, comesTo } of changes) {
      assert.equal((await shop.ask(to)).code, comesTo, `${field}: ${JSON.stringify(to)}`)
    }
  }
})

test('the same request is its payment again, in whatever order its metadata comes', async () => {
  const shop = await createShop()
  for (const metadata of [
    { order: '1', till: '2' },
    { till: '2', order: '1' },
  ]) {
    const again = await shop.ask({ metadata })
    assert.equal(again.code, 'replayed')
    assert.equal(again.code === 'replayed' && again.payment.id, shop.id)
  }
})
