// The queue is served in turns: how much one merchant has waiting does not decide when another's is sent.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Uuid } from '../../src/ids.ts'
import { silentLogger } from '../../src/log.ts'
import type { Payment } from '../../src/payments/payment.ts'
import { createPushGovernor } from '../../src/payments/push-governor.ts'
import { createQueueSweep } from '../../src/payments/sweep-queued.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, type PaymentBench } from '../support/payment-bench.ts'

let database: TestDatabase
let bench: PaymentBench
before(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await database.pool.query('delete from payments')
  bench = createPaymentBench(database.pool)
})
after(() => database[Symbol.asyncDispose]())

const SHORTCODE = '00000000-0000-7000-8000-0000000000aa' as Uuid
const FLOOD = 2_500
/** The governor's places for the queue of one merchant in one process. */
const BATCH = 100

async function queue(merchantId: Uuid, count: number, options: { dueAgoMs?: number; shortcode?: Uuid } = {}) {
  await database.pool.query(
    `insert into payments (merchant_id, id, shortcode_id, environment, live, state, amount, phone, reference,
       expires_at, due_at, created_at, updated_at)
     select $1, gen_random_uuid(), $2, 'simulator', false, 'queued', 10,
       '2547' || lpad((row_number() over ())::text, 8, '0'), 'R', $3, $4, $4, $4
     from generate_series(1, $5)`,
    [
      merchantId,
      options.shortcode ?? SHORTCODE,
      bench.at(3_600_000),
      bench.at(-(options.dueAgoMs ?? 1_000)),
      count,
    ],
  )
}

/** A sweep whose pushes are written down, and answered at once, refused with 429 or as `answer` has it. */
function sweeper(options: { closed?: readonly Uuid[]; held?: boolean } = {}) {
  const sent: Payment[] = []
  const ended: Uuid[] = []
  const governor = createPushGovernor({ clock: bench.clock, random: () => 0.5, pause: async () => undefined })
  const sweep = createQueueSweep({
    ...bench.moveDeps,
    log: silentLogger,
    shortcodes: {
      find: async () => null,
      // All merchants share one shortcode, but for those with one of their own.
      credentialOf: async (_merchantId, shortcodeId) => ({
        id: 'app_1',
        environment: 'simulator',
        baseUrl: 'http://127.0.0.1:1',
        consumerKey: 'k',
        consumerSecret: 's',
        passkey: 'p',
        kind: 'paybill',
        businessShortCode: shortcodeId,
        partyB: shortcodeId,
      }),
    },
    governor: {
      enter: (lane, merchantId, kind) =>
        options.closed?.includes(lane.shortcode as Uuid) === true
          ? { code: 'breaker_open', retryAfterMs: 60_000 }
          : governor.enter(lane, merchantId, kind),
    },
    livePrompts: { isBusy: () => options.held === true },
    isDisowned: () => false,
    dispatcher: {
      async send(payment, _mode, _attempts, place) {
        sent.push(payment)
        place.leave(null)
        return payment
      },
      async holdBack(payment) {
        ended.push(payment.id)
        return payment
      },
    },
  })
  return { sweep, sent, held: ended }
}

const newMerchant = () => bench.newUuid()

test('a payment beside a flood of 2,500 goes out in the next sweep', async () => {
  const [flood, other] = [newMerchant(), newMerchant()]
  await queue(flood, FLOOD, { dueAgoMs: 60_000 })
  const { sweep, sent } = sweeper()
  await sweep()
  assert.equal(sent.length, BATCH)
  await queue(other, 1)
  await sweep()
  const place = sent.findIndex(({ merchantId }) => merchantId === other)
  assert.ok(place >= BATCH && place <= BATCH + 1, `it was number ${place - BATCH} of its sweep`)
})

test('a hundred merchants beside a flood are served one by one before any second time', async () => {
  const flood = newMerchant()
  await queue(flood, FLOOD, { dueAgoMs: 60_000 })
  const others = Array.from({ length: 150 }, newMerchant)
  for (const each of others) await queue(each, 2)
  const { sweep, sent } = sweeper()
  for (let n = 0; n < 3; n += 1) await sweep()
  const served = new Map<Uuid, number>()
  for (const { merchantId } of sent.slice(0, 151)) served.set(merchantId, (served.get(merchantId) ?? 0) + 1)
  assert.equal(served.size, 151, 'each has had its first turn')
})

