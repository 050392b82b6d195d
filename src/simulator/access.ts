// Who is asking: the Bearer token of a request, and the shortcode and password in its body.
import type { IncomingHttpHeaders } from 'node:http'
import type { Shortcode } from './credentials.ts'
import { REFUSALS, type Refusal } from './reply.ts'
import type { Simulation } from './simulation.ts'

const BEARER_FORM = /^Bearer +(\S+)$/i

/** The consumer key of the request's token, or why it has none. */
export function readToken(
  deps: Pick<Simulation, 'tokens'>,
  headers: IncomingHttpHeaders,
): { ok: true; consumerKey: string } | { ok: false; refusal: Refusal } {
  const token = BEARER_FORM.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return { ok: false, refusal: REFUSALS.missingToken }
  const consumerKey = deps.tokens.holder(token)
  return consumerKey === null ? { ok: false, refusal: REFUSALS.invalidToken } : { ok: true, consumerKey }
}

/** The shortcode, once the password proves that the caller knows its passkey. */
export function checkMerchant(
  deps: Pick<Simulation, 'credentials'>,
  consumerKey: string,
  claim: { shortcode: string; password: string; timestamp: string },
): { ok: true; shortcode: Shortcode } | { ok: false; refusal: Refusal } {
  const found = deps.credentials.find(consumerKey, claim.shortcode)
  if (found === 'unknown') return { ok: false, refusal: REFUSALS.unknownMerchant }
  if (found === 'foreign') return { ok: false, refusal: REFUSALS.wrongCredentials }
  const password = Buffer.from(claim.shortcode + found.passkey + claim.timestamp).toString('base64')
  if (password !== claim.password) return { ok: false, refusal: REFUSALS.wrongCredentials }
  return { ok: true, shortcode: found }
}
