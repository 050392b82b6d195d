// Changing SUKUMA_SECRET while people have signed in: nobody is sent away, and no second factor is lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommand } from '../../src/cli/testing/run-command.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { openBrowser, PASSWORD, type Person, signUp, totpCode, WITH_ACCOUNTS } from '../support/people.ts'

const NEW_KEY = Buffer.alloc(32, 7).toString('base64')
const TOTP_PERIOD_MS = 30_000

type Column = { secrets: string; first_key: number; former_keys: number; unreadable: number }

async function secret(bed: TestGateway, action: string, keys: string): Promise<Column> {
  const env = { DATABASE_URL: bed.db.url, SUKUMA_SECRET: keys }
  const { stdout } = await runCommand(['secret', action, '--json'], { env })
  const columns = JSON.parse(stdout) as Column[]
  const found = columns.find(({ secrets }) => secrets.startsWith('user_two_factors'))
  assert.ok(found, stdout)
  return found
}

function withCookiesOf(person: Person, bed: TestGateway): Person {
  const there = openBrowser(bed.gateway.url, person.email)
  for (const [name, value] of person.cookies) there.cookies.set(name, value)
  return there
}

test('a session and a second factor outlive a change of SUKUMA_SECRET', async () => {
  await using bed = await startTestGateway({ env: WITH_ACCOUNTS })
  const owner = await signUp(bed, 'amina@shop.example')
  const enabled = await owner.post('/auth/two-factor/enable', { password: PASSWORD })
  const uri = String(enabled.body.totpURI)
  const verified = await owner.post('/auth/two-factor/verify-totp', { code: totpCode(uri) })
  assert.equal(verified.status, 200, verified.text)

  const both = `${NEW_KEY},${bed.secret}`
  await using changing = await startTestGateway({
    beside: bed,
    env: { ...WITH_ACCOUNTS, SUKUMA_SECRET: both },
  })
  const there = withCookiesOf(owner, changing)
  assert.equal((await there.get('/dashboard/session')).status, 200)
  // The sign-in library signs with the first key alone, and is told of a session under the former.
  const renamed = await there.post('/auth/update-user', { name: 'Amina W.' })
  assert.equal(renamed.status, 200, renamed.text)

  const before = await secret(bed, 'status', both)
  assert.deepEqual([before.first_key, before.former_keys, before.unreadable], [0, 1, 0])
  const after = await secret(bed, 'reseal', both)
  assert.deepEqual([after.first_key, after.former_keys, after.unreadable], [1, 0, 0])
  assert.equal((await secret(bed, 'status', bed.secret)).unreadable, 1)

  await using changed = await startTestGateway({
    beside: bed,
    env: { ...WITH_ACCOUNTS, SUKUMA_SECRET: NEW_KEY },
  })
  assert.equal((await withCookiesOf(owner, changed).get('/dashboard/session')).status, 401)
  const again = openBrowser(changed.gateway.url, owner.email)
  const signedIn = await again.post('/auth/sign-in/email', { email: owner.email, password: PASSWORD })
  assert.deepEqual(signedIn.body, { twoFactorRedirect: true })
  const code = totpCode(uri, Date.now() + TOTP_PERIOD_MS)
  const right = await again.post('/auth/two-factor/verify-totp', { code })
  assert.equal(right.status, 200, right.text)
})
