import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { findEndpoint } from './endpoint-store.ts'
import { updateEndpoint } from './endpoints.ts'
import { REPLAY_MAX, replayEndpoint, replayGap } from './replay.ts'
import { createReceiver, status } from './testing/receiver.ts'
import { until } from './testing/until.ts'
import { createWebhookBench, idle, newId, sweepAndWait, type WebhookBench } from './testing/webhook-bench.ts'

const HOUR_MS = 3_600_000

test('a replay sends what an endpoint has missed since then, and only that', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url, { eventTypes: ['payment.succeeded'] })
  const worker = bench.addWorker()
  const { event: tooOld } = await bench.addEvent([])
  bench.clock.advance(60_000)
  const since = new Date(bench.clock.now())
  await bench.addEvent([endpoint.id])
  await sweepAndWait(worker)
  await bench.addEvent([endpoint.id])
  await updateEndpoint(bench.endpointDeps, bench.owner, endpoint.id, { enabled: false })
  for (let i = 0; i < 3; i++) await bench.addEvent([])
  await bench.addEvent([], { type: 'payment.failed' })
  const replay = () => replayEndpoint(bench.endpointDeps, bench.owner, endpoint.id, since)
  assert.deepEqual(await replay(), { ok: false, code: 'endpoint_disabled' })
  await updateEndpoint(bench.endpointDeps, bench.owner, endpoint.id, { enabled: true })
  assert.deepEqual(await replay(), { ok: true, replay: { since, count: 4, nextSince: null } })
  assert.deepEqual(await replay(), { ok: true, replay: { since, count: 0, nextSince: null } })
  await sweepAndWait(worker)
  const ids = receiver.requests.map((request) => request.headers['webhook-id'])
  assert.equal(ids.length, 5)
  assert.equal(new Set(ids).size, 5)
  assert.ok(!ids.includes(`evt_${tooOld.id.replaceAll('-', '')}`))
})

test('replays at the same time by several processes make one delivery an event', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint(receiver.url)
  const since = new Date(bench.clock.now())
  const { deliveries } = await bench.addEvent([endpoint.id])
  for (let i = 0; i < 29; i++) await bench.addEvent([])
  await db.pool.query(`update webhook_deliveries set state = 'failed', due_at = null`)
  // All of them look, and then wait for this row: none sees what another has made.
  const holder = await db.pool.connect()
  await holder.query('begin')
  await holder.query('select from webhook_deliveries where id = $1 for update', [deliveries[0]?.id])
  const replay = () => replayEndpoint(bench.endpointDeps, bench.owner, endpoint.id, since)
  const replays = Promise.all([replay(), replay(), replay(), replay()])
  await until(async () => {
    const { rows } = await db.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows.length === 4
  })
  await holder.query('commit')
  holder.release()
  const counts = (await replays).map((each) => (each.ok ? each.replay.count : -1))
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    30,
  )
  const worker = bench.addWorker()
  while ((await sweepAndWait(worker)) > 0);
  assert.equal(new Set(receiver.requests.map((each) => each.headers['webhook-id'])).size, 30)
  assert.equal(receiver.requests.length, 30)
})

/** Very much that nobody was told of, over 12 seconds from now on: more than one replay takes. */
async function addVeryMuch(bench: WebhookBench): Promise<void> {
  const { event } = await bench.addEvent([])
  await bench.db.query(
    `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
     select merchant_id, new_uuid_v7(created_at + n * interval '1 millisecond'), live, type,
       gen_random_uuid(), 1, '{}', created_at
     from events, generate_series(1, 12000) n where id = $1`,
    [event.id],
  )
}

test('a replay of very much goes on where the one before ended', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const endpoint = await bench.addEndpoint('https://shop.example/')
  const since = new Date(bench.clock.now())
  await addVeryMuch(bench)
  let [total, calls, from]: [number, number, Date | null] = [0, 0, since]
  while (from !== null) {
    const result = await replayEndpoint(bench.endpointDeps, bench.owner, endpoint.id, from)
    assert.ok(result.ok && result.replay.count <= REPLAY_MAX)
    total += result.replay.count
    calls += 1
    from = result.replay.nextSince
  }
  assert.deepEqual([total, calls], [12_001, 2])
})

