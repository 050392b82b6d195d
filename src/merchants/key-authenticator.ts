// Who is asking? Every request goes through here, so a key is read anew only once something of its merchant
// was changed, or when no feed tells of changes.
import type { Clock } from '../clock.ts'
import { type Database, isDatabaseUnavailable } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import { createFindApiKeyByHash, type KeyGrant, type NoteKeyUse } from './api-key-store.ts'
import { readApiKeyText } from './api-key-text.ts'
import type { ChangeFeed } from './change-feed.ts'
import { createReadCache, followed } from './read-cache.ts'
import type { Role } from './roles.ts'
import type { Scope } from './scopes.ts'

/** Who acts for a merchant: a program with a key, or somebody who has signed in. */
export type Actor =
  | { readonly kind: 'key'; readonly id: Uuid; readonly name: string }
  | { readonly kind: 'user'; readonly id: Uuid; readonly email: string; readonly role: Role }

/** Somebody who presented a key that works, or who has signed in. */
export type Principal = {
  readonly merchantId: Uuid
  readonly merchantName: string
  readonly actor: Actor
  /** True: production shortcodes; false: simulator and sandbox. */
  readonly live: boolean
  /** The only shortcode that the key may use; null: any of its side. */
  readonly shortcodeId: Uuid | null
  readonly scopes: ReadonlySet<Scope>
}

/** Tells who presents a key. */
export type KeyAuthenticator = {
  /**
   * Null for a key that is malformed, unknown, revoked or expired: all the same to whoever asks.
   * Throws `DatabaseUnavailableError` or the driver's error when it cannot be told.
   */
  authenticate(presented: string): Promise<Principal | null>
}

/** The last use of a key is kept to a minute: a write a key and minute, not one a request. */
const USE_NOTED_EVERY_MS = 60_000
/** A note that failed is made up for by the next use after this. */
const USE_NOTED_AGAIN_MS = 4_000

type Grant = { principal: Principal; expiresAtMs: number; keyId: Uuid; noteAgainMs: number }

/** An authenticator with a cache of its own. A revoked key is refused by every process within 5 s. */
export function createKeyAuthenticator(deps: {
  db: Database
  clock: Clock
  log: Logger
  noteKeyUse: NoteKeyUse
  feed?: ChangeFeed
}): KeyAuthenticator {
  const cache = createReadCache<Grant>({
    clock: deps.clock,
    ...followed<Grant>(deps.feed, ({ principal }) => principal.merchantId),
  })
  const findApiKeyByHash = createFindApiKeyByHash(deps)

  async function load(hash: string): Promise<Grant | null> {
    const found = await findApiKeyByHash(hash)
    // Unknown and revoked take the same way: one read, and nothing found.
    if (found === undefined || found.key.revokedAt !== null) return null
    const grant = toGrant(found)
    return deps.clock.now() >= grant.expiresAtMs ? null : grant
  }

  function noteUse(grant: Grant, nowMs: number): void {
    if (nowMs < grant.noteAgainMs) return
    grant.noteAgainMs = nowMs + USE_NOTED_EVERY_MS
    const { keyId, principal } = grant
    // Nobody waits for it.
    deps
      .noteKeyUse({ merchantId: principal.merchantId, id: keyId, usedAt: new Date(nowMs) })
      .catch((error: unknown) => {
        grant.noteAgainMs = nowMs + USE_NOTED_AGAIN_MS
        if (isDatabaseUnavailable(error)) return
        deps.log.warn({ err: error, keyId }, 'the use of a key was not noted')
      })
  }

  return {
    async authenticate(presented) {
      const read = readApiKeyText(presented)
      if (read === null) return null
      const grant = await cache.get(read.hash, () => load(read.hash))
      const nowMs = deps.clock.now()
      if (grant === null || nowMs >= grant.expiresAtMs) return null
      noteUse(grant, nowMs)
      return grant.principal
    },
  }
}

function toGrant({ key, merchantName }: KeyGrant): Grant {
  const principal: Principal = {
    merchantId: key.merchantId,
    merchantName,
    actor: { kind: 'key', id: key.id, name: key.name },
    live: key.live,
    shortcodeId: key.shortcodeId,
    scopes: new Set(key.scopes),
  }
  const noteAgainMs = key.lastUsedAt === null ? 0 : key.lastUsedAt.getTime() + USE_NOTED_EVERY_MS
  const expiresAtMs = key.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  return { principal, expiresAtMs, keyId: key.id, noteAgainMs }
}
