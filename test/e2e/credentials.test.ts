// A consumer key and secret that Daraja refuses: nobody keeps asking, the merchant is told once, and payments
// go on by themselves when they are mended.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

const SECRET = 'simulator-secret'
const PASSKEY = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919'

/** Daraja's side of the app: the secret that it takes from now on. */
async function setSecret(bed: TestGateway, consumerSecret: string): Promise<void> {
  const kinds = ['paybill', 'till']
  const app = { consumerKey: 'simulator', consumerSecret, shortcode: '174379', passkey: PASSKEY, kinds }
  const set = await bed.simulator('PUT', '/simulator/credentials', app)
  assert.equal(set.consumerKey, 'simulator', JSON.stringify(set))
}

async function typesTold(bed: TestGateway): Promise<string[]> {
  const { body } = await bed.get('/v1/events?limit=100')
  return (body.data as { type: string }[]).map(({ type }) => type).filter((type) => /^shortcode/.test(type))
}

async function shortcodeOf(bed: TestGateway): Promise<Record<string, unknown>> {
  const { body } = await bed.get('/v1/shortcodes')
  return objectIn({ first: (body.data as unknown[])[0] }, 'first')
}

function create(bed: TestGateway, expiresIn = 3_600) {
  return bed.post('/v1/payments', {
    phone: '254700000000',
    amount: 10,
    reference: 'R',
    expires_in: expiresIn,
  })
}

async function statusOf(bed: TestGateway, id: unknown): Promise<unknown> {
  return (await bed.get(`/v1/payments/${String(id)}`)).body.status
}

test('a first payment proves consumer key and secret', async () => {
  await using bed = await startTestGateway()
  assert.equal(objectIn(await shortcodeOf(bed), 'credentials').status, 'unproven')
  const paid = await create(bed)
  await until('its verdict', async () => (await statusOf(bed, paid.body.id)) === 'succeeded')
  const { credentials, verified_at } = await shortcodeOf(bed)
  assert.equal(objectIn({ credentials }, 'credentials').status, 'accepted')
  assert.match(String(verified_at), /^\d{4}-/)
})

test('refused credentials are told once, hold payments back, and their mending lets them go', async () => {
  await using receiver = await startReceiver()
  await using bed = await startTestGateway({ env: { WEBHOOK_ALLOW_PRIVATE: 'true' } })
  const endpoint = { url: receiver.url, format: 'event' }
  assert.equal((await bed.post('/v1/webhook_endpoints', endpoint)).status, 201)
  await setSecret(bed, 'changed-by-daraja')
  const waiting = await create(bed)
  await until('the event', async () => (await typesTold(bed)).includes('shortcode.credentials_refused'))
  const sync = await bed.post('/api/mpesa/stkPush', {
    phoneNumber: '254700000000',
    amount: 10,
    accountId: 'R',
  })
  assert.equal(sync.status, 503)
  assert.match(String(sync.body.message), /credentials of this shortcode/)
  const refused = await shortcodeOf(bed)
  assert.equal(objectIn(refused, 'credentials').status, 'refused')
  assert.equal(await statusOf(bed, waiting.body.id), 'queued')

  const patched = await bed.send('PATCH', `/v1/shortcodes/${String(refused.id)}`, {
    body: JSON.stringify({ consumer_secret: 'changed-by-daraja' }),
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(patched.status, 200, patched.text)
  await until('the payment', async () => (await statusOf(bed, waiting.body.id)) === 'succeeded')
  await until('its telling', async () => (await typesTold(bed)).includes('shortcode.credentials_accepted'))
  assert.deepEqual(await typesTold(bed), ['shortcode.credentials_refused', 'shortcode.credentials_accepted'])
  assert.equal((await shortcodeOf(bed)).status, 'enabled')
  await until('the webhooks', async () => {
    const types = receiver.received.map(({ body }) => body.type)
    return types.includes('shortcode.credentials_refused') && types.includes('shortcode.credentials_accepted')
  })
  const told = receiver.received.find(({ body }) => body.type === 'shortcode.credentials_refused')
  assert.equal(objectIn(told?.body ?? {}, 'data').object, 'shortcode')
  assert.doesNotMatch(told?.text ?? '', /secret|sealed|passkey/)
})

test('when Safaricom mends them nobody has to do anything', async () => {
  let aheadMs = 0
  const clock = { now: () => systemClock.now() + aheadMs }
  await using bed = await startTestGateway({ clock })
  await setSecret(bed, 'lost')
  const made = await create(bed)
  await until('the event', async () => (await typesTold(bed)).length === 1)
  await setSecret(bed, SECRET)
  aheadMs += 20_000
  await until('its telling', async () => (await typesTold(bed)).length === 2)
  aheadMs += 20_000
  await until('the payment', async () => (await statusOf(bed, made.body.id)) === 'succeeded')
})
