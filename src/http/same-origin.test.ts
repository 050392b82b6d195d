import assert from 'node:assert/strict'
import { it } from 'node:test'
import fastify from 'fastify'
import { HttpError } from './http-error.ts'
import { type OwnPlace, requireSameOrigin } from './same-origin.ts'

const LOCAL: OwnPlace = { publicUrl: () => 'http://127.0.0.1:4000', isPublicUrlSet: false }
const PUBLIC: OwnPlace = { publicUrl: () => 'https://pay.example.org/base', isPublicUrlSet: true }

async function isLetIn(place: OwnPlace, headers: Record<string, string>): Promise<boolean> {
  const app = fastify()
  app.get('/', async (request) => {
    try {
      requireSameOrigin(request, place)
      return 'in'
    } catch (error) {
      assert.ok(error instanceof HttpError)
      return error.code
    }
  })
  const answer = await app.inject({ url: '/', headers })
  await app.close()
  return answer.body === 'in'
}

it('pages at the public address may ask, and where there is none, pages at any local one', async () => {
  assert.ok(await isLetIn(PUBLIC, { origin: 'https://pay.example.org', host: 'inner:4000' }))
  assert.ok(await isLetIn(LOCAL, { origin: 'http://127.0.0.1:4000', host: '127.0.0.1:4000' }))
  assert.ok(await isLetIn(LOCAL, { origin: 'http://localhost:5173', host: 'localhost:5173' }))
  assert.ok(await isLetIn(LOCAL, { origin: 'http://[::1]:4000', host: '[::1]:4000' }))
})

it('whoever is no browser may ask, and a browser that says no other site has a part in it', async () => {
  assert.ok(await isLetIn(PUBLIC, {}))
  assert.ok(await isLetIn(PUBLIC, { 'sec-fetch-site': 'same-origin' }))
  assert.ok(await isLetIn(PUBLIC, { 'sec-fetch-site': 'none' }))
})

it('other sites may not: by origin, by what the browser says, or by a name that was rebound', async () => {
  for (const [place, headers] of [
    [PUBLIC, { origin: 'https://evil.example' }],
    [PUBLIC, { origin: 'http://pay.example.org' }],
    [PUBLIC, { origin: 'https://pay.example.org.evil.example' }],
    [PUBLIC, { origin: 'http://127.0.0.1:4000', host: '127.0.0.1:4000' }],
    [PUBLIC, { origin: 'null' }],
    [PUBLIC, { 'sec-fetch-site': 'cross-site' }],
    [PUBLIC, { 'sec-fetch-site': 'same-site' }],
    [LOCAL, { origin: 'http://evil.example:4000', host: 'evil.example:4000' }],
    [LOCAL, { origin: 'http://localhost:3000', host: 'localhost:4000' }],
  ] as const) {
    assert.equal(await isLetIn(place, headers), false, JSON.stringify(headers))
  }
})
