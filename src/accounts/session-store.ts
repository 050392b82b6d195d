// The statements on sessions that are asked for with every request of somebody who has signed in.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { isRole, type Role } from '../merchants/roles.ts'

type Row = Record<string, unknown>
type Deps = { db: Database }

/** Somebody's session, and the person. */
export type Session = {
  id: Uuid
  userId: Uuid
  email: string
  name: string
  expiresAt: Date
  createdAt: Date
  /** To about ten minutes. */
  lastUsedAt: Date
}

/** The session of a token, with what its person is to one merchant; null parts where there is none. */
export type SessionGrant = { session: Session; merchantName: string | null; role: Role | null }

/** Finds a session that has not ended at `now`. */
export async function findSessionGrant(
  deps: Deps,
  token: string,
  merchantId: Uuid | null,
  now: Date,
): Promise<SessionGrant | null> {
  const found = await deps.db.query<Row>(
    `select s.*, u.email, u.name, m.role, x.name as merchant_name
     from user_sessions s join users u on u.id = s.user_id
     left join members m on m.merchant_id = $2 and m.user_id = s.user_id
     left join merchants x on x.id = m.merchant_id
     where s.token = $1 and s.expires_at > $3`,
    [token, merchantId, now],
  )
  const row = found.rows[0]
  if (row === undefined) return null
  const role = typeof row.role === 'string' && isRole(row.role) ? row.role : null
  return { session: readSession(row), merchantName: row.merchant_name as string | null, role }
}

/** Notes that a session is used, unless that was noted after `unlessAfter`. */
export async function noteSessionUse(
  deps: Deps,
  id: Uuid,
  { usedAt, unlessAfter }: { usedAt: Date; unlessAfter: Date },
): Promise<void> {
  await deps.db.query('update user_sessions set updated_at = $2 where id = $1 and updated_at <= $3', [
    id,
    usedAt,
    unlessAfter,
  ])
}

/** A session as its person sees it. */
export type ListedSession = Pick<Session, 'id' | 'createdAt' | 'lastUsedAt' | 'expiresAt'> & {
  ip: string | null
  userAgent: string | null
}

/** More sessions than somebody has; older ones are ended with `endSessions` all the same. */
const LISTED_MAX = 100

/** The sessions of a person that have not ended, newest first. */
export async function listSessions(deps: Deps, userId: Uuid, now: Date): Promise<ListedSession[]> {
  const found = await deps.db.query<Row>(
    `select * from user_sessions where user_id = $1 and expires_at > $2 order by id desc limit $3`,
    [userId, now, LISTED_MAX],
  )
  return found.rows.map((row) => ({
    id: row.id as Uuid,
    createdAt: row.created_at as Date,
    lastUsedAt: row.updated_at as Date,
    expiresAt: row.expires_at as Date,
    ip: row.ip_address as string | null,
    userAgent: row.user_agent as string | null,
  }))
}

/** Ends one session of a person; false when there is none. */
export async function endSession(deps: Deps, userId: Uuid, id: Uuid): Promise<boolean> {
  const ended = await deps.db.query('delete from user_sessions where user_id = $1 and id = $2 returning id', [
    userId,
    id,
  ])
  return ended.rows.length === 1
}

/** Ends all sessions of a person but `except`; how many. */
export async function endSessions(deps: Deps, userId: Uuid, except: Uuid | null): Promise<number> {
  const ended = await deps.db.query(
    'delete from user_sessions where user_id = $1 and ($2::uuid is null or id <> $2) returning id',
    [userId, except],
  )
  return ended.rows.length
}

/** Deletes what has ended before `now`: sessions, half-done sign-ins, links; how many rows. */
export async function deleteEnded(deps: Deps, now: Date): Promise<number> {
  let deleted = 0
  for (const table of ['user_sessions', 'user_verifications', 'sign_in_links']) {
    const gone = await deps.db.query(`delete from ${table} where expires_at < $1 returning 1 as gone`, [now])
    deleted += gone.rows.length
  }
  const rests = await deps.db.query('delete from attempt_limits where earned_at < $1 returning 1 as gone', [
    now,
  ])
  return deleted + rests.rows.length
}

function readSession(row: Row): Session {
  return {
    id: row.id as Uuid,
    userId: row.user_id as Uuid,
    email: row.email as string,
    name: row.name as string,
    expiresAt: row.expires_at as Date,
    createdAt: row.created_at as Date,
    lastUsedAt: row.updated_at as Date,
  }
}
