// Signing in, by password, code or link; and signing up.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordPersonal } from '../../accounts/account-audit.ts'
import type { AccountDeps } from '../../accounts/account-deps.ts'
import { userOf } from '../../accounts/auth-server.ts'
import { maySignUp, type Settled, settleFirst, settleNewcomer } from '../../accounts/sign-up.ts'
import { findUserByEmail } from '../../accounts/user-store.ts'
import type { AuditAction } from '../../audit/audit-entry.ts'
import { prefixedId, type Uuid } from '../../ids.ts'
import { AccountError } from '../account-error.ts'
import { bodyOf, callAuth, originOf, recordOwn, refusalOf, tooMany, userAnswer } from './auth-call.ts'
import { type AuthBody, readCode, readLink, readSignIn, readSignUp } from './auth-fields.ts'

type Exchange = { request: FastifyRequest; reply: FastifyReply }

const REFUSED_SIGN_UP = {
  sign_up_closed: 'Sign-up is by invitation here. Ask an owner to invite you.',
  invitation_invalid: 'This invitation was used or withdrawn, is too old, or is for another address.',
} as const

/** Adds the routes. */
export function signInRoutes(app: FastifyInstance, accounts: AccountDeps): void {
  const hidden = { schema: { hide: true } }
  app.post('/sign-in/email', hidden, (request, reply) => signIn(accounts, { request, reply }))
  app.post('/sign-up/email', hidden, (request, reply) => signUp(accounts, { request, reply }))
  for (const path of ['/two-factor/verify-totp', '/two-factor/verify-backup-code']) {
    app.post(path, hidden, (request, reply) => verifyCode(accounts, { request, reply }, path))
  }
  app.post('/sign-in/link', hidden, async (request, reply) => {
    const body = readLink(request.body)
    const attempt = { kind: 'token', account: null } as const
    const call = { path: '/sign-in/link', body, attempt, signedIn: null }
    const answered = bodyOf(await callAuth(accounts, { request, reply }, call))
    await recordStart(accounts, request, answered, 'link')
    return userAnswer(answered)
  })
}

async function signIn(accounts: AccountDeps, exchange: Exchange): Promise<unknown> {
  const body = readSignIn(exchange.request.body)
  const attempt = { kind: 'sign_in', account: body.email } as const
  const answer = await callAuth(accounts, exchange, { path: '/sign-in/email', body, attempt, signedIn: null })
  if (!answer.ok) {
    await recordRefused(accounts, exchange.request, body.email)
    throw refusalOf(answer)
  }
  if (answer.body.twoFactorRedirect === true) return { twoFactorRedirect: true }
  const user = userOf(answer.body)
  // Whoever was made as the first, and lost the answer, is still to be given what is theirs.
  const first = user === null ? null : await settleFirst(accounts, user, null)
  if (user !== null && first !== null) await recordSettled(accounts, exchange.request, user, first)
  await recordStart(accounts, exchange.request, answer.body, 'password')
  return userAnswer(answer.body)
}

async function signUp(accounts: AccountDeps, exchange: Exchange): Promise<unknown> {
  const { body, ...newcomer } = readSignUp(exchange.request.body)
  const attempt = { kind: 'sign_up', account: null } as const
  const may = await maySignUp(accounts, body.email, newcomer)
  if (may !== 'yes') {
    // Tokens are looked up here too.
    const admission = await accounts.admit({ kind: 'token', ip: exchange.request.ip, account: null })
    if (!admission.ok) throw tooMany(admission.waitMs)
    throw new AccountError(403, may, REFUSED_SIGN_UP[may])
  }
  const call = { path: '/sign-up/email', body, attempt, signedIn: null, keepAttempt: true }
  const answered = bodyOf(await callAuth(accounts, exchange, call))
  const user = userOf(answered)
  if (user === null) throw new Error('the sign-in library made no user')
  const settled = await settleNewcomer(accounts, user, newcomer)
  if (settled.code === 'refused') {
    exchange.reply.removeHeader('set-cookie')
    const code = newcomer.invitation === null ? 'sign_up_closed' : 'invitation_invalid'
    throw new AccountError(403, code, REFUSED_SIGN_UP[code])
  }
  await recordSettled(accounts, exchange.request, user, settled)
  return userAnswer(answered)
}

/** With a session it ends the enabling of two-factor; without one it ends a sign-in. */
async function verifyCode(accounts: AccountDeps, exchange: Exchange, path: string): Promise<unknown> {
  const { request } = exchange
  const body: AuthBody = readCode(request.body)
  const signedIn = await accounts.sessions.signedIn(request.headers.cookie)
  const attempt = { kind: 'code', account: signedIn?.session.email ?? null } as const
  const answered = bodyOf(await callAuth(accounts, exchange, { path, body, attempt, signedIn }))
  if (signedIn === null)
    await recordStart(accounts, request, answered, path.includes('totp') ? 'totp' : 'recovery')
  else await recordOwn(accounts, request, signedIn, 'two_factor.enabled')
  return userAnswer(answered)
}

async function recordStart(
  accounts: AccountDeps,
  request: FastifyRequest,
  body: Readonly<Record<string, unknown>>,
  by: string,
): Promise<void> {
  const person = userOf(body)
  if (person === null) return
  const did = { action: 'session.started', person, isProven: true, detail: { by } } as const
  await recordPersonal(accounts, { ...originOf(request), ...did })
}

async function recordRefused(accounts: AccountDeps, request: FastifyRequest, email: string): Promise<void> {
  const person = await findUserByEmail(accounts, email)
  if (person === null) return
  await recordPersonal(accounts, {
    ...originOf(request),
    action: 'session.refused',
    person,
    isProven: false,
  })
}

async function recordSettled(
  accounts: AccountDeps,
  request: FastifyRequest,
  user: { id: Uuid; email: string },
  settled: Exclude<Settled, { code: 'refused' }>,
): Promise<void> {
  const isJoined = settled.code === 'joined'
  const merchant = isJoined ? settled.accepted.merchant : settled.merchant
  const role = isJoined ? settled.accepted.role : 'owner'
  const actor = { kind: 'user', id: user.id, email: user.email, role } as const
  const origin = { merchantId: merchant.id, live: null, actor, ...originOf(request) }
  const record = (action: AuditAction, target: { id: string; name: string }) =>
    accounts.audit.record({ ...origin, action, target, detail: { role } })
  if (settled.code === 'owner' && settled.isNew) {
    await record('merchant.created', { id: prefixedId('mer', merchant.id), name: merchant.name })
  }
  await record('member.joined', { id: prefixedId('usr', user.id), name: user.email })
}
