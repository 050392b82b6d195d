import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodableUrl } from './decodable-url.ts'

test('what can be decoded is left as it is', () => {
  for (const url of ['/', '/a/b?c=%ZZ', '/a%20b', '/%C3%A9?x=%', '/%00', '', '*']) {
    assert.equal(decodableUrl(url), url)
  }
})

test('what cannot be decoded stands for itself', () => {
  assert.equal(decodableUrl('/a/%ZZ?b=%20'), '/a/%25ZZ?b=%20')
  assert.equal(decodableUrl('/a/%'), '/a/%25')
  assert.equal(decodableUrl('/%C0%80'), '/%25C0%2580')
})

test('the path of any address can be decoded then, and the query is untouched', () => {
  const part = fc.string({ unit: fc.constantFrom('%', '2', '5', 'F', '0', '/', 'z', 'é') })
  const property = fc.property(part, part, (path, query) => {
    const url = decodableUrl(`${path}?${query}`)
    assert.ok(url.endsWith(`?${query}`))
    decodeURIComponent(url.slice(0, url.length - query.length - 1))
  })
  fc.assert(property)
})
