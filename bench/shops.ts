// Merchants of the benchmark, made in the database before a gateway runs on it: each with a shortcode of the
// simulator, a key, and webhook endpoints.
import { systemClock } from '../src/clock.ts'
import type { Database } from '../src/db/database.ts'
import { createUuidSource, type Uuid } from '../src/ids.ts'
import { createApiKey } from '../src/merchants/api-keys.ts'
import { createMerchant } from '../src/merchants/merchants.ts'
import { createSealer } from '../src/merchants/sealed.ts'
import { createShortcode } from '../src/merchants/shortcodes.ts'
import { DEFAULT_CREDENTIALS } from '../src/simulator/credentials.ts'
import { createEndpoint } from '../src/webhooks/endpoints.ts'

/** A merchant and what its shop knows. */
export type Shop = { merchantId: Uuid; apiKey: string; webhookSecrets: string[] }

/** How many merchants, and where the webhooks of each go: an endpoint a URL. */
export type ShopWish = { count: number; sinkUrls: readonly string[] }

/** Made at once: the pool has ten connections. */
const MADE_AT_ONCE = 10

/** Makes the merchants. Slow ones are waited for: ten thousand take half a minute. */
export async function makeShops(db: Database, secret: Buffer, wish: ShopWish): Promise<Shop[]> {
  const shops: Shop[] = []
  while (shops.length < wish.count) {
    const length = Math.min(MADE_AT_ONCE, wish.count - shops.length)
    const names = Array.from({ length }, (_, index) => `shop ${shops.length + index}`)
    shops.push(...(await Promise.all(names.map((name) => makeShop(db, secret, { name, ...wish })))))
  }
  return shops
}

async function makeShop(
  db: Database,
  secret: Buffer,
  { name, sinkUrls }: { name: string } & Pick<ShopWish, 'sinkUrls'>,
): Promise<Shop> {
  const deps = {
    db,
    clock: systemClock,
    newUuid: createUuidSource(systemClock),
    sealer: createSealer([secret]),
  }
  const made = await createMerchant(deps, { name })
  if (made.code !== 'created') throw new Error(`the merchant: ${made.code}`)
  const merchantId = made.merchant.id
  const [app] = DEFAULT_CREDENTIALS
  if (app === undefined) throw new Error('the simulator knows no app')
  const shortcode = await createShortcode(deps, {
    ...{ merchantId, environment: 'sandbox', kind: 'paybill' },
    ...{ number: app.shortcode, credentials: app },
  })
  if (shortcode.code !== 'created') throw new Error(`the shortcode: ${shortcode.code}`)
  const webhookSecrets: string[] = []
  for (const url of sinkUrls) {
    const endpoint = await createEndpoint(
      { ...deps, directory: { forget: () => undefined }, allowPrivate: true },
      { merchantId, live: false },
      { url, format: 'event', eventTypes: null, description: null },
    )
    if (!endpoint.ok) throw new Error(`the endpoint: ${endpoint.code}`)
    webhookSecrets.push(endpoint.secret)
  }
  const key = await createApiKey(deps, { merchantId, live: false, name: 'bench' })
  if (key.code !== 'created') throw new Error(`the key: ${key.code}`)
  return { merchantId, apiKey: key.text, webhookSecrets }
}
