// Who is asking: the Bearer token of a request, and the shortcode and password in its body.
import type { IncomingHttpHeaders } from 'node:http'
import type { Shortcode } from './credentials.ts'
import { readStamp } from './eat-time.ts'
import { invalidField, REFUSALS, type Refusal } from './reply.ts'
import type { Simulation } from './simulation.ts'

const BEARER_FORM = /^Bearer +(\S+)$/i
/** UTC is three hours off East Africa Time, and no clock that anybody looks after is off by one. */
const TIMESTAMP_OFF_MAX_MS = 3_600_000

/** The consumer key of the request's token, or why it has none. */
export function readToken(
  deps: Pick<Simulation, 'tokens' | 'faults'>,
  headers: IncomingHttpHeaders,
): { ok: true; consumerKey: string } | { ok: false; refusal: Refusal } {
  const token = BEARER_FORM.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return { ok: false, refusal: REFUSALS.unauthorized }
  const consumerKey = deps.tokens.holder(token)
  if (consumerKey !== null) return { ok: true, consumerKey }
  const is401 = deps.faults.invalidToken === '401'
  return { ok: false, refusal: is401 ? REFUSALS.unauthorized : REFUSALS.invalidToken }
}

/** The shortcode, once the password proves that the caller knows its passkey. */
export function checkMerchant(
  deps: Pick<Simulation, 'credentials' | 'faults' | 'clock'>,
  consumerKey: string,
  claim: { shortcode: string; password: string; timestamp: string },
): { ok: true; shortcode: Shortcode } | { ok: false; refusal: Refusal } {
  if (deps.faults.strictTimestamp && !isTimely(claim.timestamp, deps.clock.now())) {
    return { ok: false, refusal: invalidField('Timestamp') }
  }
  const found = deps.credentials.find(consumerKey, claim.shortcode)
  if (found === 'unknown') return { ok: false, refusal: REFUSALS.unknownMerchant }
  if (found === 'foreign') return { ok: false, refusal: REFUSALS.wrongCredentials }
  const password = Buffer.from(claim.shortcode + found.passkey + claim.timestamp).toString('base64')
  if (password !== claim.password) return { ok: false, refusal: REFUSALS.wrongCredentials }
  return { ok: true, shortcode: found }
}

function isTimely(timestamp: string, nowMs: number): boolean {
  const atMs = readStamp(timestamp)
  return atMs !== null && Math.abs(atMs - nowMs) <= TIMESTAMP_OFF_MAX_MS
}
