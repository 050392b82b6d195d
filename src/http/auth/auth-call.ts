// One call of the sign-in library for a request: limited, passed on, and answered in our own shape.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Origin, recordPersonal } from '../../accounts/account-audit.ts'
import type { AccountDeps } from '../../accounts/account-deps.ts'
import type { AttemptKind } from '../../accounts/attempt-limits.ts'
import { type AuthAnswer, CROWDED_CODE, userOf } from '../../accounts/auth-server.ts'
import type { SignedIn } from '../../accounts/session-authenticator.ts'
import type { AuditAction } from '../../audit/audit-entry.ts'
import { prefixedId } from '../../ids.ts'
import { AccountError } from '../account-error.ts'
import { HttpError } from '../http-error.ts'
import type { AuthBody } from './auth-fields.ts'

const MS_PER_SECOND = 1_000
const TOO_MANY_TEXT = 'Too many attempts. Wait, and try again.'

/** A call for a request. */
export type Call = {
  path: string
  body: AuthBody
  /** What it is a try at; null for what nobody can guess by it. */
  attempt: { kind: AttemptKind; account: string | null } | null
  signedIn: SignedIn | null
  /** Counts also when it is answered: each of them is a mail, or an account. */
  keepAttempt?: boolean
}

/** Where a request came from. */
export function originOf(request: FastifyRequest): Origin {
  return { ip: request.ip, userAgent: request.headers['user-agent'] ?? null }
}

/** Makes the call and sets its cookies; what was refused is for the caller to tell. */
export async function callAuth(
  deps: AccountDeps,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { path, body, attempt, signedIn, keepAttempt }: Call,
): Promise<AuthAnswer> {
  const admission = attempt === null ? null : await deps.admit({ ...attempt, ip: request.ip })
  if (admission?.ok === false) throw tooMany(admission.waitMs)
  const answer = await deps.auth.call({
    path,
    body,
    cookie: request.headers.cookie,
    sessionToken: signedIn?.token ?? null,
    ip: request.ip,
    userAgent: request.headers['user-agent'],
  })
  // Who was right has not guessed, nor has who was turned away unheard.
  const isNoGuess = answer.ok ? keepAttempt !== true : answer.code === CROWDED_CODE
  if (isNoGuess) await admission?.giveBack()
  if (answer.cookies.length > 0) reply.header('set-cookie', [...answer.cookies])
  return answer
}

/** The error for who tries too often. */
export function tooMany(waitMs: number): HttpError {
  return new HttpError('rate_limited', TOO_MANY_TEXT, {
    retryAfterSeconds: Math.ceil(waitMs / MS_PER_SECOND),
  })
}

/** What the library refused, as an error to answer with. */
export function refusalOf(answer: Extract<AuthAnswer, { ok: false }>): AccountError | HttpError {
  if (answer.status === 429) return new HttpError('rate_limited', answer.text, { retryAfterSeconds: 60 })
  return new AccountError(answer.status, answer.code, answer.text)
}

/** The body of an answer, or its refusal thrown. */
export function bodyOf(answer: AuthAnswer): Readonly<Record<string, unknown>> {
  if (answer.ok) return answer.body
  throw refusalOf(answer)
}

/** The person in an answer, as pages see them; never their session's token. */
export function userAnswer(body: Readonly<Record<string, unknown>>) {
  const user = userOf(body)
  if (user === null) throw new Error('the sign-in library named no user')
  const { id, email, name } = user
  return { user: { id: prefixedId('usr', id), email, name } }
}

/** Records what somebody did to their own account. */
export async function recordOwn(
  deps: AccountDeps,
  request: FastifyRequest,
  signedIn: SignedIn | null,
  action: AuditAction,
): Promise<void> {
  if (signedIn === null) return
  const { userId: id, email } = signedIn.session
  await recordPersonal(deps, { ...originOf(request), action, person: { id, email }, isProven: true })
}
