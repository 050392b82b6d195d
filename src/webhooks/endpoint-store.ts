// The rows of `webhook_endpoints` as merchants manage them; `endpoint-health-store.ts` has what deliveries
// do.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupedStatement } from '../db/grouped-statement.ts'
import { readTime } from '../db/row-times.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import { readEndpoint, type WebhookEndpoint } from './endpoint.ts'
import { type Former, formerOnes } from './rotation-overlap.ts'
import type { SignatureScheme } from './signature.ts'

type Deps = { db: Database }
type Row = Record<string, unknown>

/** A new endpoint, its secret sealed. */
export type NewEndpoint = Pick<
  WebhookEndpoint,
  | 'merchantId'
  | 'id'
  | 'live'
  | 'url'
  | 'format'
  | 'eventTypes'
  | 'description'
  | 'signatureSchemes'
  | 'createdAt'
> & { secretSealed: Buffer; key: SealedKey | null }

/** An ed25519 key pair, its private half sealed. */
export type SealedKey = { sealed: Buffer; publicKey: string }

/** Inserts an endpoint; null when its side of the merchant has `endpointsMax` already. */
export async function insertEndpoint(
  deps: Deps,
  endpoint: NewEndpoint,
  endpointsMax: number,
): Promise<WebhookEndpoint | null> {
  const { merchantId, live, createdAt } = endpoint
  const inserted = await deps.db.query<Row>(
    `insert into webhook_endpoints (merchant_id, id, live, url, format, event_types, description,
       secret_sealed, signature_schemes, signing_key_sealed, public_key, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, $12, $9, $9) returning *`,
    [
      merchantId,
      endpoint.id,
      live,
      endpoint.url,
      endpoint.format,
      endpoint.eventTypes,
      endpoint.description,
      endpoint.secretSealed,
      createdAt,
      endpoint.signatureSchemes,
      endpoint.key?.sealed ?? null,
      endpoint.key?.publicKey ?? null,
    ],
  )
  // Counted after the insert has committed: of two that race for the last place none sees too few.
  const removed = await deps.db.query(
    `delete from webhook_endpoints where merchant_id = $1 and id = $2
       and (select count(*) from webhook_endpoints where merchant_id = $1 and live = $3) > $4
     returning id`,
    [merchantId, endpoint.id, live, endpointsMax],
  )
  return removed.rows.length > 0 ? null : readFirst(inserted.rows)
}

/** All endpoints of one side of a merchant, newest first; their number is bounded. */
export async function listEndpoints(deps: Deps, owner: Owner): Promise<WebhookEndpoint[]> {
  const found = await deps.db.query<Row>(
    'select * from webhook_endpoints where merchant_id = $1 and live = $2 order by id desc',
    [owner.merchantId, owner.live],
  )
  return found.rows.map(readEndpoint)
}

/** One endpoint of `owner`, or null. */
export async function findEndpoint(deps: Deps, owner: Owner, id: Uuid): Promise<WebhookEndpoint | null> {
  const found = await deps.db.query<Row>(
    'select * from webhook_endpoints where merchant_id = $1 and id = $2 and live = $3',
    [owner.merchantId, id, owner.live],
  )
  return readFirst(found.rows)
}

/** What of an endpoint may be changed; what is absent stays. */
export type EndpointChange = {
  url?: string
  eventTypes?: string[] | null
  description?: string | null
  signatureSchemes?: SignatureScheme[]
  enabled?: boolean
}

/**
 * The least delivery that may have been tried while its endpoint failed: one is tried for less than four
 * days, and so older ones are not looked through. One that took longer did so by hand or at its receiver's
 * wish.
 */
export const LEAST_ID_TRIED = `(lpad(to_hex((extract(
  epoch from webhook_endpoints.failing_since - interval '4 days') * 1000)::bigint), 12, '0')
  || repeat('0', 20))::uuid`

/** When the oldest event came about of which an endpoint has a delivery `d` that is `such`. */
function oldestEvent(such: string): string {
  return `(
    select to_timestamp(('x' || left(replace(d.event_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
    from webhook_deliveries d
    where d.merchant_id = webhook_endpoints.merchant_id and d.endpoint_id = webhook_endpoints.id and ${such}
    order by d.event_id limit 1)`
}

