// Who may use the control routes: pages of the simulator's own and programs of this machine, but no page of
// anybody else's that a browser has open.
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { jsonReply, type Reply } from './reply.ts'

const LOCAL_NAME = /^([^.]+\.)*localhost$/i
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])
const JSON_TYPE = /^application\/json\s*(;|$)/i

/**
 * The refusal of a request that another origin's page may have sent, or null. Reads need no more than the
 * host's check, since nothing here allows another origin to read an answer; `isStream` marks the one that
 * also does something.
 */
export function refuseForeign(headers: IncomingHttpHeaders, method: string, isStream: boolean): Reply | null {
  // A name that somebody else's DNS leads here would make their page one of this origin.
  if (!isLocalHost(headers.host ?? '')) return refusal(403, 'use localhost or an address as the host')
  if ((method !== 'GET' && method !== 'HEAD') || isStream) {
    if (!isSameOrigin(headers)) return refusal(403, 'another origin may not do this')
  }
  if (WITH_BODY.has(method) && !JSON_TYPE.test(headers['content-type'] ?? '')) {
    return refusal(415, 'the content type must be application/json')
  }
  return null
}

function isLocalHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return LOCAL_NAME.test(name) || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
}

/** Programs send neither header; browsers send one of them with everything that changes something. */
function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (headers.origin === undefined) return true
  return URL.parse(headers.origin)?.host === headers.host
}

function refusal(status: number, text: string): Reply {
  return jsonReply(status, { errors: [text] })
}
