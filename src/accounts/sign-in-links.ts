// Links that sign somebody in, once: for the demo user, and for who has lost password and codes.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { makeOneTimeToken } from './one-time-token.ts'
import { insertSignInLink } from './user-store.ts'

/** Somebody who starts the gateway in the evening may read its banner in the morning. */
const LINK_LIFE_MS = 24 * 60 * 60 * 1_000

/** A new link. Its token stands in the fragment: no server, proxy or preview of the link sees it. */
export async function makeSignInUrl(
  deps: { db: Database; clock: Clock },
  userId: Uuid,
  baseUrl: string,
): Promise<string> {
  const token = makeOneTimeToken()
  const expiresAt = new Date(deps.clock.now() + LINK_LIFE_MS)
  await insertSignInLink(deps, { tokenHash: token.hash, userId, expiresAt })
  return `${baseUrl}/sign-in#link=${token.text}`
}