/**
 * Since when an endpoint that is switched off at `at`, a parameter, may have missed something: since it was
 * switched off before, if nobody has had that sent again; since the oldest event that is pending for it, or
 * was given up while it failed; or else a minute ago, for what was being committed just then.
 */
export function missedFrom(at: string): string {
  return `least(
    webhook_endpoints.missed_since,
    greatest(webhook_endpoints.created_at, ${at}::timestamptz - interval '1 minute'),
    ${oldestEvent('d.due_at is not null')},
    ${oldestEvent(`d.state = 'failed' and d.id >= ${LEAST_ID_TRIED}`)})`
}

/**
 * Changes an endpoint; null when there is none. `key` is for one that has none yet. Switching it off cancels
 * what is pending for it; switching it on, or to another URL, ends its record of failures.
 */
export async function changeEndpoint(
  deps: Deps,
  owner: Owner,
  id: Uuid,
  { change, key, now }: { change: EndpointChange; key: SealedKey | null; now: Date },
): Promise<WebhookEndpoint | null> {
  const changed = await deps.db.query<Row>(
    `with changed as (
       update webhook_endpoints set
         url = coalesce($4, url),
         event_types = case when $5 then $6::text[] else event_types end,
         description = case when $7 then $8 else description end,
         failing_since = case when $4 is not null or $9 then null else failing_since end,
         disabled_at = case when $9 then null when not $9 then coalesce(disabled_at, $10)
           else disabled_at end,
         disabled_reason = case when $9 then null when not $9 then coalesce(disabled_reason, 'merchant')
           else disabled_reason end,
         missed_since = case when not $9 and disabled_at is null then ${missedFrom('$10')}
           else missed_since end,
         signature_schemes = coalesce($11::text[], signature_schemes),
         signing_key_sealed = coalesce(signing_key_sealed, $12),
         public_key = coalesce(public_key, $13),
         updated_at = $10
       where merchant_id = $1 and id = $2 and live = $3
       returning *
     ), cancelled as (
       update webhook_deliveries d set state = 'cancelled', due_at = null, last_error = 'endpoint disabled'
       from changed c
       where d.merchant_id = c.merchant_id and d.endpoint_id = c.id and d.due_at is not null
         and c.disabled_at is not null
     )
     select * from changed`,
    [
      owner.merchantId,
      id,
      owner.live,
      change.url ?? null,
      change.eventTypes !== undefined,
      change.eventTypes ?? null,
      change.description !== undefined,
      change.description ?? null,
      change.enabled ?? null,
      now,
      change.signatureSchemes ?? null,
      key?.sealed ?? null,
      key?.publicKey ?? null,
    ],
  )
  return readFirst(changed.rows)
}

/** Deletes an endpoint and cancels what is pending for it; false when there was none. */
export async function deleteEndpointRow(deps: Deps, owner: Owner, id: Uuid): Promise<boolean> {
  const deleted = await deps.db.query(
    `with deleted as (
       delete from webhook_endpoints where merchant_id = $1 and id = $2 and live = $3
       returning merchant_id, id
     ), cancelled as (
       update webhook_deliveries d set state = 'cancelled', due_at = null, last_error = 'endpoint deleted'
       from deleted e
       where d.merchant_id = e.merchant_id and d.endpoint_id = e.id and d.due_at is not null
     )
     select id from deleted`,
    [owner.merchantId, id, owner.live],
  )
  return deleted.rows.length > 0
}

// The former ones in force, the newest last; as `formerOnes` has it.
const FORMER_SECRETS = `
  unnest(e.earlier_secrets_sealed || e.previous_secret_sealed,
    e.earlier_secrets_expire_at || e.previous_secret_expires_at) with ordinality as s (sealed, until, nth)
  where e.previous_secret_sealed is not null and s.until > $6`

const REPLACE_SECRET = `
  update webhook_endpoints e set
    (earlier_secrets_sealed, earlier_secrets_expire_at) = (
      select coalesce(array_agg(s.sealed order by s.nth), '{}'),
        coalesce(array_agg(s.until order by s.nth), '{}')
      from ${FORMER_SECRETS} and $5::timestamptz is not null),
    previous_secret_sealed = case when $5::timestamptz is not null then secret_sealed end,
    previous_secret_expires_at = $5,
    secret_sealed = $4,
    updated_at = $6
  where merchant_id = $1 and id = $2 and live = $3
    and ($5::timestamptz is null or (select count(*) from ${FORMER_SECRETS}) < $7)
  returning *`

