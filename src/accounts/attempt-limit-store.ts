// How often something was tried, kept in the database: all processes count together.
import { createHash } from 'node:crypto'
import type { Database } from '../db/database.ts'

/** `atOnce` after a rest, and one more every `everyMs`. */
export type AttemptRate = { atOnce: number; everyMs: number }

/** Of addresses and e-mail addresses only the hash is kept: rows of those who are nobody's stay behind. */
function keyOf(name: string): Buffer {
  return createHash('sha256').update(name).digest()
}

/**
 * Takes one attempt of `name` (the generic cell rate algorithm, as in `allowance.ts`), in one statement:
 * however many come at once, no more than the rate lets are allowed. Null, or how long to wait.
 */
export async function takeAttempt(
  deps: { db: Database },
  name: string,
  { atOnce, everyMs }: AttemptRate,
  now: Date,
): Promise<null | { waitMs: number }> {
  const taken = await deps.db.query(
    `insert into attempt_limits as l (key, earned_at)
     values ($1, $2::timestamptz + $3::double precision * interval '1 millisecond')
     on conflict (key) do update
       set earned_at = greatest(l.earned_at, $2) + $3 * interval '1 millisecond'
       where l.earned_at <= $2 + $4::double precision * interval '1 millisecond'
     returning key`,
    [keyOf(name), now, everyMs, (atOnce - 1) * everyMs],
  )
  if (taken.rows.length === 1) return null
  const found = await deps.db.query<{ earned_at: Date }>(
    'select earned_at from attempt_limits where key = $1',
    [keyOf(name)],
  )
  const earnedMs = found.rows[0]?.earned_at.getTime() ?? now.getTime()
  return { waitMs: Math.max(1, earnedMs - now.getTime() - (atOnce - 1) * everyMs) }
}

/** Gives back one attempt of each of `names`: it was no guess. */
export async function giveBackAttempts(
  deps: { db: Database },
  names: readonly { name: string; everyMs: number }[],
): Promise<void> {
  for (const { name, everyMs } of names) {
    await deps.db.query(
      `update attempt_limits set earned_at = earned_at - $2::double precision * interval '1 millisecond'
       where key = $1`,
      [keyOf(name), everyMs],
    )
  }
}

/** More sessions than somebody has; of those beyond, the newest count. */
const SESSIONS_MAX = 1_000

/** Where the sessions of the person of this e-mail address began, as the sign-in library writes addresses. */
export async function listSessionAddresses(deps: { db: Database }, email: string): Promise<string[]> {
  const found = await deps.db.query<{ ip_address: string }>(
    `select s.ip_address from users u join user_sessions s on s.user_id = u.id
     where u.email = $1 and s.ip_address is not null order by s.id desc limit $2`,
    [email, SESSIONS_MAX],
  )
  return found.rows.map((row) => row.ip_address)
}
