// Signing in, by password, code or link; and signing up.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Origin, recordPersonal } from '../../accounts/account-audit.ts'
import type { AccountDeps } from '../../accounts/account-deps.ts'
import { isFirstUseOfCode } from '../../accounts/attempt-limits.ts'
import { type AuthAnswer, userOf } from '../../accounts/auth-server.ts'
import { endSession } from '../../accounts/session-store.ts'
import { maySignUp, type Settled, settleFirst, settleNewcomer } from '../../accounts/sign-up.ts'
import { findUser, findUserByEmail } from '../../accounts/user-store.ts'
import type { AuditAction } from '../../audit/audit-entry.ts'
import { prefixedId, type Uuid } from '../../ids.ts'
import { AccountError } from '../account-error.ts'
import { bodyOf, callAuth, originOf, recordOwn, refusalOf, tooMany, userAnswer } from './auth-call.ts'
import { readCode, readLink, readSignIn, readSignUp } from './auth-fields.ts'

const TOTP_PATH = '/two-factor/verify-totp'

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
  for (const path of [TOTP_PATH, '/two-factor/verify-backup-code']) {
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
    const origin = originOf(exchange.request)
    accounts.audit.later(() => recordRefused(accounts, origin, body.email))
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
  const body = readCode(request.body)
  const signedIn = await accounts.sessions.signedIn(request.headers.cookie)
  const attempt = { kind: 'code', account: signedIn?.session.email ?? null } as const
  const before = signedIn === null ? null : await findUser(accounts, signedIn.session.userId)
  const answer = await callAuth(accounts, exchange, { path, body, attempt, signedIn })
  const answered = bodyOf(answer)
  if (signedIn === null) {
    const isTotp = path === TOTP_PATH
    if (isTotp) await refuseUsedCode(accounts, exchange, { answer, code: body.code })
    await recordStart(accounts, request, answered, isTotp ? 'totp' : 'recovery')
  } else if (before?.twoFactorEnabled === false) {
    await recordOwn(accounts, request, signedIn, 'two_factor.enabled')
  }
  return userAnswer(answered)
}

/** The library takes a code as often as it is right: a session by one that was used before is ended again. */
async function refuseUsedCode(
  accounts: AccountDeps,
  { reply }: Exchange,
  { answer, code }: { answer: AuthAnswer; code: string },
): Promise<void> {
  const cookies = answer.cookies.map((each) => each.split(';')[0]).join('; ')
  const made = await accounts.sessions.signedIn(cookies)
  if (made === null) throw new Error('a sign-in by code made no session')
  const { userId, id } = made.session
  if (await isFirstUseOfCode(accounts, userId, code)) return
  await endSession(accounts, userId, id)
  reply.removeHeader('set-cookie')
  throw new AccountError(401, 'invalid_code', 'This code was used. Wait for the next one.')
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

async function recordRefused(accounts: AccountDeps, origin: Origin, email: string): Promise<void> {
  const person = await findUserByEmail(accounts, email)
  if (person === null) return
  await recordPersonal(accounts, {
    ...origin,
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
  if (settled.code === 'owner' && settled.formerName !== null) {
    const changes = { name: { from: settled.formerName, to: merchant.name } }
    const target = { id: prefixedId('mer', merchant.id), name: merchant.name }
    await accounts.audit.record({ ...origin, action: 'settings.updated', target, changes })
  }
  await record('member.joined', { id: prefixedId('usr', user.id), name: user.email })
}
