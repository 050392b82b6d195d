import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createTemporaryFolder } from '../../test/support/temporary-folder.ts'
import { systemClock } from '../clock.ts'
import { type EnvironmentVariables, loadConfig } from '../config.ts'
import { parsePrefixedId } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { createNoteKeyUse } from '../merchants/api-key-store.ts'
import { writeDemoFile } from '../merchants/demo-file.ts'
import { createKeyAuthenticator } from '../merchants/key-authenticator.ts'
import { createSealer } from '../merchants/sealed.ts'
import { createShortcodeDirectory } from '../merchants/shortcode-directory.ts'
import { runCommand } from './testing/run-command.ts'

const SECRET = Buffer.alloc(32, 5)
const TILL = [
  '--environment',
  'production',
  '--kind',
  'till',
  '--number',
  '600000',
  '--till-number',
  '700000',
]
const PAYBILL = ['--environment', 'simulator', '--kind', 'paybill', '--number', '174379']
/** Of one Daraja app. */
const SECRETS = ['--consumer-key', 'ck', '--consumer-secret', 'cs', '--passkey', 'pk']

let database: TestDatabase
let env: EnvironmentVariables
before(async () => {
  database = await createTestDatabase()
  env = { DATABASE_URL: database.url, SUKUMA_SECRET: SECRET.toString('base64') }
})
after(() => database[Symbol.asyncDispose]())

async function runJson(args: string[], options: { input?: string[]; folder?: string } = {}) {
  const { code, stdout, stderr } = await runCommand([...args, '--json'], { env, ...options })
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

/** A merchant of its own for a test, as the option that names it. */
async function newMerchant(name: string): Promise<[string, string]> {
  return ['--merchant', (await runJson(['merchants', 'create', '--name', name])).id]
}

function principalOf(key: string) {
  const deps = { db: database.pool, clock: systemClock, log: silentLogger }
  return createKeyAuthenticator({ ...deps, noteKeyUse: createNoteKeyUse(deps) }).authenticate(key)
}

async function credentialOf(merchant: string, shortcode: string) {
  const loaded = loadConfig(env)
  const [merchantId, id] = [parsePrefixedId('mer', merchant), parsePrefixedId('sc', shortcode)]
  assert.ok(loaded.ok && merchantId !== null && id !== null)
  const urls = { simulator: 'http://sim.test', sandbox: 'http://box.test', production: 'http://prod.test' }
  const deps = { db: database.pool, clock: systemClock, sealer: createSealer([SECRET]), urls }
  return createShortcodeDirectory(deps).credentialOf(merchantId, id)
}

describe('keys', () => {
  it('work until they are revoked, by id or by text', async () => {
    const merchant = await newMerchant('keys')
    const made = await runJson(['keys', 'create', ...merchant, '--name', 'shop', '--scopes', 'payments:read'])
    assert.deepEqual((await principalOf(made.key))?.scopes, new Set(['payments:read']))
    const other = await runJson(['keys', 'create', '--merchant', 'keys', '--name', 'b', '--live'])
    const listed = await runJson(['keys', 'list', ...merchant])
    assert.deepEqual(new Set(listed.map((key: { id: string }) => key.id)), new Set([made.id, other.id]))
    assert.ok(!JSON.stringify(listed).includes(made.key))
    const revoked = await runJson(['keys', 'revoke', made.id, ...merchant])
    assert.notEqual(revoked.revoked_at, null)
    await runJson(['keys', 'revoke', other.key])
    assert.equal(await principalOf(made.key), null)
    assert.equal(await principalOf(other.key), null)
  })

  it('are not found among another merchant’s', async () => {
    const made = await runJson(['keys', 'create', ...(await newMerchant('one')), '--name', 'x'])
    const { code, stderr } = await runCommand(['keys', 'revoke', made.id, ...(await newMerchant('two'))], {
      env,
    })
    assert.equal(code, 1)
    assert.match(stderr, /There is no key/)
    assert.notEqual(await principalOf(made.key), null)
  })

  it('are refused with the option that is wrong', async () => {
    const merchant = await newMerchant('wrong keys')
    const wrong = ['--name', 'x', '--scopes', 'all', '--expires-at', '2001-01-01T00:00:00Z']
    const { code, stderr } = await runCommand(['keys', 'create', ...merchant, ...wrong], { env })
    assert.equal(code, 1)
    assert.match(stderr, /--scopes must be/)
    assert.match(stderr, /--expires-at must be/)
  })

  it('end at a time that reads in one way only, as the API takes it', async () => {
    const create = ['keys', 'create', ...(await newMerchant('ending')), '--name', 'x', '--expires-at']
    for (const time of ['05/06/2030', '2030-02-31T00:00:00Z', '2030-01-31', '2030-01-31T00:00:00']) {
      const { code, stdout, stderr } = await runCommand([...create, time], { env })
      assert.deepEqual([code, stdout], [2, ''], time)
      assert.match(stderr, /--expires-at must be a time such as/)
    }
    const made = await runJson([...create, '2030-01-31T00:00:00+03:00'])
    assert.equal(made.expires_at, '2030-01-30T21:00:00.000Z')
  })
})

describe('shortcodes', () => {
  it('take credentials from standard input, a file and the environment, and show them nowhere', async () => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'passkey.txt'), 'pk-hidden\n')
    const [option, merchant] = await newMerchant('shortcodes')
    const add = ['shortcodes', 'add', option, merchant, ...TILL, '--consumer-key-file', '-']
    const files = ['--consumer-secret-file', '-', '--passkey-file', 'passkey.txt']
    const input = ['ck-hid', 'den\ncs-hidden\n']
    const made = await runJson([...add, ...files], { input, folder: folder.path })
    const credential = await credentialOf(merchant, made.id)
    assert.deepEqual(
      [credential?.consumerKey, credential?.consumerSecret, credential?.passkey],
      ['ck-hidden', 'cs-hidden', 'pk-hidden'],
    )
    const listed = await runJson(['shortcodes', 'list', option, merchant])
    assert.deepEqual(listed, [made])
    assert.ok(!JSON.stringify(listed).includes('hidden'))
  })

  it('take the simulator’s own credentials, and no others without being told', async () => {
    const [option, merchant] = await newMerchant('simulated')
    const made = await runJson(['shortcodes', 'add', option, merchant, ...PAYBILL])
    assert.equal((await credentialOf(merchant, made.id))?.consumerKey, 'simulator')
    const again = await runCommand(['shortcodes', 'add', option, merchant, ...PAYBILL], { env })
    assert.match(again.stderr, /has it already/)
    const secretless = await runCommand(['shortcodes', 'add', option, merchant, ...TILL], { env })
    assert.equal(secretless.code, 2)
    assert.match(secretless.stderr, /DARAJA_CONSUMER_KEY/)
  })

  it('can be the only one that a key may use', async () => {
    const merchant = await newMerchant('bound')
    const made = await runJson(['shortcodes', 'add', ...merchant, ...PAYBILL])
    const key = await runJson(['keys', 'create', ...merchant, '--name', 'x', '--shortcode', '174379'])
    assert.equal(key.shortcode, made.id)
  })
})

