import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { startTestGateway, type TestGateway } from '../../test/support/gateway.ts'
import { merchantsOf, openBrowser, signUp, tokenOf, WITH_ACCOUNTS } from '../../test/support/people.ts'
import { startSmtpServer } from '../mail/testing/smtp-server.ts'
import { runCommand } from './testing/run-command.ts'

let bed: TestGateway
before(async () => {
  bed = await startTestGateway({ env: WITH_ACCOUNTS })
})
after(() => bed[Symbol.asyncDispose]())
beforeEach(async () => {
  for (const table of ['members', 'invitations', 'users', 'first_sign_up']) {
    await bed.db.pool.query(`delete from ${table}`)
  }
})

async function members(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runCommand(['members', ...args, '--json'], {
    env: { DATABASE_URL: bed.db.url, SUKUMA_SECRET: bed.secret, PUBLIC_URL: bed.gateway.url, ...env },
  })
  return { code, stderr, printed: stdout === '' ? {} : JSON.parse(stdout) }
}

const AMINA = ['--email', 'amina@shop.example']

describe('sukuma members', () => {
  it('invites an owner to a merchant, after which no stranger can be the first to sign up', async () => {
    const invited = await members(['invite', ...AMINA, '--role', 'owner'])
    assert.equal(invited.code, 0, invited.stderr)
    assert.equal(invited.printed.mailed, false)
    await assert.rejects(signUp(bed, 'stranger@else.example'), /sign_up_closed/)
    const amina = await signUp(bed, 'amina@shop.example', { invitation: tokenOf(invited.printed.link) })
    assert.deepEqual(
      (await merchantsOf(amina)).map(({ name, role }) => [name, role]),
      [['test', 'owner']],
    )
    const listed = await members(['list'])
    assert.deepEqual(
      listed.printed.map((each: { email: string; role: string }) => [each.email, each.role]),
      [['amina@shop.example', 'owner']],
    )
  })

  it('mails the invitation where there is a mail server', async () => {
    await using mail = await startSmtpServer()
    const invited = await members(['invite', ...AMINA, '--role', 'support'], { SMTP_URL: mail.url })
    assert.equal(invited.printed.mailed, true)
    assert.ok(mail.mails[0]?.text.includes(invited.printed.link))
  })

  it('removes a member, but no last owner, and says what is wrong with a request', async () => {
    const amina = await signUp(bed, 'amina@shop.example')
    assert.match((await members(['remove', ...AMINA])).stderr, /last owner/)
    await bed.db.pool.query(`update members set role = 'support'`)
    assert.equal((await members(['remove', ...AMINA])).code, 0)
    assert.deepEqual(await merchantsOf(amina), [])
    assert.match((await members(['remove', ...AMINA])).stderr, /Nobody of this address/)
    assert.match((await members(['invite', ...AMINA, '--role', 'boss'])).stderr, /one of owner/)
    assert.match((await members(['invite', '--email', 'x', '--role', 'owner'])).stderr, /e-mail address/)
  })

  it('makes a link that signs a member in, once', async () => {
    const amina = await signUp(bed, 'amina@shop.example')
    const { printed } = await members(['link', ...AMINA])
    assert.ok(printed.link.startsWith(`${bed.gateway.url}/sign-in#link=`))
    const browser = openBrowser(bed.gateway.url)
    const token = { token: tokenOf(printed.link) }
    // A preview of the link asks for the page alone, and spends nothing.
    await browser.get('/sign-in')
    const taken = await Promise.all([
      browser.post('/auth/sign-in/link', token),
      openBrowser(bed.gateway.url).post('/auth/sign-in/link', token),
    ])
    assert.deepEqual(taken.map(({ status }) => status).sort(), [200, 401])
    const fresh = openBrowser(bed.gateway.url)
    const second = tokenOf((await members(['link', ...AMINA])).printed.link)
    assert.equal((await fresh.post('/auth/sign-in/link', { token: second })).status, 200)
    const { user } = (await fresh.get('/dashboard/session')).body as { user: { email: string } }
    assert.equal(user.email, amina.email)
    const third = tokenOf((await members(['link', ...AMINA])).printed.link)
    await bed.db.pool.query(`update sign_in_links set expires_at = now() - interval '1 second'`)
    const late = await openBrowser(bed.gateway.url).post('/auth/sign-in/link', { token: third })
    assert.deepEqual([late.status, late.body.code], [401, 'invalid_token'])
  })
})

describe('a link that could lead nowhere', () => {
  it('is not made without a known address, and comes with a warning where there are no pages', async () => {
    await signUp(bed, 'amina@shop.example')
    const nowhere = { PUBLIC_URL: '', PORT: '0' }
    const unknown = [
      await members(['link', ...AMINA], nowhere),
      await members(['invite', '--email', 'juma@shop.example', '--role', 'owner'], nowhere),
    ]
    for (const { code, stderr } of unknown) {
      assert.equal(code, 1)
      assert.match(stderr, /PORT is 0.*set PUBLIC_URL/)
    }
    const waiting = await bed.db.pool.query('select 1 from invitations')
    assert.equal(waiting.rows.length, 0)
    const off = { SUKUMA_DASHBOARD: 'off' }
    for (const args of [
      ['link', ...AMINA],
      ['invite', '--email', 'juma@shop.example', '--role', 'owner'],
    ]) {
      assert.match((await members(args, off)).stderr, /warning: SUKUMA_DASHBOARD is off/)
      assert.doesNotMatch((await members(args)).stderr, /SUKUMA_DASHBOARD/)
    }
  })
})
