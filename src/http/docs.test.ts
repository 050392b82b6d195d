import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { createServerBed } from './testing/server-bed.ts'
import { PROBLEM_TITLES } from './v1/problem.ts'

/** Everything that a page makes a browser load. */
function loadedBy(html: string): string[] {
  return [...html.matchAll(/\s(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import\s+(\S+)/g)].map(
    ([, attribute, url, imported]) => attribute ?? url ?? imported ?? '',
  )
}

test('the reference loads nothing from elsewhere, and may not', async () => {
  await using bed = await createServerBed()
  const page = await bed.app.inject('/docs')
  assert.equal(page.statusCode, 200)
  assert.match(String(page.headers['content-type']), /^text\/html/)
  for (const url of loadedBy(page.body)) assert.doesNotMatch(url, /^(https?:)?\/\//)
  const policy = String(page.headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /script-src 'self'(;|$)/)
  assert.match(policy, /connect-src 'self'(;|$)/)
  assert.doesNotMatch(policy, /https?:|\*|unsafe-eval/)
})

test('every script of the reference is served by the gateway itself', async () => {
  await using bed = await createServerBed()
  const page = await bed.app.inject('/docs')
  const scripts = [...page.body.matchAll(/<script src="([^"]+)"/g)].map(([, src]) => src ?? '')
  assert.deepEqual(scripts, ['docs/scalar.js', 'docs/start.js'])
  const scalar = await bed.app.inject('/docs/scalar.js')
  assert.equal(scalar.statusCode, 200)
  assert.match(gunzipSync(scalar.rawPayload).toString(), /createApiReference/)
  const start = await bed.app.inject('/docs/start.js')
  assert.match(start.body, /withDefaultFonts: false/)
  assert.match(start.body, /telemetry: false/)
  assert.match(start.body, /openapi\.json/)
})

test('the reference is found with a slash behind it as well', async () => {
  await using bed = await createServerBed()
  const answer = await bed.app.inject('/docs/')
  assert.equal(answer.statusCode, 302)
  assert.equal(new URL(String(answer.headers.location), 'http://gateway/base/docs/').pathname, '/base/docs')
})

test('every code has a page that says what it means and what to do', async () => {
  await using bed = await createServerBed()
  const index = await bed.app.inject('/docs/errors')
  assert.equal(index.statusCode, 200)
  for (const [code, title] of Object.entries(PROBLEM_TITLES)) {
    assert.match(index.body, new RegExp(`href="errors/${code}"`))
    const page = await bed.app.inject(`/docs/errors/${code}`)
    assert.equal(page.statusCode, 200, code)
    assert.match(String(page.headers['content-type']), /^text\/html/)
    assert.ok(page.body.includes(title), code)
    assert.ok(page.body.includes('What to do'), code)
    for (const url of loadedBy(page.body)) assert.doesNotMatch(url, /^(https?:)?\/\//)
  }
})

test('what is no code has no page, and nothing of it is shown', async () => {
  await using bed = await createServerBed()
  for (const code of ['nope', 'constructor', '__proto__', '%3Cscript%3E']) {
    const page = await bed.app.inject(`/docs/errors/${code}`)
    assert.equal(page.statusCode, 404, code)
    assert.doesNotMatch(page.body, /<script|nope/)
  }
})
