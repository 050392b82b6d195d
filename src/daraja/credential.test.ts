import assert from 'node:assert/strict'
import { test } from 'node:test'
import { credentialIdOf, darajaUrl } from './credential.ts'

const app = { baseUrl: 'https://sandbox.safaricom.co.ke', consumerKey: 'k', consumerSecret: 's' }

test('two shortcodes of one Daraja app share a token, and other keys do not', () => {
  assert.equal(credentialIdOf(app), credentialIdOf({ ...app }))
  assert.notEqual(credentialIdOf(app), credentialIdOf({ ...app, consumerSecret: 't' }))
  assert.notEqual(credentialIdOf(app), credentialIdOf({ ...app, baseUrl: 'https://api.safaricom.co.ke' }))
  assert.notEqual(
    credentialIdOf({ ...app, consumerKey: 'ab', consumerSecret: 'c' }),
    credentialIdOf({ ...app, consumerKey: 'a', consumerSecret: 'bc' }),
  )
})

test('a base URL keeps its path and loses the slash at its end', () => {
  assert.equal(
    darajaUrl({ baseUrl: 'http://proxy:8080/daraja/' }, '/a/b?c=d').href,
    'http://proxy:8080/daraja/a/b?c=d',
  )
  assert.throws(() => darajaUrl({ baseUrl: 'no url' }, '/a'))
})
