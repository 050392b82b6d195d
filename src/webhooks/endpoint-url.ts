// Which URLs a merchant may register for webhooks. What they resolve to is checked at every connect.
import { isIP } from 'node:net'
import { isAddressAllowed, isInternalName, isPortAllowed } from './address-guard.ts'

const URL_LENGTH_MAX = 2048
/** White space and control characters: URL parsers drop some of them silently. */
const INVISIBLE = /[\p{Z}\p{C}]/u

/** The accepted URL, or what is wrong with it, in words for the person who typed it. */
export type UrlCheck = { ok: true; url: string } | { ok: false; message: string }

/**
 * Checks a webhook URL: absolute, http or https (https alone on the live side), no credentials, no fragment,
 * at most 2048 characters, and no address, name or port of a network that webhooks may not reach.
 */
export function checkEndpointUrl(text: string, rules: { live: boolean; allowPrivate: boolean }): UrlCheck {
  if (text.length > URL_LENGTH_MAX) return refuse(`must be at most ${URL_LENGTH_MAX} characters long`)
  if (INVISIBLE.test(text)) return refuse('must not contain spaces or control characters')
  // Parsers differ in what is behind one.
  if (text.includes('\\')) return refuse('must not contain a backslash')
  const url = URL.parse(text)
  if (url === null) return refuse('must be a URL such as https://example.com/webhooks')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('must begin with https://')
  if (rules.live && url.protocol !== 'https:') return refuse('must begin with https:// for live payments')
  if (url.username !== '' || url.password !== '') return refuse('must not contain a user name or password')
  if (url.hash !== '') return refuse('must not contain a fragment (#…)')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // `new URL` has turned decimal, octal, hexadecimal and short forms of IPv4 into the plain one.
  if (isIP(host) !== 0 && !isAddressAllowed(host, rules.allowPrivate)) {
    return refuse('must not point to a private, local or reserved network address')
  }
  if (isInternalName(host) && !rules.allowPrivate) return refuse('must not name a host of a private network')
  if (!isPortAllowed(url.port, rules.allowPrivate)) {
    return refuse('must be at port 443, 80 or one above 1023')
  }
  return { ok: true, url: text }
}

function refuse(message: string): UrlCheck {
  return { ok: false, message }
}
