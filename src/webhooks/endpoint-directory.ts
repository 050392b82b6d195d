// The endpoints of a merchant with their secrets open, kept in memory for a moment: deliveries come in
// bursts, and must not cost a query each.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { ReadCache } from '../merchants/read-cache.ts'
import type { WebhookEndpoint } from './endpoint.ts'
import { createReadSealedEndpoints, type SealedEndpoint } from './endpoint-store.ts'
import { ed25519Signer, hmacSigner, type SignatureScheme, type Signer } from './signature.ts'

/** Seals secrets for one context and opens what was sealed for it. */
export type SecretSealer = {
  seal(plaintext: string, context: string): Buffer
  open(sealed: Uint8Array, context: string): string
}

/** What an endpoint's secrets are sealed for: in another row they do not open. */
export function secretContext(merchantId: Uuid, endpointId: Uuid): string {
  return `webhook:${merchantId}:${endpointId}`
}

/** What an endpoint's private keys are sealed for. */
export function signingKeyContext(merchantId: Uuid, endpointId: Uuid): string {
  return `webhook-key:${merchantId}:${endpointId}`
}

/** An endpoint and what signs for it, of each scheme the current first; none when they do not open. */
export type SigningEndpoint = { endpoint: WebhookEndpoint; signers: Signer[] }

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
  const read = createReadSealedEndpoints(deps)

  async function load(merchantId: Uuid): Promise<Loaded> {
    const rows = (await read(merchantId)) ?? []
    return new Map(rows.map((row) => [row.endpoint.id, open(row)]))
  }

  function open(row: SealedEndpoint): SigningEndpoint {
    const { endpoint } = row
    try {
      return { endpoint, signers: endpoint.signatureSchemes.flatMap((scheme) => signersOf(row, scheme)) }
    } catch (error) {
      deps.log.error({ err: error, endpoint: endpoint.id }, 'the secret of a webhook endpoint does not open')
      return { endpoint, signers: [] }
    }
  }

  function signersOf(row: SealedEndpoint, scheme: SignatureScheme): Signer[] {
    const { merchantId, id, previousSecretExpiresAt } = row.endpoint
    if (scheme === 'v1') {
      const context = secretContext(merchantId, id)
      return inForce(row.secretSealed, row.previousSealed, previousSecretExpiresAt).map((sealed) =>
        hmacSigner(deps.sealer.open(sealed, context)),
      )
    }
    const context = signingKeyContext(merchantId, id)
    return inForce(row.keySealed, row.previousKeySealed, row.previousKeyExpiresAt).map((sealed) =>
      ed25519Signer(deps.sealer.open(sealed, context)),
    )
  }

  function inForce(current: Buffer | null, previous: Buffer | null, previousUntil: Date | null): Buffer[] {
    const isOverlap = (previousUntil?.getTime() ?? 0) > deps.clock.now()
    return [current, isOverlap ? previous : null].filter((each) => each !== null)
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
