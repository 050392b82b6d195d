// A merchant is told by mail that its payments fail: set over the API, seen by the sweeps of several
// gateways, and sent over SMTP, once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { createUuidSource } from '../../src/ids.ts'
import { startSilentServer } from '../../src/mail/testing/silent-server.ts'
import { startSmtpServer } from '../../src/mail/testing/smtp-server.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { SCOPES } from '../../src/merchants/scopes.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'

/** Refused by the simulator at once: nothing that the customer did. */
const REFUSED_PHONE = '254700070002'
/** Cancelled by the customer. */
const CANCELLING_PHONE = '254700001032'

async function liveKeyOf(bed: TestGateway): Promise<string> {
  const deps = { db: bed.db.pool, clock: systemClock, newUuid: createUuidSource(systemClock) }
  const input = { merchantId: bed.merchant.id, live: true, name: 'owner', scopes: SCOPES }
  const key = await createApiKey(deps, input)
  assert.equal(key.code, 'created')
  return key.text
}

async function change(bed: TestGateway, settings: object): Promise<void> {
  const set = await bed.send('PATCH', '/v1/settings', {
    body: JSON.stringify(settings),
    headers: { 'x-api-key': await liveKeyOf(bed), 'content-type': 'application/json' },
  })
  assert.equal(set.status, 200, set.text)
}

async function pay(bed: TestGateway, phone: string, count: number): Promise<void> {
  const body = { amount: 1, phone, reference: 'A', wait: 20, expires_in: 20 }
  const paid = await Promise.all(Array.from({ length: count }, () => bed.post('/v1/payments', body)))
  for (const each of paid) assert.equal(each.status, 201, each.text)
}

/** A minute passes for the ones that look. */
async function letThemLook(bed: TestGateway): Promise<string> {
  const { rows } = await bed.db.pool.query<{ at: Date }>(
    `update alert_looks set looked_at = '2000-01-01T00:00:00Z' returning looked_at as at`,
  )
  const before = rows[0]?.at.toISOString() ?? assert.fail()
  return until('a look', async () => {
    const looked = await bed.db.pool.query<{ at: Date }>('select looked_at as at from alert_looks')
    const at = looked.rows[0]?.at.toISOString() ?? before
    return at === before ? null : at
  })
}

test('failing payments are mailed once, whichever gateway sees them; cancelled ones never', async () => {
  await using server = await startSmtpServer()
  const env = { SMTP_URL: server.url, MAIL_FROM: 'Sukuma <pay@shop.example>' }
  await using bed = await startTestGateway({ env })
  await using beside = await startTestGateway({ env, beside: bed })
  assert.notEqual(beside.gateway.url, bed.gateway.url)
  const settings = {
    ...{ alert_emails: ['amina@shop.example'], alert_test_side: true, language: 'sw', name: 'Duka' },
    ...{ alert_failures_percent: 50, alert_failures_payments_min: 6 },
  }
  await change(bed, settings)
  await pay(bed, CANCELLING_PHONE, 1)
  await pay(bed, REFUSED_PHONE, 2)
  await letThemLook(bed)
  assert.deepEqual(server.mails, [])
  await pay(bed, REFUSED_PHONE, 4)
  await letThemLook(bed)
  const mail = await until('a mail', async () => server.mails[0])
  assert.deepEqual(mail.to, ['amina@shop.example'])
  assert.equal(mail.subject, '[Majaribio] Duka: malipo mengi ya M-Pesa yanashindikana')
  await letThemLook(bed)
  assert.equal(server.mails.length, 1)
})

test('a gateway ends while its mail server hangs, and leaves the mail to the next one', async () => {
  await using hanging = await startSilentServer()
  await using server = await startSmtpServer()
  const bed = await startTestGateway({ env: { SMTP_URL: hanging.url } })
  await using _db = bed.db
  const alert_emails = ['amina@shop.example', 'juma@shop.example']
  await change(bed, {
    ...{ alert_emails, alert_test_side: true, alert_failures_percent: 50 },
    ...{ alert_failures_payments_min: 1 },
  })
  await pay(bed, REFUSED_PHONE, 1)
  await letThemLook(bed)
  await hanging.connected
  await bed.gateway.close()
  assert.equal(hanging.connections(), 1, 'no other mail is begun')
  await using _next = await startTestGateway({ env: { SMTP_URL: server.url }, beside: bed })
  await until('both mails', async () => server.mails.length === 2)
  assert.deepEqual(server.mails.map(({ to }) => to).sort(), [['amina@shop.example'], ['juma@shop.example']])
})
