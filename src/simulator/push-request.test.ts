import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isCallbackUrl, parsePushRequest } from './push-request.ts'

test('an HTTPS address is taken, and plain HTTP on loopback', () => {
  const good = [
    'https://shop.example/hooks/stk-push/abc',
    'https://shop.example:8443/',
    'http://127.0.0.1:4000/hooks',
    'http://127.8.9.1/hooks',
    'http://localhost:4000/hooks',
    'http://gateway.localhost/hooks',
    'http://[::1]:4000/hooks',
  ]
  for (const url of good) assert.ok(isCallbackUrl(url), url)
})

test('plain HTTP elsewhere, other schemes and nonsense are refused', () => {
  const bad = [
    'http://shop.example/hooks',
    'http://10.0.0.1/hooks',
    'http://localhost.shop.example/hooks',
    'http://127.0.0.1.shop.example/hooks',
    'ws://localhost/hooks',
    'javascript:alert(1)',
    'shop.example/hooks',
    '',
    `https://shop.example/${'a'.repeat(2048)}`,
  ]
  for (const url of bad) assert.ok(!isCallbackUrl(url), url)
})

test('a blocked word is refused in any case, wherever it stands', () => {
  for (const word of ['mpesa', 'safaricom', 'exe', 'exec', 'cmd', 'sql', 'query']) {
    const upper = word.toUpperCase()
    const urls = [
      `https://${word}.example/`,
      `https://shop.example/a${upper}b`,
      `https://shop.example/?a=${word}`,
    ]
    for (const url of urls) assert.ok(!isCallbackUrl(url), url)
  }
})

test('public tunnels are refused', () => {
  const hosts = ['x.ngrok.io', 'x.eu.ngrok.io', 'x.ngrok-free.app', 'x.loca.lt', 'x.trycloudflare.com']
  for (const host of hosts) assert.ok(!isCallbackUrl(`https://${host}/hooks`), host)
  assert.ok(isCallbackUrl('https://ngrokfan.example/hooks'))
})

test('any JSON object is read without a fault, and refused with a field named', () => {
  fc.assert(
    fc.property(fc.object(), (body) => {
      const parsed = parsePushRequest(body)
      assert.ok(!parsed.ok)
      assert.match(parsed.refusal.errorMessage, /^Bad Request - Invalid \w+$/)
    }),
  )
})
