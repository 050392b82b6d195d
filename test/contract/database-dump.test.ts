// Whoever gets hold of a dump of the database finds no secret in it: not in clear, nor in another notation.
// And all that is encrypted in it is so under SUKUMA_SECRET, and follows when that is changed.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { runCommand } from '../../src/cli/testing/run-command.ts'
import { dumpDatabase, notationsOf, readEveryValue, textOf } from '../support/database-dump.ts'
import { openBrowser } from '../support/people.ts'
import { makeSecretHolders, type SecretHolders } from '../support/secret-holders.ts'

const NEW_KEY = Buffer.alloc(32, 7).toString('base64')

let holders: SecretHolders
before(async () => {
  holders = await makeSecretHolders()
})
after(() => holders[Symbol.asyncDispose]())

test('a dump of the database shows no secret of a program, a person or a link', async () => {
  const text = await dumpDatabase(holders.bed.db.pool)
  assert.match(text, /254700000000/, 'the dump holds what is no secret')
  for (const [name, secret] of Object.entries(holders.secrets)) {
    for (const notation of notationsOf(secret)) {
      assert.ok(!text.includes(notation), `a dump shows a secret: ${name}`)
    }
  }
})

test('nobody signs in with what a dump shows of their session', async () => {
  const { bed, owner } = holders
  const { rows } = await bed.db.pool.query<{ token: string }>('select token from user_sessions')
  assert.ok(rows.length > 0)
  for (const { token } of rows) {
    for (const value of [token, `${token}.`, `${token}.${token}`]) {
      const thief = openBrowser(bed.gateway.url, owner.email)
      thief.cookies.set('sukuma.session_token', encodeURIComponent(value))
      assert.equal((await thief.get('/dashboard/session')).status, 401)
    }
  }
})

/** By what something encrypted shows its key: the sealer's id of it, or the sign-in library's version. */
function isUnder(secretKey: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((each) => isUnder(secretKey, each))
  const id = createHash('sha256').update(Buffer.from(secretKey, 'base64')).digest()
  if (Buffer.isBuffer(value)) return value.includes(id.subarray(0, 4))
  return textOf(value).includes(`$ba$${id.readUInt32BE()}$`)
}

async function placesUnder(secretKey: string): Promise<string[]> {
  const values = await readEveryValue(holders.bed.db.pool)
  return [
    ...new Set(values.filter(({ value }) => isUnder(secretKey, value)).map(({ place }) => place)),
  ].sort()
}

test('all that is encrypted, wherever it lies, comes under the new SUKUMA_SECRET', async () => {
  const { bed } = holders
  const former = await placesUnder(bed.secret)
  const env = { DATABASE_URL: bed.db.url, SUKUMA_SECRET: `${NEW_KEY},${bed.secret}` }
  const resealed = await runCommand(['secret', 'reseal', '--json'], { env })
  assert.equal(resealed.code, 0, resealed.stderr)
  const known = (JSON.parse(resealed.stdout) as { secrets: string }[]).flatMap(({ secrets }) => {
    const [table, columns = ''] = secrets.split('.')
    return columns.split(', ').map((column) => `${table}.${column}`)
  })
  assert.deepEqual(former, known.sort(), 'every place was filled, and each is known to the command')
  assert.deepEqual(await placesUnder(bed.secret), [])
  assert.deepEqual(await placesUnder(NEW_KEY), former)
})
