import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Uuid } from '../ids.ts'
import type { MailOutcome } from '../mail/mailer.ts'
import { tellAccepted, tellRefused } from '../merchants/credential-health-store.ts'
import { createShortcode } from '../merchants/shortcodes.ts'
import { keepOddCallback } from '../payments/callback-store.ts'
import { deleteEndpoint, updateEndpoint } from '../webhooks/endpoints.ts'
import { type AlertBench, createAlertBench, OWNER } from './testing/alert-bench.ts'
import { addAlertEndpoint, addPayments, endpointDeps, switchOffGone } from './testing/alert-things.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let bench: AlertBench
before(async () => {
  bench = await createAlertBench()
})
after(() => bench[Symbol.asyncDispose]())
beforeEach(async () => {
  // Each test has a merchant of its own, and no other is to be told of anything.
  await bench.db.pool.query(`update merchant_settings set alert_emails = '{}'`)
  bench.onMail.answer = async () => ({ code: 'sent' })
  await bench.pass(MINUTE_MS)
})

const pay = (merchantId: Uuid, count: number, code: string | null, live = true) =>
  addPayments(bench, merchantId, { count, code, live })
const newEndpoint = (merchantId: Uuid) => addAlertEndpoint(bench, merchantId)
const switchOff = (merchantId: Uuid, id: Uuid) => switchOffGone(bench, merchantId, id)

describe('failing payments', () => {
  it('are told of once when they are many, and again when they are over', async () => {
    const merchantId = await bench.addMerchant()
    await pay(merchantId, 6, '0')
    await pay(merchantId, 2, '26')
    await pay(merchantId, 2, null)
    const [mail, ...more] = await bench.pass(MINUTE_MS)
    assert.deepEqual(more, [])
    assert.equal(mail?.to, OWNER)
    assert.match(mail?.subject ?? '', /^Duka: many M-Pesa payments are failing$/)
    assert.match(mail?.text ?? '', /4 of the last 10 payments \(40%\) had trouble within 15 minutes/)
    await pay(merchantId, 5, '26')
    assert.deepEqual(await bench.pass(10 * MINUTE_MS), [], 'while it lasts')
    await bench.pass(20 * MINUTE_MS)
    await pay(merchantId, 20, '0')
    const over = await bench.pass(MINUTE_MS)
    assert.deepEqual(
      over.map(({ subject }) => subject),
      ['Duka: M-Pesa payments go through again'],
    )
    assert.deepEqual(await bench.pass(60 * MINUTE_MS), [])
  })

  it('are told of when hardly any phone answers', async () => {
    const merchantId = await bench.addMerchant()
    await pay(merchantId, 7, '1037')
    await pay(merchantId, 3, '0')
    assert.deepEqual(await bench.pass(MINUTE_MS), [])
    await pay(merchantId, 20, '1037')
    const [mail] = await bench.pass(MINUTE_MS)
    assert.match(mail?.text ?? '', /27 of the last 30 payments \(90%\) .*, most of all: Timed Out \(1037\)/)
  })

  it('are not told of when customers declined, or they are few, long past or tests', async () => {
    const merchantId = await bench.addMerchant()
    await pay(merchantId, 30, '1032')
    await pay(merchantId, 20, '1')
    await pay(merchantId, 50, '26', false)
    const few = await bench.addMerchant()
    await pay(few, 9, '26')
    const past = await bench.addMerchant({ alert_failures: false })
    await pay(past, 10, '26')
    assert.deepEqual(await bench.pass(10 * MINUTE_MS), [])
    await bench.pass(10 * MINUTE_MS)
    await bench.set(past, { alert_failures: true })
    assert.deepEqual(await bench.pass(MINUTE_MS), [])
  })

  it('are judged by what the merchant has set, and of the test side when that is watched', async () => {
    const merchantId = await bench.addMerchant({
      ...{ alert_failures_percent: 5, alert_failures_payments_min: 40, alert_failures_minutes: 60 },
      ...{ alert_test_side: true, language: 'sw' },
    })
    await pay(merchantId, 2, '26', false)
    await bench.pass(50 * MINUTE_MS)
    await pay(merchantId, 38, '0', false)
    const [mail] = await bench.pass(MINUTE_MS)
    assert.equal(mail?.subject, '[Majaribio] Duka: malipo mengi ya M-Pesa yanashindikana')
  })
})

