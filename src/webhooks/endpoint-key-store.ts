// The ed25519 keys in the rows of `webhook_endpoints`: put in force, and published.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import { readEndpoint, type WebhookEndpoint } from './endpoint.ts'
import type { SealedKey } from './endpoint-store.ts'

type Deps = { db: Database }

/**
 * Puts a new key in force; the former one signs along until `previousUntil`. Null: no such endpoint, or it
 * does not sign by a key.
 */
export async function replaceSigningKey(
  deps: Deps,
  owner: Owner,
  id: Uuid,
  replacement: { key: SealedKey; previousUntil: Date | null; now: Date },
): Promise<WebhookEndpoint | null> {
  const changed = await deps.db.query<Record<string, unknown>>(
    `update webhook_endpoints set
       previous_signing_key_sealed = case when $6::timestamptz is not null then signing_key_sealed end,
       previous_public_key = case when $6::timestamptz is not null then public_key end,
       previous_signing_key_expires_at = $6,
       signing_key_sealed = $4,
       public_key = $5,
       updated_at = $7
     where merchant_id = $1 and id = $2 and live = $3 and 'v1a' = any (signature_schemes)
     returning *`,
    [
      owner.merchantId,
      id,
      owner.live,
      replacement.key.sealed,
      replacement.key.publicKey,
      replacement.previousUntil,
      replacement.now,
    ],
  )
  const row = changed.rows[0]
  return row === undefined ? null : readEndpoint(row)
}

/** The public keys of an endpoint (`whpk_…`); the former one while it may still sign. */
export type PublicKeys = { current: string; previous: { publicKey: string; expiresAt: Date } | null }

/** Published keys, of any merchant: they are for anyone. Null when the endpoint does not sign by a key. */
export async function readPublicKeys(
  deps: Deps,
  merchantId: Uuid,
  endpointId: Uuid,
  now: Date,
): Promise<PublicKeys | null> {
  const found = await deps.db.query<{ current: string; previous: string | null; expires: Date | null }>(
    `select public_key as current, previous_public_key as previous, previous_signing_key_expires_at as expires
     from webhook_endpoints where merchant_id = $1 and id = $2 and 'v1a' = any (signature_schemes)`,
    [merchantId, endpointId],
  )
  const row = found.rows[0]
  if (row === undefined) return null
  const { current, previous, expires } = row
  const isOverlap = previous !== null && expires !== null && expires > now
  return { current, previous: isOverlap ? { publicKey: previous, expiresAt: expires } : null }
}
