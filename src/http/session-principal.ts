// Who asks with a session: as which merchant and side is for the request's headers to say. No other site can
// set them, which is one of three things that keep requests of other sites out.
import type { FastifyRequest } from 'fastify'
import type { SessionAuthenticator } from '../accounts/session-authenticator.ts'
import { parsePrefixedId, type Uuid } from '../ids.ts'
import type { Principal } from '../merchants/key-authenticator.ts'
import { HttpError } from './http-error.ts'

/** One text for every reason. */
const UNAUTHENTICATED_TEXT = 'Unauthenticated.'

/** The merchant that a request names; throws `invalid` when it names none. */
export function merchantHeader(request: FastifyRequest): Uuid {
  const value = request.headers['sukuma-merchant']
  const id = typeof value === 'string' ? parsePrefixedId('mer', value) : null
  if (id !== null) return id
  throw badHeader('sukuma-merchant', 'must be the id (mer_…) of a merchant')
}

/** The side that a request names: true for live; throws `invalid` when it names none. */
export function liveHeader(request: FastifyRequest): boolean {
  const mode = request.headers['sukuma-mode']
  if (mode === 'test' || mode === 'live') return mode === 'live'
  throw badHeader('sukuma-mode', 'must be test or live')
}

/**
 * The one who has signed in, for the merchant and side that `as` reads; throws when nobody has, or the
 * merchant is none of theirs.
 */
export async function principalOfSession(
  sessions: SessionAuthenticator,
  request: FastifyRequest,
  as: () => { merchantId: Uuid; live: boolean },
): Promise<Principal> {
  const { cookie } = request.headers
  // Cookies of others may come from the same host: whoever has none of ours is told so before all else.
  if (!sessions.isSigned(cookie)) throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
  const found = await sessions.authenticate(cookie, as())
  if (found.ok) return found.principal
  if (found.code === 'no_session') throw new HttpError('unauthenticated', UNAUTHENTICATED_TEXT)
  throw new HttpError('not_found', 'There is no such merchant.')
}

function badHeader(name: string, problem: string): HttpError {
  return new HttpError('invalid', `Invalid input: ${name}.`, {
    fields: { [name]: [`The header ${name} ${problem}.`] },
  })
}
