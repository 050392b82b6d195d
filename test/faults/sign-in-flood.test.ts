// Hashing passwords is dear, and strangers can ask for it: a flood is turned away, and payments go on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HASHING_MAX, HASHING_WAIT_MAX } from '../../src/accounts/password-turns.ts'
import { startTestGateway } from '../support/gateway.ts'
import { openBrowser, PASSWORD, signUp, WITH_ACCOUNTS } from '../support/people.ts'

/** Beyond what may wait; each from an address and for an account of its own, so that no limit counts it. */
const FLOOD = 200

test('a flood of sign-ins is turned away beyond what is worth waiting, and holds up no payment', async () => {
  await using bed = await startTestGateway({ env: { ...WITH_ACCOUNTS, TRUSTED_PROXIES: '127.0.0.1' } })
  const owner = await signUp(bed, 'amina@shop.example')
  const flood = Array.from({ length: FLOOD }, (_, index) => {
    const body = { email: `nobody${index}@else.example`, password: 'kahawa-kahawa' }
    const headers = { 'x-forwarded-for': `198.51.${Math.floor(index / 200)}.${index % 200}` }
    return openBrowser(bed.gateway.url).ask('POST', '/auth/sign-in/email', body, headers)
  })
  const wish = { phone: '254700000000', amount: 5, reference: 'R', wait: 30 }
  assert.equal((await bed.post('/v1/payments', wish)).body.status, 'succeeded')
  const answers = await Promise.all(flood)
  const heard = answers.filter(({ status }) => status === 401).length
  const turnedAway = answers.filter(({ status }) => status === 429)
  assert.equal(heard + turnedAway.length, FLOOD)
  assert.ok(turnedAway.length > 0 && heard >= HASHING_MAX + HASHING_WAIT_MAX, `${heard} were heard`)
  assert.ok(turnedAway.every(({ headers }) => Number(headers.get('retry-after')) > 0))
  const again = openBrowser(bed.gateway.url)
  const signedIn = await again.post('/auth/sign-in/email', { email: owner.email, password: PASSWORD })
  assert.equal(signedIn.status, 200, signedIn.text)
})
