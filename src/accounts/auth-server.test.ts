import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { makeUnloadable } from '../../test/support/unloadable-package.ts'
import { systemClock } from '../clock.ts'
import { createUuidSource } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { deriveAuthKeys } from './auth-keys.ts'
import { createAuthServer } from './auth-server.ts'

const SIGN_IN = {
  path: '/sign-in/email',
  body: { email: 'nobody@shop.example', password: 'kahawa-na-chai-9' },
  cookie: undefined,
  sessionToken: null,
  ip: '127.0.0.1',
  userAgent: undefined,
}

test('a sign-in library that could not be loaded is loaded for the next who signs in', async () => {
  await using database = await createTestDatabase()
  const auth = createAuthServer({
    pool: database.pool,
    clock: systemClock,
    newUuid: createUuidSource(systemClock),
    log: silentLogger,
    keys: deriveAuthKeys([Buffer.alloc(32, 4)]),
    publicUrl: () => 'http://127.0.0.1:4000',
    sendReset: () => undefined,
    wasReset: async () => undefined,
    takeSignInLink: async () => null,
  })
  const library = makeUnloadable('better-auth')
  await assert.rejects(auth.call(SIGN_IN), /better-auth cannot be loaded/)
  library.restore()
  const answer = await auth.call(SIGN_IN)
  assert.ok(!answer.ok)
  assert.equal(answer.code, 'invalid_email_or_password')
})
