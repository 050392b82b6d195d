// The ed25519 keys of endpoints: made when first asked for, rotated, and published to whoever verifies.
import type { Uuid } from '../ids.ts'
import type { ReadCache } from '../merchants/read-cache.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import type { WebhookEndpoint } from './endpoint.ts'
import { signingKeyContext } from './endpoint-directory.ts'
import { createReadPublicKeys, type PublicKeys, replaceSigningKey } from './endpoint-key-store.ts'
import { findEndpoint, type SealedKey } from './endpoint-store.ts'
import type { EndpointDeps, EndpointProblem } from './endpoints.ts'
import { FORMER_MAX, inForce, overlapEnd } from './rotation-overlap.ts'
import { newSigningKey } from './signature.ts'

/** A new key pair for an endpoint. */
export function newSealedKey(
  { sealer }: Pick<EndpointDeps, 'sealer'>,
  merchantId: Uuid,
  endpointId: Uuid,
): SealedKey {
  const { privateKey, publicKey } = newSigningKey()
  return { sealed: sealer.seal(privateKey, signingKeyContext(merchantId, endpointId)), publicKey }
}

/**
 * Gives an endpoint a new key. The former one signs along for `overlapSeconds`, and those before it until
 * their own time; 0 ends them all.
 */
export async function rotateSigningKey(
  deps: EndpointDeps,
  owner: Owner,
  id: Uuid,
  overlapSeconds?: number,
): Promise<{ ok: true; endpoint: WebhookEndpoint } | EndpointProblem> {
  const now = new Date(deps.clock.now())
  const overlap = overlapEnd(now, overlapSeconds)
  if (!overlap.ok) return { ok: false, code: 'invalid', errors: { overlap: [overlap.message] } }
  const key = newSealedKey(deps, owner.merchantId, id)
  const replacement = { key, previousUntil: overlap.until, formerMax: FORMER_MAX, now }
  const endpoint = await replaceSigningKey(deps, owner, id, replacement)
  deps.directory.forget(owner.merchantId)
  if (endpoint !== null) return { ok: true, endpoint }
  const present = await findEndpoint(deps, owner, id)
  if (present === null) return { ok: false, code: 'not_found' }
  if (present.signatureSchemes.includes('v1a')) return { ok: false, code: 'too_many_rotations' }
  const text = 'must include v1a before there is a key to rotate'
  return { ok: false, code: 'invalid', errors: { signature_schemes: [text] } }
}

/** Finds published keys, a few seconds old at most; of the former ones those that sign along. */
export type FindPublicKeys = (merchantId: Uuid, endpointId: Uuid) => Promise<PublicKeys | null>

/** A finder over `cache`, which must be its own: anyone may ask, and often. */
export function createFindPublicKeys(
  deps: Pick<EndpointDeps, 'db' | 'clock'> & { cache: ReadCache<PublicKeys> },
): FindPublicKeys {
  const read = createReadPublicKeys(deps)
  return async (merchantId, endpointId) => {
    const keys = await deps.cache.get(
      `${merchantId}:${endpointId}`,
      async () => (await read({ merchantId, endpointId })) ?? null,
    )
    return keys && { ...keys, former: inForce(keys.former, deps.clock.now()) }
  }
}
