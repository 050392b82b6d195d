// Who asks: the key from any of three headers, and whether it may do what it asks for.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AllowanceDeps } from '../allowance.ts'
import type { Principal } from '../merchants/key-authenticator.ts'
import type { Scope } from '../merchants/scopes.ts'
import { createGuessLimit, refuseGuess } from './guess-limit.ts'
import { HttpError } from './http-error.ts'
import { whenGone } from './when-gone.ts'

/** Finds the owner of a key; null when it is unknown, revoked or expired. */
export type Authenticate = (presentedKey: string) => Promise<Principal | null>

/** Requests of one key at a time, in all processes, those that wait included; no honest client has more. */
const CONCURRENT_MAX = 5_000
/** One text for every reason, so that a thief learns nothing. */
export const UNAUTHENTICATED_TEXT = 'Unauthenticated.'
const TOO_MANY_GUESSES_TEXT =
  'Too many requests from this address with keys that are not valid. A valid key is always served.'
const BEARER = /^Bearer +(\S+)$/i
/** Longer than any key of ours. */
const KEY_LENGTH_MAX = 200

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `requireKey`; null on public routes. */
    principal: Principal | null
    /** Asks again who this is, for answers that last; null on public routes. */
    reauthenticate: (() => Promise<Principal | null>) | null
  }
}

/** Tells who asks with a session; throws the `HttpError` to answer with when nobody does. */
export type AuthenticateSession = (request: FastifyRequest) => Promise<Principal>

/** Lets a request in, or throws. */
export type Check = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** The hook that lets in only requests with a good key, and not too many at a time for one key. */
export function createKeyCheck(deps: AllowanceDeps & { authenticate: Authenticate }): {
  requireKey: Check
  /** For a surface that people use too: a key, or a session. Requests without a cookie cost no more. */
  requireKeyOrSession(authenticateSession: AuthenticateSession): Check
} {
  const underWay = new Map<string, number>()
  const guessLimit = createGuessLimit(deps)
  const concurrentMax = Math.ceil(CONCURRENT_MAX / (deps.processes ?? 1))

  function letIn(request: FastifyRequest, reply: FastifyReply, principal: Principal): void {
    const count = underWay.get(principal.actor.id) ?? 0
    if (count >= concurrentMax) {
      const text = `Too many requests at once with this ${principal.actor.kind}.`
      throw new HttpError('rate_limited', text, { retryAfterSeconds: 1 })
    }
    underWay.set(principal.actor.id, count + 1)
    request.principal = principal
    whenGone(reply, () => {
      const left = (underWay.get(principal.actor.id) ?? 1) - 1
      if (left > 0) underWay.set(principal.actor.id, left)
      else underWay.delete(principal.actor.id)
    })
  }

  const requireKey: Check = async (request, reply) => {
    const presented = presentedKey(request)
    if (presented === null) throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
    const principal = await deps.authenticate(presented)
    if (principal === null) {
      const refusal = new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
      throw refuseGuess(guessLimit, { request, reply }, refusal, TOO_MANY_GUESSES_TEXT)
    }
    letIn(request, reply, principal)
    request.reauthenticate = () => deps.authenticate(presented)
  }
  return {
    requireKey,
    requireKeyOrSession: (authenticateSession) => async (request, reply) => {
      if (request.headers.cookie === undefined || presentedKey(request) !== null) {
        return requireKey(request, reply)
      }
      letIn(request, reply, await authenticateSession(request))
      request.reauthenticate = () => authenticateSession(request).catch(nobodyOrThrow)
    },
  }
}

/** A session that has ended is nobody's; a database that is away is not the end of it. */
function nobodyOrThrow(error: unknown): null {
  if (error instanceof HttpError) return null
  throw error
}

/** The one who asks, when the key has `scope`. */
export function principalWith(request: FastifyRequest, scope: Scope): Principal {
  const { principal } = request
  if (principal === null) throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
  if (!principal.scopes.has(scope)) throw new HttpError('forbidden', lackText(principal, scope))
  // An endpoint is told of the payments of every shortcode.
  if (principal.shortcodeId !== null && scope.startsWith('webhooks:')) {
    throw new HttpError('forbidden', 'This key is bound to one shortcode; webhooks are for all of them.')
  }
  return principal
}

/** Whether whoever sent `request` may still use `scope`; for answers that last. Asks again who that is. */
export async function stillHas(request: FastifyRequest, scope: Scope): Promise<boolean> {
  const principal = await request.reauthenticate?.()
  return principal?.scopes.has(scope) === true
}

function lackText({ actor }: Principal, scope: Scope): string {
  if (actor.kind === 'key') return `This key lacks the scope ${scope}. Use a key that has it.`
  return `The role ${actor.role} lacks the scope ${scope}. Ask an owner of the merchant.`
}

function presentedKey(request: FastifyRequest): string | null {
  const { headers } = request
  const candidates = [headers['x-api-key'], headers['x-api-token'], bearer(headers.authorization)]
  const key = candidates.find((value) => typeof value === 'string' && value !== '')
  return typeof key === 'string' && key.length <= KEY_LENGTH_MAX ? key : null
}

function bearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : BEARER.exec(header)?.[1]
}

const VISIBLE = /^[\x21-\x7e]{1,255}$/

/** The `Idempotency-Key` of a request, or null; throws when it is not 1 to 255 visible characters. */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const value = request.headers['idempotency-key']
  if (value === undefined) return null
  if (typeof value === 'string' && VISIBLE.test(value)) return value
  throw new HttpError('bad_idempotency_key', 'The Idempotency-Key must be 1 to 255 visible ASCII characters.')
}
