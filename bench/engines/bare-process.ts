// The process of no engine at all: the same signed POSTs from a list in memory, kept and recorded nowhere.
// What no engine of one process can be faster than.
import { serveCalls } from '../child-process.ts'
import { batchesOf, createSignedPost, readWebhookOrder, type Webhook } from './signed-post.ts'

const BATCH = 1_000

let waiting: Webhook[] = []
let post: ((webhook: Webhook) => Promise<void>) | null = null

async function workOff(): Promise<void> {
  for (let webhook = waiting.pop(); webhook !== undefined; webhook = waiting.pop()) await post?.(webhook)
}

serveCalls({
  prepare: () => undefined,
  add(argument) {
    const order = readWebhookOrder(argument)
    post = createSignedPost(order)
    waiting = [...batchesOf(order, BATCH)].flat()
  },
  work(argument) {
    const { concurrency } = argument as { concurrency: number }
    for (let lane = 0; lane < concurrency; lane += 1) void workOff()
  },
  stop: () => undefined,
})
