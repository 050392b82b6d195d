// The shop of the benchmark: a merchant with a shortcode of the simulator, a key, and a webhook endpoint.
import { systemClock } from '../src/clock.ts'
import type { Database } from '../src/db/database.ts'
import { createUuidSource } from '../src/ids.ts'
import { createApiKey } from '../src/merchants/api-keys.ts'
import { createMerchant } from '../src/merchants/merchants.ts'
import { createSealer } from '../src/merchants/sealed.ts'
import { createShortcode } from '../src/merchants/shortcodes.ts'
import { DEFAULT_CREDENTIALS } from '../src/simulator/credentials.ts'
import { createEndpoint } from '../src/webhooks/endpoints.ts'

/** Makes the shop in a migrated database, before any gateway runs on it; resolves to its API key. */
export async function makeAccount(db: Database, secret: Buffer, sinkUrl: string): Promise<string> {
  const newUuid = createUuidSource(systemClock)
  const sealer = createSealer([secret])
  const deps = { db, clock: systemClock, newUuid, sealer }
  const made = await createMerchant(deps, { name: 'bench' })
  if (made.code !== 'created') throw new Error(`the merchant: ${made.code}`)
  const merchantId = made.merchant.id
  const [app] = DEFAULT_CREDENTIALS
  if (app === undefined) throw new Error('the simulator knows no app')
  const shortcode = await createShortcode(deps, {
    merchantId,
    environment: 'sandbox',
    kind: 'paybill',
    number: app.shortcode,
    credentials: app,
  })
  if (shortcode.code !== 'created') throw new Error(`the shortcode: ${shortcode.code}`)
  const endpoint = await createEndpoint(
    { ...deps, directory: { forget: () => undefined }, allowPrivate: true },
    { merchantId, live: false },
    { url: sinkUrl, format: 'event', eventTypes: null, description: null },
  )
  if (!endpoint.ok) throw new Error(`the endpoint: ${endpoint.code}`)
  const key = await createApiKey(deps, { merchantId, live: false, name: 'bench' })
  if (key.code !== 'created') throw new Error(`the key: ${key.code}`)
  return key.text
}
