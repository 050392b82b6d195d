// Guessing at a second factor, by somebody who has the password: ten wrong codes in a row lock it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { openBrowser, PASSWORD, type Person, signUp, totpCode, WITH_ACCOUNTS } from '../support/people.ts'

const PERIOD_MS = 30_000
const LOCKED_FOR_MS = 15 * 60_000
/** Codes that one sign-in may try. */
const TRIES_A_SIGN_IN = 5

let bed: TestGateway
let person: Person
let uri: string
before(async () => {
  bed = await startTestGateway({ env: WITH_ACCOUNTS })
  person = await signUp(bed, 'amina@shop.example')
  const enabled = await person.post('/auth/two-factor/enable', { password: PASSWORD })
  uri = String(enabled.body.totpURI)
  const verified = await person.post('/auth/two-factor/verify-totp', { code: totpCode(uri) })
  assert.equal(verified.status, 200, verified.text)
})
after(() => bed[Symbol.asyncDispose]())

/** Somebody with the password, who is asked for a code. */
async function challenge(): Promise<Person> {
  const browser = openBrowser(bed.gateway.url, person.email)
  const asked = await browser.post('/auth/sign-in/email', { email: person.email, password: PASSWORD })
  assert.deepEqual(asked.body, { twoFactorRedirect: true }, asked.text)
  return browser
}

const tryCode = (browser: Person, code: string) => browser.post('/auth/two-factor/verify-totp', { code })

/** A code that is right at no time near now. */
function wrongCode(): string {
  const right = [-1, 0, 1, 2].map((periods) => totpCode(uri, Date.now() + periods * PERIOD_MS))
  return ['000000', '111111', '222222', '333333', '444444'].find((code) => !right.includes(code)) ?? ''
}

/** So many wrong codes, each answered as one. */
async function guess(count: number): Promise<void> {
  for (let left = count; left > 0; left -= TRIES_A_SIGN_IN) {
    const browser = await challenge()
    for (let tried = 0; tried < Math.min(left, TRIES_A_SIGN_IN); tried += 1) {
      const answer = await tryCode(browser, wrongCode())
      assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_code'], answer.text)
    }
  }
}

/** Until when the second factor is locked, in milliseconds; null: it is not. */
async function lockedUntilMs(): Promise<number | null> {
  const { rows } = await bed.db.pool.query<{ locked_until: Date | null }>(
    'select locked_until from user_two_factors',
  )
  return rows[0]?.locked_until?.getTime() ?? null
}

test('nine wrong codes and a right one lock nothing; ten do, and then the right one is refused', async () => {
  await guess(9)
  assert.equal((await tryCode(await challenge(), totpCode(uri))).status, 200)
  assert.equal(await lockedUntilMs(), null)
  const beforeMs = Date.now()
  await guess(10)
  const afterMs = Date.now()
  const untilMs = (await lockedUntilMs()) ?? assert.fail('it is not locked')
  assert.ok(untilMs >= beforeMs + LOCKED_FOR_MS && untilMs <= afterMs + LOCKED_FOR_MS, `${untilMs}`)
  const next = totpCode(uri, Date.now() + PERIOD_MS)
  const browser = await challenge()
  const refused = await tryCode(browser, next)
  assert.deepEqual([refused.status, refused.body.code], [429, 'rate_limited'], refused.text)
  assert.equal((await browser.get('/dashboard/session')).status, 401)
  // Who has signed in goes on meanwhile.
  assert.equal((await person.get('/dashboard/session')).status, 200)

  await bed.db.pool.query(`update user_two_factors set locked_until = now() - interval '1 second'`)
  assert.equal((await tryCode(browser, next)).status, 200)
  assert.equal((await browser.get('/dashboard/session')).status, 200)
})
