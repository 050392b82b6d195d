// The endpoints of a merchant with their secrets open, kept in memory for a moment: deliveries come in
// bursts, and must not cost a query each.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { ReadCache } from '../merchants/read-cache.ts'
import type { WebhookEndpoint } from './endpoint.ts'
import { readSealedEndpoints, type SealedEndpoint } from './endpoint-store.ts'

/** Seals secrets for one context and opens what was sealed for it. */
export type SecretSealer = {
  seal(plaintext: string, context: string): Buffer
  open(sealed: Uint8Array, context: string): string
}

/** What an endpoint's secrets are sealed for: in another row they do not open. */
export function secretContext(merchantId: Uuid, endpointId: Uuid): string {
  return `webhook:${merchantId}:${endpointId}`
}

/** An endpoint and the secrets that sign for it, the current one first; none when they do not open. */
export type SigningEndpoint = { endpoint: WebhookEndpoint; secrets: string[] }

/** Finds endpoints for delivery. */
export type EndpointDirectory = {
  /**
   * The endpoint, a few seconds old at most, but fresh when it is off; null when it is deleted. Throws when
   * the database fails.
   */
  find(merchantId: Uuid, endpointId: Uuid): Promise<SigningEndpoint | null>
  /** The next `find` reads the merchant's endpoints afresh; to be called after a change of theirs. */
  forget(merchantId: Uuid): void
}

type Loaded = ReadonlyMap<Uuid, SigningEndpoint>

/** A directory over `cache`, which must be its own. */
export function createEndpointDirectory(deps: {
  db: Database
  log: Logger
  clock: { now(): number }
  sealer: SecretSealer
  cache: ReadCache<Loaded>
}): EndpointDirectory {
  async function load(merchantId: Uuid): Promise<Loaded> {
    const rows = await readSealedEndpoints(deps, merchantId)
    return new Map(rows.map((row) => [row.endpoint.id, open(row)]))
  }

  function open(row: SealedEndpoint): SigningEndpoint {
    const { merchantId, id, previousSecretExpiresAt } = row.endpoint
    const context = secretContext(merchantId, id)
    const sealed = [row.secretSealed]
    const previousUntilMs = previousSecretExpiresAt?.getTime() ?? 0
    if (row.previousSealed !== null && previousUntilMs > deps.clock.now()) sealed.push(row.previousSealed)
    try {
      return { endpoint: row.endpoint, secrets: sealed.map((each) => deps.sealer.open(each, context)) }
    } catch (error) {
      deps.log.error({ err: error, endpoint: id }, 'the secret of a webhook endpoint does not open')
      return { endpoint: row.endpoint, secrets: [] }
    }
  }

  return {
    async find(merchantId, endpointId) {
      const loaded = await deps.cache.get(merchantId, () => load(merchantId))
      const found = loaded?.get(endpointId)
      if (found !== undefined && found.endpoint.disabledAt === null) return found
      // Not there, or off: for good, or only until just after what the cache holds was read. A delivery is
      // cancelled by this answer, so it must be a fresh one.
      deps.cache.forget(merchantId)
      const again = await deps.cache.get(merchantId, () => load(merchantId))
      return again?.get(endpointId) ?? null
    },
    forget: (merchantId) => deps.cache.forget(merchantId),
  }
}
