// Signing up and in, sessions, and what a session may ask of /v1: over HTTP, as a browser does.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { prefixedId } from '../../src/ids.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import {
  asMerchant,
  inviteColleague,
  merchantsOf,
  openBrowser,
  PASSWORD,
  type Person,
  signInAgain,
  signUp,
  WITH_ACCOUNTS,
} from '../support/people.ts'

let bed: TestGateway
let owner: Person
let merchant: string
before(async () => {
  bed = await startTestGateway({ env: WITH_ACCOUNTS })
  merchant = prefixedId('mer', bed.merchant.id)
  owner = await signUp(bed, 'amina@shop.example')
})
after(() => bed[Symbol.asyncDispose]())

describe('the first person to sign up', () => {
  it('owns the first merchant, and nobody signs up after without an invitation', async () => {
    assert.deepEqual(await merchantsOf(owner), [{ id: merchant, name: 'test', role: 'owner' }])
    const config = await openBrowser(bed.gateway.url).get('/dashboard/config')
    assert.equal(config.body.sign_up, 'invitation')
    await assert.rejects(signUp(bed, 'late@shop.example'), /403.*sign_up_closed/)
    const left = await bed.db.pool.query(`select 1 from users where email = 'late@shop.example'`)
    assert.equal(left.rows.length, 0)
  })

  it('is one, however many are at the same time', async () => {
    await using other = await startTestGateway({ env: WITH_ACCOUNTS })
    const emails = Array.from({ length: 4 }, (_, index) => `p${index}@shop.example`)
    const signed = await Promise.allSettled(emails.map((email) => signUp(other, email)))
    assert.equal(signed.filter(({ status }) => status === 'fulfilled').length, 1)
    const { rows } = await other.db.pool.query('select role from members')
    assert.deepEqual(rows, [{ role: 'owner' }])
    assert.equal((await other.db.pool.query('select 1 from users')).rows.length, 1)
  })

  it('gets a merchant that can be paid at once, where there was none', async () => {
    await using other = await startTestGateway({ env: WITH_ACCOUNTS })
    for (const table of ['api_keys', 'shortcodes', 'merchants']) {
      await other.db.pool.query(`delete from ${table}`)
    }
    const first = await signUp(other, 'juma@shop.example', { merchantName: 'Duka la Juma' })
    const [mine] = await merchantsOf(first)
    assert.equal(mine?.name, 'Duka la Juma')
    const body = { amount: 5, phone: '254700000000', reference: 'ONE', wait: 20 }
    const paid = await first.ask('POST', '/v1/payments', body, asMerchant(mine?.id ?? ''))
    assert.equal(paid.body.status, 'succeeded', paid.text)
  })
})

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends', async () => {
    const cookie = owner.setCookies.get('sukuma.session_token') ?? ''
    for (const part of [/; HttpOnly/i, /; SameSite=Lax/i, /; Path=\//i]) assert.match(cookie, part)
    assert.doesNotMatch(cookie, /; Secure/i)
  })

  it('is Secure where the public address is https', async () => {
    const env = { ...WITH_ACCOUNTS, PUBLIC_URL: 'https://pay.example.org' }
    await using other = await startTestGateway({ env })
    const person = openBrowser(other.gateway.url)
    const body = { name: 'Amina', email: person.email, password: PASSWORD }
    const origin = { origin: 'https://pay.example.org' }
    const answer = await person.ask('POST', '/auth/sign-up/email', body, origin)
    assert.equal(answer.status, 200, answer.text)
    assert.match(person.setCookies.get('__Secure-sukuma.session_token') ?? '', /; Secure/i)
    assert.equal((await person.get('/dashboard/session')).status, 200)
    // Where the address is known, no other is our own.
    assert.equal((await person.post('/auth/sign-out')).status, 403)
  })

  it('shows who has signed in, and no answer holds its token', async () => {
    const token = (owner.cookies.get('sukuma.session_token') ?? '').split('.')[0] ?? ''
    const again = openBrowser(bed.gateway.url, owner.email)
    const credentials = { email: owner.email, password: PASSWORD }
    const signedIn = await again.post('/auth/sign-in/email', credentials)
    const session = await owner.get('/dashboard/session')
    const sessions = await owner.get('/dashboard/sessions')
    for (const { text } of [signedIn, session, sessions]) assert.ok(!text.includes(token), text)
    assert.deepEqual(Object.keys(signedIn.body), ['user'])
    const { user } = session.body as { user: Record<string, unknown> }
    assert.equal(user.email, owner.email)
    assert.equal(user.has_password, true)
  })

  it('that was changed by a letter is nobody’s', async () => {
    const thief = openBrowser(bed.gateway.url)
    const value = owner.cookies.get('sukuma.session_token') ?? ''
    thief.cookies.set('sukuma.session_token', `x${value}`)
    assert.equal((await thief.get('/dashboard/session')).status, 401)
    assert.equal((await thief.get('/v1/payments', asMerchant(merchant))).status, 401)
    // Of another program on the same host, and nothing of ours.
    assert.equal((await thief.get('/v1/payments', { cookie: 'theme=dark' })).status, 401)
  })
})

