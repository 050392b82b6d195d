// The statements on people that are not the sign-in library's.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'

type Row = Record<string, unknown>
type Deps = { db: Database }

/** Somebody who can sign in. */
export type User = {
  id: Uuid
  email: string
  name: string
  emailVerified: boolean
  twoFactorEnabled: boolean
  /** False: they came by a link and have not set one. */
  hasPassword: boolean
  /** An IANA name, or null for the merchant's. */
  timeZone: string | null
}

const SELECT_USER = `
  select u.*, exists (
    select from user_credentials c where c.user_id = u.id and c.password is not null
  ) as has_password
  from users u`

/** One person, or null. */
export async function findUser(deps: Deps, id: Uuid): Promise<User | null> {
  const found = await deps.db.query<Row>(`${SELECT_USER} where u.id = $1`, [id])
  return readFirst(found.rows)
}

/** The person of an e-mail address in lower case, or null. */
export async function findUserByEmail(deps: Deps, email: string): Promise<User | null> {
  const found = await deps.db.query<Row>(`${SELECT_USER} where u.email = $1`, [email])
  return readFirst(found.rows)
}

/** Makes a person without a password; nothing changes when they are there. */
export async function insertUser(
  deps: Deps,
  user: { id: Uuid; email: string; name: string; at: Date },
): Promise<void> {
  await deps.db.query(
    `insert into users (id, email, name, email_verified, created_at, updated_at)
     values ($1, $2, $3, false, $4, $4) on conflict do nothing`,
    [user.id, user.email, user.name, user.at],
  )
}

/** Deletes a person and all that is theirs alone. */
export async function deleteUser(deps: Deps, id: Uuid): Promise<void> {
  await deps.db.query('delete from users where id = $1', [id])
}

/** True while nobody works here but `demoUserId`, nobody is invited, and nobody has been the first. */
export async function isUnclaimed(deps: Deps, demoUserId: Uuid): Promise<boolean> {
  const found = await deps.db.query<{ unclaimed: boolean }>(
    `select not exists (select from first_sign_up)
       and not exists (select from members where user_id <> $1)
       and not exists (select from invitations) as unclaimed`,
    [demoUserId],
  )
  return found.rows[0]?.unclaimed === true
}

/**
 * Makes `userId` the first; false when somebody else was before. One of many at once is. Who was made the
 * first and then given nothing, as the process ended, is still the first.
 */
export async function claimFirst(deps: Deps, userId: Uuid, demoUserId: Uuid, at: Date): Promise<boolean> {
  const claimed = await deps.db.query(
    `with free as (
       select where not exists (select from members where user_id <> $2)
         and not exists (select from invitations)
     ), claimed as (
       insert into first_sign_up (user_id, at) select $1, $3 from free
       on conflict do nothing returning user_id
     )
     select user_id from claimed union all select f.user_id from first_sign_up f, free where f.user_id = $1`,
    [userId, demoUserId, at],
  )
  return claimed.rows.length === 1
}

/** The first merchant for which nobody works but `demoUserId`, or null. */
export async function findUnownedMerchant(
  deps: Deps,
  demoUserId: Uuid,
): Promise<{ id: Uuid; name: string } | null> {
  const found = await deps.db.query<Row>(
    `select x.id, x.name from merchants x
     where not exists (select from members m where m.merchant_id = x.id and m.user_id <> $1)
     order by x.id limit 1`,
    [demoUserId],
  )
  const row = found.rows[0]
  return row === undefined ? null : { id: row.id as Uuid, name: row.name as string }
}

/** Keeps a link that signs somebody in. */
export async function insertSignInLink(
  deps: Deps,
  link: { tokenHash: Buffer; userId: Uuid; expiresAt: Date },
): Promise<void> {
  await deps.db.query('insert into sign_in_links (token_hash, user_id, expires_at) values ($1, $2, $3)', [
    link.tokenHash,
    link.userId,
    link.expiresAt,
  ])
}

/** Takes a link that works still, once; whose it was, or null. */
export async function takeSignInLink(deps: Deps, tokenHash: Buffer, now: Date): Promise<Uuid | null> {
  const taken = await deps.db.query<{ user_id: Uuid; expires_at: Date }>(
    'delete from sign_in_links where token_hash = $1 returning user_id, expires_at',
    [tokenHash],
  )
  const row = taken.rows[0]
  return row !== undefined && row.expires_at > now ? row.user_id : null
}

function readFirst(rows: Row[]): User | null {
  const row = rows[0]
  if (row === undefined) return null
  return {
    id: row.id as Uuid,
    email: row.email as string,
    name: row.name as string,
    emailVerified: row.email_verified as boolean,
    twoFactorEnabled: row.two_factor_enabled as boolean,
    hasPassword: row.has_password as boolean,
    timeZone: row.time_zone as string | null,
  }
}
