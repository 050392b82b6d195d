// Phone numbers that are forgotten: nowhere in the database any more, and everything else as it was.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openIncidents } from '../../src/alerts/alert-look-store.ts'
import { manualClock, systemClock } from '../../src/clock.ts'
import { watchedDatabase } from '../../src/db/testing/watched-database.ts'
import { silentLogger } from '../../src/log.ts'
import { createPhoneSweep } from '../../src/payments/forget-phones.ts'
import { type CheckedClient, createCheckedClient, rowsOf } from '../support/checked-client.ts'
import { untilShown } from '../support/feed.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'

let bed: TestGateway
let ask: CheckedClient
before(async () => {
  bed = await startTestGateway()
  ask = await createCheckedClient(bed)
})
after(() => bed[Symbol.asyncDispose]())

const DAY_MS = 86_400_000
const noted = async () => undefined
const pause = noted

async function pay(phone: string, more: object = {}): Promise<Record<string, unknown>> {
  const body = { amount: 10, phone, reference: 'INV-1', wait: 30, ...more }
  const made = await bed.post('/v1/payments', body, { 'idempotency-key': `key-${phone.slice(3, 6)}` })
  assert.equal(made.status, 201, made.text)
  return made.body
}

/** A payment that is still without a verdict; its id. */
async function addOpen(phone: string, { live }: { live: boolean }): Promise<string> {
  const { rows } = await bed.db.pool.query<{ id: string }>(
    `insert into payments (
       merchant_id, id, shortcode_id, environment, live, state, amount, phone, reference, expires_at,
       created_at, updated_at, sent_at)
     values ($1, gen_random_uuid(), $2, $3, $4, 'uncertain', 1, $5, 'A', now(), now(), now(), now())
     returning id`,
    [bed.merchant.id, bed.merchant.shortcodeId, live ? 'production' : 'simulator', live, phone],
  )
  return rows[0]?.id ?? assert.fail()
}

/** How often `digits` stand anywhere in the tables of a payment's life. */
async function findDigits(digits: string): Promise<string[]> {
  const { rows } = await bed.db.pool.query<{ text: string }>(
    `select 'payments ' || p::text as text from payments p union all select 'events ' || e::text from events e
     union all select 'callbacks ' || c::text from callbacks c
     union all select 'deliveries ' || d::text from webhook_deliveries d
     union all select 'audit ' || a::text from audit_entries a
     union all select 'alerts ' || i::text from alert_incidents i`,
  )
  return rows.map(({ text }) => text).filter((text) => text.includes(digits))
}

async function keepFor(days: number | null, at = bed): Promise<void> {
  await at.db.pool.query(
    `insert into merchant_settings (merchant_id, phone_retention_days, updated_at) values ($1, $2, now())
     on conflict (merchant_id) do update set phone_retention_days = $2`,
    [at.merchant.id, days],
  )
}

function sweepIn(days: number): Promise<number> {
  const clock = manualClock(systemClock.now() + days * DAY_MS)
  const { signal } = new AbortController()
  return createPhoneSweep({ db: bed.db.pool, clock, log: silentLogger, noted, pause })(signal)
}

test('numbers of settled payments are gone after the days that were set, wherever they were', async () => {
  await using receiver = await startReceiver()
  receiver.answer = { status: 200 }
  const endpoint = await ask('POST', '/v1/webhook_endpoints', {
    body: { url: receiver.url, format: 'daraja' },
  })
  assert.equal(endpoint.status, 201)
  const digits = '711100000'
  const made = await pay(`254${digits}`, {
    reference: `0${digits}`,
    metadata: { customer: `+254${digits}`, order: '7' },
  })
  assert.equal(made.status, 'succeeded')
  await until('the webhook', async () => receiver.received.length > 0)
  // A second callback is kept as it came.
  const [event] = (await bed.db.pool.query('select callback from events limit 1')).rows
  await bed.db.pool.query(
    `insert into callbacks (merchant_id, id, payment_id, kind, reason, body, received_at)
     values ($1, gen_random_uuid(), $2, 'duplicate', 'same', $3, now())`,
    [bed.merchant.id, made.tracking_id, event.callback],
  )
  assert.ok((await findDigits(digits)).length >= 3)
  assert.equal(await sweepIn(31), 0, 'nothing is forgotten unless it was set')
  await keepFor(30)
  await untilShown(bed.db)
  assert.equal(await sweepIn(29), 0)
  assert.equal(await sweepIn(31), 1)
  assert.equal(await sweepIn(31), 0)
  assert.deepEqual(await findDigits(digits), [])
  const { body: after } = await ask('GET', `/v1/payments/${made.id}`)
  const checkout = String(made.checkout_request_id).replace(/\d{9}$/, '7******00')
  assert.deepEqual(after, {
    ...made,
    phone: '2547******00',
    reference: '2547******00',
    metadata: { customer: '2547******00', order: '7' },
    checkout_request_id: checkout,
  })
  const { body: trail } = await ask('GET', `/v1/payments/${made.id}/trail`)
  assert.deepEqual(objectIn(trail, 'payment'), after)
  const [kept] = (await bed.db.pool.query('select callback from events limit 1')).rows
  assert.doesNotThrow(() => JSON.parse(kept.callback))
  assert.deepEqual(rowsOf(await ask('GET', `/v1/payments?search=0${digits}`)), [])
  const again = { amount: 10, phone: `254${digits}`, reference: `0${digits}` }
  const headers = { 'idempotency-key': `key-${digits.slice(0, 3)}` }
  const replayed = await bed.post('/v1/payments', again, headers)
  assert.equal(replayed.body.code, 'idempotency_conflict', 'a key is never good for a second prompt')
})

