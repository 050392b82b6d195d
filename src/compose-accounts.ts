// People's accounts, wired: sessions, the sign-in library, limits, sign-up and invitations over one core.
import type pg from 'pg'
import packageJson from '../package.json' with { type: 'json' }
import { recordPersonal } from './accounts/account-audit.ts'
import type { AccountDeps } from './accounts/account-deps.ts'
import { createAttemptLimits } from './accounts/attempt-limits.ts'
import { deriveAuthKeys } from './accounts/auth-keys.ts'
import { type AuthServerDeps, createAuthServer } from './accounts/auth-server.ts'
import { readOneTimeToken } from './accounts/one-time-token.ts'
import { createSessionAuthenticator } from './accounts/session-authenticator.ts'
import { deleteEnded } from './accounts/session-store.ts'
import { findUser, takeSignInLink } from './accounts/user-store.ts'
import type { Core } from './compose-core.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import type { DashboardDeps } from './http/dashboard/dashboard.ts'
import { sourceOf } from './http/guess-limit.ts'
import type { Uuid } from './ids.ts'
import type { Logger } from './log.ts'
import { createSimulatorShortcode } from './merchants/simulator-shortcode.ts'

/** What accounts are made of and where they are. */
export type AccountParts = {
  config: Config
  core: Core
  log: Logger
  /** For the sign-in library, which has transactions of its own. */
  pool: pg.Pool
  /** For all else: it says no in time. */
  asked: Database
  secretKeys: readonly Buffer[]
  simulatorUrl: string | null
  publicUrl(): string
}

/** Wires the accounts; null where no dashboard is wanted, and nobody signs in. */
export function createAccounts(parts: AccountParts): Omit<DashboardDeps, 'place'> | null {
  const { config, core, asked, publicUrl, simulatorUrl } = parts
  if (!config.dashboard) return null
  const { clock, newUuid, audit, mailer } = core
  const log = parts.log.child({ part: 'accounts' })
  const keys = deriveAuthKeys(parts.secretKeys)
  const isSecure = () => publicUrl().startsWith('https:')
  const auth = createAuthServer({
    ...mailedBy(parts),
    pool: parts.pool,
    clock,
    newUuid,
    log,
    keys,
    publicUrl,
    async takeSignInLink(token) {
      const hash = readOneTimeToken(token)
      return hash === null ? null : takeSignInLink({ db: asked }, hash, new Date(clock.now()))
    },
  })
  const accounts: AccountDeps = {
    db: asked,
    clock,
    newUuid,
    mailer,
    publicUrl,
    audit,
    auth,
    signUp: config.signUp,
    sessions: createSessionAuthenticator({ db: asked, clock, log, keys, isSecure }),
    admit: createAttemptLimits({ db: asked, clock, sourceOf }),
    async prepareMerchant(merchantId: Uuid) {
      if (simulatorUrl === null) return
      await createSimulatorShortcode({ db: asked, clock, newUuid, sealer: core.sealer }, merchantId)
    },
  }
  return { accounts, about: { version: packageJson.version, simulatorUrl } }
}

/** Mails about passwords. Nobody waits for one: how long it takes must not tell who is known here. */
function mailedBy(parts: AccountParts): Pick<AuthServerDeps, 'sendReset' | 'wasReset'> {
  const { asked, core, publicUrl } = parts
  const { mailer } = core
  return {
    sendReset({ email, name }, token) {
      void mailer.send({
        to: email,
        subject: 'A new password for Sukuma',
        text: [
          `Habari ${name},`,
          '',
          'Somebody, hopefully you, asked for a new password. Set it here, within an hour:',
          `${publicUrl()}/reset-password#token=${token}`,
          '',
          'The link works once. If it was not you, do nothing: your password stays as it is.',
        ].join('\n'),
      })
    },
    async wasReset(userId) {
      const person = await findUser({ db: asked }, userId).catch(() => null)
      if (person === null) return
      const deps = { db: asked, audit: core.audit }
      const origin = { ip: null, userAgent: null }
      await recordPersonal(deps, { ...origin, action: 'password.reset', person, isProven: true })
    },
  }
}

/** Deletes sessions, links and half-done sign-ins that have ended; how many rows. */
export function trimAccounts({ core, asked }: { core: Core; asked: Database }): Promise<number> {
  return deleteEnded({ db: asked }, new Date(core.clock.now()))
}
