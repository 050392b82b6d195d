// Members, roles and invitations over HTTP. Whoever owns another merchant comes to nothing here.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { prefixedId } from '../../src/ids.ts'
import { startSmtpServer } from '../../src/mail/testing/smtp-server.ts'
import { type Answer, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import {
  asMerchant,
  inviteColleague,
  merchantsOf,
  openBrowser,
  PASSWORD,
  type Person,
  signUp,
  tokenOf,
  WITH_ACCOUNTS,
} from '../support/people.ts'

type TeamMember = { id: string; email: string; role: string; is_you: boolean }
type Waiting = { id: string; email: string; role: string }

let bed: TestGateway
let merchant: string
let owner: Person
/** Owns another merchant. */
let stranger: Person
let people = 0
before(async () => {
  bed = await startTestGateway({ env: { ...WITH_ACCOUNTS, SUKUMA_SIGN_UP: 'open' } })
  merchant = prefixedId('mer', bed.merchant.id)
  owner = await signUp(bed, 'amina@shop.example')
  stranger = await signUp(bed, 'stranger@else.example', { merchantName: 'Elsewhere' })
})
after(() => bed[Symbol.asyncDispose]())
beforeEach(() => bed.db.pool.query('delete from attempt_limits'))

const newEmail = () => `person${++people}@shop.example`

function team(person: Person, method: string, path: string, body?: unknown, of = merchant): Promise<Answer> {
  return person.ask(method, `/dashboard/team${path}`, body, asMerchant(of))
}

async function membersOf(person: Person): Promise<TeamMember[]> {
  return (await team(person, 'GET', '')).body.members as TeamMember[]
}

async function waitingOf(person: Person): Promise<Waiting[]> {
  return (await team(person, 'GET', '')).body.invitations as Waiting[]
}

async function idOf(person: Person): Promise<string> {
  return String(((await person.get('/dashboard/session')).body.user as { id: string }).id)
}

async function colleague(role: string): Promise<Person> {
  return inviteColleague(bed, owner, { merchant, email: newEmail(), role })
}

describe('an invitation', () => {
  it('makes whoever signs up by its link a member, once', async () => {
    const email = newEmail()
    const invited = await team(owner, 'POST', '/invitations', { email, role: 'developer' })
    assert.equal(invited.status, 201, invited.text)
    const token = tokenOf(String(invited.body.link))
    const shown = await openBrowser(bed.gateway.url).get(`/dashboard/invitations/${token}`)
    assert.equal(shown.status, 200, shown.text)
    assert.deepEqual([shown.body.email, shown.body.role, shown.body.has_account], [email, 'developer', false])
    assert.ok((await waitingOf(owner)).some((each) => each.email === email))
    const joined = await signUp(bed, email, { invitation: token })
    assert.deepEqual(await merchantsOf(joined), [{ id: merchant, name: 'test', role: 'developer' }])
    await assert.rejects(signUp(bed, newEmail(), { invitation: token }), /403.*invitation_invalid/)
    assert.equal((await openBrowser(bed.gateway.url).get(`/dashboard/invitations/${token}`)).status, 404)
    const again = await team(owner, 'POST', '/invitations', { email, role: 'owner' })
    assert.deepEqual([again.status, again.body.code], [409, 'already_member'])
  })

  it('is for its own address, and is accepted by somebody who has an account', async () => {
    const person = await signUp(bed, newEmail())
    const invited = await team(owner, 'POST', '/invitations', { email: person.email, role: 'support' })
    const path = `/dashboard/invitations/${tokenOf(String(invited.body.link))}/accept`
    assert.equal((await stranger.post(path)).body.code, 'invitation_invalid')
    const taken = await Promise.all([person.post(path), person.post(path), person.post(path)])
    assert.deepEqual(taken.map(({ status }) => status).filter((status) => status === 200).length, 1)
    assert.ok((await merchantsOf(person)).some(({ id, role }) => id === merchant && role === 'support'))
  })

  it('can be withdrawn, is replaced by the next one, and ends after a week', async () => {
    const email = newEmail()
    const links: string[] = []
    for (const role of ['support', 'developer']) {
      const invited = await team(owner, 'POST', '/invitations', { email, role })
      links.push(`/dashboard/invitations/${tokenOf(String(invited.body.link))}`)
    }
    const [former = '', latter = ''] = links
    const anybody = openBrowser(bed.gateway.url)
    assert.equal((await anybody.get(former)).status, 404)
    assert.equal((await anybody.get(latter)).status, 200)
    const [waiting] = (await waitingOf(owner)).filter((each) => each.email === email)
    assert.equal((await team(owner, 'DELETE', `/invitations/${waiting?.id}`)).status, 204)
    assert.equal((await team(owner, 'DELETE', `/invitations/${waiting?.id}`)).status, 404)
    assert.equal((await anybody.get(latter)).status, 404)
    const late = await team(owner, 'POST', '/invitations', { email, role: 'support' })
    await bed.db.pool.query(`update invitations set expires_at = now() - interval '1 second'`)
    assert.equal((await anybody.get(`/dashboard/invitations/${tokenOf(String(late.body.link))}`)).status, 404)
  })

  it('needs an address and a role', async () => {
    for (const wrong of [{ email: 'x', role: 'support' }, { email: newEmail(), role: 'admin' }, {}]) {
      assert.equal((await team(owner, 'POST', '/invitations', wrong)).status, 400)
    }
  })
})

describe('mails to people', () => {
  it('that could not be sent are told, the link stays theirs, and the next one is sent', async () => {
    await using mail = await startSmtpServer()
    const env = { ...WITH_ACCOUNTS, SMTP_URL: mail.url, MAIL_FROM: 'pay@shop.example' }
    await using beside = await startTestGateway({ beside: bed, env })
    const there = openBrowser(beside.gateway.url, owner.email)
    await there.post('/auth/sign-in/email', { email: owner.email, password: PASSWORD })
    const email = newEmail()
    mail.refuseNext('451 not now')
    for (const mailed of [false, true]) {
      const invited = await team(there, 'POST', '/invitations', { email, role: 'support' })
      assert.partialDeepStrictEqual([invited.status, invited.body], [201, { email, mailed, link: null }])
    }
    const [sent, ...others] = mail.mails
    assert.equal(others.length, 0)
    const token = tokenOf(/http\S+/.exec(sent?.text ?? '')?.[0] ?? '')
    await signUp(beside, email, { invitation: token })
  })

  const inviteAgain = (email: string) => team(owner, 'POST', '/invitations', { email, role: 'support' })

  it('are few to one person, however an invitation is withdrawn and made again', async () => {
    const email = newEmail()
    const statuses: number[] = []
    for (const written of [email, email.toUpperCase(), ` ${email} `, email, email, email]) {
      const invited = await inviteAgain(written)
      statuses.push(invited.status)
      if (invited.status === 201) await team(owner, 'DELETE', `/invitations/${String(invited.body.id)}`)
    }
    assert.deepEqual(statuses, [201, 201, 201, 201, 201, 429])
    assert.equal((await inviteAgain(newEmail())).status, 201, 'others can be invited')
  })

  it('are counted by who sends them too, and what was no mail does not count', async () => {
    for (let count = 0; count < 60; count += 1) assert.equal((await inviteAgain('x')).status, 400)
    const asked = Array.from({ length: 55 }, async () => {
      const invited = await inviteAgain(newEmail())
      if (invited.status === 201) await team(owner, 'DELETE', `/invitations/${String(invited.body.id)}`)
      return invited.status
    })
    const statuses = await Promise.all(asked)
    assert.equal(statuses.filter((status) => status === 201).length, 50)
    assert.equal(statuses.filter((status) => status === 429).length, 5)
  })
})

describe('a member', () => {
  it('gets another role, which counts within 5 s, and is removed, which does too', async () => {
    const person = await colleague('support')
    const id = await idOf(person)
    const asked = () => person.get('/v1/api_keys', asMerchant(merchant))
    assert.equal((await asked()).status, 403)
    const changed = await team(owner, 'PATCH', `/members/${id}`, { role: 'developer' })
    assert.deepEqual([changed.status, changed.body.role], [200, 'developer'])
    await until('the new role', async () => (await asked()).status === 200)
    assert.equal((await team(owner, 'DELETE', `/members/${id}`)).status, 204)
    await until('the refusal', async () => (await asked()).status === 404)
    const { body } = await owner.get('/v1/audit_log', asMerchant(merchant))
    const actions = (body.data as { action: string }[]).map(({ action }) => action)
    for (const action of ['member.invited', 'member.joined', 'member.role_changed', 'member.removed']) {
      assert.ok(actions.includes(action), action)
    }
  })

  it('may leave, and sees nothing of the team', async () => {
    const person = await colleague('support')
    assert.equal((await team(person, 'GET', '')).status, 403)
    const mine = await idOf(owner)
    assert.equal((await team(person, 'DELETE', `/members/${mine}`)).status, 403)
    assert.equal((await team(person, 'DELETE', `/members/${await idOf(person)}`)).status, 204)
    assert.deepEqual(await merchantsOf(person), [])
  })

  it('is listed with the others, the first to join first', async () => {
    const person = await colleague('support')
    const members = await membersOf(owner)
    assert.deepEqual([members[0]?.email, members[0]?.is_you], [owner.email, true])
    const { email, role } = members.at(-1) ?? {}
    assert.deepEqual([email, role], [person.email, 'support'])
  })
})

describe('an owner', () => {
  it('is never the last owner to go or to be made less', async () => {
    const mine = await idOf(owner)
    for (const last of [
      await team(owner, 'DELETE', `/members/${mine}`),
      await team(owner, 'PATCH', `/members/${mine}`, { role: 'support' }),
    ]) {
      assert.deepEqual([last.status, last.body.code], [409, 'last_owner'])
    }
  })

  it('is not the last owner to go either when two go at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const other = await colleague('owner')
      const [mine, theirs] = [await idOf(owner), await idOf(other)]
      const gone = await Promise.all([
        team(owner, 'PATCH', `/members/${mine}`, { role: 'developer' }),
        team(other, 'DELETE', `/members/${theirs}`),
      ])
      const { rows } = await bed.db.pool.query(
        `select u.email from members m join users u on u.id = m.user_id
         where m.role = 'owner' and m.merchant_id = $1`,
        [bed.merchant.id],
      )
      assert.equal(rows.length, 1, gone.map(({ text }) => text).join())
      await bed.db.pool.query(
        `update members set role = 'owner' where user_id in (
        select id from users where email = $1)`,
        [owner.email],
      )
      await bed.db.pool.query(
        'delete from members where user_id in (select id from users where email = $1)',
        [other.email],
      )
      // What the gateway knows of both may be 4 s old.
      await until('the owner', async () => (await team(owner, 'GET', '')).status === 200)
    }
  })
})

