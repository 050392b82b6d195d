// Passwords, codes and mailed links over HTTP, with a real mail server.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { prefixedId } from '../../src/ids.ts'
import { createLogger } from '../../src/log.ts'
import { type SmtpServer, startSmtpServer } from '../../src/mail/testing/smtp-server.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import {
  asMerchant,
  openBrowser,
  PASSWORD,
  type Person,
  signInAgain,
  signUp,
  tokenOf,
  totpCode,
  WITH_ACCOUNTS,
} from '../support/people.ts'

const NEW_PASSWORD = 'maziwa-lala-na-asali'

let bed: TestGateway
let mail: SmtpServer
let owner: Person
let merchant: string
before(async () => {
  mail = await startSmtpServer()
  const env = { ...WITH_ACCOUNTS, SMTP_URL: mail.url, SUKUMA_SIGN_UP: 'open', MAIL_FROM: 'pay@shop.example' }
  bed = await startTestGateway({ env })
  merchant = prefixedId('mer', bed.merchant.id)
  owner = await signUp(bed, 'amina@shop.example')
})
after(async () => {
  await bed[Symbol.asyncDispose]()
  await mail[Symbol.asyncDispose]()
})

async function actionsOf(person: Person, of: string): Promise<string[]> {
  const { body } = await person.get('/v1/audit_log', asMerchant(of))
  return (body.data as { action: string }[]).map(({ action }) => action)
}

function signIn(person: Person, password: string) {
  return person.post('/auth/sign-in/email', { email: person.email, password })
}

async function mailTo(address: string): Promise<string> {
  const found = await until('a mail', async () => mail.mails.findLast((each) => each.to.includes(address)))
  return found.text
}

describe('a password', () => {
  it('has 10 to 128 characters, and a person has a name and an address', async () => {
    const somebody = openBrowser(bed.gateway.url)
    const right = { name: 'B', email: 'b@shop.example', password: PASSWORD }
    for (const [wrong, code] of [
      [{ password: 'kahawa-9!' }, 'password_too_short'],
      [{ password: 'x'.repeat(129) }, 'password_too_long'],
      [{ email: 'b@shop' }, 'invalid'],
      [{ name: ' ' }, 'invalid'],
      [{ role: 'admin' }, 'invalid'],
    ] as const) {
      const answer = await somebody.post('/auth/sign-up/email', { ...right, ...wrong })
      assert.equal(answer.status, 400, answer.text)
      assert.equal(answer.body.code, code, answer.text)
    }
  })

  it('that is wrong is told no differently from a person who is not there', async () => {
    const wrong = await signIn(openBrowser(bed.gateway.url, owner.email), 'kahawa-kahawa')
    const nobody = await signIn(openBrowser(bed.gateway.url, 'nobody@shop.example'), 'kahawa-kahawa')
    for (const { status, body } of [wrong, nobody]) {
      assert.deepEqual(
        [status, body.code, body.detail],
        [401, 'invalid_email_or_password', wrong.body.detail],
      )
    }
    await until('the record', async () => (await actionsOf(owner, merchant)).includes('session.refused'))
  })

  it('that is wrong is answered before it is recorded, which takes longer for who is there', async () => {
    const lines: string[] = []
    const log = createLogger('warn', { write: (line) => void lines.push(line) })
    await using beside = await startTestGateway({ beside: bed, env: WITH_ACCOUNTS, log })
    const refusals = async () =>
      (await actionsOf(owner, merchant)).filter((action) => action === 'session.refused').length
    const before = await refusals()
    const client = await bed.db.pool.connect()
    try {
      await client.query('begin')
      await client.query('select from audit_heads where merchant_id = $1 for update', [bed.merchant.id])
      const wrong = await signIn(openBrowser(beside.gateway.url, owner.email), 'kahawa-kahawa')
      assert.equal(wrong.status, 401)
    } finally {
      await client.query('rollback')
      client.release()
    }
    await until('the record', async () => (await refusals()) === before + 1)
    assert.deepEqual(lines, [], 'the answer waited until the record was given up')
  })
})