describe('a webhook endpoint', () => {
  it('that was switched off is told of once, and again when it is on', async () => {
    const merchantId = await bench.addMerchant()
    const endpointId = await newEndpoint(merchantId)
    await switchOff(merchantId, endpointId)
    const [mail, ...more] = await bench.pass(30 * MINUTE_MS)
    assert.deepEqual(more, [])
    assert.match(mail?.subject ?? '', /a webhook endpoint was switched off/)
    assert.match(mail?.text ?? '', /https:\/\/shop\.example\/hook \(it answered 410 Gone\)/)
    await updateEndpoint(endpointDeps(bench), { merchantId, live: true }, endpointId, { enabled: true })
    const [over, ...rest] = await bench.pass(30 * MINUTE_MS)
    assert.deepEqual(rest, [])
    assert.match(over?.subject ?? '', /is on again/)
  })

  it('that its merchant switched off or deleted is no news', async () => {
    const merchantId = await bench.addMerchant()
    const [byHand, deleted] = [await newEndpoint(merchantId), await newEndpoint(merchantId)]
    const owner = { merchantId, live: true }
    await updateEndpoint(endpointDeps(bench), owner, byHand, { enabled: false })
    assert.deepEqual(await bench.pass(MINUTE_MS), [])
    await switchOff(merchantId, deleted)
    assert.equal((await bench.pass(MINUTE_MS)).length, 1)
    await deleteEndpoint(endpointDeps(bench), owner, deleted)
    assert.deepEqual(await bench.pass(30 * MINUTE_MS), [])
  })

  it('that goes off again within the hour is told of after it, if it is off still', async () => {
    const merchantId = await bench.addMerchant()
    const endpointId = await newEndpoint(merchantId)
    const on = () =>
      updateEndpoint(endpointDeps(bench), { merchantId, live: true }, endpointId, { enabled: true })
    await switchOff(merchantId, endpointId)
    assert.equal((await bench.pass(MINUTE_MS)).length, 1)
    await on()
    assert.equal((await bench.pass(16 * MINUTE_MS)).length, 1)
    await switchOff(merchantId, endpointId)
    assert.deepEqual(await bench.pass(5 * MINUTE_MS), [])
    await on()
    assert.deepEqual(await bench.pass(HOUR_MS), [], 'it came and went untold')
    await switchOff(merchantId, endpointId)
    assert.equal((await bench.pass(MINUTE_MS)).length, 1)
    await on()
    assert.match((await bench.pass(MINUTE_MS))[0]?.subject ?? '', /is on again/)
    await switchOff(merchantId, endpointId)
    assert.deepEqual(await bench.pass(40 * MINUTE_MS), [])
    assert.match((await bench.pass(30 * MINUTE_MS))[0]?.subject ?? '', /was switched off/)
  })

  it('among many that go off makes one mail with them, and with what follows one more', async () => {
    const merchantId = await bench.addMerchant()
    const ids: Uuid[] = []
    for (let made = 0; made < 15; made += 1) ids.push(await newEndpoint(merchantId))
    for (const id of ids.slice(0, 12)) await switchOff(merchantId, id)
    const [first, ...none] = await bench.pass(MINUTE_MS)
    assert.deepEqual(none, [])
    assert.match(first?.subject ?? '', /12 webhook endpoints were switched off/)
    for (const id of ids.slice(12)) {
      await switchOff(merchantId, id)
      assert.deepEqual(await bench.pass(2 * MINUTE_MS), [])
    }
    const later = await bench.pass(15 * MINUTE_MS)
    assert.deepEqual(
      later.map(({ subject }) => /3 webhook endpoints/.test(subject)),
      [true],
    )
  })
})