test('a sweep that is told to stop sends no further statement, and the next one goes on', async () => {
  await keepFor(30)
  const digits = '766600000'
  await pay(`254${digits}`)
  await untilShown(bed.db)
  const { db, sizes } = watchedDatabase(bed.db.pool)
  const clock = manualClock(systemClock.now() + 31 * DAY_MS)
  const closing = new AbortController()
  const deps = { db, clock, log: silentLogger, noted }
  const sweep = createPhoneSweep({ ...deps, pause: async () => closing.abort() })
  assert.equal(await sweep(closing.signal), 1)
  const batches = 2
  assert.equal(sizes.length, 1 + 2 * batches, 'whose numbers go, and a batch of either side')
  await sweep(closing.signal)
  assert.equal(sizes.length, 1 + 2 * batches)
  assert.equal(await sweepIn(31), 0)
  assert.deepEqual(await findDigits(digits), [])
})

test('while a customer has an open payment, nothing of the number is forgotten; then all of it', async () => {
  await keepFor(30)
  const digits = '722200000'
  const made = await pay(`254${digits}`)
  const openId = await addOpen(`254${digits}`, { live: false })
  assert.equal(await sweepIn(31), 0)
  const refused = await ask('POST', '/v1/phone_numbers/forget', { body: { phone: `0${digits}` } })
  assert.deepEqual([refused.body.payments, refused.body.open], [0, 1])
  await bed.db.pool.query(
    `with p as (update payments set state = 'failed', outcome = 'declined', settled_at = now() where id = $1
       returning *)
     insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
     select merchant_id, gen_random_uuid(), live, 'payment.failed', id, 1, to_jsonb(p), now() from p`,
    [openId],
  )
  await untilShown(bed.db)
  assert.equal(await sweepIn(31), 2)
  assert.deepEqual(await findDigits(digits), [])
  assert.equal((await bed.get(`/v1/payments/${made.id}`)).body.phone, '2547******00')
})

test('an open payment of the other side keeps nothing: neither by the setting nor on a wish', async () => {
  await keepFor(30)
  const [byItself, wished] = ['777700000', '788800000']
  const ids = []
  for (const digits of [byItself, wished]) {
    await addOpen(`254${digits}`, { live: true })
    ids.push((await pay(`254${digits}`)).id)
  }
  const done = await ask('POST', '/v1/phone_numbers/forget', { body: { phone: `0${wished}` } })
  assert.deepEqual([done.body.payments, done.body.open], [1, 0])
  await untilShown(bed.db)
  assert.equal(await sweepIn(31), 1)
  const phones = await Promise.all(ids.map(async (id) => (await bed.get(`/v1/payments/${id}`)).body.phone))
  assert.deepEqual(phones, ['2547******00', '2547******00'])
  for (const digits of [byItself, wished]) {
    assert.equal((await findDigits(digits)).length, 1, 'the open one has it still')
  }
})

test('one customer’s number is forgotten at once, in batches, and nobody else’s', async () => {
  await keepFor(null)
  const [mine, other] = ['733300000', '744400000']
  await pay(`254${mine}`)
  await pay(`254${other}`)
  const stranger = await bed.addMerchant('stranger')
  const body = { phone: `+254 ${mine}` }
  const theirs = await ask('POST', '/v1/phone_numbers/forget', { body, key: stranger.key })
  assert.equal(theirs.body.payments, 0)
  const done = await ask('POST', '/v1/phone_numbers/forget', { body })
  assert.deepEqual(done.body, { object: 'forgotten_phone', payments: 1, open: 0, has_more: false })
  assert.deepEqual(await findDigits(mine), [])
  assert.ok((await findDigits(other)).length > 0)
  const reads = await ask('POST', '/v1/api_keys', { body: { name: 'reads', scopes: ['payments:read'] } })
  const forbidden = await ask('POST', '/v1/phone_numbers/forget', { body, key: String(reads.body.secret) })
  assert.equal(forbidden.status, 403)
})

