// `/v1/overview` and `/v1/payments/{id}/ask` on a whole gateway: all answers are held to the document.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CheckedClient, createCheckedClient } from '../support/checked-client.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

let bed: TestGateway
let ask: CheckedClient
before(async () => {
  bed = await startTestGateway()
  ask = await createCheckedClient(bed)
})
after(() => bed[Symbol.asyncDispose]())

const PAYS = '254700000000'
const CANCELS = '254700001032'
const LOSES_ITS_CALLBACK = '254700010000'

async function pay(phone: string, wait = 30): Promise<Record<string, unknown>> {
  const made = await bed.post('/v1/payments', { amount: 250, phone, reference: 'INV-1', wait })
  assert.equal(made.status, 201, made.text)
  return made.body
}

test('the overview adds up what was paid and what failed, by hour, by day and by reason', async () => {
  await pay(PAYS)
  await pay(PAYS)
  await pay(CANCELS)
  // Some seconds old at the most: the figures of before may still be shown.
  const body = await until('the three verdicts', async () => {
    const { body } = await ask('GET', '/v1/overview?time_zone=UTC')
    return objectIn(body, 'today').failed === 1 && objectIn(body, 'today').paid === 2 && body
  })
  const today = objectIn(body, 'today')
  assert.deepEqual([today.amount, today.success_ratio], [500, 66.7])
  assert.ok(objectIn(today, 'time_to_verdict_ms'))
  assert.equal(body.catching_up, false)
  const [failure] = body.failures as Record<string, unknown>[]
  assert.deepEqual([failure?.code, failure?.label, failure?.share], ['1032', 'Cancelled by User', 100])
  const hours = body.hours as { today: { amount: number } | null }[]
  assert.equal(hours.length, 24)
  assert.equal(
    hours.reduce((sum, hour) => sum + (hour.today?.amount ?? 0), 0),
    500,
  )
  const days = body.days as Record<string, unknown>[]
  assert.equal(days.length, 30)
  assert.deepEqual(days.at(-1), { date: today.date, amount: 500, paid: 2, failed: 1 })
  assert.equal(objectIn(body, 'yesterday').paid, 0)
})

test('the overview is of one’s own side and shortcode, and of a time zone that there is', async () => {
  const stranger = await bed.addMerchant('stranger')
  const theirs = await ask('GET', '/v1/overview', { key: stranger.key })
  assert.equal(objectIn(theirs.body, 'today').paid, 0)
  assert.equal(theirs.body.time_zone, 'Africa/Nairobi')
  for (const zone of ['Mars/Olympus', '%2B03:00']) {
    const nowhere = await ask('GET', `/v1/overview?time_zone=${zone}`)
    assert.deepEqual([nowhere.status, nowhere.body.code], [400, 'invalid'], zone)
    assert.match(nowhere.text, /must be an IANA time zone such as Africa\/Nairobi/)
  }
})

test('M-Pesa is asked at once about a payment whose callback was lost, and settles it', async () => {
  const { id } = await pay(LOSES_ITS_CALLBACK, 0)
  const early = await until('the prompt', async () => {
    const answer = await ask('POST', `/v1/payments/${id}/ask`)
    return answer.body.reason !== 'no_request_id' && answer.body.reason !== 'not_sent' && answer.body
  })
  assert.deepEqual([early.asked, early.reason], [false, 'too_early'])
  await until('the PIN', async () => {
    const { entries } = await bed.simulator('GET', `/simulator/ledger?phone=${LOSES_ITS_CALLBACK}`)
    return (entries as { endedAtMs: number | null }[]).every(({ endedAtMs }) => endedAtMs !== null)
  })
  await bed.db.pool.query(
    `update payments set prompted_at = prompted_at - interval '61 s', due_at = now() + interval '1 hour'
     where state = 'pending'`,
  )
  const { body } = await ask('POST', `/v1/payments/${id}/ask`)
  assert.equal(body.asked, true, JSON.stringify(body))
  assert.equal(objectIn(body, 'answer').kind, 'verdict')
  assert.equal(objectIn(body, 'payment').status, 'succeeded')
  const again = await ask('POST', `/v1/payments/${id}/ask`, { body: {} })
  assert.deepEqual([again.body.asked, again.body.reason, again.body.ask_again_at], [false, 'settled', null])
})

test('a question out of turn is never put without a permit, and spends one', async () => {
  const { id } = await pay(LOSES_ITS_CALLBACK, 0)
  await until('the prompt', async () => {
    const { body } = await ask('GET', `/v1/payments/${id}`)
    return body.status === 'pending'
  })
  const open = `update payments set prompted_at = prompted_at - interval '12 s',
    due_at = now() + interval '1 hour' where state = 'pending'`
  await bed.db.pool.query(open)
  const permits = await bed.db.pool.query('select permits from query_budgets')
  assert.equal(permits.rows.length, 1)
  await bed.db.pool.query(`update query_budgets set permits = 0, refilled_at = now() + interval '2 s'`)
  const { body } = await ask('POST', `/v1/payments/${id}/ask`)
  assert.deepEqual([body.asked, body.reason], [false, 'budget'])
  assert.equal(typeof body.ask_again_at, 'string')
  assert.equal(objectIn(body, 'payment').status, 'pending')
})

test('nobody asks about what is another merchant’s', async () => {
  const { id } = await pay(PAYS)
  const stranger = await bed.addMerchant('other')
  const answer = await ask('POST', `/v1/payments/${id}/ask`, { key: stranger.key })
  assert.equal(answer.status, 404)
})
