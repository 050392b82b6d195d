// The merchant of the drill: a shortcode of the simulator, a key, and an endpoint of each format.
import { request } from 'undici'
import type { Clock } from '../src/clock.ts'
import type { Database } from '../src/db/database.ts'
import { createUuidSource } from '../src/ids.ts'
import { createApiKey } from '../src/merchants/api-keys.ts'
import { createMerchant } from '../src/merchants/merchants.ts'
import { createSealer } from '../src/merchants/sealed.ts'
import { createShortcode } from '../src/merchants/shortcodes.ts'
import { DEFAULT_CREDENTIALS } from '../src/simulator/credentials.ts'

/** Makes the merchant in a migrated database; resolves to its API key. */
export async function makeAccount(db: Database, clock: Clock, secret: Buffer): Promise<string> {
  const deps = { db, clock, newUuid: createUuidSource(clock), sealer: createSealer([secret]) }
  const made = await createMerchant(deps, { name: 'drill' })
  if (made.code !== 'created') throw new Error(`the merchant: ${made.code}`)
  const merchantId = made.merchant.id
  const [app] = DEFAULT_CREDENTIALS
  if (app === undefined) throw new Error('the simulator knows no app')
  const shortcode = await createShortcode(deps, {
    merchantId,
    // Of the sandbox it is known how little may be asked; here the budget of questions finds its own way.
    environment: 'simulator',
    kind: 'paybill',
    number: app.shortcode,
    credentials: app,
    pullTransactions: true,
  })
  if (shortcode.code !== 'created') throw new Error(`the shortcode: ${shortcode.code}`)
  const key = await createApiKey(deps, { merchantId, live: false, name: 'drill' })
  if (key.code !== 'created') throw new Error(`the key: ${key.code}`)
  return key.text
}

/** Makes an endpoint of each format through a gateway, as a merchant does; resolves to their secrets. */
export async function makeEndpoints(
  gatewayUrl: string,
  apiKey: string,
  receiverUrl: string,
): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {}
  for (const format of ['event', 'daraja']) {
    const answer = await request(`${gatewayUrl}/v1/webhook_endpoints`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${receiverUrl}/${format}`, format }),
    })
    const body = (await answer.body.json()) as { secret?: string }
    if (body.secret === undefined) throw new Error(`the endpoint: ${JSON.stringify(body)}`)
    secrets[format] = body.secret
  }
  return secrets
}
