import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { createEndpoint, rotateSecret } from './endpoints.ts'
import { revealSecret } from './reveal-secret.ts'
import { createWebhookBench, newId } from './testing/webhook-bench.ts'

const wish = { url: 'https://shop.example/hooks', format: 'event', eventTypes: null, description: null }

test('a secret is shown again to its own side, with the former one while that signs along', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const made = await createEndpoint(bench.endpointDeps, bench.owner, wish)
  assert.ok(made.ok)
  const { id } = made.endpoint
  const reveal = (owner = bench.owner) => revealSecret(bench.endpointDeps, owner, id)
  assert.deepEqual(await reveal(), { secret: made.secret, previous: null })
  assert.equal(await reveal({ ...bench.owner, live: !bench.owner.live }), null)
  assert.equal(await reveal({ ...bench.owner, merchantId: newId() }), null)
  const rotated = await rotateSecret(bench.endpointDeps, bench.owner, id, 3_600)
  assert.ok(rotated.ok)
  const during = await reveal()
  assert.equal(during?.secret, rotated.secret)
  assert.equal(during?.previous?.secret, made.secret)
  const atOnce = await rotateSecret(bench.endpointDeps, bench.owner, id, 0)
  assert.ok(atOnce.ok)
  assert.deepEqual(await reveal(), { secret: atOnce.secret, previous: null })
})
