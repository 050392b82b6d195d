// Every action that the audit log knows is recorded, once, by the very deed that it names. A new action does
// not compile here until somebody says how it comes about.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { AUDIT_ACTIONS, type AuditAction } from '../../src/audit/audit-entry.ts'
import { runCommand } from '../../src/cli/testing/run-command.ts'
import { systemClock } from '../../src/clock.ts'
import { prefixedId } from '../../src/ids.ts'
import { startSmtpServer } from '../../src/mail/testing/smtp-server.ts'
import { type Answer, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import {
  asMerchant,
  inviteColleague,
  openBrowser,
  PASSWORD,
  type Person,
  signInAgain,
  signUp,
  tokenOf,
  totpCode,
  WITH_ACCOUNTS,
} from '../support/people.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const NEW_PASSWORD = 'maziwa-lala-na-asali'

let bed: TestGateway
let receiver: Receiver
let owner: Person
let merchant: string
const clock = { aheadMs: 0, now: () => systemClock.now() + clock.aheadMs }
before(async () => {
  bed = await startTestGateway({ clock, env: { ...WITH_ACCOUNTS, SUKUMA_SIGN_UP: 'open' } })
  receiver = await startReceiver()
  merchant = prefixedId('mer', bed.merchant.id)
  owner = await signUp(bed, 'amina@shop.example')
})
beforeEach(() => bed.db.pool.query('delete from attempt_limits'))
after(async () => {
  await bed[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

type Entry = {
  id: string
  live: boolean | null
  actor: [kind: string, name: string | null, role: string | null]
  target: [id: string, name: string | null]
  changes: unknown
  detail: unknown
}
/** What the entry of a deed must say, as far as this matters. */
type Said = Partial<Entry>
type Deeds<Action extends AuditAction> = Record<Action, () => Promise<Said>>

async function entriesOf(action: AuditAction): Promise<Entry[]> {
  const { rows } = await bed.db.pool.query<Entry>(
    `select id, live, json_build_array(actor_kind, actor_name, actor_role) as actor,
       json_build_array(target_id, target_name) as target, changes::json as changes, detail::json as detail
     from audit_entries where action = $1 order by merchant_id, sequence`,
    [action],
  )
  return rows
}

/** Does something as the owner, on the test side; fails unless it was done. */
async function asOwner(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await owner.ask(method, path, body, asMerchant(merchant))
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
  return answer
}

async function made(path: string, body: unknown = {}): Promise<Record<string, unknown>> {
  return (await asOwner('POST', path, body)).body
}

const byOwner = (said: Said = {}): Said => ({ actor: ['user', owner.email, 'owner'], ...said })
const bySupport = ({ email }: Person): Said => ({ actor: ['user', email, 'support'] })

let people = 0
const newEmail = () => `person${++people}@shop.example`
const newColleague = () => inviteColleague(bed, owner, { merchant, email: newEmail(), role: 'support' })

async function idOf(person: Person): Promise<string> {
  return String(((await person.get('/dashboard/session')).body.user as { id: string }).id)
}

async function done(answering: Promise<Answer>): Promise<Answer> {
  const answer = await answering
  assert.equal(answer.status, 200, answer.text)
  return answer
}

async function withSecondFactor(): Promise<Person> {
  const person = await newColleague()
  const enabled = await done(person.post('/auth/two-factor/enable', { password: PASSWORD }))
  const code = totpCode(String(enabled.body.totpURI))
  await done(person.post('/auth/two-factor/verify-totp', { code }))
  return person
}

async function command(args: string[], folder?: string): Promise<void> {
  const env = { DATABASE_URL: bed.db.url, SUKUMA_SECRET: bed.secret, PUBLIC_URL: bed.gateway.url }
  const run = await runCommand(args, { env, ...(folder === undefined ? {} : { folder }) })
  assert.equal(run.code, 0, run.stderr)
}

const ofSessions: Deeds<
  'session.started' | 'session.refused' | 'session.ended' | 'sessions.ended' | 'session.link_made'
> = {
  async 'session.started'() {
    await signInAgain(bed, owner)
    return byOwner({ detail: { by: 'password' } })
  },
  async 'session.refused'() {
    const credentials = { email: owner.email, password: 'kahawa-kahawa' }
    const refused = await openBrowser(bed.gateway.url).post('/auth/sign-in/email', credentials)
    assert.equal(refused.status, 401)
    return { actor: ['system', null, null], target: [await idOf(owner), 'a******@shop.example'] }
  },
  async 'session.ended'() {
    const again = await signInAgain(bed, owner)
    await done(again.post('/auth/sign-out'))
    return byOwner()
  },
  async 'sessions.ended'() {
    await signInAgain(bed, owner)
    await asOwner('DELETE', '/dashboard/sessions')
    return byOwner()
  },
  async 'session.link_made'() {
    await command(['members', 'link', '--email', owner.email, '--merchant', merchant])
    return { actor: ['cli', null, null], target: [await idOf(owner), owner.email], live: null }
  },
}

const ofCredentials: Deeds<
  'password.changed' | 'password.reset' | 'two_factor.enabled' | 'two_factor.disabled' | 'recovery_codes.made'
> = {
  async 'password.changed'() {
    const person = await newColleague()
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    await done(person.post('/auth/change-password', change))
    return bySupport(person)
  },
  async 'password.reset'() {
    await using mail = await startSmtpServer()
    const env = { ...WITH_ACCOUNTS, SMTP_URL: mail.url, MAIL_FROM: 'pay@shop.example' }
    await using beside = await startTestGateway({ beside: bed, env })
    const person = await newColleague()
    const browser = openBrowser(beside.gateway.url)
    await done(browser.post('/auth/request-password-reset', { email: person.email }))
    const { text } = await until('the mail', async () => mail.mails[0])
    const token = tokenOf(/http\S+/.exec(text)?.[0] ?? '')
    await done(browser.post('/auth/reset-password', { token, newPassword: NEW_PASSWORD }))
    return bySupport(person)
  },
  'two_factor.enabled': async () => bySupport(await withSecondFactor()),
  async 'two_factor.disabled'() {
    const person = await withSecondFactor()
    await done(person.post('/auth/two-factor/disable', { password: PASSWORD }))
    return bySupport(person)
  },
  async 'recovery_codes.made'() {
    const person = await withSecondFactor()
    await done(person.post('/auth/two-factor/generate-backup-codes', { password: PASSWORD }))
    return bySupport(person)
  },
}

type OfTeam =
  | 'member.invited'
  | 'member.joined'
  | 'member.role_changed'
  | 'member.removed'
  | 'invitation.withdrawn'
const ofTeam: Deeds<OfTeam> = {
  async 'member.invited'() {
    const email = newEmail()
    const { id } = await made('/dashboard/team/invitations', { email, role: 'developer' })
    return byOwner({ target: [String(id), email], detail: { role: 'developer' } })
  },
  async 'member.joined'() {
    const person = await newColleague()
    return { ...bySupport(person), target: [await idOf(person), person.email] }
  },
  async 'member.role_changed'() {
    const person = await newColleague()
    const id = await idOf(person)
    await asOwner('PATCH', `/dashboard/team/members/${id}`, { role: 'developer' })
    const changes = { role: { from: 'support', to: 'developer' } }
    return byOwner({ target: [id, person.email], changes })
  },
  async 'member.removed'() {
    const person = await newColleague()
    const id = await idOf(person)
    await asOwner('DELETE', `/dashboard/team/members/${id}`)
    return byOwner({ target: [id, person.email], detail: { role: 'support' } })
  },
  async 'invitation.withdrawn'() {
    const email = newEmail()
    const { id } = await made('/dashboard/team/invitations', { email, role: 'support' })
    await asOwner('DELETE', `/dashboard/team/invitations/${id}`)
    return byOwner({ target: [String(id), email] })
  },
}

const newKey = () => made('/v1/api_keys', { name: 'Counter', scopes: ['payments:read'] })
let numbers = 600_100
const newShortcode = () => {
  const credentials = { consumer_key: 'simulator', consumer_secret: 'simulator-secret', passkey: 'pk' }
  return made('/v1/shortcodes', { environment: 'simulator', number: `${++numbers}`, ...credentials })
}

type OfSettings =
  | 'merchant.created'
  | 'settings.updated'
  | `api_key.${'created' | 'rotated' | 'revoked'}`
  | `shortcode.${'created' | 'updated' | 'verified'}`
const ofSettings: Deeds<OfSettings> = {
  async 'merchant.created'() {
    const email = newEmail()
    await signUp(bed, email, { merchantName: 'Elsewhere' })
    return { actor: ['user', email, 'owner'], detail: { role: 'owner' } }
  },
  async 'settings.updated'() {
    await asOwner('PATCH', '/v1/settings', { language: 'sw' })
    return byOwner({ changes: { language: { from: 'en', to: 'sw' } } })
  },
  async 'api_key.created'() {
    const { id } = await newKey()
    return byOwner({ target: [String(id), 'Counter'] })
  },
  async 'api_key.rotated'() {
    const { id } = await newKey()
    const next = await made(`/v1/api_keys/${id}/rotate`)
    return byOwner({ target: [String(id), 'Counter'], detail: { new_key: next.id } })
  },
  async 'api_key.revoked'() {
    const { id } = await newKey()
    await asOwner('DELETE', `/v1/api_keys/${id}`)
    return byOwner({ target: [String(id), 'Counter'] })
  },
  async 'shortcode.created'() {
    const { id, number } = await newShortcode()
    return byOwner({ target: [String(id), String(number)] })
  },
  async 'shortcode.updated'() {
    const { id } = await newShortcode()
    await asOwner('PATCH', `/v1/shortcodes/${id}`, { status: 'disabled' })
    return byOwner({ changes: { status: { from: 'enabled', to: 'disabled' } } })
  },
  async 'shortcode.verified'() {
    const { id } = await newShortcode()
    await made(`/v1/shortcodes/${id}/verify`)
    return byOwner({ detail: { result: 'verified' } })
  },
}

/** A new endpoint's path. */
async function newEndpoint(): Promise<string> {
  const wish = { url: receiver.url, signature_schemes: ['v1', 'v1a'] }
  return `/v1/webhook_endpoints/${(await made('/v1/webhook_endpoints', wish)).id}`
}

/** Does something to a new endpoint. */
async function toEndpoint(method: string, path: string, body?: unknown): Promise<Said> {
  await asOwner(method, `${await newEndpoint()}${path}`, body)
  return byOwner()
}

type EndpointDeed = 'created' | 'updated' | 'deleted' | 'replayed' | 'tested'
type SecretDeed = 'secret_rotated' | 'secret_revealed' | 'key_rotated'
const ofWebhooks: Deeds<`webhook_endpoint.${EndpointDeed | SecretDeed}` | 'webhook_delivery.retried'> = {
  async 'webhook_endpoint.created'() {
    await newEndpoint()
    return byOwner()
  },
  'webhook_endpoint.updated': () => toEndpoint('PATCH', '', { status: 'disabled' }),
  'webhook_endpoint.deleted': () => toEndpoint('DELETE', ''),
  'webhook_endpoint.secret_rotated': () => toEndpoint('POST', '/rotate_secret', {}),
  'webhook_endpoint.secret_revealed': () => toEndpoint('POST', '/reveal_secret', {}),
  'webhook_endpoint.key_rotated': () => toEndpoint('POST', '/rotate_key', {}),
  'webhook_endpoint.replayed': () => toEndpoint('POST', '/replay', { since: '2026-01-01T00:00:00Z' }),
  'webhook_endpoint.tested': () => toEndpoint('POST', '/test', {}),
  async 'webhook_delivery.retried'() {
    const { id } = await made(`${await newEndpoint()}/test`)
    const delivery = `/v1/webhook_deliveries/${id}`
    await until('its end', async () => (await asOwner('GET', delivery)).body.status === 'delivered')
    await made(`${delivery}/retry`)
    return byOwner({ target: [String(id), null] })
  },
}

type OfPayments =
  | 'payment.created'
  | 'payment.asked'
  | 'payments.exported'
  | 'phones.erased'
  | 'statement.imported'
const ofPayments: Deeds<OfPayments> = {
  async 'payment.created'() {
    const paid = await made('/v1/payments', { amount: 5, phone: '254700000000', reference: 'BY-HAND' })
    const detail = { amount: 5, phone: '2547*****000' }
    return byOwner({ target: [String(paid.id), 'BY-HAND'], detail, live: false })
  },
  async 'payment.asked'() {
    // The customer takes until the prompt ends, and that is after this test.
    const faults = { lostCallback: 1, callbackDelayMs: 3_600_000, promptLifeMs: 3_600_000 }
    await bed.simulator('PUT', '/simulator/faults', faults)
    const { id } = await made('/v1/payments', { amount: 5, phone: '254712000001', reference: 'ASKED' })
    const path = `/v1/payments/${id}`
    await until('its prompt', async () => (await asOwner('GET', path)).body.status === 'pending')
    await bed.simulator('PUT', '/simulator/faults', {})
    clock.aheadMs += 11_000
    const asked = await made(`${path}/ask`)
    assert.equal(asked.asked, true, JSON.stringify(asked))
    const { kind, code } = asked.answer as { kind: string; code: string | null }
    return byOwner({ target: [String(id), 'ASKED'], detail: { kind, code }, live: false })
  },
  async 'payments.exported'() {
    await asOwner('GET', '/v1/payments/export?status=failed')
    return byOwner({ detail: { filters: [], states: ['failed'], time_zone: 'Africa/Nairobi' } })
  },
  async 'phones.erased'() {
    const phone = '254711100000'
    await made('/v1/payments', { amount: 5, phone, reference: 'FORGOTTEN', wait: 30 })
    await made('/v1/phone_numbers/forget', { phone })
    return byOwner({ detail: { phone: '2547*****000', payments: 1, open: 0 }, live: false })
  },
  async 'statement.imported'() {
    await using folder = await createTemporaryFolder()
    const lines = [
      'Receipt No.,Completion Time,Details,Transaction Status,Paid In,Other Party Info,A/C No.',
      'HAND000001,2026-03-01 10:00:00,Pay Bill Online,Completed,100.00,254712000009 - JANE,BY-HAND',
      'HAND000002,2026-03-01 11:00:00,Pay Bill Online,Completed,200.00,254712000009 - JANE,BY-HAND',
    ]
    await writeFile(join(folder.path, 'march.csv'), lines.join('\n'))
    const which = ['--shortcode', '174379', '--merchant', merchant]
    await command(['statement', 'import', 'march.csv', ...which], folder.path)
    const target: Entry['target'] = [prefixedId('sc', bed.merchant.shortcodeId), '174379']
    const detail = { rows: 2, paid: 0, corrected: 0, receipts: 0, not_paid: 0 }
    return { actor: ['cli', null, null], target, detail, live: false }
  },
}

const deeds: Deeds<AuditAction> = {
  ...ofSessions,
  ...ofCredentials,
  ...ofTeam,
  ...ofSettings,
  ...ofWebhooks,
  ...ofPayments,
}

for (const action of AUDIT_ACTIONS) {
  test(`${action} is recorded by the deed, once, with who did what to whom`, async () => {
    const earlier = (await entriesOf(action)).map(({ id }) => id)
    const said = await deeds[action]()
    const [entry, ...more] = await until('the entry', async () => {
      const entries = (await entriesOf(action)).filter(({ id }) => !earlier.includes(id))
      return entries.length > 0 && entries
    })
    assert.deepEqual(more, [])
    assert.partialDeepStrictEqual(entry, said)
  })
}
