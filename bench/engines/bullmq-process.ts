// The process of BullMQ: one job a webhook, in a Redis of the benchmark's own.
import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, Queue, Worker } from 'bullmq'
import { serveCalls } from '../child-process.ts'
import { batchesOf, createSignedPost, readWebhookOrder, type Webhook } from './signed-post.ts'

/** The port of the Redis on loopback. */
export type BullStart = { port: number; concurrency: number }

const QUEUE = 'webhooks'
const JOBS_A_CALL = 500
const POLL_MS = 25
/** As somebody who sends webhooks would: retried for days, and no finished job is kept. */
const JOB = {
  attempts: 11,
  backoff: { type: 'exponential', delay: 5_000 },
  removeOnComplete: true,
}

let connection: Connection | null = null
let worker: Worker | null = null
let post: ((webhook: Webhook) => Promise<void>) | null = null

function connected(): Connection {
  if (connection === null) throw new Error('BullMQ has no Redis yet')
  return connection
}

serveCalls({
  prepare(argument) {
    connection = { host: '127.0.0.1', port: Number(argument), maxRetriesPerRequest: null }
  },
  async add(argument) {
    const order = readWebhookOrder(argument)
    post = createSignedPost(order)
    const queue = new Queue(QUEUE, { connection: connected() })
    for (const webhooks of batchesOf(order, JOBS_A_CALL)) {
      await queue.addBulk(webhooks.map((data) => ({ name: QUEUE, data, opts: JOB })))
    }
    await queue.close()
  },
  async work(argument) {
    const { concurrency } = argument as BullStart
    const run = ({ data }: { data: unknown }) => post?.(data as Webhook) ?? Promise.resolve()
    worker = new Worker(QUEUE, run, { connection: connected(), concurrency })
    worker.on('error', () => undefined)
    await worker.waitUntilReady()
  },
  /** Resolves once no job waits or is under way. */
  async settled() {
    const queue = new Queue(QUEUE, { connection: connected() })
    while (await queue.getJobCountByTypes('wait', 'active', 'delayed')) await delay(POLL_MS)
    await queue.close()
  },
  async stop() {
    await worker?.close()
    worker = null
  },
})
