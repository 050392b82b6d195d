// The demo merchant of the embedded database, wired: a first payment needs no credentials.
import type pg from 'pg'
import { makeDemoSignIn } from './accounts/demo-user.ts'
import type { Core } from './compose-core.ts'
import type { Config } from './config.ts'
import { DEMO_MERCHANT_ID, type DemoAccount, ensureDemoMerchant } from './merchants/demo.ts'
import { createEndpoint, findEndpointSecret } from './webhooks/endpoints.ts'

/** Makes the demo merchant on a first start, and keeps its file true on later ones. */
export async function ensureDemo(
  config: Config,
  core: Core,
  pool: pg.Pool,
  at: { baseUrl: string; simulatorUrl: string | null },
): Promise<DemoAccount | null> {
  const deps = {
    pool,
    clock: core.clock,
    newUuid: core.newUuid,
    sealer: core.sealer,
    async createEndpoint(db: Parameters<typeof createEndpoint>[0]['db'], owner: DemoOwner, url: string) {
      const wish = { url, format: 'daraja', eventTypes: null, description: 'SUKUMA_DEMO_WEBHOOK_URL' }
      const made = await createEndpoint({ ...core.endpointDeps, db }, owner, wish)
      if (made.ok) return made.secret
      throw new Error(`SUKUMA_DEMO_WEBHOOK_URL was refused: ${JSON.stringify(made)}`)
    },
    findEndpointSecret: (owner: DemoOwner) => findEndpointSecret({ db: pool, sealer: core.sealer }, owner),
  }
  return ensureDemoMerchant(deps, { dataDir: config.dataDir, webhookUrl: config.demoWebhookUrl, ...at })
}

/** A link that signs in the demo user, fresh at every start, while the demo user works for the merchant. */
export async function makeDemoSignInUrl(
  config: Config,
  core: Core,
  pool: pg.Pool,
  baseUrl: string,
): Promise<string | null> {
  if (!config.dashboard || !config.roles.has('api')) return null
  const deps = { db: pool, clock: core.clock, newUuid: core.newUuid }
  return makeDemoSignIn(deps, { merchantId: DEMO_MERCHANT_ID, baseUrl })
}

type DemoOwner = { merchantId: DemoAccount['merchantId']; live: false }