test('a gap of very much ends with the replays that go on through it, and begins anew later', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint('https://shop.example/')
  const change = async (enabled: boolean) => {
    const changed = await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled })
    assert.ok(changed.ok)
    return changed.endpoint
  }
  const missedSince = async () => (await findEndpoint(bench, bench.owner, id))?.missedSince
  await change(false)
  await addVeryMuch(bench)
  bench.clock.advance(HOUR_MS)
  const gap = await replayGap(bench.endpointDeps, await change(true))
  const next = gap.replay?.nextSince ?? assert.fail('it took all at once')
  assert.deepEqual([gap.endpoint.missedSince, await missedSince()], [next, next])
  const rest = await replayEndpoint(bench.endpointDeps, bench.owner, id, next)
  assert.equal(rest.ok && rest.replay.nextSince, null)
  assert.equal(await missedSince(), null)
  bench.clock.advance(HOUR_MS)
  await db.pool.query('delete from webhook_deliveries')
  const { missedSince: anew } = await change(false)
  assert.ok(anew !== null && anew.getTime() >= bench.clock.now() - 60_000)
})

test('since when something may be missing is remembered until it was replayed', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const { event: pending } = await bench.addEvent([id])
  await sweepAndWait(bench.addWorker())
  bench.clock.advance(HOUR_MS)
  await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: false })
  await bench.addEvent([])
  bench.clock.advance(HOUR_MS)
  const enabled = await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: true })
  assert.ok(enabled.ok)
  const missedSince = enabled.endpoint.missedSince
  assert.equal(missedSince?.getTime(), pending.createdAt.getTime())
  receiver.answer = status(200)
  const gap = await replayGap(bench.endpointDeps, enabled.endpoint)
  assert.deepEqual(gap.replay, { since: missedSince, count: 2, nextSince: null })
  assert.equal(gap.endpoint.missedSince, null)
  assert.equal((await findEndpoint(bench, bench.owner, id))?.missedSince, null)
  await sweepAndWait(bench.addWorker())
  assert.equal(receiver.requests.length, 3)
  assert.equal((await replayGap(bench.endpointDeps, gap.endpoint)).replay, null)
})

test('what its process still held when an endpoint went off is replayed, and sent once', async () => {
  await using db = await createTestDatabase()
  const held: ServerResponse[] = []
  await using receiver = await createReceiver((reply) => held.push(reply))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  for (let i = 0; i < 2; i++) await bench.addEvent([id])
  // The last try of either; a third lies with a process that has died.
  await db.pool.query('update webhook_deliveries set attempts = 10')
  await worker.sweep()
  await until(() => held.length === 2)
  await bench.addEvent([id], { leasedBy: newId() })
  await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: false })
  bench.clock.advance(10_000)
  const enabled = await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: true })
  assert.ok(enabled.ok)
  assert.equal((await replayGap(bench.endpointDeps, enabled.endpoint)).replay?.count, 3)
  assert.equal(await sweepAndWait(bench.addWorker()), 0)
  held[0]?.writeHead(200).end()
  held[1]?.writeHead(500).end()
  await idle(worker)
  receiver.answer = status(200)
  assert.equal(await sweepAndWait(worker), 1)
  bench.clock.advance(60_000)
  assert.equal(await sweepAndWait(worker), 1)
  assert.ok((await bench.deliveries()).every((each) => each.state === 'delivered'))
  assert.equal(receiver.requests.length, 4)
})

/** A verdict that is being written: without a delivery, for its statement has seen the endpoint off. */
async function writeEvent(bench: WebhookBench, pool: TestDatabase['pool']) {
  const { event } = await bench.addEvent([])
  const writer = await pool.connect()
  await writer.query('begin')
  await writer.query(
    `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
     select merchant_id, new_uuid_v7(created_at), live, type, gen_random_uuid(), 1, snapshot, created_at
     from events where id = $1`,
    [event.id],
  )
  return {
    commit: () => writer.query('commit'),
    async [Symbol.asyncDispose]() {
      writer.release(true)
    },
  }
}

/** An endpoint that has been off, switched on while a verdict is being written. */
async function switchOnAmidVerdict(bench: WebhookBench, pool: TestDatabase['pool']) {
  const { id } = await bench.addEndpoint('https://shop.example/')
  await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: false })
  const verdict = await writeEvent(bench, pool)
  const enabled = await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: true })
  assert.ok(enabled.ok)
  return { id, endpoint: enabled.endpoint, verdict }
}

