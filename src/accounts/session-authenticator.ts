// Who asks with a session cookie, and as what? Like keys, sessions are read at most once in 4 s, so that one
// that was ended, or a member who was removed, is refused by every process within 5 s.
import type { Clock } from '../clock.ts'
import { type Database, isDatabaseUnavailable } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { Principal } from '../merchants/key-authenticator.ts'
import { createReadCache } from '../merchants/read-cache.ts'
import { ROLE_SCOPES } from '../merchants/roles.ts'
import type { AuthKey } from './auth-keys.ts'
import { readSessionToken } from './session-cookie.ts'
import { findSessionGrant, noteSessionUse, type Session, type SessionGrant } from './session-store.ts'

/** Somebody who has signed in, without any merchant. */
export type SignedIn = { session: Session; token: string }

/** Tells who has signed in. Throws as the database does when it cannot be told. */
export type SessionAuthenticator = {
  /** Whether these cookies hold a session that was ours, ended or not. Costs no look into the database. */
  isSigned(cookie: string | undefined): boolean
  /** Null when there is no session, or one that has ended; read afresh. */
  signedIn(cookie: string | undefined): Promise<SignedIn | null>
  /** `no_session`, or `no_member` for a merchant that is none of theirs, or not there. */
  authenticate(
    cookie: string | undefined,
    as: { merchantId: Uuid; live: boolean },
  ): Promise<{ ok: true; principal: Principal } | { ok: false; code: 'no_session' | 'no_member' }>
}

/** What it works with; `isSecure` is asked at each use, as the public address may not be known before. */
export type SessionAuthenticatorDeps = {
  db: Database
  clock: Clock
  log: Pick<Logger, 'warn'>
  keys: readonly AuthKey[]
  isSecure(): boolean
}

/** Kept to ten minutes: who looks at a list of sessions wants to know which one is not theirs. */
const USE_NOTED_EVERY_MS = 600_000

type Grant = { expiresAtMs: number; sides: { live: Principal; test: Principal } | null }

/** An authenticator with a cache of its own. */
export function createSessionAuthenticator(deps: SessionAuthenticatorDeps): SessionAuthenticator {
  const cache = createReadCache<Grant>(deps)

  async function load(token: string, merchantId: Uuid): Promise<Grant | null> {
    const nowMs = deps.clock.now()
    const found = await findSessionGrant(deps, token, merchantId, new Date(nowMs))
    if (found === null) return null
    noteUse(found.session, nowMs)
    return { expiresAtMs: found.session.expiresAt.getTime(), sides: sidesOf(found, merchantId) }
  }

  function noteUse(session: Session, nowMs: number): void {
    const unlessAfter = new Date(nowMs - USE_NOTED_EVERY_MS)
    if (session.lastUsedAt > unlessAfter) return
    // Nobody waits for it, and the next load makes up for one that failed.
    noteSessionUse(deps, session.id, { usedAt: new Date(nowMs), unlessAfter }).catch((error: unknown) => {
      if (!isDatabaseUnavailable(error)) deps.log.warn({ err: error }, 'the use of a session was not noted')
    })
  }

  const tokenIn = (cookie: string | undefined) => readSessionToken(deps.keys, cookie, deps.isSecure())
  return {
    isSigned: (cookie) => tokenIn(cookie) !== null,
    async signedIn(cookie) {
      const token = tokenIn(cookie)
      if (token === null) return null
      const nowMs = deps.clock.now()
      const found = await findSessionGrant(deps, token, null, new Date(nowMs))
      if (found === null) return null
      noteUse(found.session, nowMs)
      return { session: found.session, token }
    },
    async authenticate(cookie, { merchantId, live }) {
      const token = tokenIn(cookie)
      if (token === null) return { ok: false, code: 'no_session' }
      const grant = await cache.get(`${token} ${merchantId}`, () => load(token, merchantId))
      if (grant === null || deps.clock.now() >= grant.expiresAtMs) return { ok: false, code: 'no_session' }
      if (grant.sides === null) return { ok: false, code: 'no_member' }
      return { ok: true, principal: live ? grant.sides.live : grant.sides.test }
    },
  }
}

function sidesOf({ session, role, merchantName }: SessionGrant, merchantId: Uuid): Grant['sides'] {
  if (role === null || merchantName === null) return null
  const both = {
    merchantId,
    merchantName,
    actor: { kind: 'user', id: session.userId, email: session.email, role },
    shortcodeId: null,
    scopes: ROLE_SCOPES[role],
  } as const
  return { live: { ...both, live: true }, test: { ...both, live: false } }
}
