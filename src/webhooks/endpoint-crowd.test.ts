// A thousand endpoints of which nine hundred hang: the others are served all the same.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import type { Uuid } from '../ids.ts'
import { secretContext } from './endpoint-directory.ts'
import { createEndpointLanes, type LaneOutcome } from './endpoint-lanes.ts'
import { newWebhookSecret } from './signature.ts'
import { createReceiver, silence, status } from './testing/receiver.ts'
import { samplePaymentRow } from './testing/sample-payment.ts'
import { until } from './testing/until.ts'
import { createWebhookBench, newId, sweepAndWait, type WebhookBench } from './testing/webhook-bench.ts'

const HANGING = 900
const HEALTHY = 100
const RUNNING_MAX = 512

type Running = { endpoint: Uuid; end: (outcome: LaneOutcome) => void }

/** Lanes whose attempts at healthy endpoints succeed at once, and at others end when the test says so. */
function createCrowd() {
  const healthy = Array.from({ length: HEALTHY }, newId)
  const hanging = Array.from({ length: HANGING }, newId)
  const isHealthy = new Set(healthy)
  const stuck: Running[] = []
  let served = 0
  const lanes = createEndpointLanes<Uuid>({
    clock: manualClock(0),
    run: (endpoint) => {
      if (!isHealthy.has(endpoint)) return new Promise((resolve) => stuck.push({ endpoint, end: resolve }))
      served += 1
      return Promise.resolve({ said: 'ok', durationMs: 10 })
    },
    drop: () => {},
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { healthy, hanging, stuck, lanes, settle, served: () => served }
}

test('endpoints that have answered are served though all others hang for ever', async () => {
  const { healthy, hanging, stuck, lanes, settle, served } = createCrowd()
  for (const endpoint of healthy) assert.ok(lanes.offer(endpoint, endpoint, 'new'))
  await settle()
  assert.equal(served(), HEALTHY)
  for (let i = 0; i < 50; i++) for (const endpoint of hanging) lanes.offer(endpoint, endpoint, 'new')
  assert.ok(stuck.length < RUNNING_MAX)
  for (let round = 1; round <= 20; round++) {
    for (const endpoint of healthy) assert.ok(lanes.offer(endpoint, endpoint, 'new'), `round ${round}`)
    await settle()
    assert.equal(served(), HEALTHY * (round + 1))
  }
})

test('endpoints that are new get their turn among those that hang within a few attempts', async () => {
  const { healthy, hanging, stuck, lanes, settle, served } = createCrowd()
  for (let i = 0; i < 50; i++) for (const endpoint of hanging) lanes.offer(endpoint, endpoint, 'new')
  for (const endpoint of healthy) assert.ok(lanes.offer(endpoint, endpoint, 'new'))
  let turns = 0
  for (; served() < HEALTHY; turns++) {
    assert.ok(turns < 10, 'the healthy ones wait too long')
    // What hangs is cut off after its 15 s.
    for (const { end } of stuck.splice(0)) end({ said: 'failed', durationMs: 15_000 })
    await settle()
  }
})

test('a new endpoint gets a place however busy those are that have answered', async () => {
  const endpoints = Array.from({ length: 20 }, newId)
  const newcomer = newId()
  const busy: Running[] = []
  const lanes = createEndpointLanes<Uuid>({
    clock: manualClock(0),
    run: (endpoint) => new Promise((resolve) => busy.push({ endpoint, end: resolve })),
    drop: () => {},
  })
  for (let round = 0; round < 80; round++) {
    for (const endpoint of endpoints) lanes.offer(endpoint, endpoint, 'new')
    for (const { end } of round < 79 ? busy.splice(0) : []) end({ said: 'ok', durationMs: 10 })
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (let i = 0; i < 100; i++) for (const endpoint of endpoints) lanes.offer(endpoint, endpoint, 'new')
  assert.ok(busy.length > 400, `${busy.length} are running`)
  lanes.offer(newcomer, newcomer, 'new')
  assert.equal(busy.at(-1)?.endpoint, newcomer)
})

test('memory is shared so that those that answer always find room', async () => {
  const { healthy, hanging, lanes, settle } = createCrowd()
  for (const endpoint of healthy) lanes.offer(endpoint, endpoint, 'new')
  await settle()
  let taken = 1
  while (taken > 0) taken = hanging.filter((endpoint) => lanes.offer(endpoint, endpoint, 'new')).length
  assert.ok(lanes.waiting() < 10_000, `${lanes.waiting()} are waiting`)
  for (const endpoint of healthy) assert.equal(lanes.room(endpoint), 72)
  for (const endpoint of hanging) assert.equal(lanes.room(endpoint), 0)
})

type Endpoint = { merchantId: Uuid; id: Uuid; url: string }

/** Endpoints of merchants with twenty each, the most that one side may have. */
async function addEndpoints(bench: WebhookBench, urls: string[]): Promise<Endpoint[]> {
  const secret = newWebhookSecret()
  const merchants = urls.filter((_, n) => n % 20 === 0).map(newId)
  await bench.db.query(
    `insert into merchants (id, name, created_at) select id, 'Shop', now() from unnest($1::uuid[]) as id`,
    [merchants],
  )
  const endpoints = urls.map((url, n) => {
    const merchantId = merchants[Math.floor(n / 20)] ?? newId()
    return { merchantId, id: newId(), url }
  })
  const sealed = endpoints.map((each) =>
    bench.sealer.seal(secret, secretContext(each.merchantId, each.id)).toString('hex'),
  )
  await bench.db.query(
    `insert into webhook_endpoints (merchant_id, id, live, url, format, secret_sealed, created_at, updated_at)
     select merchant_id, id, false, url, 'event', decode(sealed, 'hex'), now(), now()
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as e (merchant_id, id, url, sealed)`,
    [endpoints.map((e) => e.merchantId), endpoints.map((e) => e.id), urls, sealed],
  )
  return endpoints
}

/** An event for each of `endpoints`, about a payment of its own. */
async function tell(bench: WebhookBench, endpoints: Endpoint[]): Promise<void> {
  const ids = endpoints.map(newId)
  await bench.db.query(
    `with told as (
       insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
       select merchant_id, event_id, false, 'payment.succeeded', event_id, 1, $4, $5
       from unnest($1::uuid[], $3::uuid[]) as e (merchant_id, event_id)
     )
     insert into webhook_deliveries (
       merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, created_at)
     select merchant_id, event_id, endpoint_id, event_id, event_id, 'pending', $5, $5
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as e (merchant_id, endpoint_id, event_id)`,
    [
      ...[endpoints.map((e) => e.merchantId), endpoints.map((e) => e.id), ids],
      ...[JSON.stringify(samplePaymentRow()), new Date(bench.clock.now())],
    ],
  )
}

test('one sweep takes all of an endpoint that answers, though many others have waited longer', async () => {
  await using db = await createTestDatabase()
  await using hanging = await createReceiver(silence)
  await using healthy = await createReceiver(status(200))
  await using bench = await createWebhookBench(db.pool)
  const urls = Array.from({ length: 40 }, (_, n) => (n === 0 ? healthy.url : hanging.url))
  const [alive, ...dead] = await addEndpoints(bench, urls)
  assert.ok(alive)
  const worker = bench.addWorker({ timeoutMs: 60_000 })
  await tell(bench, [alive])
  await sweepAndWait(worker)
  // More than a sweep takes, all of it due before what the one that answers is due.
  for (let i = 0; i < 16; i++) await tell(bench, dead)
  bench.clock.advance(1)
  for (let i = 0; i < 60; i++) await tell(bench, [alive])
  await worker.sweep()
  await until(() => healthy.requests.length === 61)
})

test('with a thousand endpoints in the database and nine hundred hanging, the others are told', async () => {
  await using db = await createTestDatabase()
  await using hanging = await createReceiver(silence)
  await using healthy = await createReceiver(status(200))
  await using bench = await createWebhookBench(db.pool)
  const urls = Array.from({ length: HANGING + HEALTHY }, (_, n) => (n % 10 ? hanging.url : healthy.url))
  const endpoints = await addEndpoints(bench, urls)
  // Those that hang have waited longer, and have more.
  const dead = endpoints.filter(({ url }) => url === hanging.url)
  for (let i = 0; i < 12; i++) await tell(bench, dead)
  bench.clock.advance(1)
  const alive = endpoints.filter(({ url }) => url === healthy.url)
  for (let i = 0; i < 3; i++) await tell(bench, alive)
  const worker = bench.addWorker({ timeoutMs: 300 })
  // Ids, as a receiver would tell repetitions: on a busy machine even a healthy one may answer too late.
  const told = () => new Set(healthy.requests.map((each) => each.headers['webhook-id'])).size
  await until(async () => {
    await worker.sweep()
    bench.clock.advance(1_000)
    return told() === HEALTHY * 3
  })
  assert.ok(hanging.requests.length > HANGING / 2, 'those that hang were tried as well')
})
