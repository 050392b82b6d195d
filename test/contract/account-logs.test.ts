// What the log holds of people: no password, no token, no code, and no whole e-mail address.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from '../../src/log.ts'
import { startTestGateway } from '../support/gateway.ts'
import { openBrowser, PASSWORD, signUp, WITH_ACCOUNTS } from '../support/people.ts'

test('the log tells of sign-ins and faults without passwords, tokens and addresses', async () => {
  const lines: string[] = []
  const log = createLogger('trace', { write: (line) => void lines.push(line) })
  await using bed = await startTestGateway({ env: { ...WITH_ACCOUNTS, SUKUMA_SIGN_UP: 'open' }, log })
  const owner = await signUp(bed, 'wanjiku@shop.example')
  const enabled = await owner.post('/auth/two-factor/enable', { password: PASSWORD })
  const browser = openBrowser(bed.gateway.url)
  await browser.post('/auth/sign-in/email', { email: owner.email, password: 'maji-ya-moto-1' })
  await browser.post('/auth/sign-in/email', { email: 'nobody.here@shop.example', password: PASSWORD })
  const taken = await browser.post('/auth/sign-up/email', {
    name: 'Wanjiku',
    email: owner.email,
    password: PASSWORD,
  })
  assert.equal(taken.body.code, 'user_already_exists_use_another_email')
  // A fault below the sign-in library: its statement would name the address.
  await bed.db.pool.query('alter table user_credentials rename to user_credentials_away')
  const failed = await browser.post('/auth/sign-in/email', { email: owner.email, password: PASSWORD })
  assert.equal(failed.status, 500, failed.text)
  await bed.db.pool.query('alter table user_credentials_away rename to user_credentials')
  const all = lines.join('')
  assert.match(all, /request failed/)
  const token = (owner.cookies.get('sukuma.session_token') ?? '').split('.')[0] ?? 'none'
  const codes = enabled.body.backupCodes as string[]
  for (const secret of [PASSWORD, 'maji-ya-moto-1', token, 'wanjiku@', 'nobody.here@', codes[0] ?? 'none']) {
    assert.ok(!all.includes(secret), `the log holds ${secret}`)
  }
})
