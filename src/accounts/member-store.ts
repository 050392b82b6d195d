// The statements on members: who is what to which merchant.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Role } from '../merchants/roles.ts'

type Row = Record<string, unknown>
type Deps = { db: Database }

/** Somebody who works for a merchant. */
export type Member = {
  userId: Uuid
  email: string
  name: string
  role: Role
  twoFactorEnabled: boolean
  joinedAt: Date
}

/** A merchant as one of its members sees it. */
export type Membership = { merchantId: Uuid; name: string; role: Role }

const SELECT_MEMBER = `
  select m.user_id, m.role, m.created_at, u.email, u.name, u.two_factor_enabled
  from members m join users u on u.id = m.user_id`

/** Everybody who works for a merchant, the first to join first. */
export async function listMembers(deps: Deps, merchantId: Uuid): Promise<Member[]> {
  const found = await deps.db.query<Row>(
    `${SELECT_MEMBER} where m.merchant_id = $1 order by m.created_at, m.user_id`,
    [merchantId],
  )
  return found.rows.map(readMember)
}

/** One member, or null. */
export async function findMember(deps: Deps, merchantId: Uuid, userId: Uuid): Promise<Member | null> {
  const found = await deps.db.query<Row>(`${SELECT_MEMBER} where m.merchant_id = $1 and m.user_id = $2`, [
    merchantId,
    userId,
  ])
  return readFirst(found.rows)
}

/** The member of this e-mail address, or null. */
export async function findMemberByEmail(deps: Deps, merchantId: Uuid, email: string): Promise<Member | null> {
  const found = await deps.db.query<Row>(`${SELECT_MEMBER} where m.merchant_id = $1 and u.email = $2`, [
    merchantId,
    email,
  ])
  return readFirst(found.rows)
}

/** The merchants that somebody works for, in the order in which they were made. */
export async function listMemberships(deps: Deps, userId: Uuid): Promise<Membership[]> {
  const found = await deps.db.query<Row>(
    `select m.merchant_id, m.role, x.name from members m join merchants x on x.id = m.merchant_id
     where m.user_id = $1 order by m.merchant_id`,
    [userId],
  )
  return found.rows.map((row) => ({
    merchantId: row.merchant_id as Uuid,
    name: row.name as string,
    role: row.role as Role,
  }))
}

/** Makes somebody a member; false when they are one already, whose role then stays. */
export async function insertMember(
  deps: Deps,
  member: { merchantId: Uuid; userId: Uuid; role: Role; at: Date },
): Promise<boolean> {
  const inserted = await deps.db.query(
    `insert into members (merchant_id, user_id, role, created_at) values ($1, $2, $3, $4)
     on conflict (merchant_id, user_id) do nothing returning user_id`,
    [member.merchantId, member.userId, member.role, member.at],
  )
  return inserted.rows.length === 1
}

/**
 * The owners, locked in one order: of two owners who are demoted at once, the second waits, and then finds
 * itself the last.
 */
const LOCK_OWNERS = `owners as materialized (
  select user_id from members where merchant_id = $1 and role = 'owner' order by user_id for update
), others as materialized (select count(*) as left from owners where user_id <> $2)`

/** Gives a member another role; false when there is none, or when no owner would be left. */
export async function updateRole(deps: Deps, merchantId: Uuid, userId: Uuid, role: Role): Promise<boolean> {
  const updated = await deps.db.query(
    `with ${LOCK_OWNERS}
     update members m set role = $3 from others
     where m.merchant_id = $1 and m.user_id = $2 and (m.role <> 'owner' or $3 = 'owner' or others.left > 0)
     returning m.user_id`,
    [merchantId, userId, role],
  )
  return updated.rows.length === 1
}

/** Ends a membership; false when there is none, or when no owner would be left. */
export async function deleteMember(deps: Deps, merchantId: Uuid, userId: Uuid): Promise<boolean> {
  const deleted = await deps.db.query(
    `with ${LOCK_OWNERS}
     delete from members m using others
     where m.merchant_id = $1 and m.user_id = $2 and (m.role <> 'owner' or others.left > 0)
     returning m.user_id`,
    [merchantId, userId],
  )
  return deleted.rows.length === 1
}

function readFirst(rows: Row[]): Member | null {
  const row = rows[0]
  return row === undefined ? null : readMember(row)
}

function readMember(row: Row): Member {
  return {
    userId: row.user_id as Uuid,
    email: row.email as string,
    name: row.name as string,
    role: row.role as Role,
    twoFactorEnabled: row.two_factor_enabled as boolean,
    joinedAt: row.created_at as Date,
  }
}
