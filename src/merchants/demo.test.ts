import assert from 'node:assert/strict'
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { createUuidSource } from '../ids.ts'
import { findApiKeyByHash } from './api-key-store.ts'
import { readApiKeyText } from './api-key-text.ts'
import { revokeApiKey } from './api-keys.ts'
import { type DemoDeps, ensureDemoMerchant } from './demo.ts'
import { createSealer } from './sealed.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let folder: string
let deps: DemoDeps & { db: Database; endpoints: string[] }

function place(changes: { simulatorUrl?: string | null; webhookUrl?: string | null; baseUrl?: string } = {}) {
  const simulatorUrl = 'http://127.0.0.1:4001'
  const dataDir = join(folder, 'data')
  return { dataDir, baseUrl: 'http://127.0.0.1:4000', simulatorUrl, webhookUrl: null, ...changes }
}

const demoFile = () => join(folder, 'data', 'demo.json')
const readDemo = async () => JSON.parse(await readFile(demoFile(), 'utf8'))

async function countRows(): Promise<number[]> {
  const tables = ['merchants', 'shortcodes', 'api_keys']
  const counts = await Promise.all(tables.map((table) => deps.db.query(`select 1 from ${table}`)))
  return counts.map((found) => found.rows.length)
}

beforeEach(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'sukuma-demo-'))
  const clock = manualClock(Date.UTC(2026, 0, 1))
  const endpoints: string[] = []
  deps = {
    db: database.pool,
    pool: database.pool,
    clock,
    newUuid: createUuidSource(clock),
    sealer: createSealer([Buffer.alloc(32, 1)]),
    endpoints,
    async createEndpoint(_db, _owner, url) {
      endpoints.push(url)
      return `whsec_${endpoints.length}`
    },
    findEndpointSecret: async () => (endpoints.length > 0 ? `whsec_${endpoints.length}` : null),
  }
})

afterEach(async () => {
  await rm(folder, { recursive: true })
  await database[Symbol.asyncDispose]()
})

describe('the demo merchant', () => {
  it('has a simulator shortcode and a test key, told in demo.json to its owner alone', async () => {
    const account = await ensureDemoMerchant(deps, place())
    assert.deepEqual(await countRows(), [1, 1, 1])
    assert.deepEqual(Object.keys(await readDemo()), [
      'merchant_id',
      'api_key',
      'base_url',
      'simulator_url',
      'webhook_secret',
    ])
    const { api_key: key, webhook_secret: secret } = await readDemo()
    assert.equal(secret, null)
    assert.ok(account)
    assert.equal(key, account.apiKey)
    const found = await findApiKeyByHash(deps, readApiKeyText(key)?.hash ?? '')
    assert.equal(found?.key.live, false)
    assert.equal((await stat(demoFile())).mode & 0o777, 0o600)
  })

  it('has the webhook endpoint that is configured on the first start, and only then', async () => {
    await ensureDemoMerchant(deps, place({ webhookUrl: 'http://127.0.0.1:9/hook' }))
    assert.equal((await readDemo()).webhook_secret, 'whsec_1')
    await ensureDemoMerchant(deps, place({ webhookUrl: 'http://127.0.0.1:9/other' }))
    assert.deepEqual(deps.endpoints, ['http://127.0.0.1:9/hook'])
    assert.equal((await readDemo()).webhook_secret, 'whsec_1')
  })
})

describe('a later start', () => {
  it('finds the demo merchant as it was, at the address of the day', async () => {
    const first = await ensureDemoMerchant(deps, place())
    const second = await ensureDemoMerchant(
      deps,
      place({ baseUrl: 'http://127.0.0.1:5000', simulatorUrl: null }),
    )
    assert.deepEqual(second, { ...first, baseUrl: 'http://127.0.0.1:5000', simulatorUrl: null })
    assert.equal((await readDemo()).base_url, 'http://127.0.0.1:5000')
    assert.equal((await readDemo()).simulator_url, null)
    assert.deepEqual(await countRows(), [1, 1, 1])
  })

  it('makes a new key when the file is gone or spoilt, or names a key of another database', async () => {
    const first = await ensureDemoMerchant(deps, place({ webhookUrl: 'http://127.0.0.1:9/hook' }))
    await rm(demoFile())
    const second = await ensureDemoMerchant(deps, place())
    assert.equal(second?.merchantId, first?.merchantId)
    assert.notEqual(second?.apiKey, first?.apiKey)
    assert.equal(second?.webhookSecret, 'whsec_1')
    await writeFile(demoFile(), '{"api_key":')
    await ensureDemoMerchant(deps, place())
    await deps.db.query('delete from api_keys')
    await ensureDemoMerchant(deps, place())
    assert.deepEqual(await countRows(), [1, 1, 1])
    assert.deepEqual(deps.endpoints.length, 1)
  })

  it('leaves the demo merchant alone once its key was revoked', async () => {
    const account = await ensureDemoMerchant(deps, place())
    const found = await findApiKeyByHash(deps, readApiKeyText(account?.apiKey ?? '')?.hash ?? '')
    assert.ok(found)
    await revokeApiKey(deps, found.key, found.key.id)
    assert.equal(await ensureDemoMerchant(deps, place()), null)
    assert.deepEqual(await countRows(), [1, 1, 1])
  })
})

describe('a crash while the demo merchant is made', () => {
  it('before the commit leaves nothing, so that the next start makes it', async () => {
    const failing: DemoDeps = { ...deps, createEndpoint: () => Promise.reject(new Error('refused')) }
    await assert.rejects(ensureDemoMerchant(failing, place({ webhookUrl: 'http://x.test/' })), /refused/)
    assert.deepEqual(await countRows(), [0, 0, 0])
    assert.notEqual(await ensureDemoMerchant(deps, place()), null)
    assert.deepEqual(await countRows(), [1, 1, 1])
  })

  it('after the commit loses neither the key nor the webhook secret', async () => {
    const first = await ensureDemoMerchant(deps, place({ webhookUrl: 'http://127.0.0.1:9/hook' }))
    // As it is when the last rename has not happened.
    await rename(demoFile(), `${demoFile()}.draft`)
    assert.deepEqual(await ensureDemoMerchant(deps, place()), first)
    assert.deepEqual((await readDemo()).api_key, first?.apiKey)
    assert.deepEqual(await countRows(), [1, 1, 1])
  })
})