describe('a shortcode named by its number', () => {
  it('is not guessed among several of that number', async () => {
    const [option, merchant] = await newMerchant('several')
    const simulated = await runJson(['shortcodes', 'add', option, merchant, ...PAYBILL])
    const paybill = ['--environment', 'sandbox', '--kind', 'paybill', '--number', '174379']
    const sandbox = await runJson(['shortcodes', 'add', option, merchant, ...paybill, ...SECRETS])
    const set = ['shortcodes', 'set', option, merchant, '--pull-transactions', 'off']
    const key = ['keys', 'create', option, merchant, '--name', 'x', '--shortcode']
    for (const command of [set, key]) {
      const { code, stderr } = await runCommand([...command, '174379'], { env })
      assert.equal(code, 1)
      const ids = `${simulated.id} \\(simulator\\) or ${sandbox.id} \\(sandbox\\)`
      assert.match(stderr, new RegExp(`Several shortcodes are 174379: give the id, ${ids}`))
    }
    assert.equal((await runJson([...key, sandbox.id])).shortcode, sandbox.id)
    const till = ['--environment', 'production', '--kind', 'till', '--till-number', '174379']
    const store = ['--number', '600000', ...SECRETS]
    const live = await runJson(['shortcodes', 'add', option, merchant, ...till, ...store])
    assert.equal((await runJson([...key, '174379', '--live'])).shortcode, live.id)
    const { stderr } = await runCommand([...set, '174379'], { env })
    assert.ok(stderr.includes(`${live.id} (production, till 174379)`), stderr)
  })

  it('is found while disabled, unless an enabled one has the number, and not for a key', async () => {
    const [option, merchant] = await newMerchant('disabled')
    const made = await runJson(['shortcodes', 'add', option, merchant, ...PAYBILL])
    await database.pool.query('update shortcodes set disabled_at = now() where merchant_id = $1', [
      parsePrefixedId('mer', merchant),
    ])
    const set = ['shortcodes', 'set', '174379', option, merchant, '--pull-transactions', 'on']
    assert.equal((await runJson(set)).id, made.id)
    const key = ['keys', 'create', option, merchant, '--name', 'x', '--shortcode', '174379']
    const refused = await runCommand(key, { env })
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /no enabled shortcode "174379"/)
    const enabled = await runJson(['shortcodes', 'add', option, merchant, ...PAYBILL])
    assert.equal((await runJson(set)).id, enabled.id)
    assert.equal((await runJson(key)).shortcode, enabled.id)
  })
})

