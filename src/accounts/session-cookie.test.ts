import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { deriveAuthKeys } from './auth-keys.ts'
import { readSessionToken, sessionCookieName, signedSessionCookie } from './session-cookie.ts'

const [former, present] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const KEYS = deriveAuthKeys([present])
const TOKEN = 'k3Yp0Tz9aaBBccDDeeFFggHHiiJJkkLL'

describe('a session cookie', () => {
  it('is read among others, under any key of SUKUMA_SECRET', () => {
    const cookie = signedSessionCookie(deriveAuthKeys([former]), TOKEN, false)
    assert.equal(readSessionToken(deriveAuthKeys([present, former]), `a=b; ${cookie}; c=d`, false), TOKEN)
    assert.equal(readSessionToken(KEYS, cookie, false), null)
  })

  it('has another name over https, and one without it counts for nothing there', () => {
    const cookie = signedSessionCookie(KEYS, TOKEN, true)
    assert.ok(cookie.startsWith('__Secure-'))
    assert.equal(readSessionToken(KEYS, cookie, true), TOKEN)
    assert.equal(readSessionToken(KEYS, signedSessionCookie(KEYS, TOKEN, false), true), null)
  })

  it('is nobody’s with any letter of it changed, and whatever else is sent', () => {
    const cookie = signedSessionCookie(KEYS, TOKEN, false)
    const start = sessionCookieName(false).length + 1
    fc.assert(
      fc.property(
        fc.nat(cookie.length - start - 1),
        fc.constantFrom('A', 'z', '0', '.', '%'),
        (at, letter) => {
          const changed = cookie.slice(0, start + at) + letter + cookie.slice(start + at + 1)
          const read = readSessionToken(KEYS, changed, false)
          // The last letter of a base64 text has bits that mean nothing.
          assert.ok(read === null || read === TOKEN)
          if (at < TOKEN.length && changed !== cookie) assert.equal(read, null)
        },
      ),
    )
    fc.assert(
      fc.property(fc.string(), (value) => {
        assert.equal(readSessionToken(KEYS, `${sessionCookieName(false)}=${value}`, false), null)
      }),
    )
  })
})

describe('the keys of accounts', () => {
  it('are others for each key of SUKUMA_SECRET, and one for a key that is listed twice', () => {
    const keys = deriveAuthKeys([present, former, present])
    assert.equal(keys.length, 2)
    assert.notEqual(keys[0]?.value, keys[1]?.value)
    assert.ok(keys.every(({ value }) => !value.includes(present.toString('base64'))))
  })
})
