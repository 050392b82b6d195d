import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import type { DarajaCredential } from '../daraja/credential.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { createCredentialHealth } from './credential-health.ts'
import { createMerchant } from './merchants.ts'
import { createSealer } from './sealed.ts'
import { createShortcode } from './shortcodes.ts'

const LOOK_MS = 5_000
/** Apps of one sweep. */
const AT_ONCE = 100

test('every refused app is looked into in its turn, however many are refused for longer', async () => {
  await using db = await createTestDatabase()
  const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
  const newUuid = createUuidSource(clock)
  const deps = { db: db.pool, clock, newUuid, sealer: createSealer([Buffer.alloc(32, 1)]), log: silentLogger }
  const made = await createMerchant(deps, { name: 'Duka' })
  assert.ok(made.code === 'created')
  for (let count = 0; count <= AT_ONCE; count += 1) {
    const shortcode = await createShortcode(deps, {
      ...{
        merchantId: made.merchant.id,
        environment: 'sandbox',
        kind: 'paybill',
        number: `${600_000 + count}`,
      },
      credentials: { consumerKey: `k${count}`, consumerSecret: 's', passkey: 'p' },
    })
    assert.equal(shortcode.code, 'created')
  }
  await db.pool.query(
    `update shortcodes set credentials_refused_at = $1::timestamptz + number::integer * interval '1 second'`,
    [new Date(clock.now())],
  )
  const asked: Uuid[] = []
  const credential: DarajaCredential = {
    ...{ id: 'app', environment: 'sandbox', baseUrl: 'https://sandbox.safaricom.co.ke', kind: 'paybill' },
    ...{ consumerKey: 'k', consumerSecret: 's', passkey: 'p', businessShortCode: '600000', partyB: '600000' },
  }
  const health = createCredentialHealth(deps, () => ({
    async credentialOf(_merchantId, shortcodeId) {
      asked.push(shortcodeId)
      return credential
    },
    probe: async () => false,
  }))
  const sweep = async () => {
    const before = asked.length
    assert.equal(await health.sweep(), 0)
    clock.advance(LOOK_MS)
    return asked.length - before
  }
  assert.deepEqual([await sweep(), await sweep(), await sweep()], [AT_ONCE, 1, AT_ONCE])
  assert.equal(new Set(asked.slice(0, AT_ONCE + 1)).size, AT_ONCE + 1)
})
