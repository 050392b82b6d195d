import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestGateway } from '../../test/support/gateway.ts'
import { runCommand } from './testing/run-command.ts'

test('what came from outside does nothing to the terminal that a payment is shown on', async () => {
  await using bed = await startTestGateway()
  const request = { phone: '254700000000', amount: 5, reference: 'R', wait: 20 }
  const { id, tracking_id: uuid } = (await bed.post('/v1/payments', request)).body
  const body = '{"a":"\u001b[2J\u009b1A\u202eESREVER\r\nsukuma: all is well\u2028"}'
  await bed.db.pool.query(
    `insert into callbacks (merchant_id, id, payment_id, kind, reason, body, received_at)
     values ($1, new_uuid_v7(now()), $2, 'duplicate', 'same', $3, now())`,
    [bed.merchant.id, uuid, body],
  )
  const env = { DATABASE_URL: bed.db.url, SUKUMA_SECRET: bed.secret }
  const shown = await runCommand(['payments', 'show', String(id)], { env })
  assert.equal(shown.code, 0, shown.stderr)
  assert.match(shown.stdout, /"a":" \[2J 1A ESREVER {2}sukuma: all is well "/)
  assert.doesNotMatch(shown.stdout.replaceAll('\n', ''), /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
  const asJson = await runCommand(['payments', 'show', String(id), '--json'], { env })
  assert.equal(JSON.parse(asJson.stdout).callbacks[0].body, body, 'programs read it as it came')
})
