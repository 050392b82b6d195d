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
/** Six digits, none of which the simulator knows. */
const FIRST_PAYBILL = 600_000

/** Makes the merchants. Slow ones are waited for: ten thousand take half a minute. */
export async function makeShops(db: Database, secret: Buffer, wish: ShopWish): Promise<Shop[]> {
  const shops: Shop[] = []
  while (shops.length < wish.count) {
    const length = Math.min(MADE_AT_ONCE, wish.count - shops.length)
    const places = Array.from({ length }, (_, index) => shops.length + index)
    const made = places.map((place) => makeShop(db, secret, { place, sinkUrls: wish.sinkUrls }))
    shops.push(...(await Promise.all(made)))
  }
  return shops
}

async function makeShop(
  db: Database,
  secret: Buffer,
  { place, sinkUrls }: { place: number } & Pick<ShopWish, 'sinkUrls'>,
): Promise<Shop> {
  const deps = {
    db,
    clock: systemClock,
    newUuid: createUuidSource(systemClock),
    sealer: createSealer([secret]),
  }
  const made = await createMerchant(deps, { name: `shop ${place}` })
  if (made.code !== 'created') throw new Error(`the merchant: ${made.code}`)
  const merchantId = made.merchant.id
  const [app] = DEFAULT_CREDENTIALS
  if (app === undefined) throw new Error('the simulator knows no app')
  const shortcode = await createShortcode(deps, {
    ...{ merchantId, environment: 'sandbox', kind: 'paybill' },
    // All but the first have a paybill of their own, of the one app of an integrator.
    ...{ number: place === 0 ? app.shortcode : String(FIRST_PAYBILL + place), credentials: app },
  })
  if (shortcode.code !== 'created') throw new Error(`the shortcode: ${shortcode.code}`)
  const webhookSecrets: string[] = []
  for (const url of sinkUrls) {
    const endpoint = await createEndpoint(
      { ...deps, directory: { forget: () => undefined }, privateReach: 'all' },
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
