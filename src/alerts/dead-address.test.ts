import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { MailOutcome } from '../mail/mailer.ts'
import { type AlertBench, createAlertBench, OWNER } from './testing/alert-bench.ts'
import { addAlertEndpoint, switchOffGone, switchOn } from './testing/alert-things.ts'

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
  bench.onMail.answer = refuseDead
  await bench.pass(MINUTE_MS)
})

const DEAD = 'nobody@shop.example'
const refuseDead = async ({ to }: { to: string }): Promise<MailOutcome> => ({
  code: to === DEAD ? 'failed' : 'sent',
})

/** Who is told what in the next `ms`. */
async function told(ms: number): Promise<string[]> {
  return (await bench.pass(ms)).map(({ to, subject }) => `${to}: ${subject.replace(/^Duka: a webhook /, '')}`)
}
const OFF = `${OWNER}: endpoint was switched off`
const ON = `${OWNER}: endpoint is on again`

describe('an address that takes no mail', () => {
  it('keeps nothing from the others: neither the end nor the limits', async () => {
    const merchantId = await bench.addMerchant({ alert_emails: [DEAD, OWNER] })
    const first = await addAlertEndpoint(bench, merchantId)
    const second = await addAlertEndpoint(bench, merchantId)
    await switchOffGone(bench, merchantId, first)
    assert.deepEqual(await told(MINUTE_MS), [OFF])
    await switchOffGone(bench, merchantId, second)
    assert.deepEqual(await told(12 * MINUTE_MS), [], 'one mail of a kind in 15 minutes')
    assert.deepEqual(await told(6 * MINUTE_MS), [OFF])
    await switchOn(bench, merchantId, first)
    assert.deepEqual(await told(MINUTE_MS), [ON])
    await switchOffGone(bench, merchantId, first)
    assert.deepEqual(await told(20 * MINUTE_MS), [], 'the same matter once an hour')
    assert.deepEqual(await told(30 * MINUTE_MS), [OFF])
  })

  it('is given up, and what is over is told to those alone who had the mail', async () => {
    const merchantId = await bench.addMerchant({ alert_emails: [DEAD, OWNER] })
    const endpointId = await addAlertEndpoint(bench, merchantId)
    await switchOffGone(bench, merchantId, endpointId)
    for (let hour = 0; hour < 9; hour += 1) await bench.pass(HOUR_MS)
    bench.onMail.answer = async () => ({ code: 'sent' })
    await bench.set(merchantId, { alert_emails: ['late@shop.example', DEAD, OWNER] })
    await switchOn(bench, merchantId, endpointId)
    assert.deepEqual(await told(HOUR_MS), [ON])
  })

  it('hears nothing of what was over while it was tried again', async () => {
    const merchantId = await bench.addMerchant({ alert_emails: [OWNER, DEAD] })
    const endpointId = await addAlertEndpoint(bench, merchantId)
    await switchOffGone(bench, merchantId, endpointId)
    bench.onMail.answer = async (mail) => {
      if (mail.to === OWNER) return { code: 'sent' }
      bench.onMail.answer = async () => ({ code: 'sent' })
      await switchOn(bench, merchantId, endpointId)
      bench.clock.advance(MINUTE_MS)
      await bench.another().look()
      return { code: 'failed' }
    }
    assert.deepEqual(await told(HOUR_MS), [OFF, ON])
  })
})
