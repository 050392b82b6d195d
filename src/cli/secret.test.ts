import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startTestGateway, type TestGateway, until } from '../../test/support/gateway.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { createTemporaryFolder } from '../../test/support/temporary-folder.ts'
import { keepFirstSecretKey, loadOrCreateSecret, prependSecretKey } from '../merchants/secret-file.ts'
import { SEALED_COLUMNS } from './secret.ts'
import { runCommand } from './testing/run-command.ts'

const NEW_KEY = Buffer.alloc(32, 7).toString('base64')

let gateway: TestGateway
before(async () => {
  gateway = await startTestGateway()
})
after(() => gateway[Symbol.asyncDispose]())

async function secret(action: string, secretList: string) {
  const env = { DATABASE_URL: gateway.db.url, SUKUMA_SECRET: secretList }
  const { code, stdout, stderr } = await runCommand(['secret', action, '--json'], { env })
  return { code, stderr, columns: code === 2 ? [] : JSON.parse(stdout || '[]') }
}

async function pay(through: TestGateway): Promise<void> {
  const request = { phone: '254700000000', amount: 5, reference: 'R', wait: 20 }
  const paid = await through.post('/v1/payments', request)
  assert.equal(paid.body.status, 'succeeded')
}

type Column = {
  secrets: string
  first_key: number
  former_keys: number
  resealed: number
  unreadable: number
}

describe('a change of SUKUMA_SECRET', () => {
  it('knows every sealed column of the database', async () => {
    const found = await gateway.db.pool.query<{ name: string }>(
      `select c.table_name || '.' || c.column_name as name from information_schema.columns c
       join pg_class t on t.oid = c.table_name::regclass and not t.relispartition
       where c.table_schema = 'public' and c.column_name like '%sealed' order by 1`,
    )
    assert.deepEqual(
      found.rows.map(({ name }) => name),
      SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).sort(),
    )
  })

  it('seals all under the new key, after which the former one is needed no more', async () => {
    await using receiver = await startReceiver()
    await gateway.post('/v1/webhook_endpoints', { url: receiver.url })
    const forward = { SUKUMA_SECRET: `${gateway.secret},${NEW_KEY}` }
    await using prepared = await startTestGateway({ beside: gateway, env: forward })
    await pay(prepared)
    const both = `${NEW_KEY},${gateway.secret}`
    const former = await secret('status', both)
    assert.ok(former.columns.some((column: Column) => column.former_keys > 0))
    assert.ok(former.columns.every((column: Column) => column.first_key === 0 && column.resealed === 0))
    const resealed = await secret('reseal', both)
    assert.equal(resealed.code, 0, resealed.stderr)
    for (const column of resealed.columns) assert.equal(column.former_keys, 0, column.secrets)
    // One that was told of the new key before goes on; one that has only the new key needs no other.
    await pay(prepared)
    await using changed = await startTestGateway({ beside: gateway, env: { SUKUMA_SECRET: NEW_KEY } })
    await pay(changed)
    await until('all are told', async () => receiver.received.length >= 3)
  })

  it('says so when something was sealed under a key that is not there', async () => {
    const stranger = await secret('status', Buffer.alloc(32, 9).toString('base64'))
    assert.equal(stranger.code, 1)
    assert.match(stranger.stderr, /open with no key/)
  })

  it('puts a new key first in the data folder, and takes the former one out', async () => {
    await using folder = await createTemporaryFolder()
    const [former] = await loadOrCreateSecret(folder.path)
    const [first, second] = await prependSecretKey(folder.path)
    assert.deepEqual(second, former)
    assert.deepEqual(await loadOrCreateSecret(folder.path), [first, former])
    await keepFirstSecretKey(folder.path)
    assert.equal((await readFile(join(folder.path, 'secret'), 'utf8')).trim(), first?.toString('base64'))
  })

  it('prints a new key where SUKUMA_SECRET is set, and what to do with it', async () => {
    const env = { DATABASE_URL: gateway.db.url, SUKUMA_SECRET: gateway.secret }
    const { code, stdout } = await runCommand(['secret', 'rotate'], { env })
    assert.equal(code, 0)
    const key = /once: (\S+)/.exec(stdout)?.[1] ?? ''
    assert.equal(Buffer.from(key, 'base64').length, 32)
    assert.match(stdout, /sukuma secret reseal/)
    const retired = await runCommand(['secret', 'retire'], { env })
    assert.match(retired.stderr, /take the former keys out of its list/)
  })
})
