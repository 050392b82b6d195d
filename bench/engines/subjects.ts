// The engines that are measured, in the order in which they take their turns.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { countGraphileJobs, makeOutage } from '../outage-store.ts'
import { openPool } from '../stage.ts'
import { makeDatabase } from '../totals-store.ts'
import { type DeliveryStage, untilDelivered, untilNone } from './delivery-stage.ts'
import { type RedisFlush, startRedis } from './redis-server.ts'
import type { WebhookOrder } from './signed-post.ts'
import { type Subject, startEngine } from './subject.ts'

/** As many at once as the gateway has under way to one endpoint that answers fast. */
const CONCURRENCY = 64
/** Rows come to lie in the future and are due together, once they are all committed. */
const FILL_MS_EACH = 0.25
const FILL_MS_MIN = 2_000

/** The gateway's own engine: deliveries as an outage leaves them. */
export function gatewaySubject(stage: DeliveryStage): Subject {
  let dueAtMs = 0
  return {
    name: 'Sukuma',
    enginePid: stage.gateway.pid,
    storePid: stage.postgres.pid,
    async fill(count) {
      dueAtMs = Date.now() + FILL_MS_MIN + count * FILL_MS_EACH
      await makeOutage(stage.db, { count, dueAt: new Date(dueAtMs), url: stage.receiverUrl })
      if (Date.now() > dueAtMs) throw new Error('the deliveries were due before they were all there')
    },
    begin: () => delay(Math.max(0, dueAtMs - Date.now())),
    settled: () => untilDelivered(stage.db),
    rest: () => Promise.resolve(),
  }
}

/** graphile-worker on the gateway's PostgreSQL, with or without the batching that its manual advises. */
export async function graphileSubject(
  stack: AsyncDisposableStack,
  stage: DeliveryStage,
  { batched }: { batched: boolean },
): Promise<Subject> {
  const name = batched ? 'graphile-worker, batched' : 'graphile-worker'
  const database = batched ? 'bench_graphile_batched' : 'bench_graphile'
  const admin = openPool(stack, stage.postgres.url)
  await makeDatabase(admin, database)
  const url = new URL(stage.postgres.url)
  url.pathname = `/${database}`
  const child = startEngine(stack, 'graphile-process.ts')
  await child.call('prepare', url.href)
  const db = openPool(stack, url.href)
  const orderOf = createOrders(stage)
  return {
    name,
    enginePid: child.pid,
    storePid: stage.postgres.pid,
    async fill(count) {
      await child.call('add', orderOf(count))
      await db.query('vacuum (analyze)')
      await db.query('checkpoint')
    },
    begin: async () =>
      void (await child.call('work', { databaseUrl: url.href, concurrency: CONCURRENCY, batched })),
    settled: () => untilNone(() => countGraphileJobs(db), 'jobs'),
    rest: async () => void (await child.call('stop')),
  }
}

/** BullMQ on a Redis of its own; null where the machine has none. */
export async function bullSubject(
  stack: AsyncDisposableStack,
  stage: DeliveryStage,
  { dir, flush }: { dir: string; flush: RedisFlush },
): Promise<Subject | null> {
  const redis = await startRedis(stack, join(dir, `redis-${flush}`), flush)
  if (redis === null) return null
  const child = startEngine(stack, 'bullmq-process.ts')
  await child.call('prepare', redis.port)
  const orderOf = createOrders(stage)
  return {
    name: `BullMQ, appendfsync ${flush}`,
    enginePid: child.pid,
    storePid: redis.pid,
    fill: async (count) => void (await child.call('add', orderOf(count))),
    begin: async () => void (await child.call('work', { concurrency: CONCURRENCY })),
    settled: async () => void (await child.call('settled')),
    rest: async () => void (await child.call('stop')),
  }
}

/** The same POSTs from memory. */
export function bareSubject(stack: AsyncDisposableStack, stage: DeliveryStage): Subject {
  const child = startEngine(stack, 'bare-process.ts')
  const orderOf = createOrders(stage)
  return {
    name: 'no engine: POSTs from memory',
    enginePid: child.pid,
    storePid: null,
    fill: async (count) => void (await child.call('add', orderOf(count))),
    begin: async () => void (await child.call('work', { concurrency: CONCURRENCY })),
    settled: () => Promise.resolve(),
    rest: () => Promise.resolve(),
  }
}

/** Orders of the same body as the gateway's own webhooks, each webhook with a number of its own. */
function createOrders({ receiverUrl, shops, example }: DeliveryStage): (count: number) => WebhookOrder {
  const secret = shops[0]?.webhookSecrets[0] ?? ''
  let firstNumber = 1
  return (count) => {
    const order = {
      ...{ url: `${receiverUrl}/0`, secret, count, firstNumber },
      ...{ body: example.body, idInBody: example.id },
    }
    firstNumber += count
    return order
  }
}