test('a verdict that is being written while its endpoint is switched on is replayed too', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { endpoint, verdict } = await switchOnAmidVerdict(bench, db.pool)
  await using _ = verdict
  let queries = 0
  const counting: Database = {
    query(...asked) {
      queries += 1
      return db.pool.query(...asked)
    },
  }
  const replaying = replayGap({ ...bench, db: counting }, endpoint)
  await until(() => queries >= 2)
  await verdict.commit()
  const gap = await replaying
  assert.equal(gap.replay?.count, 2)
  assert.equal(gap.endpoint.missedSince, null)
})

test('what takes too long to be written is left as more to replay', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id, endpoint, verdict } = await switchOnAmidVerdict(bench, db.pool)
  await using _ = verdict
  const since = endpoint.missedSince
  assert.ok(since !== null)
  const gap = await replayGap(bench, endpoint)
  assert.deepEqual(gap.replay, { since, count: 1, nextSince: since })
  assert.deepEqual((await findEndpoint(bench, bench.owner, id))?.missedSince, since)
  await verdict.commit()
  const rest = await replayEndpoint(bench, bench.owner, id, since)
  assert.deepEqual(rest, { ok: true, replay: { since, count: 1, nextSince: null } })
  assert.equal((await findEndpoint(bench, bench.owner, id))?.missedSince, null)
})

/** Its events, one a day; the first is attempted a moment after it came about, and given up at once. */
async function failForDays(bench: WebhookBench, id: Uuid, days: number): Promise<Date> {
  const worker = bench.addWorker()
  const { event: first, deliveries } = await bench.addEvent([id])
  await bench.db.query('update webhook_deliveries set attempts = 10 where id = $1', [deliveries[0]?.id])
  bench.clock.advance(10_000)
  for (let day = 0; day < days; day += 1) {
    await sweepAndWait(worker)
    bench.clock.advance(24 * HOUR_MS)
    await bench.addEvent([id])
  }
  await sweepAndWait(worker)
  return first.createdAt
}

test('the gap of an endpoint that failed for days begins with the first event that failed', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const firstAt = await failForDays(bench, id, 5)
  const off = await findEndpoint(bench, bench.owner, id)
  assert.equal(off?.disabledReason, 'failing')
  assert.equal(off.missedSince?.getTime(), firstAt.getTime())
  const enabled = await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: true })
  assert.ok(enabled.ok)
  assert.equal((await replayGap(bench.endpointDeps, enabled.endpoint)).replay?.count, 6)
})

test('what was given up while an endpoint failed is in the gap when its merchant turns it off', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(500))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const firstAt = await failForDays(bench, id, 1)
  const off = await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled: false })
  assert.equal(off.ok && off.endpoint.missedSince?.getTime(), firstAt.getTime())
})

test('an endpoint that goes off again unreplayed has missed all since the first time', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const change = async (enabled: boolean) => {
    const changed = await updateEndpoint(bench.endpointDeps, bench.owner, id, { enabled })
    assert.ok(changed.ok)
    return changed.endpoint
  }
  const { missedSince } = await change(false)
  assert.ok(missedSince !== null)
  await bench.addEvent([])
  bench.clock.advance(HOUR_MS)
  await change(true)
  assert.deepEqual((await change(false)).missedSince, missedSince, 'by its merchant')
  await change(true)
  receiver.answer = status(410)
  await bench.addEvent([id])
  await sweepAndWait(bench.addWorker())
  const gone = await findEndpoint(bench, bench.owner, id)
  assert.equal(gone?.disabledReason, 'gone')
  assert.deepEqual(gone.missedSince, missedSince, 'by its answer')
  assert.equal((await replayGap(bench.endpointDeps, await change(true))).replay?.count, 2)
})

test('events of a payment that were missed come in their order', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const since = new Date(bench.clock.now())
  const payment = { id: newId() }
  for (const sequence of [1, 2, 3]) await bench.addEvent([], { payment, sequence })
  const { id } = await bench.addEndpoint(receiver.url)
  await replayEndpoint(bench.endpointDeps, bench.owner, id, since)
  const worker = bench.addWorker()
  for (let i = 0; i < 6; i++) {
    await sweepAndWait(worker)
    bench.clock.advance(1_000)
  }
  assert.deepEqual(
    receiver.requests.map((request) => JSON.parse(request.body).sequence),
    [1, 2, 3],
  )
})
