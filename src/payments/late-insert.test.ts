// A payment that was to be queued, and whose commit is heard of too late: its merchant is told that nothing
// was sent, so nothing is.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CREDENTIAL, NO_OBSERVER } from '../../test/simulation/gateway-process.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { manualClock } from '../clock.ts'
import type { PushOutcome } from '../daraja/client.ts'
import { DatabaseUnavailableError } from '../db/database.ts'
import { PATIENCE_MS } from '../db/guarded-database.ts'
import { untilAvailable } from '../db/until-available.ts'
import { createUuidSource } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { parsePhone } from '../phone.ts'
import { createPaymentService } from './payment-service.ts'
import { createPaymentStore, type PaymentStore } from './payment-store.ts'
import { createQueryBudget } from './query-budget.ts'
import { createMemoryQueryBudgetStore } from './testing/memory-query-budget-store.ts'
import { createWaiters } from './waiters.ts'

const IDS = { merchantRequestId: 'm-1', checkoutRequestId: 'ws_CO_1' }
const ACCEPTED: PushOutcome = {
  ...{ kind: 'accepted', ...IDS, responseCode: '0', responseDescription: '', customerMessage: '' },
  durationMs: 0,
}

/** A core over PostgreSQL that pushes to nobody; pauses end when the clock is advanced by them. */
function createGateway(db: Parameters<typeof createPaymentStore>[0]['db'], store: PaymentStore) {
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const merchantId = newUuid()
  const shortcodeId = newUuid()
  const pauses: { endsMs: number; end: () => void }[] = []
  const never = () => Promise.reject(new Error('nothing is asked'))
  let pushes = 0
  const service = createPaymentService({
    ...{ clock, newUuid, log: silentLogger, process: newUuid(), deliver: null, random: () => 0 },
    ...{ db, store, observe: NO_OBSERVER, untilAvailable },
    pause: (ms) => new Promise<void>((end) => pauses.push({ endsMs: clock.now() + ms, end })),
    daraja: {
      query: never,
      async push() {
        pushes += 1
        return ACCEPTED
      },
    },
    budget: createQueryBudget({ clock, store: createMemoryQueryBudgetStore() }),
    shortcodes: {
      find: async () => ({ id: shortcodeId, environment: 'simulator', live: false }),
      credentialOf: async () => ({ ...CREDENTIAL, environment: 'simulator' }),
    },
    callbackUrl: () => 'https://gateway.example/',
    waiters: createWaiters({ readPayments: async () => [], onError: () => undefined }),
  })
  return {
    service,
    pushes: () => pushes,
    advance(ms: number) {
      clock.advance(ms)
      const ended = pauses.filter(({ endsMs }) => endsMs <= clock.now())
      pauses.splice(0, pauses.length, ...pauses.filter((pause) => !ended.includes(pause)))
      for (const { end } of ended) end()
    },
    pay() {
      const phone = parsePhone('254712345678')
      if (phone === null) throw new Error('not a phone')
      const texts = { reference: 'INV-1', description: null, tag: null, metadata: null }
      const which = { merchantId, live: false, shortcodeId: null, shortcodeNumber: null }
      const request = { ...which, ...texts, amountKes: 10, phone, expiresInMs: 60_000, idempotencyKey: null }
      return service.create(request, 'soon')
    },
    /** The customer declines the prompt that is up, so that another may come. */
    async decline(paymentId: typeof merchantId): Promise<void> {
      const stkCallback = { MerchantRequestID: 'm-1', CheckoutRequestID: 'ws_CO_1', ResultCode: 1032 }
      const body = { Body: { stkCallback: { ...stkCallback, ResultDesc: 'Request cancelled by user.' } } }
      const came = { body, text: JSON.stringify(body), ip: null, addressAllowed: true }
      assert.equal(await service.receiveCallback({ ...came, token: { merchantId, paymentId } }), 'settled')
    },
  }
}

/** The customer's phone is busy with a first payment when a second one comes; then it is free. */
async function queueSecond(db: Parameters<typeof createPaymentStore>[0]['db'], store: PaymentStore) {
  const gateway = createGateway(db, store)
  const first = await gateway.pay()
  if (first.code !== 'created') throw new Error(first.code)
  await gateway.service.idle()
  const second = gateway.pay()
  second.catch(() => undefined)
  return { gateway, second, decline: () => gateway.decline(first.payment.id) }
}

test('a queued payment is not sent while its merchant may still be told that it was not made', async () => {
  await using database = await createTestDatabase()
  const db = database.pool
  const store = createPaymentStore({ db })
  const committed = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<number>()
  const insert: PaymentStore['insert'] = async (row) => {
    const number = await store.insert(row)
    if (row.payment.state !== 'queued') return number
    committed.resolve()
    return answer.promise
  }
  const { gateway, second, decline } = await queueSecond(db, { ...store, insert })
  await committed.promise
  await decline()
  for (const ms of [2_500, PATIENCE_MS - 2_500]) {
    gateway.advance(ms)
    await gateway.service.sweepQueued()
    await gateway.service.idle()
    assert.equal(gateway.pushes(), 1)
  }
  answer.reject(new DatabaseUnavailableError('was not committed in time'))
  await assert.rejects(second, DatabaseUnavailableError)
  await until('its end', async () => {
    const found = await db.query(`select from payments where outcome = 'not_sent'`)
    return found.rows.length === 1
  })
  gateway.advance(10_000)
  await gateway.service.sweepQueued()
  assert.equal(gateway.pushes(), 1)
})

test('a queued payment whose commit is known waits for 2 s, and not for the end of its lease', async () => {
  await using database = await createTestDatabase()
  const db = database.pool
  const { gateway, second, decline } = await queueSecond(db, createPaymentStore({ db }))
  assert.equal((await second).code, 'created')
  await decline()
  gateway.advance(2_010)
  await until('its push', async () => {
    await gateway.service.sweepQueued()
    await gateway.service.idle()
    return gateway.pushes() === 2
  })
})
