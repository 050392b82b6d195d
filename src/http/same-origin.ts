// Whether a request comes from our own pages: what else but a custom header and SameSite keeps other sites
// from acting with the cookie of somebody who has signed in.
import type { FastifyRequest } from 'fastify'
import { HttpError } from './http-error.ts'

/** Where our own pages are. `isPublicUrlSet` false: at whatever local address they were opened. */
export type OwnPlace = { publicUrl(): string; isPublicUrlSet: boolean }

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
/** What a browser says of a request that no other site had a part in (W3C Fetch Metadata). */
const OWN_FETCH_SITES = new Set(['same-origin', 'none'])

/** Throws `forbidden` for a request that a browser sends on behalf of another site. */
export function requireSameOrigin(request: FastifyRequest, place: OwnPlace): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const isForeign =
    origin === undefined
      ? typeof site === 'string' && !OWN_FETCH_SITES.has(site)
      : !isOwnOrigin(origin, host, place)
  if (isForeign) throw new HttpError('forbidden', 'Another site may not do this on your behalf.')
}

/** A host that is no local one is believed only when it is PUBLIC_URL's: names can be rebound (DNS). */
function isOwnOrigin(origin: string, host: string | undefined, place: OwnPlace): boolean {
  if (!URL.canParse(origin)) return false
  if (origin === new URL(place.publicUrl()).origin) return true
  const url = new URL(origin)
  return !place.isPublicUrlSet && url.host === host && LOOPBACK.test(url.hostname)
}