describe('/v1 with a session', () => {
  it('is asked as the merchant and the side that the headers name', async () => {
    const account = await owner.get('/v1/account', asMerchant(merchant, 'live'))
    assert.equal(account.status, 200, account.text)
    assert.equal(account.body.live, true)
    assert.equal(account.body.api_key, null)
    assert.equal((account.body.user as { role: string }).role, 'owner')
  })

  it('wants both headers, and a merchant of theirs', async () => {
    const foreign = prefixedId('mer', (await bed.addMerchant('other')).id)
    for (const headers of [{}, { 'sukuma-merchant': merchant }, { 'sukuma-mode': 'test' }]) {
      assert.equal((await owner.get('/v1/account', headers)).status, 400)
    }
    assert.equal((await owner.get('/v1/account', asMerchant(foreign))).status, 404)
    assert.equal((await owner.get('/v1/account', asMerchant('mer_x'))).status, 400)
  })

  it('refuses a request that another site sends', async () => {
    const headers = asMerchant(merchant)
    for (const foreign of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const asked = await owner.ask('GET', '/v1/account', undefined, { ...headers, ...foreign })
      assert.equal(asked.status, 403, JSON.stringify(foreign))
    }
    for (const path of ['/auth/sign-in/email', '/auth/sign-out', '/dashboard/merchants']) {
      const asked = await owner.ask('POST', path, {}, { origin: 'https://evil.example' })
      assert.equal(asked.status, 403, path)
    }
    // A name that was rebound to this machine is no local address.
    const rebound = { origin: 'http://evil.example:80', host: 'evil.example:80' }
    assert.equal((await owner.ask('POST', '/auth/sign-out', {}, rebound)).status, 403)
  })

  it('does not open the other surfaces', async () => {
    const body = { amount: 1, phoneNumber: '254700000000', accountId: 'A' }
    const asked = await owner.ask('POST', '/api/mpesa/stkPush', body, asMerchant(merchant))
    assert.equal(asked.status, 401)
  })

  it('lets a key pass as ever, whatever cookies come with it', async () => {
    const headers = { 'x-api-key': bed.merchant.key, origin: 'https://evil.example' }
    const asked = await owner.ask('GET', '/v1/account', undefined, headers)
    assert.equal(asked.status, 200)
    assert.equal(asked.body.user, null)
  })
})

