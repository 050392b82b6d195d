// The people of a merchant: their roles, and their leaving. A merchant always keeps an owner.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Role } from '../merchants/roles.ts'
import { deleteMember, findMember, type Member, updateRole } from './member-store.ts'

/** What became of a change; `before` is the member as it was. */
export type TeamChange = { code: 'changed'; before: Member } | { code: 'not_found' } | { code: 'last_owner' }

/** Gives a member another role. */
export async function changeRole(
  deps: { db: Database },
  merchantId: Uuid,
  userId: Uuid,
  role: Role,
): Promise<TeamChange> {
  const before = await findMember(deps, merchantId, userId)
  if (before === null) return { code: 'not_found' }
  return refusalOr(deps, before, merchantId, await updateRole(deps, merchantId, userId, role))
}

/** Removes a member, who is refused by every process within 5 s. */
export async function removeMember(
  deps: { db: Database },
  merchantId: Uuid,
  userId: Uuid,
): Promise<TeamChange> {
  const before = await findMember(deps, merchantId, userId)
  if (before === null) return { code: 'not_found' }
  return refusalOr(deps, before, merchantId, await deleteMember(deps, merchantId, userId))
}

async function refusalOr(
  deps: { db: Database },
  before: Member,
  merchantId: Uuid,
  isDone: boolean,
): Promise<TeamChange> {
  if (isDone) return { code: 'changed', before }
  const stillThere = await findMember(deps, merchantId, before.userId)
  return stillThere === null ? { code: 'not_found' } : { code: 'last_owner' }
}
