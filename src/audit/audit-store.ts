// The statements on the audit log: one that adds an entry to its merchant's chain, and those that read it.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { type EntryFields, encodeEntry, FIRST_PREVIOUS_HASH } from './entry-encoding.ts'

type Row = Record<string, unknown>

/** An entry of a chain, with its place in it. */
export type ChainEntry = EntryFields & { sequence: bigint; hash: Buffer }

/** Where a chain ends. */
export type ChainHead = { sequence: bigint; hash: Buffer }

const UNIQUE_VIOLATION = '23505'

/**
 * Adds an entry to the end of its merchant's chain, whose row in `audit_heads` is locked meanwhile: the next
 * number and hash are taken and the entry is kept, or neither. Written again, it changes nothing.
 */
export async function insertEntry(deps: { db: Database }, entry: EntryFields): Promise<void> {
  const values = [
    entry.merchantId,
    entry.id,
    entry.at,
    entry.live,
    entry.action,
    entry.actorKind,
    entry.actorId,
    entry.actorName,
    entry.actorRole,
    entry.targetId,
    entry.targetName,
    entry.changes,
    entry.detail,
    entry.ip,
    entry.userAgent,
    encodeEntry(entry),
    FIRST_PREVIOUS_HASH,
  ]
  try {
    await deps.db.query(INSERT_ENTRY, values)
  } catch (error) {
    // The first try was still under way as this one looked, and is committed now.
    const isThere = error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION
    if (!isThere) throw error
  }
}

const INSERT_ENTRY = `
  with head as (
    insert into audit_heads as h (merchant_id, sequence, hash)
    select $1::uuid, 1, sha256($17::bytea || int8send(1) || $16::bytea)
    where not exists (select from audit_entries where merchant_id = $1 and id = $2)
    on conflict (merchant_id) do update
      set sequence = h.sequence + 1, hash = sha256(h.hash || int8send(h.sequence + 1) || $16::bytea)
    returning h.sequence, h.hash
  )
  insert into audit_entries
    (merchant_id, sequence, id, at, live, action, actor_kind, actor_id, actor_name, actor_role,
     target_id, target_name, changes, detail, ip, user_agent, hash)
  select $1, sequence, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, hash from head`

/** The number comes out as a text, so it is ordered by with its table's name. */
const ENTRY_COLUMNS = `
  merchant_id, sequence::text, id, live, action, actor_kind, actor_id, actor_name, actor_role,
  target_id, target_name, changes, detail, ip, user_agent, hash,
  to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`

/** What entries are looked for by; what is left out narrows nothing. */
export type AuditFilter = {
  action?: string
  /** The id of a key or a user, or a kind of actor. */
  actor?: string
  /** Only what is about these; all of them when left out. */
  sides?: readonly ('live' | 'test' | 'both')[]
  since?: Date
  until?: Date
}

/** At most `limit` entries of a merchant, newest first, before the one numbered `before`. */
export async function listEntries(
  deps: { db: Database },
  merchantId: Uuid,
  filter: AuditFilter,
  page: { limit: number; before: bigint | null },
): Promise<ChainEntry[]> {
  const { rows } = await deps.db.query<Row>(
    `select ${ENTRY_COLUMNS} from audit_entries
     where merchant_id = $1 and ($2::bigint is null or sequence < $2)
       and ($4::text is null or action = $4)
       and ($5::text is null or actor_id = $5 or (actor_id is null and actor_kind = $5))
       and ($8::text[] is null
         or (case when live is null then 'both' when live then 'live' else 'test' end) = any ($8))
       and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7)
     order by audit_entries.sequence desc limit $3`,
    [
      merchantId,
      page.before,
      page.limit,
      filter.action ?? null,
      filter.actor ?? null,
      filter.since ?? null,
      filter.until ?? null,
      filter.sides ?? null,
    ],
  )
  return rows.map(readEntry)
}

/** The end of a merchant's chain; null when nothing was ever recorded, or its row was taken away. */
export async function readHead(deps: { db: Database }, merchantId: Uuid): Promise<ChainHead | null> {
  const { rows } = await deps.db.query<Row>(
    'select sequence::text, hash from audit_heads where merchant_id = $1',
    [merchantId],
  )
  const row = rows[0]
  return row === undefined ? null : { sequence: BigInt(row.sequence as string), hash: row.hash as Buffer }
}

/** At most `limit` entries behind the one numbered `after`, in the order of the chain. */
export async function readChain(
  deps: { db: Database },
  merchantId: Uuid,
  after: bigint,
  limit: number,
): Promise<ChainEntry[]> {
  const { rows } = await deps.db.query<Row>(
    `select ${ENTRY_COLUMNS} from audit_entries
     where merchant_id = $1 and sequence > $2 order by audit_entries.sequence limit $3`,
    [merchantId, after, limit],
  )
  return rows.map(readEntry)
}

/** The number of the first entry behind the head, in one look at both; null when there is none. */
export async function findBeyondHead(deps: { db: Database }, merchantId: Uuid): Promise<bigint | null> {
  const { rows } = await deps.db.query<Row>(
    `select sequence::text from audit_entries
     where merchant_id = $1
       and sequence > coalesce((select h.sequence from audit_heads h where h.merchant_id = $1), 0)
     order by audit_entries.sequence limit 1`,
    [merchantId],
  )
  const found = rows[0]?.sequence
  return typeof found === 'string' ? BigInt(found) : null
}

function readEntry(row: Row): ChainEntry {
  return {
    merchantId: row.merchant_id as Uuid,
    sequence: BigInt(row.sequence as string),
    id: row.id as Uuid,
    at: row.at as string,
    live: row.live as boolean | null,
    action: row.action as string,
    actorKind: row.actor_kind as string,
    actorId: row.actor_id as string | null,
    actorName: row.actor_name as string | null,
    actorRole: row.actor_role as string | null,
    targetId: row.target_id as string | null,
    targetName: row.target_name as string | null,
    changes: row.changes as string,
    detail: row.detail as string,
    ip: row.ip as string | null,
    userAgent: row.user_agent as string | null,
    hash: row.hash as Buffer,
  }
}
