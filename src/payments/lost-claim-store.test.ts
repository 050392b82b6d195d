import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { createPaymentBench, type PaymentBench } from '../../test/support/payment-bench.ts'
import { type PostgresProxy, startPostgresProxy } from '../../test/support/postgres-proxy.ts'
import { createPool, isDatabaseUnavailable } from '../db/database.ts'
import { untilAvailable } from '../db/until-available.ts'
import { type Lease, mendLostClaims } from './lost-claim-store.ts'
import { createPaymentStore, type PaymentKey, type PaymentStore } from './payment-store.ts'

const LEASE_MS = 90_000
/** Stands in the text of the claim and of no other statement. */
const CLAIM = 'share (merchant_id'

let cleanUp: AsyncDisposableStack
let proxy: PostgresProxy
let bench: PaymentBench
let store: PaymentStore
beforeEach(async () => {
  cleanUp = new AsyncDisposableStack()
  const database = cleanUp.use(await createTestDatabase())
  proxy = cleanUp.use(await startPostgresProxy())
  bench = createPaymentBench(database.pool)
  const pool = cleanUp.adopt(createPool(proxy.through(database.url)), (each) => each.end())
  store = createPaymentStore({ db: pool })
})
afterEach(() => cleanUp.disposeAsync())

/** Claims whatever is queued for the shortcode of `key`. */
async function claim(key: PaymentKey) {
  const row = await bench.row(key)
  const shares = [
    { merchantId: key.merchantId, shortcodeId: row.shortcode_id as typeof key.paymentId, count: 9 },
  ]
  return store.claimQueued({
    now: bench.at(0),
    process: bench.process,
    leaseUntil: bench.at(LEASE_MS),
    shares,
  })
}

test('a claim whose answer is lost is put back, and the next one sends its payment', async () => {
  const key = await bench.addPayment({ state: 'queued' })
  proxy.set({ kind: 'cut_after', statement: CLAIM })
  await assert.rejects(claim(key), isDatabaseUnavailable)
  proxy.set({ kind: 'none' })
  const row = await until('its return to the queue', async () => {
    const found = await bench.row(key)
    return found.state === 'queued' && found
  })
  assert.deepEqual(
    [row.leased_by, row.leased_until, row.sent_at, row.due_at],
    [null, null, null, bench.at(0)],
  )
  const again = await claim(key)
  assert.deepEqual(
    again.map(({ payment }) => [payment.id, payment.state]),
    [[key.paymentId, 'sending']],
  )
})

test('what its own request is sending stays as it is, though leased until the same moment', async () => {
  const lost = await bench.addPayment({ state: 'queued' })
  const own = await bench.addPayment({ state: 'sending', leaseInMs: LEASE_MS, dueInMs: LEASE_MS })
  // Sent as it was created, as a request of its own sends it.
  await bench.db.query('update payments set created_at = $1, sent_at = $1 where id = $2', [
    bench.at(0),
    own.paymentId,
  ])
  proxy.set({ kind: 'cut_after', statement: CLAIM })
  await assert.rejects(claim(lost), isDatabaseUnavailable)
  proxy.set({ kind: 'none' })
  await until('its return to the queue', async () => (await bench.row(lost)).state === 'queued')
  assert.equal((await bench.row(own)).state, 'sending')
})

test('a claim that was answered is never put back, however many are made at one moment', async () => {
  const first = await bench.addPayment({ state: 'queued' })
  assert.equal((await claim(first)).length, 1)
  const second = await bench.addPayment({ state: 'queued' })
  proxy.set({ kind: 'cut_after', statement: CLAIM })
  await assert.rejects(claim(second), isDatabaseUnavailable)
  proxy.set({ kind: 'none' })
  await until('its return to the queue', async () => (await bench.row(second)).state === 'queued')
  assert.equal((await bench.row(first)).state, 'sending')
})

test('a clock that was set back makes no lease longer, and no two of them the same', async () => {
  const { process, clock } = bench
  const claimUnder = mendLostClaims(
    { putBack: () => assert.fail('no answer is lost'), untilAvailable },
    async (lease: Lease) => lease.leaseUntil.getTime() - clock.now(),
  )
  const claimNow = () => claimUnder({ now: bench.at(0), process, leaseUntil: bench.at(LEASE_MS) })
  assert.deepEqual([await claimNow(), await claimNow()], [LEASE_MS, LEASE_MS + 1])
  clock.advance(-3_600_000)
  assert.equal(await claimNow(), LEASE_MS)
  clock.advance(3_600_000)
  assert.equal(await claimNow(), LEASE_MS + 2)
})