describe('a role', () => {
  it('lets support read payments, and neither keys, webhooks, shortcodes nor the team', async () => {
    const email = 'support@shop.example'
    const support = await inviteColleague(bed, owner, { merchant, email, role: 'support' })
    const asked = async (path: string) => (await support.get(path, asMerchant(merchant))).status
    assert.equal(await asked('/v1/payments'), 200)
    for (const path of ['/v1/api_keys', '/v1/webhook_endpoints', '/v1/shortcodes', '/dashboard/team']) {
      assert.equal(await asked(path), 403, path)
    }
    const body = { amount: 5, phone: '254700000000', reference: 'ONE' }
    const paid = await support.ask('POST', '/v1/payments', body, asMerchant(merchant))
    assert.equal(paid.status, 403)
  })

  it('lets support ask M-Pesa about a payment', async () => {
    const email = 'asking@shop.example'
    const support = await inviteColleague(bed, owner, { merchant, email, role: 'support' })
    const body = { amount: 5, phone: '254700000000', reference: 'ASKED', wait: 20 }
    const paid = await owner.ask('POST', '/v1/payments', body, asMerchant(merchant))
    const path = `/v1/payments/${String(paid.body.id)}/ask`
    const asked = await support.ask('POST', path, {}, asMerchant(merchant))
    assert.deepEqual([asked.status, asked.body.reason], [200, 'settled'], asked.text)
  })

  it('lets a developer make keys, and not see the team', async () => {
    const email = 'dev@shop.example'
    const developer = await inviteColleague(bed, owner, { merchant, email, role: 'developer' })
    const made = await developer.ask('POST', '/v1/api_keys', { name: 'ci' }, asMerchant(merchant))
    assert.equal(made.status, 201, made.text)
    assert.equal((await developer.get('/dashboard/team', asMerchant(merchant))).status, 403)
  })
})

describe('sessions in other places', () => {
  it('are listed, ended one by one or all, and then refused in every process', async () => {
    await using beside = await startTestGateway({ env: WITH_ACCOUNTS, beside: bed })
    const phone = await signInAgain(bed, owner)
    const elsewhere = openBrowser(beside.gateway.url)
    elsewhere.cookies.set('sukuma.session_token', phone.cookies.get('sukuma.session_token') ?? '')
    assert.equal((await elsewhere.get('/v1/account', asMerchant(merchant))).status, 200)
    const listed = (await owner.get('/dashboard/sessions')).body.data as { id: string; current: boolean }[]
    assert.equal(listed.filter(({ current }) => current).length, 1)
    const ended = await owner.ask('DELETE', `/dashboard/sessions/${listed[0]?.id}`)
    assert.equal(ended.status, 204)
    for (const person of [phone, elsewhere]) {
      await until('the refusal', async () => {
        const asked = await person.get('/v1/account', asMerchant(merchant))
        return asked.status === 401
      })
    }
    const another = await signInAgain(bed, owner)
    assert.ok(Number((await owner.ask('DELETE', '/dashboard/sessions')).body.ended) >= 1)
    assert.equal((await another.get('/dashboard/session')).status, 401)
    assert.equal((await owner.get('/dashboard/session')).status, 200)
  })

  it('show the whole address at which they began', async () => {
    const env = { ...WITH_ACCOUNTS, TRUSTED_PROXIES: '127.0.0.1' }
    await using beside = await startTestGateway({ env, beside: bed })
    const headers = { 'x-forwarded-for': '2001:db8:7:1::c0de' }
    const body = { email: owner.email, password: PASSWORD }
    await openBrowser(beside.gateway.url).ask('POST', '/auth/sign-in/email', body, headers)
    const listed = (await owner.get('/dashboard/sessions')).body.data as { ip: string }[]
    assert.equal(listed[0]?.ip, '2001:0db8:0007:0001:0000:0000:0000:c0de')
  })

  it('of somebody else cannot be ended', async () => {
    const email = 'other@shop.example'
    const other = await inviteColleague(bed, owner, { merchant, email, role: 'support' })
    const mine = (await owner.get('/dashboard/session')).body.active_session_id
    assert.equal((await other.ask('DELETE', `/dashboard/sessions/${String(mine)}`)).status, 404)
    assert.equal((await owner.get('/dashboard/session')).status, 200)
  })
})