describe('a contradiction', () => {
  it('is told of once, by the payment, and is never over by itself', async () => {
    const merchantId = await bench.addMerchant()
    const id = await pay(merchantId, 1, '0')
    const callback = { payment: { merchantId, id }, kind: 'contradicted', reason: 'the payment is succeeded' }
    const keep = () =>
      keepOddCallback(
        { db: bench.db.pool },
        {
          ...callback,
          ...{ id: bench.newUuid(), kind: 'contradicted', body: '{}', ip: null },
          receivedAt: new Date(bench.clock.now()),
        },
      )
    await keep()
    const [mail] = await bench.pass(MINUTE_MS)
    assert.match(mail?.subject ?? '', /M-Pesa says two things of a payment/)
    assert.match(mail?.text ?? '', new RegExp(`/payments/pay_${id.replaceAll('-', '')}`))
    assert.match(mail?.text ?? '', /KES 7, reference INV-7: shown as succeeded/)
    assert.doesNotMatch(mail?.text ?? '', /254712345678/)
    await keep()
    assert.deepEqual(await bench.pass(3 * HOUR_MS), [])
    await bench.pass(8 * 24 * HOUR_MS)
    await keep()
    assert.deepEqual(await bench.pass(MINUTE_MS), [], 'nor a week later')
  })
})

describe('credentials', () => {
  it('that Daraja refuses are told of, and again when it accepts them', async () => {
    const merchantId = await bench.addMerchant()
    const deps = endpointDeps(bench)
    const made = await createShortcode(deps, {
      ...{ merchantId, environment: 'production', kind: 'paybill', number: '600123' },
      credentials: { consumerKey: 'k', consumerSecret: 's', passkey: 'p' },
    })
    assert.equal(made.code, 'created')
    const { rows } = await bench.db.pool.query('select credential_id as app from shortcodes')
    const at = () => new Date(bench.clock.now())
    await tellRefused(deps, rows[0].app, { at: at(), detail: 'Invalid credentials' })
    const [mail] = await bench.pass(MINUTE_MS)
    assert.match(mail?.subject ?? '', /refuses the credentials of a shortcode/)
    assert.match(mail?.text ?? '', /600123 \(M-Pesa said: Invalid credentials\)/)
    await tellAccepted(deps, rows[0].app, at())
    const [over] = await bench.pass(MINUTE_MS)
    assert.match(over?.subject ?? '', /accepts the credentials of a shortcode again/)
  })
})

describe('a look', () => {
  it('is one process’s, once a minute', async () => {
    await bench.addMerchant()
    const processes = Array.from({ length: 4 }, () => bench.another())
    const lookAll = async () => (await Promise.all(processes.map(({ look }) => look()))).sort()
    bench.clock.advance(MINUTE_MS)
    assert.deepEqual(await lookAll(), [0, 0, 0, 1])
    bench.clock.advance(MINUTE_MS - 1)
    assert.deepEqual(await lookAll(), [0, 0, 0, 0])
    bench.clock.advance(1)
    assert.deepEqual(await lookAll(), [0, 0, 0, 1])
  })
})

describe('a mail that is due', () => {
  it('is sent once though several processes look and send at once', async () => {
    for (let made = 0; made < 4; made += 1) {
      const merchantId = await bench.addMerchant()
      for (let count = 0; count < 3; count += 1) await switchOff(merchantId, await newEndpoint(merchantId))
    }
    const before = bench.mails.length
    bench.clock.advance(MINUTE_MS)
    const processes = Array.from({ length: 6 }, () => bench.another())
    await Promise.all(processes.map(({ look }) => look()))
    await Promise.all(processes.map(({ send }) => send()))
    await bench.pass(MINUTE_MS)
    const told = bench.mails.slice(before)
    assert.equal(told.length, 4)
    assert.ok(told.every(({ subject }) => /3 webhook endpoints/.test(subject)))
  })

  it('is sent by another process when the one that took it dies before it said so', async () => {
    const merchantId = await bench.addMerchant()
    await switchOff(merchantId, await newEndpoint(merchantId))
    bench.clock.advance(MINUTE_MS)
    const dying = bench.another()
    await dying.look()
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>()
    bench.onMail.answer = () => {
      onAsked()
      return new Promise<MailOutcome>(() => undefined)
    }
    void dying.send()
    await asked
    bench.onMail.answer = async () => ({ code: 'sent' })
    const other = await bench.addMerchant({ name: 'Kiosk' })
    await switchOff(other, await newEndpoint(other))
    const others = await bench.pass(3 * MINUTE_MS)
    assert.deepEqual(
      others.map(({ subject }) => subject),
      ['Kiosk: a webhook endpoint was switched off'],
      'what is under its lease holds up nobody',
    )
    assert.equal((await bench.pass(5 * MINUTE_MS)).length, 1)
  })

  it('is followed by the one that it is over, though it ended while that was sent', async () => {
    const merchantId = await bench.addMerchant()
    const endpointId = await newEndpoint(merchantId)
    await switchOff(merchantId, endpointId)
    bench.onMail.answer = async () => {
      bench.onMail.answer = async () => ({ code: 'sent' })
      await updateEndpoint(endpointDeps(bench), { merchantId, live: true }, endpointId, { enabled: true })
      bench.clock.advance(MINUTE_MS)
      await bench.another().look()
      return { code: 'sent' }
    }
    const told = await bench.pass(MINUTE_MS)
    assert.deepEqual(
      told.map(({ subject }) => /on again/.test(subject)),
      [false, true],
    )
  })
})