/** What a rotation does to the secrets or keys before it. */
export type Overlap = {
  /** Until when the former one signs along; those before it do until their own time. Null ends them all. */
  previousUntil: Date | null
  /** So many former ones may sign along. */
  formerMax: number
  now: Date
}

/** Puts a new secret in force. Null: no such endpoint, or as many former ones sign along as may. */
export async function replaceSecret(
  deps: Deps,
  owner: Owner,
  id: Uuid,
  { secretSealed, previousUntil, formerMax, now }: Overlap & { secretSealed: Buffer },
): Promise<WebhookEndpoint | null> {
  const { merchantId, live } = owner
  const values = [merchantId, id, live, secretSealed, previousUntil, now, formerMax]
  return readFirst((await deps.db.query<Row>(REPLACE_SECRET, values)).rows)
}

/** An endpoint with its sealed secrets; the former ones the newest first, whether in force or not. */
export type SealedEndpoint = {
  endpoint: WebhookEndpoint
  secretSealed: Buffer
  formerSecrets: Former<Buffer>[]
  keySealed: Buffer | null
  formerKeys: Former<Buffer>[]
}

/** All endpoints of a merchant, both sides; for a single look. */
export async function readSealedEndpoints(deps: Deps, merchantId: Uuid): Promise<SealedEndpoint[]> {
  return (await createReadSealedEndpoints(deps)(merchantId)) ?? []
}

/** Reads as `readSealedEndpoints` does; undefined for a merchant without endpoints. */
export type ReadSealedEndpoints = GroupedStatement<Uuid, SealedEndpoint[]>

/** Reads in groups: with thousands of merchants nearly every delivery needs one. */
export function createReadSealedEndpoints(deps: Deps): ReadSealedEndpoints {
  return createGroupedStatement(deps, {
    name: 'read_sealed_endpoints',
    text: `
      select e.merchant_id, jsonb_agg(to_jsonb(e) order by e.id) as endpoints
      from unnest($1::uuid[]) as x (merchant_id)
      join webhook_endpoints e on e.merchant_id = x.merchant_id
      group by e.merchant_id`,
    key: (merchantId: Uuid) => merchantId,
    values: (merchantId: Uuid) => [merchantId],
    read: (row) => ({ key: row.merchant_id as string, found: (row.endpoints as Row[]).map(readSealed) }),
  })
}

/** Reads the `to_jsonb` of a row of `webhook_endpoints`. */
function readSealed(row: Row): SealedEndpoint {
  return {
    endpoint: readEndpoint(row),
    secretSealed: readBytes(row.secret_sealed) ?? Buffer.alloc(0),
    formerSecrets: readFormer(
      { sealed: row.previous_secret_sealed, expiresAt: row.previous_secret_expires_at },
      { sealed: row.earlier_secrets_sealed, expireAt: row.earlier_secrets_expire_at },
    ),
    keySealed: readBytes(row.signing_key_sealed),
    formerKeys: readFormer(
      { sealed: row.previous_signing_key_sealed, expiresAt: row.previous_signing_key_expires_at },
      { sealed: row.earlier_signing_keys_sealed, expireAt: row.earlier_signing_keys_expire_at },
    ),
  }
}

function readFormer(
  previous: { sealed: unknown; expiresAt: unknown },
  earlier: { sealed: unknown; expireAt: unknown },
): Former<Buffer>[] {
  return formerOnes(
    { value: readBytes(previous.sealed), expiresAt: readTime(previous.expiresAt) },
    { values: readList(earlier.sealed).map(readBytes), expireAt: readList(earlier.expireAt).map(readTime) },
  )
}

function readList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** A `bytea` as JSON has it: hexadecimal digits behind `\\x`. */
function readBytes(value: unknown): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value.slice(2), 'hex') : null
}

function readFirst(rows: Row[]): WebhookEndpoint | null {
  const row = rows[0]
  return row === undefined ? null : readEndpoint(row)
}