describe('a new password', () => {
  it('is taken with the present one, and the other sessions can be ended with it', async () => {
    const person = await signUp(bed, 'change@shop.example')
    const other = await signInAgain(bed, person)
    const wrong = { currentPassword: 'not-this-one', newPassword: NEW_PASSWORD }
    assert.equal((await person.post('/auth/change-password', wrong)).body.code, 'invalid_password')
    const right = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, revokeOtherSessions: true }
    assert.equal((await person.post('/auth/change-password', right)).status, 200)
    assert.equal((await other.get('/dashboard/session')).status, 401)
    assert.equal((await person.get('/dashboard/session')).status, 200)
    assert.equal((await signIn(openBrowser(bed.gateway.url, person.email), PASSWORD)).status, 401)
    assert.equal((await signIn(openBrowser(bed.gateway.url, person.email), NEW_PASSWORD)).status, 200)
  })

  it('is set anew by a mailed link, once, which ends every session', async () => {
    const person = await signUp(bed, 'forgot@shop.example')
    const browser = openBrowser(bed.gateway.url)
    for (const email of [person.email, 'nobody@shop.example']) {
      const answer = await browser.post('/auth/request-password-reset', { email })
      assert.deepEqual([answer.status, answer.body], [200, { status: true }])
    }
    const text = await mailTo(person.email)
    assert.ok(mail.mails.every(({ to }) => !to.includes('nobody@shop.example')))
    const link = /http\S+/.exec(text)?.[0] ?? ''
    assert.ok(link.startsWith(`${bed.gateway.url}/reset-password#token=`), link)
    const { rows } = await bed.db.pool.query('select * from user_verifications')
    assert.ok(!JSON.stringify(rows).includes(tokenOf(link)))
    const reset = { token: tokenOf(link), newPassword: NEW_PASSWORD }
    assert.equal((await browser.post('/auth/reset-password', reset)).status, 200)
    assert.equal((await person.get('/dashboard/session')).status, 401)
    assert.equal((await browser.post('/auth/reset-password', reset)).body.code, 'invalid_token')
    assert.equal((await signIn(openBrowser(bed.gateway.url, person.email), NEW_PASSWORD)).status, 200)
  })
})

describe('two-factor', () => {
  let person: Person
  let uri: string
  let codes: string[]
  before(async () => {
    person = await signUp(bed, 'two@shop.example')
    const wrong = await person.post('/auth/two-factor/enable', { password: 'kahawa-kahawa' })
    assert.equal(wrong.body.code, 'invalid_password')
    const enabled = await person.post('/auth/two-factor/enable', { password: PASSWORD })
    assert.equal(enabled.status, 200, enabled.text)
    uri = String(enabled.body.totpURI)
    codes = enabled.body.backupCodes as string[]
  })

  it('is on once a code was right, and asked for from then on', async () => {
    assert.equal(
      (await signIn(openBrowser(bed.gateway.url, person.email), PASSWORD)).body.twoFactorRedirect,
      undefined,
    )
    const bad = await person.post('/auth/two-factor/verify-totp', { code: '000000' })
    assert.equal(bad.status, 401, bad.text)
    const right = await person.post('/auth/two-factor/verify-totp', { code: totpCode(uri) })
    assert.equal(right.status, 200, right.text)
    const { user } = (await person.get('/dashboard/session')).body as { user: Record<string, unknown> }
    assert.equal(user.two_factor_enabled, true)
    const again = openBrowser(bed.gateway.url, person.email)
    assert.deepEqual((await signIn(again, PASSWORD)).body, { twoFactorRedirect: true })
    assert.equal((await again.get('/dashboard/session')).status, 401)
    const code = totpCode(uri, Date.now() + 30_000)
    const verified = await again.post('/auth/two-factor/verify-totp', { code })
    assert.equal(verified.status, 200, verified.text)
    assert.equal((await again.get('/dashboard/session')).status, 200)
    const shoulder = openBrowser(bed.gateway.url, person.email)
    await signIn(shoulder, PASSWORD)
    const used = await shoulder.post('/auth/two-factor/verify-totp', { code })
    assert.deepEqual([used.status, used.body.code], [401, 'invalid_code'])
    assert.equal((await shoulder.get('/dashboard/session')).status, 401)
  })

  it('takes each recovery code once', async () => {
    for (const status of [200, 401]) {
      const again = openBrowser(bed.gateway.url, person.email)
      await signIn(again, PASSWORD)
      const used = await again.post('/auth/two-factor/verify-backup-code', { code: codes[0] })
      assert.equal(used.status, status, used.text)
    }
  })

  it('keeps neither secret nor recovery codes in clear', async () => {
    const { rows } = await bed.db.pool.query('select secret, backup_codes from user_two_factors')
    const kept = JSON.stringify(rows)
    const secret = new URL(uri).searchParams.get('secret') ?? ''
    for (const text of [secret, ...codes]) assert.ok(!kept.includes(text))
  })

  it('is switched off with the password alone', async () => {
    const off = await person.post('/auth/two-factor/disable', { password: PASSWORD })
    assert.equal(off.status, 200, off.text)
    const [own] = (await person.get('/dashboard/session')).body.merchants as { id: string }[]
    const actions = await actionsOf(person, own?.id ?? '')
    for (const action of ['two_factor.enabled', 'two_factor.disabled', 'session.started']) {
      assert.ok(actions.includes(action), `${action}: ${actions.join()}`)
    }
  })
})