describe('somebody of another merchant', () => {
  it('finds nothing of this one, and changes nothing', async () => {
    const person = await colleague('support')
    const id = await idOf(person)
    const invited = await team(owner, 'POST', '/invitations', { email: newEmail(), role: 'support' })
    const rows = async () =>
      JSON.stringify(
        await Promise.all(
          ['members', 'invitations'].map(async (table) => {
            const found = await bed.db.pool.query(`select * from ${table} where merchant_id = $1`, [
              bed.merchant.id,
            ])
            return found.rows
          }),
        ),
      )
    const before = await rows()
    const own = (await merchantsOf(stranger))[0]?.id ?? ''
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['POST', '/invitations', { email: newEmail(), role: 'owner' }],
      ['PATCH', `/members/${id}`, { role: 'owner' }],
      ['DELETE', `/members/${id}`, undefined],
      ['DELETE', `/invitations/${String(invited.body.id)}`, undefined],
    ] as const) {
      assert.equal((await team(stranger, method, path, body)).status, 404, `${method} ${path}`)
      if (path.includes('_')) {
        const asOwn = await team(stranger, method, path, body, own)
        assert.equal(asOwn.status, 404, `${method} ${path} as their own: ${asOwn.text}`)
      }
    }
    assert.equal(await rows(), before)
  })

  it('has more merchants of their own where that is open, and switches between them', async () => {
    const made = await stranger.post('/dashboard/merchants', { name: 'Second' })
    assert.equal(made.status, 201, made.text)
    assert.deepEqual(
      (await merchantsOf(stranger)).map(({ name }) => name),
      ['Elsewhere', 'Second'],
    )
    const account = await stranger.get('/v1/account', asMerchant(String(made.body.id)))
    assert.equal((account.body.merchant as { name: string }).name, 'Second')
  })
})

describe('merchants of one person', () => {
  it('are not made without end', async () => {
    const person = await signUp(bed, newEmail())
    const make = (name: string) => person.post('/dashboard/merchants', { name })
    assert.equal((await make('')).status, 400)
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => make(`Shop ${index}`)))
    assert.equal(answers.filter(({ status }) => status === 201).length, 10)
    assert.equal(answers.filter(({ status }) => status === 429).length, 2)
  })
})

describe('the session of a person', () => {
  it('without a merchant is of no use to /v1', async () => {
    const person = await colleague('support')
    await team(person, 'DELETE', `/members/${await idOf(person)}`)
    const again = openBrowser(bed.gateway.url, person.email)
    await again.post('/auth/sign-in/email', { email: person.email, password: PASSWORD })
    assert.equal((await again.get('/dashboard/session')).status, 200)
    assert.equal((await again.get('/v1/payments', asMerchant(merchant))).status, 404)
  })
})
