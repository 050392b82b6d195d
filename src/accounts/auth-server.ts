// The sign-in library, better-auth: users, passwords, sessions and two-factor. It is loaded when somebody
// first wants to sign in: a gateway that only serves keys does without its 55 MB.
import type pg from 'pg'
import type { Clock } from '../clock.ts'
import { createOnce } from '../create-once.ts'
import type { Uuid, UuidSource } from '../ids.ts'
import { parseUuid } from '../ids.ts'
import type { Logger } from '../log.ts'
import type { AuthKey } from './auth-keys.ts'
import { AUTH_TABLES, TWO_FACTOR_SCHEMA } from './auth-tables.ts'
import { createTurns, HASHING_MAX, HASHING_WAIT_MAX, type Turns } from './password-turns.ts'
import { COOKIE_PREFIX, signedSessionCookie } from './session-cookie.ts'

/** A call of one of the library's routes. What the caller may send has been checked. */
export type AuthCall = {
  /** Below `/auth`, such as `/sign-in/email`. */
  path: string
  body: Readonly<Record<string, unknown>>
  /** The request's cookies. */
  cookie: string | undefined
  /** The token of a session that was recognised, under whichever key it was signed. */
  sessionToken: string | null
  ip: string
  userAgent: string | undefined
}

/** What it answers. `code` is its own, in lower case: `invalid_email_or_password`. */
export type AuthAnswer =
  | { ok: true; body: Readonly<Record<string, unknown>>; cookies: readonly string[] }
  | { ok: false; status: number; code: string; text: string; cookies: readonly string[] }

/** The library, loaded or not. */
export type AuthServer = {
  call(call: AuthCall): Promise<AuthAnswer>
  /** Loads it in good time. */
  warmUp(): void
}

/** What the library works with. */
export type AuthServerDeps = {
  pool: pg.Pool
  clock: Clock
  newUuid: UuidSource
  log: Pick<Logger, 'warn' | 'error' | 'debug'>
  keys: readonly AuthKey[]
  publicUrl(): string
  /** Sends the token of a reset to the person. Nobody waits for it: whether there is one must not show. */
  sendReset(person: { email: string; name: string }, token: string): void
  /** A password was set anew by a mailed token. Never rejects. */
  wasReset(userId: Uuid): Promise<void>
  /** Takes a link's token; whose it was, or null. */
  takeSignInLink(token: string): Promise<Uuid | null>
}

/** Two weeks, and not longer for being used: who takes the money signs in again now and then. */
const SESSION_SECONDS = 14 * 24 * 60 * 60
const RESET_SECONDS = 60 * 60
/** Ours to set, from the connection or a trusted proxy; a client's own is not passed on. */
const ADDRESS_HEADER = 'x-sukuma-address'
/** All of them are kept, for people to know a device by; which addresses are one place is for our limits. */
const IPV6_BITS = 128
/** Shorter ones are guessed; longer ones cost more to hash than they are worth. */
export const PASSWORD_LENGTH = { min: 10, max: 128 } as const
/** Of wrong codes in a row, by whoever has the password: of a million codes that is too few to guess one. */
const CODE_LOCK = { enabled: true, maxFailedAttempts: 10, durationSeconds: 15 * 60 }
/** Where a password is hashed, also that of somebody who is not there. */
const HASHING_PATHS: ReadonlySet<string> = new Set([
  '/sign-in/email',
  '/sign-up/email',
  '/change-password',
  '/reset-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
])
/** The code of an answer that says nothing of what was presented. */
export const CROWDED_CODE = 'crowded'
const CROWDED: AuthAnswer = {
  ok: false,
  status: 429,
  code: CROWDED_CODE,
  text: 'Very many people are signing in. Try again in a minute.',
  cookies: [],
}
const EMAIL = /\S+@\S+/g

/** The library over `deps`. */
export function createAuthServer(deps: AuthServerDeps): AuthServer {
  const turns = createTurns(HASHING_MAX, HASHING_WAIT_MAX)
  const library = createOnce(() => load(deps, turns))
  return {
    warmUp: () =>
      void library().catch((error: unknown) => deps.log.error({ err: error }, 'sign-in did not load')),
    async call(call) {
      if (turns.isCrowded() && HASHING_PATHS.has(call.path)) return CROWDED
      const auth = await library()
      return readAnswer(await auth.handler(toRequest(deps, call)))
    },
  }
}

