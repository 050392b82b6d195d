// The process of graphile-worker: one job a webhook, in the PostgreSQL that the gateway uses too.
import { Logger, makeWorkerUtils, type Runner, run, WorkerPreset, type WorkerUtils } from 'graphile-worker'
import { serveCalls } from '../child-process.ts'
import { batchesOf, createSignedPost, readWebhookOrder, type Webhook } from './signed-post.ts'

/** How it works: as its page on performance advises (`batched`), or without its local queue. */
export type GraphileStart = { databaseUrl: string; concurrency: number; batched: boolean }

const TASK = 'webhook'
const JOBS_A_CALL = 500
/** Of its page on performance (graphile-worker, "Quick stats"). */
const BATCHED = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }

const logger = new Logger(() => () => undefined)
let utils: WorkerUtils | null = null
let runner: Runner | null = null
let post: ((webhook: Webhook) => Promise<void>) | null = null

serveCalls({
  /** Makes its tables. */
  async prepare(argument) {
    utils = await makeWorkerUtils({ connectionString: String(argument), logger })
    await utils.migrate()
  },
  async add(argument) {
    const order = readWebhookOrder(argument)
    post = createSignedPost(order)
    for (const webhooks of batchesOf(order, JOBS_A_CALL)) {
      await utils?.addJobs(webhooks.map((payload) => ({ identifier: TASK, payload })))
    }
  },
  async work(argument) {
    const { databaseUrl, concurrency, batched } = argument as GraphileStart
    const worker = {
      connectionString: databaseUrl,
      concurrentJobs: concurrency,
      maxPoolSize: concurrency + 1,
      logger,
      ...(batched ? BATCHED : {}),
    }
    runner = await run({
      preset: { extends: [WorkerPreset], worker },
      taskList: { [TASK]: (payload) => post?.(payload as Webhook) ?? Promise.resolve() },
      noHandleSignals: true,
    })
  },
  async stop() {
    await runner?.stop()
    runner = null
  },
})