describe('a mail', () => {
  it('that the end of its process cuts off is another’s at once, for those who have none yet', async () => {
    const merchantId = await bench.addMerchant({
      alert_emails: [OWNER, 'juma@shop.example', 'lea@shop.example'],
    })
    await switchOff(merchantId, await newEndpoint(merchantId))
    bench.clock.advance(MINUTE_MS)
    const closing = new AbortController()
    const ending = bench.another(closing.signal)
    await ending.look()
    const asked: string[] = []
    bench.onMail.answer = async ({ to }) => {
      asked.push(to)
      if (to === OWNER) return { code: 'sent' }
      closing.abort()
      return { code: 'failed' }
    }
    await ending.send()
    assert.deepEqual(asked, [OWNER, 'juma@shop.example'], 'nobody is written to once it ends')
    assert.equal(await ending.send(), 0)
    const { rows } = await bench.db.pool.query(
      'select attempts from alert_incidents where merchant_id = $1',
      [merchantId],
    )
    assert.deepEqual(rows, [{ attempts: 0 }], 'the mail server is not to blame')
    const before = bench.mails.length
    bench.onMail.answer = async () => ({ code: 'sent' })
    assert.equal(await bench.another().send(), 1)
    assert.deepEqual(
      bench.mails.slice(before).map(({ to }) => to),
      ['juma@shop.example', 'lea@shop.example'],
    )
  })

  it('that one of two does not get is tried again for that one alone, and given up in the end', async () => {
    const merchantId = await bench.addMerchant({ alert_emails: [OWNER, 'juma@shop.example'] })
    await switchOff(merchantId, await newEndpoint(merchantId))
    let tries = 0
    bench.onMail.answer = async ({ to }) => {
      if (to === OWNER) return { code: 'sent' }
      tries += 1
      return { code: tries < 3 ? 'failed' : 'sent' }
    }
    const told = await bench.pass(30 * MINUTE_MS)
    assert.deepEqual(
      told.map(({ to }) => to),
      [OWNER, 'juma@shop.example'],
    )
    const never = await bench.addMerchant({ alert_emails: ['nobody@shop.example'] })
    await switchOff(never, await newEndpoint(never))
    tries = 0
    bench.onMail.answer = async () => {
      tries += 1
      return { code: 'failed' }
    }
    for (let hour = 0; hour < 9; hour += 1) await bench.pass(HOUR_MS)
    assert.equal(tries, 7)
  })

  it('is not sent to whoever does not want it any more', async () => {
    const merchantId = await bench.addMerchant()
    await switchOff(merchantId, await newEndpoint(merchantId))
    bench.clock.advance(MINUTE_MS)
    await bench.another().look()
    await bench.set(merchantId, { alert_endpoint_disabled: false })
    assert.deepEqual(await bench.pass(5 * MINUTE_MS), [])
    await bench.set(merchantId, { alert_endpoint_disabled: true })
    assert.deepEqual(await bench.pass(5 * MINUTE_MS), [])
  })
})
