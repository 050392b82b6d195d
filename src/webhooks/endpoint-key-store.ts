// The ed25519 keys in the rows of `webhook_endpoints`: put in force, and published.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import { readEndpoint, type WebhookEndpoint } from './endpoint.ts'
import type { Overlap, SealedKey } from './endpoint-store.ts'
import { type Former, formerOnes } from './rotation-overlap.ts'

type Deps = { db: Database }

// The former ones in force, the newest last; as `formerOnes` has it.
const FORMER_KEYS = `
  unnest(e.earlier_signing_keys_sealed || e.previous_signing_key_sealed,
    e.earlier_public_keys || e.previous_public_key,
    e.earlier_signing_keys_expire_at || e.previous_signing_key_expires_at)
    with ordinality as k (sealed, public_key, until, nth)
  where e.previous_signing_key_sealed is not null and k.until > $6`

const REPLACE_KEY = `
  update webhook_endpoints e set
    (earlier_signing_keys_sealed, earlier_public_keys, earlier_signing_keys_expire_at) = (
      select coalesce(array_agg(k.sealed order by k.nth), '{}'),
        coalesce(array_agg(k.public_key order by k.nth), '{}'),
        coalesce(array_agg(k.until order by k.nth), '{}')
      from ${FORMER_KEYS} and $5::timestamptz is not null),
    previous_signing_key_sealed = case when $5::timestamptz is not null then signing_key_sealed end,
    previous_public_key = case when $5::timestamptz is not null then public_key end,
    previous_signing_key_expires_at = $5,
    signing_key_sealed = $4,
    public_key = $8,
    updated_at = $6
  where merchant_id = $1 and id = $2 and live = $3 and 'v1a' = any (signature_schemes)
    and ($5::timestamptz is null or (select count(*) from ${FORMER_KEYS}) < $7)
  returning *`

/**
 * Puts a new key in force. Null: no such endpoint, it does not sign by a key, or as many former ones sign
 * along as may.
 */
export async function replaceSigningKey(
  deps: Deps,
  owner: Owner,
  id: Uuid,
  { key, previousUntil, formerMax, now }: Overlap & { key: SealedKey },
): Promise<WebhookEndpoint | null> {
  const changed = await deps.db.query<Record<string, unknown>>(REPLACE_KEY, [
    ...[owner.merchantId, id, owner.live, key.sealed, previousUntil, now, formerMax, key.publicKey],
  ])
  const row = changed.rows[0]
  return row === undefined ? null : readEndpoint(row)
}

/** The public keys of an endpoint (`whpk_…`); former ones, in force or not, the newest first. */
export type PublicKeys = { current: string; former: Former<string>[] }

type KeysRow = {
  current: string
  previous: string | null
  expires: Date | null
  earlier: string[]
  earlier_expire: Date[]
}

/** Published keys, of any merchant: they are for anyone. Null when the endpoint does not sign by a key. */
export async function readPublicKeys(
  deps: Deps,
  merchantId: Uuid,
  endpointId: Uuid,
): Promise<PublicKeys | null> {
  const found = await deps.db.query<KeysRow>(
    `select public_key as current, previous_public_key as previous,
       previous_signing_key_expires_at as expires, earlier_public_keys as earlier,
       earlier_signing_keys_expire_at as earlier_expire
     from webhook_endpoints where merchant_id = $1 and id = $2 and 'v1a' = any (signature_schemes)`,
    [merchantId, endpointId],
  )
  const row = found.rows[0]
  if (row === undefined) return null
  const former = formerOnes(
    { value: row.previous, expiresAt: row.expires },
    { values: row.earlier, expireAt: row.earlier_expire },
  )
  return { current: row.current, former }
}