async function load(deps: AuthServerDeps, turns: Turns) {
  const [{ betterAuth }, { twoFactor }, { hashPassword, verifyPassword }, { createSignInLinkPlugin }] =
    await Promise.all([
      import('better-auth'),
      import('better-auth/plugins/two-factor'),
      import('better-auth/crypto'),
      import('./sign-in-link-plugin.ts'),
    ])
  return betterAuth({
    appName: 'Sukuma',
    baseURL: originOf(deps),
    basePath: '/auth',
    secrets: deps.keys.map(({ version, value }) => ({ version, value })),
    database: deps.pool,
    ...AUTH_TABLES,
    session: { ...AUTH_TABLES.session, expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    // Whoever reads the database cannot use what was sent to somebody.
    verification: { ...AUTH_TABLES.verification, storeIdentifier: 'hashed', disableCleanup: true },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      sendResetPassword: async ({ user, token }) => deps.sendReset(user, token),
      onPasswordReset: async ({ user }) => {
        const id = parseUuid(user.id)
        if (id !== null) await deps.wasReset(id)
      },
      password: {
        hash: (password) => turns.take(() => hashPassword(password)),
        verify: (check) => turns.take(() => verifyPassword(check)),
      },
    },
    plugins: [
      twoFactor({ issuer: 'Sukuma', schema: TWO_FACTOR_SCHEMA, accountLockout: CODE_LOCK }),
      createSignInLinkPlugin({ take: deps.takeSignInLink }),
    ],
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: originOf(deps).startsWith('https:'),
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER], ipv6Subnet: IPV6_BITS },
      database: { generateId: () => deps.newUuid(), validateSchema: false },
    },
    // Ours count across processes, by address and by account.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    experimental: { instrumentation: { enabled: false } },
    // What is no answer of its own is a fault, for us to tell.
    onAPIError: { throw: true },
    logger: { level: 'warn', disableColors: true, log: (level, message) => tell(deps, level, message) },
  })
}

/** Its own lines say "User not found" where somebody mistypes; only errors are news. */
function tell(deps: AuthServerDeps, level: string, message: string): void {
  const line = { part: 'accounts', said: message.replaceAll(EMAIL, '[address]') }
  if (level === 'error') deps.log.warn(line, 'the sign-in library reports an error')
  else deps.log.debug(line, 'the sign-in library reports')
}

function originOf(deps: Pick<AuthServerDeps, 'publicUrl'>): string {
  return new URL(deps.publicUrl()).origin
}

/** A session under a former key of SUKUMA_SECRET is handed on under the first: the library knows no other. */
function toRequest(deps: AuthServerDeps, call: AuthCall): Request {
  const origin = originOf(deps)
  const headers = new Headers({
    'content-type': 'application/json',
    [ADDRESS_HEADER]: call.ip,
    // Where the request came from has been checked, more strictly than the library would.
    origin,
  })
  if (call.userAgent !== undefined) headers.set('user-agent', call.userAgent)
  const session =
    call.sessionToken === null
      ? []
      : [signedSessionCookie(deps.keys, call.sessionToken, origin.startsWith('https:'))]
  const others = (call.cookie ?? '')
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each.includes(`${COOKIE_PREFIX}.`) && !each.includes(`${COOKIE_PREFIX}.session_token=`))
  const cookies = [...session, ...others]
  if (cookies.length > 0) headers.set('cookie', cookies.join('; '))
  return new Request(`${origin}/auth${call.path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(call.body),
  })
}

async function readAnswer(response: Response): Promise<AuthAnswer> {
  const cookies = response.headers.getSetCookie()
  const body = readObject(await response.text())
  if (response.ok) return { ok: true, body, cookies }
  const { code, message } = body
  return {
    ok: false,
    status: response.status,
    code: typeof code === 'string' ? code.toLowerCase() : 'refused',
    text: typeof message === 'string' ? message : 'This was refused.',
    cookies,
  }
}

function readObject(text: string): Record<string, unknown> {
  const parsed: unknown = text === '' ? null : JSON.parse(text)
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
}

/** The person in an answer, as it shows users; null when there is none. */
export function userOf(
  body: Readonly<Record<string, unknown>>,
): { id: Uuid; email: string; name: string } | null {
  const { user } = body
  if (typeof user !== 'object' || user === null) return null
  const fields = new Map<string, unknown>(Object.entries(user))
  const [id, email, name] = [fields.get('id'), fields.get('email'), fields.get('name')]
  if (typeof id !== 'string' || typeof email !== 'string' || typeof name !== 'string') return null
  const uuid = parseUuid(id)
  return uuid === null ? null : { id: uuid, email, name }
}
