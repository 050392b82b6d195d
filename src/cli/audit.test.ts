import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import type { EnvironmentVariables } from '../config.ts'
import { parsePrefixedId } from '../ids.ts'
import { runCommand } from './testing/run-command.ts'

let database: TestDatabase
let env: EnvironmentVariables
before(async () => {
  database = await createTestDatabase()
  env = { DATABASE_URL: database.url, SUKUMA_SECRET: Buffer.alloc(32, 5).toString('base64') }
})
after(() => database[Symbol.asyncDispose]())

const run = (...args: string[]) => runCommand(args, { env })

async function made(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(...args, '--json')
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

/** A merchant with three entries: itself, a shortcode and a key. */
async function newMerchant(name: string): Promise<string> {
  const { id } = await made('merchants', 'create', '--name', name)
  const merchant = ['--merchant', String(id)]
  const paybill = ['--environment', 'simulator', '--kind', 'paybill', '--number', '174379']
  await made('shortcodes', 'add', ...merchant, ...paybill)
  await made('keys', 'create', ...merchant, '--name', 'shop')
  return String(id)
}

async function rowsOf(merchant: string): Promise<Record<string, string>[]> {
  const { rows } = await database.pool.query(
    'select * from audit_entries where merchant_id = $1 order by audit_entries.sequence',
    [parsePrefixedId('mer', merchant)],
  )
  return rows
}

describe('what the command line changes', () => {
  it('is in the audit log, without a secret', async () => {
    const merchant = await newMerchant('recorded')
    const key = await made('keys', 'create', '--merchant', merchant, '--name', 'till', '--live')
    await made('keys', 'revoke', String(key.id), '--merchant', merchant)
    const shortcode = ['174379', '--merchant', merchant]
    await made('shortcodes', 'set', ...shortcode, '--pull-transactions', 'on')
    await made('webhooks', 'add', '--merchant', merchant, '--url', 'https://shop.example/x?token=s3cret')
    const rows = await rowsOf(merchant)
    const actions = ['merchant.created', 'shortcode.created', 'api_key.created', 'api_key.created']
    const later = ['api_key.revoked', 'shortcode.updated', 'webhook_endpoint.created']
    assert.deepEqual(
      rows.map(({ action }) => action),
      [...actions, ...later],
    )
    assert.ok(rows.every((row) => row.actor_kind === 'cli'))
    assert.equal(rows[5]?.changes, '{"pull_transactions":{"from":false,"to":true}}')
    const text = JSON.stringify(rows)
    assert.match(text, /https:\/\/shop\.example\/x\?…/)
    for (const secret of [String(key.key), 's3cret']) assert.ok(!text.includes(secret), secret)
  })
})

describe('sukuma audit verify', () => {
  it('finds every merchant’s chain whole, and prints an anchor that it takes back', async () => {
    const merchant = await newMerchant('whole')
    const all = await run('audit', 'verify', '--json')
    assert.equal(all.code, 0, all.stdout)
    const verdicts = all.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.ok(verdicts.every(({ intact }) => intact))
    const own = verdicts.find((verdict) => verdict.merchant === merchant)
    assert.equal(own.entries, 3)
    const expected = await run('audit', 'verify', '--merchant', merchant, '--expect', own.anchor)
    assert.equal(expected.code, 0, expected.stdout)
    assert.match(expected.stdout, /intact {2}3 entries {2}anchor 3:[0-9a-f]{64}/)
  })

  it('names the entry that was altered, and fails', async () => {
    const merchant = await newMerchant('altered')
    const other = await newMerchant('another')
    await tamper(
      `update audit_entries set actor_kind = 'system' where merchant_id = $1 and sequence = 2`,
      merchant,
    )
    const told = await run('audit', 'verify')
    assert.equal(told.code, 1)
    assert.match(told.stdout, new RegExp(`${merchant} {2}BROKEN {2}entry 2 \\(shortcode.created, .*altered`))
    assert.match(told.stdout, new RegExp(`${other} {2}intact`))
    const json = JSON.parse((await run('audit', 'verify', '--merchant', merchant, '--json')).stdout)
    assert.partialDeepStrictEqual(json, { intact: false, fault: 'altered', entry: { sequence: 2 } })
  })

  it('finds by an anchor what the chain alone cannot show', async () => {
    const merchant = await newMerchant('cut')
    const { stdout } = await run('audit', 'verify', '--merchant', merchant, '--json')
    const { anchor } = JSON.parse(stdout)
    await tamper('delete from audit_entries where merchant_id = $1', merchant)
    await tamper('delete from audit_heads where merchant_id = $1', merchant)
    assert.equal((await run('audit', 'verify', '--merchant', merchant)).code, 0)
    const told = await run('audit', 'verify', '--merchant', merchant, '--expect', anchor)
    assert.equal(told.code, 1)
    assert.match(told.stdout, /entry 1 is missing: the end of the log was cut off/)
  })

  it('says what is wrong with an anchor', async () => {
    for (const anchor of ['12', 'x:y', `1:${'A'.repeat(64)}`]) {
      const told = await run('audit', 'verify', '--expect', anchor)
      assert.equal(told.code, 2)
      assert.match(told.stderr, /--expect must be an anchor/)
    }
  })
})

/** As whoever owns the tables can. */
async function tamper(statement: string, merchant: string): Promise<void> {
  for (const table of ['audit_entries', 'audit_heads']) {
    await database.pool.query(`alter table ${table} disable trigger user`)
  }
  await database.pool.query(statement, [parsePrefixedId('mer', merchant)])
}
