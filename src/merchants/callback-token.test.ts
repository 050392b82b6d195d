import assert from 'node:assert/strict'
import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../clock.ts'
import { createUuidSource } from '../ids.ts'
import { createCallbackTokens } from './callback-token.ts'

const newUuid = createUuidSource(systemClock)
const KEY = randomBytes(32)

describe('callback tokens', () => {
  it('name the merchant and the payment they were made for', () => {
    const tokens = createCallbackTokens([KEY])
    const merchantId = newUuid()
    const paymentId = newUuid()
    const token = tokens.tokenOf(merchantId, paymentId)
    assert.deepEqual(tokens.readToken(token), { merchantId, paymentId })
    assert.equal(tokens.tokenOf(merchantId, paymentId), token)
  })

  it('are the ids and half of their HMAC-SHA256, as others compute it', () => {
    const key = Buffer.from(hkdfSync('sha256', KEY, '', 'sukuma callback token v1', 32))
    const tokens = createCallbackTokens([KEY])
    for (let index = 0; index < 50; index += 1) {
      const [merchantId, paymentId] = [newUuid(), newUuid()]
      const ids = (merchantId + paymentId).replaceAll('-', '')
      const mac = createHmac('sha256', key).update(ids, 'hex').digest('hex').slice(0, 32)
      assert.equal(tokens.tokenOf(merchantId, paymentId), ids + mac)
    }
  })

  it('hold no word that Daraja refuses in a callback URL', () => {
    const tokens = createCallbackTokens([KEY])
    for (let index = 0; index < 200; index += 1) {
      assert.match(tokens.tokenOf(newUuid(), newUuid()), /^[0-9a-f]{96}$/)
    }
  })

  it('are believed only whole and unchanged', () => {
    const tokens = createCallbackTokens([KEY])
    const token = tokens.tokenOf(newUuid(), newUuid())
    for (let index = 0; index < token.length; index += 1) {
      const digit = token[index] === '0' ? '1' : '0'
      assert.equal(tokens.readToken(token.slice(0, index) + digit + token.slice(index + 1)), null)
    }
    assert.equal(tokens.readToken(token.slice(1)), null)
    assert.equal(tokens.readToken(`${token}0`), null)
    assert.equal(tokens.readToken(token.toUpperCase()), null)
  })

  it('are never found in other texts', () => {
    const tokens = createCallbackTokens([KEY])
    fc.assert(fc.property(fc.string(), (text) => assert.equal(tokens.readToken(text), null)))
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 96, maxLength: 96 })
    fc.assert(fc.property(hex, (text) => assert.equal(tokens.readToken(text), null)))
  })

  it('outlive a rotation of the secret while the former key is listed', () => {
    const other = randomBytes(32)
    const ids = [newUuid(), newUuid()] as const
    const token = createCallbackTokens([KEY]).tokenOf(...ids)
    assert.notEqual(createCallbackTokens([other, KEY]).readToken(token), null)
    assert.equal(createCallbackTokens([other]).readToken(token), null)
    assert.notEqual(createCallbackTokens([other, KEY]).tokenOf(...ids), token)
  })
})
