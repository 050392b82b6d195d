import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { generateApiKeyText, readApiKeyText } from './api-key-text.ts'

describe('the text of an API key', () => {
  it('says which side it is for, and reads as its SHA-256 and its last characters', () => {
    for (const live of [true, false]) {
      const text = generateApiKeyText(live)
      assert.match(text, live ? /^sk_live_[0-9A-Za-z]{34}$/ : /^sk_test_[0-9A-Za-z]{34}$/)
      const hash = createHash('sha256').update(text).digest('base64')
      assert.deepEqual(readApiKeyText(text), { live, hash, hint: text.slice(-4) })
    }
  })

  it('is never the same twice, and uses the whole alphabet', () => {
    const texts = Array.from({ length: 500 }, () => generateApiKeyText(false))
    assert.equal(new Set(texts).size, texts.length)
    const used = new Set(texts.flatMap((text) => [...text.slice('sk_test_'.length, -6)]))
    assert.equal(used.size, 62)
  })

  it('is refused with one character changed, or two swapped', () => {
    const text = generateApiKeyText(true)
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === 'a' ? 'b' : 'a'
      assert.equal(readApiKeyText(text.slice(0, index) + other + text.slice(index + 1)), null)
      const [left, right] = [text[index], text[index + 1]]
      if (right === undefined || left === right) continue
      assert.equal(readApiKeyText(text.slice(0, index) + right + left + text.slice(index + 2)), null)
    }
    assert.equal(readApiKeyText(text.replace('sk_live_', 'sk_test_')), null)
    assert.equal(readApiKeyText(` ${text}`), null)
  })

  it('is found in nothing else', () => {
    fc.assert(fc.property(fc.string(), (text) => assert.equal(readApiKeyText(text), null)))
  })
})
