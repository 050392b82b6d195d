// A gateway on which everything secret that there can be lies in the database, once each.
import assert from 'node:assert/strict'
import { runCommand } from '../../src/cli/testing/run-command.ts'
import { prefixedId } from '../../src/ids.ts'
import { startSmtpServer } from '../../src/mail/testing/smtp-server.ts'
import { startTestGateway, type TestGateway, until } from './gateway.ts'
import {
  asMerchant,
  openBrowser,
  PASSWORD,
  type Person,
  signUp,
  tokenOf,
  totpCode,
  WITH_ACCOUNTS,
} from './people.ts'

/** The gateway, and what must be nowhere in its database. */
export type SecretHolders = AsyncDisposable & {
  bed: TestGateway
  owner: Person
  secrets: Record<string, string>
}

const CREDENTIALS = { consumer_key: 'ck-2f9d81aa', consumer_secret: 'cs-77c0e1b4', passkey: 'pk-5d3a90ff' }
const OWNER = 'amina@shop.example'

/** Makes one of every secret: of programs, of people, and of links that are on their way. */
export async function makeSecretHolders(): Promise<SecretHolders> {
  await using made = new AsyncDisposableStack()
  const mail = made.use(await startSmtpServer())
  const bed = made.use(await startTestGateway({ env: { ...WITH_ACCOUNTS, SMTP_URL: mail.url } }))
  const owner = await signUp(bed, OWNER)
  const secrets = {
    ...(await makeProgramSecrets(bed)),
    ...(await makePersonSecrets(bed, owner)),
    ...(await makeLinks(bed, owner, async (to) => {
      const found = await until('a mail', async () => mail.mails.findLast((each) => each.to.includes(to)))
      return found.text
    })),
  }
  for (const [name, secret] of Object.entries(secrets)) assert.ok(secret.length > 7, `there is no ${name}`)
  const kept = made.move()
  return { bed, owner, secrets, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function makeProgramSecrets(bed: TestGateway): Promise<Record<string, string>> {
  const url = 'http://127.0.0.1:9/'
  const endpoint = await bed.post('/v1/webhook_endpoints', { url, signature_schemes: ['v1', 'v1a'] })
  assert.equal(endpoint.status, 201, endpoint.text)
  const path = `/v1/webhook_endpoints/${String(endpoint.body.id)}`
  const rotated = await bed.post(`${path}/rotate_secret`, {})
  const again = await bed.post(`${path}/rotate_secret`, {})
  for (let count = 0; count < 2; count += 1) {
    assert.equal((await bed.post(`${path}/rotate_key`, {})).status, 200)
  }
  const shortcode = { environment: 'sandbox', kind: 'paybill', number: '600123', ...CREDENTIALS }
  assert.equal((await bed.post('/v1/shortcodes', shortcode)).status, 201)
  const request = { phone: '254700000000', amount: 5, reference: 'R', wait: 20 }
  assert.equal((await bed.post('/v1/payments', request)).body.status, 'succeeded')
  const { entries } = await bed.simulator('GET', '/simulator/ledger?limit=1')
  const [entry] = entries as { callbackUrl: string }[]
  return {
    'webhook secret': String(endpoint.body.secret),
    'webhook secret after a rotation': String(rotated.body.secret),
    'webhook secret after another': String(again.body.secret),
    'API key': bed.merchant.key,
    SUKUMA_SECRET: bed.secret,
    ...CREDENTIALS,
    'callback token': entry?.callbackUrl.split('/').at(-1) ?? '',
  }
}

async function makePersonSecrets(bed: TestGateway, owner: Person): Promise<Record<string, string>> {
  const enabled = await owner.post('/auth/two-factor/enable', { password: PASSWORD })
  const uri = String(enabled.body.totpURI)
  const verified = await owner.post('/auth/two-factor/verify-totp', { code: totpCode(uri) })
  assert.equal(verified.status, 200, verified.text)
  // Somebody at the second step, in another browser.
  const half = openBrowser(bed.gateway.url, owner.email)
  await half.post('/auth/sign-in/email', { email: owner.email, password: PASSWORD })
  assert.ok(half.cookies.size > 0)
  const cookies = [
    ...owner.cookies,
    ...[...half.cookies].map(([name, value]) => [`half ${name}`, value] as const),
  ]
  const codes = enabled.body.backupCodes as string[]
  return {
    password: PASSWORD,
    'second factor': new URL(uri).searchParams.get('secret') ?? '',
    ...Object.fromEntries(codes.map((code, index) => [`recovery code ${index}`, code])),
    ...Object.fromEntries(cookies.map(([name, value]) => [`cookie ${name}`, decodeURIComponent(value)])),
  }
}

async function makeLinks(
  bed: TestGateway,
  owner: Person,
  mailTo: (address: string) => Promise<string>,
): Promise<Record<string, string>> {
  const wish = { email: 'new@shop.example', role: 'support' }
  const headers = asMerchant(prefixedId('mer', bed.merchant.id))
  const invited = await owner.ask('POST', '/dashboard/team/invitations', wish, headers)
  assert.equal(invited.status, 201, invited.text)
  await owner.post('/auth/request-password-reset', { email: owner.email })
  const env = { DATABASE_URL: bed.db.url, SUKUMA_SECRET: bed.secret }
  const made = await runCommand(['members', 'link', '--email', owner.email, '--json'], { env })
  const linkIn = (text: string) => tokenOf(/https?:\S+/.exec(text)?.[0] ?? '')
  return {
    invitation: linkIn(await mailTo(wish.email)),
    'reset of a password': linkIn(await mailTo(owner.email)),
    'sign-in link': linkIn(String(JSON.parse(made.stdout).link)),
  }
}