describe('webhooks', () => {
  it('are added with a secret that is shown once', async () => {
    const merchant = await newMerchant('hooked')
    const add = ['webhooks', 'add', ...merchant, '--url', 'http://127.0.0.1:9/hook', '--format', 'daraja']
    const made = await runJson(add)
    assert.match(made.secret, /^whsec_/)
    const { secret, ...shown } = made
    assert.deepEqual(await runJson(['webhooks', 'list', ...merchant]), [shown])
    const wrong = await runCommand([...add.slice(0, -1), 'xml'], { env })
    assert.equal(wrong.code, 1)
    assert.match(wrong.stderr, /--format must be/)
  })
})

describe('the merchant of a command', () => {
  it('must be named once there are several, and known', async () => {
    await newMerchant('twin')
    await newMerchant('twin')
    const list = (more: string[]) => runCommand(['keys', 'list', ...more], { env })
    assert.match((await list([])).stderr, /say whose with --merchant/)
    assert.match((await list(['--merchant', 'twin'])).stderr, /Several merchants are named "twin"/)
    assert.match((await list(['--merchant', 'nobody'])).stderr, /no merchant "nobody"/)
  })
})

describe('a list', () => {
  it('is a table for people, and says when it was cut', async () => {
    await newMerchant('newest')
    const { stdout, stderr } = await runCommand(['merchants', 'list', '--limit', '1'], { env })
    assert.match(stdout, /^ID +NAME +CREATED_AT\nmer_[0-9a-f]{32} +newest +\S+\n$/)
    assert.match(stderr, /Only the newest 1/)
  })
})

describe('keys and shortcodes of both sides', () => {
  it('are one list, of which a limit leaves the newest', async () => {
    const merchant = await newMerchant('both sides')
    const made: string[] = []
    for (const side of [['--live'], [], ['--live'], []]) {
      made.push((await runJson(['keys', 'create', ...merchant, '--name', 'x', ...side])).id)
    }
    const listed = await runJson(['keys', 'list', ...merchant, '--limit', '3'])
    assert.deepEqual(
      listed.map((key: { id: string }) => key.id),
      made.toReversed().slice(0, 3),
    )
    const secrets = ['--consumer-key-file', '-', '--consumer-secret-file', '-', '--passkey-file', '-']
    const input = ['ck\ncs\npk\n']
    await runJson(['shortcodes', 'add', ...merchant, ...TILL, ...secrets], { input })
    const paybill = await runJson(['shortcodes', 'add', ...merchant, ...PAYBILL])
    assert.deepEqual(await runJson(['shortcodes', 'list', ...merchant, '--limit', '1']), [paybill])
  })
})

describe('webhooks of both sides', () => {
  it('are one list, newest first', async () => {
    const merchant = await newMerchant('both hooks')
    const made: string[] = []
    for (const side of [['--live'], [], ['--live']]) {
      const url = `https://shop.example/${made.length}`
      made.push((await runJson(['webhooks', 'add', ...merchant, '--url', url, ...side])).id)
    }
    const listed = await runJson(['webhooks', 'list', ...merchant])
    assert.deepEqual(
      listed.map((endpoint: { id: string }) => endpoint.id),
      made.toReversed(),
    )
  })
})

describe('the embedded database', () => {
  it('is started for one command where no gateway runs, and used where one does', async () => {
    await using folder = await createTemporaryFolder(0o755)
    const own = { env: { SUKUMA_DATA_DIR: join(folder.path, 'data') } }
    const made = await runCommand(['merchants', 'create', '--name', 'Mama Mboga', '--json'], own)
    assert.equal(made.code, 0, made.stderr)
    const both = await Promise.all([
      runCommand(['merchants', 'list', '--json'], own),
      runCommand(['keys', 'create', '--name', 'beside', '--json'], own),
    ])
    for (const each of both) assert.equal(each.code, 0, each.stderr)
    assert.equal(JSON.parse(both[0].stdout)[0].id, JSON.parse(made.stdout).id)
  })

  it('is that of a gateway whose links lead where it has said it is', async () => {
    await using folder = await createTemporaryFolder(0o755)
    const dataDir = join(folder.path, 'data')
    const own = { env: { SUKUMA_DATA_DIR: dataDir, PORT: '0' } }
    const made = await runCommand(['merchants', 'create', '--name', 'Mama Mboga', '--json'], own)
    assert.equal(made.code, 0, made.stderr)
    const merchantId = parsePrefixedId('mer', JSON.parse(made.stdout).id)
    assert.ok(merchantId !== null)
    const places = { baseUrl: 'http://127.0.0.1:45454', simulatorUrl: null }
    await writeDemoFile(dataDir, { merchantId, apiKey: 'sk_test', webhookSecret: null, ...places })
    const invite = ['members', 'invite', '--email', 'amina@shop.example', '--role', 'owner', '--json']
    const invited = await runCommand(invite, own)
    assert.equal(invited.code, 0, invited.stderr)
    assert.match(JSON.parse(invited.stdout).link, /^http:\/\/127\.0\.0\.1:45454\/accept-invitation\//)
  })
})