test('more merchants than one sweep looks at all get their turn', async () => {
  const merchants = Array.from({ length: 1_200 }, newMerchant)
  await database.pool.query(
    `insert into payments (merchant_id, id, shortcode_id, environment, live, state, amount, phone, reference,
       expires_at, due_at, created_at, updated_at)
     select merchant, gen_random_uuid(), $2, 'simulator', false, 'queued', 10, '254712345678', 'R',
       $3, $4, $4, $4
     from unnest($1::uuid[]) merchant, generate_series(1, 2)`,
    [merchants, SHORTCODE, bench.at(3_600_000), bench.at(-1_000)],
  )
  const { sweep, sent } = sweeper()
  // Three looks go once round; each takes a batch.
  for (let n = 0; n < 18; n += 1) {
    await sweep()
    bench.clock.advance(1_000)
  }
  assert.equal(new Set(sent.map(({ merchantId }) => merchantId)).size, merchants.length)
})

test('what waits for a shortcode that is cut off is not touched, and others go on', async () => {
  const closed = bench.newUuid()
  const [stuck, other] = [newMerchant(), newMerchant()]
  await queue(stuck, FLOOD, { shortcode: closed, dueAgoMs: 60_000 })
  await queue(other, 5)
  const { sweep, sent } = sweeper({ closed: [closed] })
  const versions = () =>
    database.pool.query('select distinct xmin::text from payments where merchant_id = $1', [stuck])
  const before = await versions()
  assert.equal(await sweep(), 0, 'there is no hurry')
  assert.deepEqual(new Set(sent.map(({ merchantId }) => merchantId)), new Set([other]))
  assert.equal(sent.length, 5)
  assert.deepEqual((await versions()).rows, before.rows, 'no row of theirs was written')
})

test('what expires while a shortcode is cut off is told in time all the same', async () => {
  const closed = bench.newUuid()
  const merchantId = newMerchant()
  await queue(merchantId, 3, { shortcode: closed })
  bench.clock.advance(3_600_000)
  const { sweep, sent } = sweeper({ closed: [closed] })
  await sweep()
  assert.equal(sent.length, 0)
  const ended = await database.pool.query(
    'select distinct state, outcome, result_code from payments where merchant_id = $1',
    [merchantId],
  )
  assert.deepEqual(ended.rows, [{ state: 'failed', outcome: 'not_sent', result_code: 'not_sent' }])
})

test('a phone with another prompt up is held back, and has failed as busy when time is over', async () => {
  const merchantId = newMerchant()
  await queue(merchantId, 2)
  const { sweep, sent, held } = sweeper({ held: true })
  await sweep()
  assert.deepEqual([sent.length, held.length], [0, 2])
  await database.pool.query('delete from payments')
  await queue(merchantId, 2)
  bench.clock.advance(3_600_000)
  await sweep()
  const ended = await database.pool.query('select distinct outcome, result_code from payments')
  assert.deepEqual(ended.rows, [{ outcome: 'not_sent', result_code: 'customer_busy' }])
})

test('a claim reads as much as it takes, however much waits', async () => {
  const flood = newMerchant()
  await queue(flood, 30_000, { dueAgoMs: 60_000 })
  for (let n = 0; n < 20; n += 1) await queue(newMerchant(), 1)
  await database.pool.query('analyze payments')
  const { sweep } = sweeper()
  const read = async () => {
    await database.pool.query('select pg_stat_force_next_flush()')
    const found = await database.pool.query(
      `select sum(idx_tup_fetch + seq_tup_read)::bigint as rows from pg_stat_user_tables
       where relname like 'payments%'`,
    )
    return Number(found.rows[0]?.rows)
  }
  const before = await read()
  await sweep()
  const rows = (await read()) - before
  assert.ok(rows < 2_000, `${rows} rows read for a batch of ${BATCH}`)
})
