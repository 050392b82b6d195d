// The statements on `api_keys`.
import type { Database } from '../db/database.ts'
import { createGroupedStatement, type GroupObserver } from '../db/grouped-statement.ts'
import type { Uuid } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import { type ApiKey, readApiKey } from './api-key.ts'

type Row = Record<string, unknown>

/** What one key may be used for, as authentication needs it. */
export type KeyGrant = { key: ApiKey; merchantName: string }

/** Keeps a new key by its SHA-256 in base64; false when its merchant does not exist. */
export async function insertApiKey(deps: { db: Database }, key: ApiKey, keyHash: string): Promise<boolean> {
  const inserted = await deps.db.query<Row>(
    `insert into api_keys
       (merchant_id, id, name, key_hash, hint, live, shortcode_id, scopes, created_at, expires_at)
     select id, $2, $3, $4, $5, $6, $7, $8, $9, $10 from merchants where id = $1
     returning id`,
    [
      key.merchantId,
      key.id,
      key.name,
      bytesOf(keyHash),
      key.hint,
      key.live,
      key.shortcodeId,
      key.scopes,
      key.createdAt,
      key.expiresAt,
    ],
  )
  return inserted.rows.length === 1
}

/** At most `limit` keys of one side, newest first, older than the key `before`; revoked ones included. */
export async function listApiKeys(
  deps: { db: Database },
  owner: Owner,
  page: { limit: number; before: Uuid | null },
): Promise<ApiKey[]> {
  const found = await deps.db.query<Row>(
    `select * from api_keys
     where merchant_id = $1 and live = $2 and ($3::uuid is null or id < $3)
       and ($5::uuid is null or shortcode_id = $5)
     order by id desc limit $4`,
    [owner.merchantId, owner.live, page.before, page.limit, owner.shortcodeId ?? null],
  )
  return found.rows.map(readApiKey)
}

/** One key, or null. */
export async function findApiKey(deps: { db: Database }, owner: Owner, id: Uuid): Promise<ApiKey | null> {
  const found = await deps.db.query<Row>(
    `select * from api_keys
     where merchant_id = $1 and live = $2 and id = $3 and ($4::uuid is null or shortcode_id = $4)`,
    [owner.merchantId, owner.live, id, owner.shortcodeId ?? null],
  )
  return readFirst(found.rows)
}

/** Ends a key at `at`; a key that was ended before keeps its time. Null when there is no such key. */
export async function markApiKeyRevoked(
  deps: { db: Database },
  owner: Owner,
  id: Uuid,
  at: Date,
): Promise<ApiKey | null> {
  const found = await deps.db.query<Row>(
    `update api_keys set revoked_at = coalesce(revoked_at, $4)
     where merchant_id = $1 and live = $2 and id = $3 and ($5::uuid is null or shortcode_id = $5)
     returning *`,
    [owner.merchantId, owner.live, id, at, owner.shortcodeId ?? null],
  )
  return readFirst(found.rows)
}

/** The key that takes another's place; its SHA-256 in base64. */
export type Replacement = { id: Uuid; hash: string; hint: string; now: Date; formerExpiresAt: Date }

/**
 * Makes a key that may do what the key `id` may, and lets that one expire at `formerExpiresAt`, or earlier
 * where it would anyway; one statement, so both or neither. Null when `id` is no key that works, or was
 * replaced before.
 */
export async function replaceApiKey(
  deps: { db: Database },
  owner: Owner,
  id: Uuid,
  by: Replacement,
): Promise<ApiKey | null> {
  const found = await deps.db.query<Row>(
    `with former as (
       select * from api_keys
       where merchant_id = $1 and live = $2 and id = $3
         and revoked_at is null and (expires_at is null or expires_at > $7) and replaced_by is null
       for update
     ), limited as (
       update api_keys k set expires_at = least(k.expires_at, $8), replaced_by = $4
       from former f where k.merchant_id = f.merchant_id and k.id = f.id
     )
     insert into api_keys
       (merchant_id, id, name, key_hash, hint, live, shortcode_id, scopes, created_at, expires_at)
     select merchant_id, $4, name, $5, $6, live, shortcode_id, scopes, $7, expires_at from former
     returning *`,
    [owner.merchantId, owner.live, id, by.id, bytesOf(by.hash), by.hint, by.now, by.formerExpiresAt],
  )
  return readFirst(found.rows)
}

/** The key with this SHA-256 (base64), working or not, with its merchant's name; for a single look. */
export async function findApiKeyByHash(deps: { db: Database }, keyHash: string): Promise<KeyGrant | null> {
  return (await createFindApiKeyByHash(deps)(keyHash)) ?? null
}

/** Finds keys as `findApiKeyByHash` does. */
export type FindApiKeyByHash = (keyHash: string) => Promise<KeyGrant | undefined>

/** Look-ups in groups: keys that are none, sent without end, cost a statement for hundreds of them. */
export function createFindApiKeyByHash(deps: { db: Database; observe?: GroupObserver }): FindApiKeyByHash {
  return createGroupedStatement(deps, {
    name: 'find_api_key',
    text: `
      select k.*, m.name as merchant_name from unnest($1::bytea[]) as x (key_hash)
      join api_keys k on k.key_hash = x.key_hash join merchants m on m.id = k.merchant_id`,
    values: (keyHash: string) => [bytesOf(keyHash)],
    key: (keyHash) => keyHash,
    read: (row) => ({ key: (row.key_hash as Buffer).toString('base64'), found: readGrant(row) }),
  })
}

function bytesOf(keyHash: string): Buffer {
  return Buffer.from(keyHash, 'base64')
}

function readGrant(row: Row): KeyGrant {
  return { key: readApiKey(row), merchantName: row.merchant_name as string }
}

/** Notes that a key was used. */
export type NoteKeyUse = (use: { merchantId: Uuid; id: Uuid; usedAt: Date }) => Promise<unknown>

const NOTES_GATHER_MS = 1_000

/** Notes of all keys in groups; one that comes within a minute of the last changes nothing. */
export function createNoteKeyUse(deps: { db: Database; observe?: GroupObserver }): NoteKeyUse {
  return createGroupedStatement(deps, {
    name: 'note_key_use',
    // Nobody waits for it: with thousands of keys it is a few statements a second instead of a hundred.
    gatherMs: NOTES_GATHER_MS,
    text: `
      update api_keys k set last_used_at = x.used_at
      from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as x (merchant_id, id, used_at)
      where k.merchant_id = x.merchant_id and k.id = x.id
        and (k.last_used_at is null or k.last_used_at <= x.used_at - interval '1 minute')
      returning k.id`,
    values: (use: { merchantId: Uuid; id: Uuid; usedAt: Date }) => [use.merchantId, use.id, use.usedAt],
    key: (use) => use.id,
    read: (row) => ({ key: row.id as string, found: true }),
  })
}

function readFirst(rows: Row[]): ApiKey | null {
  const row = rows[0]
  return row === undefined ? null : readApiKey(row)
}
