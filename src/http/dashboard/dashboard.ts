// `/dashboard`: what pages need to know of the gateway, of who has signed in, and of their sessions.
import type { FastifyInstance } from 'fastify'
import type { AccountDeps } from '../../accounts/account-deps.ts'
import { PASSWORD_LENGTH } from '../../accounts/auth-server.ts'
import { createReadEntrance } from '../../accounts/entrance.ts'
import { listMemberships, type Membership } from '../../accounts/member-store.ts'
import { endSession, endSessions, type ListedSession, listSessions } from '../../accounts/session-store.ts'
import { createOwnMerchant } from '../../accounts/sign-up.ts'
import { findUser, type User } from '../../accounts/user-store.ts'
import { prefixedId, type Uuid } from '../../ids.ts'
import { AccountError, installAccountErrors } from '../account-error.ts'
import { requireSignedIn } from '../auth/auth.ts'
import { originOf, recordOwn, tooMany } from '../auth/auth-call.ts'
import { UNAUTHENTICATED_TEXT } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { choiceOf, textOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { takeJson } from '../json-body.ts'
import { type OwnPlace, requireSameOrigin } from '../same-origin.ts'
import { found, pathId } from '../v1/path-id.ts'
import { invalidFields } from '../v1/settings-request.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { teamRoutes } from './team-routes.ts'

/** What the surface works with. */
export type DashboardDeps = {
  accounts: AccountDeps
  place: OwnPlace
  about: { version: string; simulatorUrl: string | null }
}

const HIDDEN = { schema: { hide: true } }
const NAME_LENGTH_MAX = 200

/** Adds the surface's routes. */
export async function dashboard(app: FastifyInstance, deps: DashboardDeps): Promise<void> {
  takeJson(app)
  installAccountErrors(app, deps.place)
  app.addHook('onRequest', async (request) => requireSameOrigin(request, deps.place))
  configRoute(app, deps)
  sessionRoutes(app, deps.accounts)
  merchantRoute(app, deps.accounts)
  invitationRoutes(app, deps.accounts)
  teamRoutes(app, deps.accounts)
}

function configRoute(app: FastifyInstance, { accounts, about }: DashboardDeps): void {
  const read = createReadEntrance(accounts)
  app.get('/config', HIDDEN, async () => {
    // Whoever opens the dashboard is likely to sign in: the library is there by then.
    accounts.auth.warmUp()
    const { signUp, hasDemo } = await read()
    return {
      version: about.version,
      sign_up: signUp,
      mail: accounts.mailer.isSending,
      simulator_url: about.simulatorUrl,
      demo: hasDemo,
      password: PASSWORD_LENGTH,
    }
  })
}

function sessionRoutes(app: FastifyInstance, accounts: AccountDeps): void {
  app.get('/session', HIDDEN, async (request) => {
    const { session } = await requireSignedIn(accounts, request)
    const [user, memberships] = await Promise.all([
      findUser(accounts, session.userId),
      listMemberships(accounts, session.userId),
    ])
    if (user === null) throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
    return {
      user: userResource(user),
      merchants: memberships.map(membershipResource),
      active_session_id: prefixedId('ses', session.id),
      expires_at: session.expiresAt.toISOString(),
      may_create_merchants: mayCreate(accounts, memberships),
    }
  })

  app.get('/sessions', HIDDEN, async (request) => {
    const { session } = await requireSignedIn(accounts, request)
    const now = new Date(accounts.clock.now())
    const sessions = await listSessions(accounts, session.userId, now)
    return { data: sessions.map((each) => sessionResource(each, session.id)) }
  })

  app.delete('/sessions/:id', HIDDEN, async (request, reply) => {
    const signedIn = await requireSignedIn(accounts, request)
    const ended = await endSession(accounts, signedIn.session.userId, pathId(request, 'ses'))
    found(ended ? ended : null, 'ses')
    await recordOwn(accounts, request, signedIn, 'session.ended')
    return reply.code(204).send()
  })

  app.delete('/sessions', HIDDEN, async (request) => {
    const signedIn = await requireSignedIn(accounts, request)
    const fields = readFields(request.query)
    const current = fields.optional('current', choiceOf(['true', 'false']))
    fields.checkAll()
    const { userId, id } = signedIn.session
    const ended = await endSessions(accounts, userId, current === 'true' ? null : id)
    await recordOwn(accounts, request, signedIn, 'sessions.ended')
    return { ended }
  })
}

function merchantRoute(app: FastifyInstance, accounts: AccountDeps): void {
  app.post('/merchants', HIDDEN, async (request, reply) => {
    const { session } = await requireSignedIn(accounts, request)
    const fields = readFields(request.body)
    const name = fields.required('name', textOf({ max: NAME_LENGTH_MAX })) ?? ''
    fields.checkAll()
    if (!mayCreate(accounts, await listMemberships(accounts, session.userId))) {
      throw new AccountError(403, 'sign_up_closed', 'Only owners may make another merchant here.')
    }
    const attempt = { kind: 'merchant', account: session.email, ip: request.ip } as const
    const admission = await accounts.admit(attempt)
    if (!admission.ok) throw tooMany(admission.waitMs)
    const made = await createOwnMerchant(accounts, { id: session.userId, name: session.name }, name)
    if (made.code === 'invalid') {
      await admission.giveBack()
      throw invalidFields(made.errors)
    }
    const { merchant } = made
    const actor = { kind: 'user', id: session.userId, email: session.email, role: 'owner' } as const
    await accounts.audit.record({
      merchantId: merchant.id,
      live: null,
      actor,
      ...originOf(request),
      action: 'merchant.created',
      target: { id: prefixedId('mer', merchant.id), name: merchant.name },
    })
    return reply
      .code(201)
      .send(membershipResource({ merchantId: merchant.id, name: merchant.name, role: 'owner' }))
  })
}

/** Where anybody may sign up, anybody may have another merchant; elsewhere who owns one. */
function mayCreate({ signUp }: AccountDeps, memberships: readonly Membership[]): boolean {
  return signUp === 'open' || memberships.some(({ role }) => role === 'owner')
}

function userResource(user: User) {
  return {
    id: prefixedId('usr', user.id),
    email: user.email,
    name: user.name,
    email_verified: user.emailVerified,
    two_factor_enabled: user.twoFactorEnabled,
    has_password: user.hasPassword,
    time_zone: user.timeZone,
  }
}

function membershipResource({ merchantId, name, role }: Membership) {
  return { id: prefixedId('mer', merchantId), name, role }
}

function sessionResource(session: ListedSession, currentId: Uuid) {
  return {
    id: prefixedId('ses', session.id),
    current: session.id === currentId,
    created_at: session.createdAt.toISOString(),
    last_used_at: session.lastUsedAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
    ip: session.ip,
    user_agent: session.userAgent,
  }
}
