// The statements on invitations.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Role } from '../merchants/roles.ts'

type Row = Record<string, unknown>
type Deps = { db: Database }

/** Somebody was asked to join a merchant. */
export type Invitation = {
  merchantId: Uuid
  merchantName: string
  id: Uuid
  email: string
  role: Role
  /** Null: invited on the command line, or by somebody who is gone. */
  invitedBy: string | null
  createdAt: Date
  expiresAt: Date
}

const SELECT_INVITATION = `
  select i.*, x.name as merchant_name, u.name as inviter
  from invitations i join merchants x on x.id = i.merchant_id left join users u on u.id = i.invited_by`
const WAITS = 'i.accepted_at is null and i.cancelled_at is null'

/** A new invitation. */
export type NewInvitation = {
  merchantId: Uuid
  id: Uuid
  email: string
  role: Role
  invitedBy: Uuid | null
  tokenHash: Buffer
  createdAt: Date
  expiresAt: Date
}

/** Keeps an invitation, and withdraws one of the same address that still waits. */
export async function insertInvitation(deps: Deps, made: NewInvitation): Promise<void> {
  await deps.db.query(
    `with former as (
       update invitations i set cancelled_at = $7 where i.merchant_id = $1 and i.email = $3 and ${WAITS}
     )
     insert into invitations
       (merchant_id, id, email, role, invited_by, token_hash, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      made.merchantId,
      made.id,
      made.email,
      made.role,
      made.invitedBy,
      made.tokenHash,
      made.createdAt,
      made.expiresAt,
    ],
  )
}

/** The invitations of a merchant that wait for an answer at `now`, newest first. */
export async function listWaitingInvitations(
  deps: Deps,
  merchantId: Uuid,
  page: { now: Date; limit: number },
): Promise<Invitation[]> {
  const found = await deps.db.query<Row>(
    `${SELECT_INVITATION} where i.merchant_id = $1 and ${WAITS} and i.expires_at > $2
     order by i.id desc limit $3`,
    [merchantId, page.now, page.limit],
  )
  return found.rows.map(readInvitation)
}

/** The waiting invitation of a link. Crosses merchants on purpose: nobody guesses the hash of a token. */
export async function findInvitationByToken(
  deps: Deps,
  tokenHash: Buffer,
  now: Date,
): Promise<(Invitation & { hasAccount: boolean }) | null> {
  const found = await deps.db.query<Row>(
    `${SELECT_INVITATION} where i.token_hash = $1 and ${WAITS} and i.expires_at > $2`,
    [tokenHash, now],
  )
  const row = found.rows[0]
  if (row === undefined) return null
  const account = await deps.db.query('select 1 as there from users where email = $1', [row.email])
  return { ...readInvitation(row), hasAccount: account.rows.length === 1 }
}

/** Withdraws a waiting invitation; the address that it was for, or null when there is none. */
export async function cancelInvitation(
  deps: Deps,
  merchantId: Uuid,
  id: Uuid,
  at: Date,
): Promise<string | null> {
  const cancelled = await deps.db.query<{ email: string }>(
    `update invitations i set cancelled_at = $3
     where i.merchant_id = $1 and i.id = $2 and ${WAITS} and i.expires_at > $3 returning email`,
    [merchantId, id, at],
  )
  return cancelled.rows[0]?.email ?? null
}

/**
 * Accepts the invitation of a link for a person of that address and makes them a member, or neither; once,
 * however many try at the same time. `isVerified` where the link has only gone out by mail: whoever has it
 * reads that mail. Null when there is no such invitation for this address.
 */
export async function acceptInvitation(
  deps: Deps,
  tokenHash: Buffer,
  person: { userId: Uuid; email: string; isVerified: boolean },
  at: Date,
): Promise<{ merchantId: Uuid; id: Uuid; role: Role; isNew: boolean } | null> {
  const accepted = await deps.db.query<Row>(
    `with taken as (
       update invitations i set accepted_at = $4
       where i.token_hash = $1 and i.email = $3 and ${WAITS} and i.expires_at > $4
       returning i.merchant_id, i.id, i.role
     ), joined as (
       insert into members (merchant_id, user_id, role, created_at)
       select merchant_id, $2, role, $4 from taken on conflict (merchant_id, user_id) do nothing
       returning user_id
     ), verified as (
       update users set email_verified = true where id = $2 and $5 and exists (select from taken)
     )
     select t.*, exists (select from joined) as is_new from taken t`,
    [tokenHash, person.userId, person.email, at, person.isVerified],
  )
  const row = accepted.rows[0]
  if (row === undefined) return null
  return {
    merchantId: row.merchant_id as Uuid,
    id: row.id as Uuid,
    role: row.role as Role,
    isNew: row.is_new as boolean,
  }
}

function readInvitation(row: Row): Invitation {
  return {
    merchantId: row.merchant_id as Uuid,
    merchantName: row.merchant_name as string,
    id: row.id as Uuid,
    email: row.email as string,
    role: row.role as Role,
    invitedBy: row.inviter as string | null,
    createdAt: row.created_at as Date,
    expiresAt: row.expires_at as Date,
  }
}
