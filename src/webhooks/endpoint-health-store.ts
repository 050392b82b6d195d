// What deliveries do to their endpoint: failures begin and end, and an endpoint that is gone or has done
// nothing but fail for days is switched off, which is an event of its own.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { endpointWantsOther } from '../payments/endpoint-wants-store.ts'
import type { WebhookEndpoint } from './endpoint.ts'
import { LEAST_ID_TRIED, missedFrom } from './endpoint-store.ts'

type Deps = { db: Database }
/** An endpoint where it was attempted: what a former URL answers says nothing of it any more. */
type Attempted = Pick<WebhookEndpoint, 'merchantId' | 'id' | 'url'>

/** Notes when the failures began; does nothing when that is known already. */
export async function markFailing(deps: Deps, attempted: Attempted, at: Date): Promise<void> {
  await deps.db.query(
    `update webhook_endpoints set failing_since = $4
     where merchant_id = $1 and id = $2 and url = $3 and failing_since is null`,
    [attempted.merchantId, attempted.id, attempted.url, at],
  )
}

/** A success ends the record of failures. */
export async function clearFailing(deps: Deps, attempted: Attempted): Promise<void> {
  await deps.db.query(
    `update webhook_endpoints set failing_since = null
     where merchant_id = $1 and id = $2 and url = $3 and failing_since is not null`,
    [attempted.merchantId, attempted.id, attempted.url],
  )
}

/** Columns that no event shows: sealed ones, and those of rotations. */
const UNTOLD_COLUMNS =
  '{secret_sealed,previous_secret_sealed,previous_secret_expires_at,' +
  'earlier_secrets_sealed,earlier_secrets_expire_at,' +
  'signing_key_sealed,previous_signing_key_sealed,previous_public_key,previous_signing_key_expires_at,' +
  'earlier_signing_keys_sealed,earlier_public_keys,earlier_signing_keys_expire_at}'

/**
 * The endpoint switched off, what is pending for it cancelled, and the merchant's other endpoints told. A
 * success of a delivery that is not looked through has ended the record of failures by itself.
 */
const DISABLE = `
  with disabled as (
    update webhook_endpoints set disabled_at = $4, disabled_reason = $5, updated_at = $4,
      missed_since = ${missedFrom('$4')}
    where merchant_id = $1 and id = $2 and url = $7 and disabled_at is null
      and ($6::timestamptz is null or (failing_since <= $6 and not exists (
        select from webhook_deliveries d
        where d.merchant_id = $1 and d.endpoint_id = $2 and d.delivered_at > failing_since
          and d.id >= ${LEAST_ID_TRIED})))
    returning *
  ), cancelled as (
    update webhook_deliveries d set state = 'cancelled', due_at = null, last_error = 'endpoint disabled'
    from disabled e
    where d.merchant_id = e.merchant_id and d.endpoint_id = e.id and d.due_at is not null
  ), told as (
    insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, callback, created_at)
    select e.merchant_id, $3, e.live, 'webhook_endpoint.disabled', null, 1,
      to_jsonb(e) - '${UNTOLD_COLUMNS}'::text[], null, $4
    from disabled e
  ), deliveries as (
    insert into webhook_deliveries (
      merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, created_at)
    select e.merchant_id, new_uuid_v7($4), e.id, $3, null, 'pending', $4, $4
    from disabled d
    join webhook_endpoints e on e.merchant_id = d.merchant_id and e.live = d.live and e.id <> d.id
    where ${endpointWantsOther('webhook_endpoint.disabled')}
  )
  select id from disabled`

/**
 * Switches an endpoint off, unless it has moved meanwhile, and tells the merchant's other endpoints. With
 * `failingSinceAtMost` only if it has failed since then or earlier and delivered nothing after its failures
 * began. True when it was switched off by this call.
 */
export async function disableEndpoint(
  deps: Deps,
  attempted: Attempted,
  disabled: { eventId: Uuid; at: Date; reason: 'gone' | 'failing'; failingSinceAtMost: Date | null },
): Promise<boolean> {
  const found = await deps.db.query(DISABLE, [
    attempted.merchantId,
    attempted.id,
    disabled.eventId,
    disabled.at,
    disabled.reason,
    disabled.failingSinceAtMost,
    attempted.url,
  ])
  return found.rows.length > 0
}