test('callbacks that come after a number was forgotten do not bring it back', async () => {
  const digits = '799900000'
  const made = await pay(`254${digits}`)
  const found = await bed.db.pool.query('select callback from events where payment_id = $1', [
    made.tracking_id,
  ])
  const text = String(found.rows.at(-1)?.callback)
  const ledger = await bed.simulator('GET', `/simulator/ledger?checkout=${made.checkout_request_id}`)
  const path = /\/hooks\/stk-push\/[0-9a-f]{96}/.exec(JSON.stringify(ledger))?.[0] ?? assert.fail('no token')
  const done = await ask('POST', '/v1/phone_numbers/forget', { body: { phone: `0${digits}` } })
  assert.equal(done.body.payments, 1)
  const withoutId = text.replace(/"CheckoutRequestID":"[^"]*",?/, '')
  const contradicting = withoutId.replace(String(made.receipt), 'ZZZ0000000')
  for (const body of [text, withoutId, contradicting]) {
    assert.ok(body.includes(digits))
    const answer = await bed.send('POST', path, { body, headers: { 'content-type': 'application/json' } })
    assert.equal(answer.status, 200, answer.text)
  }
  const kept = await bed.db.pool.query<{ kind: string; body: string }>(
    'select kind, body from callbacks where payment_id = $1 order by id',
    [made.tracking_id],
  )
  assert.deepEqual(
    kept.rows.map(({ kind }) => kind),
    ['refused', 'duplicate', 'contradicted'],
  )
  for (const { body } of kept.rows) assert.match(JSON.stringify(JSON.parse(body)), /2547\*{6}00/)
  assert.deepEqual(await findDigits(digits), [])
})

test('an alert about a payment has no number, whatever it is part of', async () => {
  await bed.db.pool.query(
    `insert into merchant_settings (merchant_id, alert_emails, alert_test_side, updated_at)
     values ($1, '{amina@shop.example}', true, now())
     on conflict (merchant_id) do update set alert_emails = '{amina@shop.example}', alert_test_side = true`,
    [bed.merchant.id],
  )
  const digits = '798700000'
  const made = await pay(`254${digits}`, { reference: `AC0${digits}` })
  await bed.db.pool.query(
    `insert into callbacks (merchant_id, id, payment_id, kind, reason, body, received_at)
     values ($1, new_uuid_v7(now()), $2, 'contradicted', 'declined', '{}', now())`,
    [bed.merchant.id, made.tracking_id],
  )
  await openIncidents({ db: bed.db.pool }, new Date(systemClock.now()))
  const { rows } = await bed.db.pool.query(
    `select facts ->> 'reference' as reference from alert_incidents where subject = $1`,
    [made.tracking_id],
  )
  assert.deepEqual(rows, [{ reference: 'AC2547******00' }])
  const done = await ask('POST', '/v1/phone_numbers/forget', { body: { phone: `0${digits}` } })
  assert.equal(done.body.payments, 1)
  assert.deepEqual(await findDigits(digits), [])
})

test('a payment that M-Pesa may still find paid keeps what a late callback finds it by', async () => {
  const cancelling = '254755501032'
  const failed = await pay(cancelling)
  const body = { phone: cancelling }
  const kept = await bed.get(`/v1/payments/${failed.id}`)
  await bed.db.pool.query(
    `update payments set state = 'failed', outcome = 'declined', receipt = null where phone = $1`,
    [cancelling],
  )
  const early = await ask('POST', '/v1/phone_numbers/forget', { body })
  assert.deepEqual([early.body.payments, early.body.open], [0, 1])
  const after = await bed.get(`/v1/payments/${failed.id}`)
  assert.equal(after.body.checkout_request_id, kept.body.checkout_request_id)
  await bed.db.pool.query(
    `update payments set settled_at = settled_at - interval '3 days 1 minute' where phone = $1`,
    [cancelling],
  )
  const late = await ask('POST', '/v1/phone_numbers/forget', { body })
  assert.deepEqual([late.body.payments, late.body.open], [1, 0])
})

test('of what a worker forgets by itself each round is an entry of the audit log', async () => {
  await using own = await startTestGateway()
  const askOwn = await createCheckedClient(own)
  for (const phone of ['254711100001', '254711100002']) {
    const paid = await own.post('/v1/payments', { amount: 5, phone, reference: 'OLD', wait: 30 })
    assert.equal(paid.body.status, 'succeeded', paid.text)
  }
  await keepFor(30, own)
  await untilShown(own.db)
  const rounds = async () => rowsOf(await askOwn('GET', '/v1/audit_log?action=phones.erased'))
  assert.deepEqual(await rounds(), [])
  // A worker begins with a round.
  const monthLater = { now: () => systemClock.now() + 31 * DAY_MS }
  await using _worker = await startTestGateway({ beside: own, clock: monthLater })
  const [round, ...more] = await until('the round', async () => {
    const entries = await rounds()
    return entries.length > 0 && entries
  })
  assert.deepEqual(more, [])
  assert.partialDeepStrictEqual(round, {
    ...{ live: false, actor: { kind: 'system', id: null, name: null, role: null } },
    ...{ target: null, detail: { payments: 2 } },
  })
})
