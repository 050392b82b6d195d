// The demo user of a first start with the embedded database: signs in by a link, until an owner removes them.

import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid, UuidSource } from '../ids.ts'
import { parseUuid } from '../ids.ts'
import { findMember, insertMember, listMemberships } from './member-store.ts'
import { makeSignInUrl } from './sign-in-links.ts'
import { findUser, insertUser } from './user-store.ts'

/** Always the same one, like the demo merchant. */
export const DEMO_USER_ID: Uuid = readDemoUserId()
/** An address at which nothing can be sent: no name ends in it (RFC 6762, section 3). */
export const DEMO_USER_EMAIL = 'demo@sukuma.local'

type Deps = { db: Database; clock: Clock; newUuid: UuidSource }

/**
 * Makes the demo user, owner of the demo merchant, when the merchant has just been made, and a new link for
 * every start after; null once the demo user is no longer a member.
 */
export async function makeDemoSignIn(
  deps: Deps,
  { merchantId, baseUrl }: { merchantId: Uuid; baseUrl: string },
): Promise<string | null> {
  const at = new Date(deps.clock.now())
  if ((await findUser(deps, DEMO_USER_ID)) === null) {
    await insertUser(deps, { id: DEMO_USER_ID, email: DEMO_USER_EMAIL, name: 'Demo', at })
    await insertMember(deps, { merchantId, userId: DEMO_USER_ID, role: 'owner', at })
  }
  if ((await findMember(deps, merchantId, DEMO_USER_ID)) === null) return null
  return makeSignInUrl(deps, DEMO_USER_ID, baseUrl)
}

/** Whether the demo user still works for a merchant. */
export async function isDemoMember(deps: { db: Database }): Promise<boolean> {
  return (await listMemberships(deps, DEMO_USER_ID)).length > 0
}

function readDemoUserId(): Uuid {
  const id = parseUuid('00000000-0000-7000-8000-00000000de31')
  if (id === null) throw new Error('the demo user has no id')
  return id
}
