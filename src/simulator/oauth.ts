// GET /oauth/v1/generate: an access token for a consumer key and its secret (Daraja, OAuth).
import { emptyReply, jsonReply, REFUSALS, type Reply, refusalReply } from './reply.ts'
import type { SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

const BASIC_FORM = /^Basic +([A-Za-z0-9+/=_-]+)$/i

/** Answers a token, or the refusal that the switches ask for. */
export function answerOauth(simulation: Simulation, request: SimulatorRequest): Reply {
  const { faults, tokens } = simulation
  const encoded = BASIC_FORM.exec(request.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return refusalReply(simulation, REFUSALS.invalidAuthentication)
  if (request.query.get('grant_type') !== 'client_credentials') {
    return refusalReply(simulation, REFUSALS.invalidGrantType)
  }
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  const consumerKey = pair.slice(0, Math.max(0, colon))
  if (!simulation.credentials.isApp(consumerKey, pair.slice(colon + 1))) return wrongCredentials(simulation)
  const token = tokens.issue(consumerKey, {
    lifetimeMs: faults.tokenLifetimeSeconds * 1000,
    invalidatesOld: faults.newTokenInvalidatesOld,
  })
  // Daraja says 3599 of a token that lives 3600 s.
  const expiresIn = Math.max(1, faults.tokenLifetimeSeconds - 1)
  return jsonReply(200, {
    access_token: token,
    expires_in: faults.expiresIn === 'string' ? String(expiresIn) : expiresIn,
  })
}

function wrongCredentials(simulation: Simulation): Reply {
  const { faults } = simulation
  const status = Number.parseInt(faults.wrongCredentials, 10)
  if (faults.wrongCredentials.endsWith('-empty')) return emptyReply(status)
  return refusalReply(simulation, { ...REFUSALS.invalidAuthentication, status })
}
