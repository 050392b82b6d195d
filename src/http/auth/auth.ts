// `/auth`: signing in and out, passwords, and two-factor. Only what is listed here reaches the library.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountDeps } from '../../accounts/account-deps.ts'
import type { AttemptKind } from '../../accounts/attempt-limits.ts'
import type { SignedIn } from '../../accounts/session-authenticator.ts'
import type { AuditAction } from '../../audit/audit-entry.ts'
import { installAccountErrors } from '../account-error.ts'
import { UNAUTHENTICATED_TEXT } from '../authentication.ts'
import { HttpError } from '../http-error.ts'
import { takeJson } from '../json-body.ts'
import { type OwnPlace, requireSameOrigin } from '../same-origin.ts'
import { bodyOf, callAuth, recordOwn } from './auth-call.ts'
import {
  type AuthBody,
  readNothing,
  readPassword,
  readPasswordChange,
  readProfile,
  readReset,
  readResetWish,
} from './auth-fields.ts'
import { signInRoutes } from './sign-in-routes.ts'

/** What the surface works with. */
export type AuthDeps = { accounts: AccountDeps; place: OwnPlace }

/** A route of somebody who has signed in. */
type OwnRoute = {
  path: string
  read(body: unknown): AuthBody
  /** Set where the password is asked for once more. */
  attempt: AttemptKind | null
  action: AuditAction | null
  show(body: Readonly<Record<string, unknown>>): unknown
}

const STATUS = () => ({ status: true })

const OWN_ROUTES: readonly OwnRoute[] = [
  {
    path: '/sign-out',
    read: readNothing,
    attempt: null,
    action: 'session.ended',
    show: () => ({ success: true }),
  },
  {
    path: '/change-password',
    read: readPasswordChange,
    attempt: 'password',
    action: 'password.changed',
    show: STATUS,
  },
  { path: '/update-user', read: readProfile, attempt: null, action: null, show: STATUS },
  {
    path: '/two-factor/enable',
    read: readPassword,
    attempt: 'password',
    action: null,
    show: ({ totpURI, backupCodes }) => ({ totpURI, backupCodes }),
  },
  {
    path: '/two-factor/disable',
    read: readPassword,
    attempt: 'password',
    action: 'two_factor.disabled',
    show: STATUS,
  },
  {
    path: '/two-factor/generate-backup-codes',
    read: readPassword,
    attempt: 'password',
    action: 'recovery_codes.made',
    show: ({ backupCodes }) => ({ backupCodes }),
  },
]

/** Adds the surface's routes. */
export async function auth(app: FastifyInstance, deps: AuthDeps): Promise<void> {
  takeJson(app)
  installAccountErrors(app, deps.place)
  app.addHook('onRequest', async (request) => requireSameOrigin(request, deps.place))
  signInRoutes(app, deps.accounts)
  for (const route of OWN_ROUTES) {
    app.post(route.path, { schema: { hide: true } }, (request, reply) =>
      answerOwn(deps.accounts, route, request, reply),
    )
  }
  resetRoutes(app, deps.accounts)
}

async function answerOwn(
  accounts: AccountDeps,
  route: OwnRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const signedIn = await requireSignedIn(accounts, request)
  const body = route.read(request.body)
  const account = signedIn.session.email
  const attempt = route.attempt === null ? null : { kind: route.attempt, account }
  const answer = await callAuth(accounts, { request, reply }, { path: route.path, body, attempt, signedIn })
  const shown = route.show(bodyOf(answer))
  if (route.action !== null) await recordOwn(accounts, request, signedIn, route.action)
  return shown
}

/** Who has signed in; throws `unauthenticated` when nobody has. */
export async function requireSignedIn(accounts: AccountDeps, request: FastifyRequest): Promise<SignedIn> {
  const signedIn = await accounts.sessions.signedIn(request.headers.cookie)
  if (signedIn === null) throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
  return signedIn
}

function resetRoutes(app: FastifyInstance, accounts: AccountDeps): void {
  const hidden = { schema: { hide: true } }
  app.post('/request-password-reset', hidden, async (request, reply) => {
    const body = readResetWish(request.body)
    const attempt = { kind: 'reset', account: body.email } as const
    const call = { path: '/request-password-reset', body, attempt, signedIn: null }
    bodyOf(await callAuth(accounts, { request, reply }, { ...call, keepAttempt: true }))
    return { status: true }
  })

  app.post('/reset-password', hidden, async (request, reply) => {
    const body = readReset(request.body)
    const attempt = { kind: 'token', account: null } as const
    const call = { path: '/reset-password', body, attempt, signedIn: null }
    bodyOf(await callAuth(accounts, { request, reply }, call))
    return { status: true }
  })
}
