// Whoever gets hold of a dump of the database finds no secret in it: not in clear, nor in another notation.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type pg from 'pg'
import { startTestGateway } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

/** Every value of every row of every table, bytes as Latin letters, so that a text in them is still found. */
async function dump(db: pg.Pool): Promise<string> {
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const parts: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await db.query<Record<string, unknown>>(`select * from ${name}`)
    for (const value of rows.flatMap((row) => Object.values(row))) {
      parts.push(Buffer.isBuffer(value) ? value.toString('latin1') : (JSON.stringify(value) ?? ''))
    }
  }
  return parts.join('\n')
}

function notations(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const standard = /^whsec_(.+)$/.exec(secret)?.[1]
  const inner = standard === undefined ? [] : [standard, Buffer.from(standard, 'base64').toString('latin1')]
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex'), ...inner]
}

test('a dump of the database shows no credential, signing secret, key or callback token', async () => {
  await using gateway = await startTestGateway()
  await using receiver = await startReceiver()
  const endpoint = await gateway.post('/v1/webhook_endpoints', { url: receiver.url })
  const id = String(endpoint.body.id)
  const rotated = await gateway.post(`/v1/webhook_endpoints/${id}/rotate_secret`, {})
  const credentials = { consumer_key: 'ck-2f9d81aa', consumer_secret: 'cs-77c0e1b4', passkey: 'pk-5d3a90ff' }
  const made = await gateway.post('/v1/shortcodes', {
    ...{ environment: 'sandbox', kind: 'paybill', number: '600123' },
    ...credentials,
  })
  assert.equal(made.status, 201, made.text)
  const request = { phone: '254700000000', amount: 5, reference: 'R', wait: 20 }
  const paid = await gateway.post('/v1/payments', request)
  assert.equal(paid.body.status, 'succeeded')
  const { entries } = await gateway.simulator('GET', '/simulator/ledger?limit=1')
  const [entry] = entries as { callbackUrl: string }[]
  const text = await dump(gateway.db.pool)
  assert.match(text, /254700000000/, 'the dump holds what is no secret')
  const secrets = [
    String(endpoint.body.secret),
    String(rotated.body.secret),
    gateway.merchant.key,
    gateway.secret,
    ...Object.values(credentials),
    entry?.callbackUrl.split('/').at(-1) ?? '',
  ]
  for (const secret of secrets) {
    assert.ok(secret.length > 8, 'a secret of the test is empty')
    for (const notation of notations(secret)) {
      assert.ok(!text.includes(notation), `a dump shows a secret: ${notation.slice(0, 4)}…`)
    }
  }
})
