// The demo merchant of a first start with the embedded database: a payment within a minute, no credentials.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { parseUuid, type Uuid, type UuidSource } from '../ids.ts'
import { findApiKeyByHash } from './api-key-store.ts'
import { readApiKeyText } from './api-key-text.ts'
import { createApiKey } from './api-keys.ts'
import { type DemoAccount, readDemoFile, writeDemoFile } from './demo-file.ts'
import { inTransaction } from './demo-store.ts'
import { insertMerchant } from './merchant-store.ts'
import type { SettingsDeps } from './merchants.ts'
import type { Sealer } from './sealed.ts'
import { createSimulatorShortcode } from './simulator-shortcode.ts'

export type { DemoAccount }

/** What the demo merchant is made with. */
export type DemoDeps = {
  pool: Pick<pg.Pool, 'connect' | 'query'>
  clock: Clock
  newUuid: UuidSource
  sealer: Sealer
  /** Creates a webhook endpoint of format `daraja` through `db`; resolves to its secret. */
  createEndpoint(db: Database, owner: { merchantId: Uuid; live: false }, url: string): Promise<string>
  /** The secret of an endpoint that the merchant has, if any. */
  findEndpointSecret(owner: { merchantId: Uuid; live: false }): Promise<string | null>
}

/** Where this start listens. */
export type DemoPlace = {
  dataDir: string
  baseUrl: string
  simulatorUrl: string | null
  /** SUKUMA_DEMO_WEBHOOK_URL; counts only when the merchant is made. */
  webhookUrl: string | null
}

/** Always the same one, so that a second start finds it whatever its owner calls it. */
export const DEMO_MERCHANT_ID: Uuid = readDemoMerchantId()

function readDemoMerchantId(): Uuid {
  const id = parseUuid('00000000-0000-7000-8000-00000000de30')
  if (id === null) throw new Error('the demo merchant has no id')
  return id
}

/**
 * Makes the demo merchant with a simulator shortcode, a test key and, when one is configured, a webhook
 * endpoint, and keeps `demo.json`. On later starts it only brings the addresses in that file up to date; a
 * file that is gone, or that names a key of another database, gets a new key. Null when its key was revoked
 * or has expired: whoever ended it does not want another. For one process at a time on a data folder.
 */
export async function ensureDemoMerchant(deps: DemoDeps, place: DemoPlace): Promise<DemoAccount | null> {
  const { dataDir, baseUrl, simulatorUrl } = place
  const kept = await readDemoFile(dataDir)
  // A crash between the commit and the file's last name leaves the draft.
  for (const candidate of [kept, await readDemoFile(dataDir, 'demo.json.draft')]) {
    const state = candidate === null ? 'unknown' : await stateOf(deps, candidate)
    if (candidate === null || state === 'unknown') continue
    if (state === 'ended') return null
    const account = { ...candidate, baseUrl, simulatorUrl }
    const changed = kept?.baseUrl !== baseUrl || kept.simulatorUrl !== simulatorUrl
    if (candidate !== kept || changed) await settleFile(dataDir, account)
    return account
  }
  const account = await inTransaction(deps.pool, async (db) => {
    const made = await makeAccount({ ...deps, db }, place)
    await writeDemoFile(dataDir, made, 'demo.json.draft')
    return made
  })
  await settleFile(dataDir, account)
  return account
}

async function settleFile(dataDir: string, account: DemoAccount): Promise<void> {
  await writeDemoFile(dataDir, account)
  await rm(join(dataDir, 'demo.json.draft'), { force: true })
}

async function stateOf(deps: DemoDeps, account: DemoAccount): Promise<'works' | 'ended' | 'unknown'> {
  const read = readApiKeyText(account.apiKey)
  const found = read === null ? null : await findApiKeyByHash({ db: deps.pool }, read.hash)
  if (found === null || found.key.merchantId !== account.merchantId) return 'unknown'
  const { revokedAt, expiresAt } = found.key
  const expired = expiresAt !== null && expiresAt.getTime() <= deps.clock.now()
  return revokedAt !== null || expired ? 'ended' : 'works'
}

async function makeAccount(deps: DemoDeps & SettingsDeps, place: DemoPlace): Promise<DemoAccount> {
  const merchantId = DEMO_MERCHANT_ID
  const createdAt = new Date(deps.clock.now())
  const isNew = await insertMerchant(deps, { id: merchantId, name: 'demo', createdAt })
  await createSimulatorShortcode(deps, merchantId)
  const key = await createApiKey(deps, { merchantId, live: false, name: 'demo' })
  if (key.code !== 'created') throw new Error(`the demo key was not made: ${key.code}`)
  return {
    merchantId,
    apiKey: key.text,
    baseUrl: place.baseUrl,
    simulatorUrl: place.simulatorUrl,
    webhookSecret: await webhookSecretOf(deps, merchantId, isNew ? place.webhookUrl : null),
  }
}

async function webhookSecretOf(
  deps: DemoDeps & SettingsDeps,
  merchantId: Uuid,
  newUrl: string | null,
): Promise<string | null> {
  const owner = { merchantId, live: false } as const
  if (newUrl !== null) return deps.createEndpoint(deps.db, owner, newUrl)
  return deps.findEndpointSecret(owner)
}