describe('guessing', () => {
  it('is stopped by account in all processes, but not for the owner at a place of theirs', async () => {
    await using beside = await startTestGateway({
      beside: bed,
      env: { ...WITH_ACCOUNTS, TRUSTED_PROXIES: '127.0.0.1' },
    })
    const victim = await signUp(bed, 'victim@shop.example')
    const guess = (ip: string, password: string) =>
      openBrowser(beside.gateway.url).ask(
        'POST',
        '/auth/sign-in/email',
        { email: victim.email, password },
        { 'x-forwarded-for': ip },
      )
    // Each from an address of its own: only the account can be what limits them.
    const guesses = Array.from({ length: 14 }, (_, index) =>
      guess(`203.0.113.${index}`, `guess-number-${index}`),
    )
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [...Array(10).fill(401), ...Array(4).fill(429)])
    const right = await guess('203.0.113.200', PASSWORD)
    assert.equal(right.status, 429)
    assert.ok(Number(right.headers.get('retry-after')) > 0)
    // They have signed up from here.
    assert.equal((await signIn(openBrowser(bed.gateway.url, victim.email), PASSWORD)).status, 200)
  })

  it('is stopped by address, whatever the account', async () => {
    await using beside = await startTestGateway({
      beside: bed,
      env: { ...WITH_ACCOUNTS, TRUSTED_PROXIES: '127.0.0.1' },
    })
    const guess = (index: number) =>
      openBrowser(beside.gateway.url).ask(
        'POST',
        '/auth/sign-in/email',
        { email: `g${index}@shop.example`, password: 'kahawa-kahawa' },
        { 'x-forwarded-for': '198.51.100.7' },
      )
    const answers = await Promise.all(Array.from({ length: 33 }, (_, index) => guess(index)))
    assert.equal(answers.filter(({ status }) => status === 401).length, 30)
    assert.equal(answers.filter(({ status }) => status === 429).length, 3)
  })
})

describe('a place whose owner others try to keep out', () => {
  const places: [how: string, first: string, later: string][] = [
    ['from their network of IPv6', '2001:db8:7:1::c0de', '2001:db8:7:1:9::2'],
    ['when IPv4 comes written as IPv6', '::ffff:192.0.2.44', '::ffff:192.0.2.44'],
    ['when IPv4 comes written as either', '192.0.2.45', '::ffff:c000:22d'],
  ]
  for (const [index, [how, first, later]] of places.entries()) {
    it(`lets the owner in ${how}`, async () => {
      await using beside = await startTestGateway({
        beside: bed,
        env: { ...WITH_ACCOUNTS, TRUSTED_PROXIES: '127.0.0.1' },
      })
      const person = await signUp(bed, `place-${index}@shop.example`)
      const at = (ip: string, password: string) => {
        const headers = { 'x-forwarded-for': ip }
        const body = { email: person.email, password }
        return openBrowser(beside.gateway.url).ask('POST', '/auth/sign-in/email', body, headers)
      }
      assert.equal((await at(first, PASSWORD)).status, 200)
      for (let guess = 0; guess < 10; guess += 1) await at(`203.0.113.${guess}`, `guess-number-${guess}`)
      assert.equal((await at('2001:db8:7:2::c0de', PASSWORD)).status, 429, 'another place')
      assert.equal((await at(later, PASSWORD)).status, 200)
      // There too guesses are counted, for all its addresses together.
      for (let guess = 0; guess < 10; guess += 1) await at(guess % 2 ? first : later, 'guess-guess-guess')
      assert.equal((await at(later, PASSWORD)).status, 429)
    })
  }
})

describe('a profile', () => {
  it('has a name and a time zone that exists, and no other field', async () => {
    const changed = await owner.post('/auth/update-user', { name: 'Amina W.', timeZone: 'Africa/Kampala' })
    assert.equal(changed.status, 200, changed.text)
    const { user } = (await owner.get('/dashboard/session')).body as { user: Record<string, unknown> }
    assert.deepEqual([user.name, user.time_zone], ['Amina W.', 'Africa/Kampala'])
    for (const wrong of [
      { timeZone: 'Mars/Olympus' },
      { timeZone: '+03:00' },
      { email: 'x@shop.example' },
      { emailVerified: true },
      {},
    ]) {
      assert.equal((await owner.post('/auth/update-user', wrong)).status, 400, JSON.stringify(wrong))
    }
  })
})

describe('signing out', () => {
  it('ends the session, and nothing else of the library can be reached', async () => {
    const person = await signUp(bed, 'out@shop.example')
    assert.equal((await person.post('/auth/sign-out')).status, 200)
    assert.equal((await person.get('/dashboard/session')).status, 401)
    for (const path of [
      '/auth/get-session',
      '/auth/list-sessions',
      '/auth/ok',
      '/auth/delete-user',
      '/auth/error',
    ]) {
      assert.equal((await owner.get(path)).status, 404, path)
      assert.equal((await owner.post(path)).status, 404, path)
    }
  })
})
