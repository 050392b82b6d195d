// The demo user of a first start with the embedded database: signs in by a link, until an owner removes them.

import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid, UuidSource } from '../ids.ts'
import { parseUuid } from '../ids.ts'
import { findMember, insertMember, listMemberships } from './member-store.ts'
import { makeOneTimeToken } from './one-time-token.ts'
import { findUser, insertSignInLink, insertUser } from './user-store.ts'

/** Always the same one, like the demo merchant. */
export const DEMO_USER_ID: Uuid = readDemoUserId()
/** An address at which nothing can be sent: no name ends in it (RFC 6762, section 3). */
export const DEMO_USER_EMAIL = 'demo@sukuma.local'
/** Somebody who starts the gateway in the evening may read its banner in the morning. */
const LINK_LIFE_MS = 24 * 60 * 60 * 1_000

type Deps = { db: Database; clock: Clock; newUuid: UuidSource }

/**
 * Makes the demo user, owner of the demo merchant, when the merchant has just been made, and a new link for
 * every start after; null once the demo user is no longer a member. The token works once, in the fragment of
 * an address: no server, proxy or preview of the link sees it.
 */
export async function makeDemoSignIn(
  deps: Deps,
  { merchantId, baseUrl }: { merchantId: Uuid; baseUrl: string },
): Promise<string | null> {
  const nowMs = deps.clock.now()
  const at = new Date(nowMs)
  if ((await findUser(deps, DEMO_USER_ID)) === null) {
    await insertUser(deps, { id: DEMO_USER_ID, email: DEMO_USER_EMAIL, name: 'Demo', at })
    await insertMember(deps, { merchantId, userId: DEMO_USER_ID, role: 'owner', at })
  }
  if ((await findMember(deps, merchantId, DEMO_USER_ID)) === null) return null
  const token = makeOneTimeToken()
  const expiresAt = new Date(nowMs + LINK_LIFE_MS)
  await insertSignInLink(deps, { tokenHash: token.hash, userId: DEMO_USER_ID, expiresAt })
  return `${baseUrl}/sign-in#link=${token.text}`
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
