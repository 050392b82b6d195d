// The statements by which a merchant learns that Daraja refuses a shortcode's consumer key and secret, and
// that it takes them again. Keyed by the Daraja app, which shortcodes of several merchants may share.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { endpointWantsOther } from '../payments/endpoint-wants-store.ts'

type Deps = { db: Database }

/** One change tells every shortcode of the app in its own merchant's feed, and endpoints that take it. */
const tell = (type: string) => `
  told as (
    insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, callback, created_at)
    select c.merchant_id, new_uuid_v7($2), c.environment = 'production', '${type}', null, 1,
      to_jsonb(c) - '{credentials_sealed,credential_id}'::text[], null, $2
    from changed c
    returning merchant_id, id, live
  ), deliveries as (
    insert into webhook_deliveries (
      merchant_id, id, endpoint_id, event_id, payment_id, state, due_at, created_at)
    select t.merchant_id, new_uuid_v7($2), e.id, t.id, null, 'pending', $2, $2
    from told t
    join webhook_endpoints e on e.merchant_id = t.merchant_id and e.live = t.live
    where ${endpointWantsOther(type)}
  )
  select id from changed`

const REFUSED = `
  with changed as (
    update shortcodes
    set credentials_refused_at = $2, credentials_refused_detail = $3, updated_at = $2
    where credential_id = $1 and credentials_refused_at is null and disabled_at is null
    returning *
  ), ${tell('shortcode.credentials_refused')}`

// A token proves key and secret as well as a look at them on purpose does.
const ACCEPTED = `
  with changed as (
    update shortcodes
    set credentials_refused_at = null, credentials_refused_detail = null, verified_at = $2, updated_at = $2
    where credential_id = $1 and credentials_refused_at is not null
    returning *
  ), proven as (
    update shortcodes set verified_at = $2
    where credential_id = $1 and credentials_refused_at is null and verified_at is null
  ), ${tell('shortcode.credentials_accepted')}`

/** Notes and tells that Daraja refuses the app; once an episode. Resolves to how many shortcodes it is of. */
export async function tellRefused(
  deps: Deps,
  appId: string,
  refusal: { at: Date; detail: string },
): Promise<number> {
  const found = await deps.db.query(REFUSED, [appId, refusal.at, refusal.detail])
  return found.rows.length
}

/** Notes that Daraja takes the app, and tells it of those refused before. Resolves to how many they were. */
export async function tellAccepted(deps: Deps, appId: string, at: Date): Promise<number> {
  const found = await deps.db.query(ACCEPTED, [appId, at])
  return found.rows.length
}

/** One enabled shortcode of an app that is refused. */
export type RefusedApp = { appId: string; merchantId: Uuid; shortcodeId: Uuid }

/** Apps that are refused, in the order of their ids, behind `after`: at most `limit`. */
export async function listRefused(deps: Deps, after: string, limit: number): Promise<RefusedApp[]> {
  const found = await deps.db.query<{ credential_id: string; merchant_id: Uuid; id: Uuid }>(
    `select distinct on (credential_id) credential_id, merchant_id, id from shortcodes
     where credentials_refused_at is not null and disabled_at is null and credential_id > $1
     order by credential_id, credentials_refused_at limit $2`,
    [after, limit],
  )
  return found.rows.map((row) => ({
    appId: row.credential_id,
    merchantId: row.merchant_id,
    shortcodeId: row.id,
  }))
}
