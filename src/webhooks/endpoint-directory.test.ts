import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { silentLogger } from '../log.ts'
import type { ChangeFeed } from '../merchants/change-feed.ts'
import { createReadCache, followed } from '../merchants/read-cache.ts'
import { createEndpointDirectory, type EndpointCache } from './endpoint-directory.ts'
import { rotateSecret } from './endpoints.ts'
import { createWebhookBench, type WebhookBench } from './testing/webhook-bench.ts'

const URL = 'https://shop.example.com/hooks'
const OVERLAP_SECONDS = 60

/** A directory that is told of every change, of which there are none, so that it reads once in minutes. */
function createFollowingDirectory({ db, clock, sealer }: WebhookBench) {
  const feed: ChangeFeed = { mark: () => 0, sinceMark: () => 'unchanged', close() {} }
  const reads = { count: 0 }
  const counted = {
    query: (...args: Parameters<typeof db.query>) => {
      reads.count += 1
      return db.query(...args)
    },
  }
  const cache: EndpointCache = createReadCache({ clock, ...followed(feed, (each) => each.merchantId) })
  const deps = { db: Object.assign(Object.create(db), counted), clock, sealer, log: silentLogger, cache }
  return { reads, directory: createEndpointDirectory(deps) }
}

test('a former secret signs to the end of its overlap, however long it is remembered', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(URL)
  assert.ok((await rotateSecret(bench.endpointDeps, bench.owner, id, OVERLAP_SECONDS)).ok)
  const { directory, reads } = createFollowingDirectory(bench)
  const signers = async () => (await directory.find(bench.owner.merchantId, id))?.signers.length
  assert.equal(await signers(), 2)
  bench.clock.advance(OVERLAP_SECONDS * 1_000 - 1)
  assert.equal(await signers(), 2)
  bench.clock.advance(1)
  assert.equal(await signers(), 1)
  assert.equal(reads.count, 1)
})
