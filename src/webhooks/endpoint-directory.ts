// The endpoints of a merchant with their secrets open, kept in memory until something of the merchant is
// changed: deliveries must not cost a query each.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { ReadCache } from '../merchants/read-cache.ts'
import type { WebhookEndpoint } from './endpoint.ts'
import { createReadSealedEndpoints, type SealedEndpoint } from './endpoint-store.ts'
import { type Former, inForce } from './rotation-overlap.ts'
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

/** What signs, and until when: the former ones of rotations end by themselves. */
type TimedSigner = { signer: Signer; untilMs: number }
type Opened = { endpoint: WebhookEndpoint; signers: TimedSigner[] }
type Loaded = { merchantId: Uuid; endpoints: ReadonlyMap<Uuid, Opened> }
/** What a directory remembers, by merchant. */
export type EndpointCache = ReadCache<Loaded>

/** A directory over `cache`, which must be its own. */
export function createEndpointDirectory(deps: {
  db: Database
  log: Logger
  clock: { now(): number }
  sealer: SecretSealer
  cache: EndpointCache
}): EndpointDirectory {
  const read = createReadSealedEndpoints(deps)

  async function load(merchantId: Uuid): Promise<Loaded> {
    const rows = (await read(merchantId)) ?? []
    return { merchantId, endpoints: new Map(rows.map((row) => [row.endpoint.id, open(row)])) }
  }

  function open(row: SealedEndpoint): Opened {
    const { endpoint } = row
    try {
      return { endpoint, signers: endpoint.signatureSchemes.flatMap((scheme) => signersOf(row, scheme)) }
    } catch (error) {
      deps.log.error({ err: error, endpoint: endpoint.id }, 'the secret of a webhook endpoint does not open')
      return { endpoint, signers: [] }
    }
  }

  function signersOf(row: SealedEndpoint, scheme: SignatureScheme): TimedSigner[] {
    const { merchantId, id } = row.endpoint
    if (scheme === 'v1') {
      const context = secretContext(merchantId, id)
      return timed(row.secretSealed, row.formerSecrets, (sealed) =>
        hmacSigner(deps.sealer.open(sealed, context)),
      )
    }
    const context = signingKeyContext(merchantId, id)
    return timed(row.keySealed, row.formerKeys, (sealed) => ed25519Signer(deps.sealer.open(sealed, context)))
  }

  function timed(
    current: Buffer | null,
    former: readonly Former<Buffer>[],
    open: (sealed: Buffer) => Signer,
  ): TimedSigner[] {
    const currents = current === null ? [] : [{ signer: open(current), untilMs: Number.POSITIVE_INFINITY }]
    const along = inForce(former, deps.clock.now()).map(({ value, expiresAt }) => ({
      signer: open(value),
      untilMs: expiresAt.getTime(),
    }))
    return [...currents, ...along]
  }

  async function look(merchantId: Uuid, endpointId: Uuid): Promise<SigningEndpoint | null> {
    const loaded = await deps.cache.get(merchantId, () => load(merchantId))
    const found = loaded?.endpoints.get(endpointId)
    if (found === undefined) return null
    const nowMs = deps.clock.now()
    const signers = found.signers.filter(({ untilMs }) => untilMs > nowMs).map(({ signer }) => signer)
    return { endpoint: found.endpoint, signers }
  }

  return {
    async find(merchantId, endpointId) {
      const found = await look(merchantId, endpointId)
      if (found !== null && found.endpoint.disabledAt === null) return found
      // Not there, or off: for good, or only until just after what the cache holds was read. A delivery is
      // cancelled by this answer, so it must be a fresh one.
      deps.cache.forget(merchantId)
      return look(merchantId, endpointId)
    },
    forget: (merchantId) => deps.cache.forget(merchantId),
  }
}
