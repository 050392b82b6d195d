// The session cookie: a random token and its signature. Read here without the sign-in library, so that a
// request of somebody who has signed in costs one HMAC and a look into a cache.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AuthKey } from './auth-keys.ts'

/** Its name before `.session_token`; the sign-in library is told. */
export const COOKIE_PREFIX = 'sukuma'
/** No cookie of ours is as long; a header may be 16 KiB. */
const VALUE_LENGTH_MAX = 400

/** The cookie's name. Browsers take a `__Secure-` cookie over HTTPS alone (RFC 6265bis, section 4.1.3). */
export function sessionCookieName(isSecure: boolean): string {
  return `${isSecure ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`
}

/** The token in a `Cookie` header, when one of the keys has signed it; else null. */
export function readSessionToken(
  keys: readonly AuthKey[],
  header: string | undefined,
  isSecure: boolean,
): string | null {
  const value = cookieOf(header, sessionCookieName(isSecure))
  const at = value?.lastIndexOf('.') ?? -1
  if (value === null || at < 1) return null
  const token = value.slice(0, at)
  const signature = Buffer.from(value.slice(at + 1), 'base64')
  return keys.some((key) => isEqual(signature, signatureOf(key, token))) ? token : null
}

/** The cookie, as a request carries it, signed with the first key. */
export function signedSessionCookie(keys: readonly AuthKey[], token: string, isSecure: boolean): string {
  const [first] = keys
  if (first === undefined) throw new Error('there is no key to sign a session with')
  const value = `${token}.${signatureOf(first, token).toString('base64')}`
  return `${sessionCookieName(isSecure)}=${encodeURIComponent(value)}`
}

function signatureOf(key: AuthKey, token: string): Buffer {
  return createHmac('sha256', key.value).update(token).digest()
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at < 0 || part.slice(0, at).trim() !== name) continue
    const value = part.slice(at + 1).trim()
    return value.length <= VALUE_LENGTH_MAX ? decoded(value) : null
  }
  return null
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value)
  } catch {
    return null
  }
}
