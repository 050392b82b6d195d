// The ed25519 keys in the rows of `webhook_endpoints`: put in force, and published.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement } from '../db/grouped-statement.ts'
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

/** Names an endpoint. */
type Named = { merchantId: Uuid; endpointId: Uuid }

const keyOf = ({ merchantId, endpointId }: Named) => `${merchantId}:${endpointId}`

/** Reads published keys, of any merchant: undefined when the endpoint does not sign by a key. */
export type ReadPublicKeys = GroupedStatement<Named, PublicKeys>

/** Reads in groups: anybody may ask, and ids that are none cost a statement for hundreds of them. */
export function createReadPublicKeys(deps: Deps): ReadPublicKeys {
  return createGroupedStatement(deps, {
    name: 'read_public_keys',
    text: `
      select e.merchant_id, e.id, e.public_key, e.previous_public_key, e.previous_signing_key_expires_at,
        e.earlier_public_keys, e.earlier_signing_keys_expire_at
      from unnest($1::uuid[], $2::uuid[]) as x (merchant_id, id)
      join webhook_endpoints e on e.merchant_id = x.merchant_id and e.id = x.id
      where 'v1a' = any (e.signature_schemes)`,
    values: ({ merchantId, endpointId }: Named) => [merchantId, endpointId],
    key: keyOf,
    read: (row) => ({
      key: keyOf({ merchantId: row.merchant_id as Uuid, endpointId: row.id as Uuid }),
      found: readKeys(row),
    }),
  })
}

function readKeys(row: Record<string, unknown>): PublicKeys {
  const former = formerOnes(
    {
      value: row.previous_public_key as string | null,
      expiresAt: row.previous_signing_key_expires_at as Date | null,
    },
    {
      values: row.earlier_public_keys as string[],
      expireAt: row.earlier_signing_keys_expire_at as Date[],
    },
  )
  return { current: row.public_key as string, former }
}
