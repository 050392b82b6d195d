import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { openTestbed, passwordFor, type Testbed } from './testbed.ts'

/** A payment whose prompt stays up until it is answered by hand. */
async function openPrompt(bed: Testbed): Promise<string> {
  await bed.call('POST', '/simulator/phones', { number: '254712345678' })
  return String((await bed.push()).body.CheckoutRequestID)
}

test('asked too early, the query does not know the id yet', async () => {
  const clock = manualClock(Date.UTC(2026, 2, 1))
  await using bed = await openTestbed({ clock, speed: 1 })
  const id = await openPrompt(bed)
  clock.advance(999)
  const early = await bed.query(id)
  assert.deepEqual([early.status, early.body.errorCode], [400, '400.002.02'])
  assert.equal(early.body.errorMessage, 'Bad Request - Invalid CheckoutRequestID')
  clock.advance(1)
  assert.equal((await bed.query(id)).body.ResultCode, '4999')
})

test('a payment in flight is under processing', async () => {
  await using bed = await openTestbed({ speed: 1, faults: { queryTooEarlyMs: 0 } })
  const answer = await bed.query(await openPrompt(bed))
  assert.equal(answer.status, 200)
  assert.equal(answer.body.ResultCode, '4999')
  assert.equal(answer.body.ResultDesc, 'The transaction is still under processing')
})

test('a payment in flight can be shown as the older error, or as paid already', async () => {
  await using bed = await openTestbed({ speed: 1, faults: { queryTooEarlyMs: 0, queryInFlight: 'error' } })
  const id = await openPrompt(bed)
  const older = await bed.query(id)
  assert.deepEqual([older.status, older.body.errorCode], [500, '500.001.1001'])
  assert.equal(older.body.errorMessage, 'The transaction is being processed')
  bed.simulator.setFaults({ queryTooEarlyMs: 0, queryPaidWhileOpen: true })
  assert.equal((await bed.query(id)).body.ResultCode, '0')
  assert.equal(bed.latest().resultCode, null)
})

test('a query calls paid early only what still has its prompt up', async () => {
  const clock = manualClock(Date.UTC(2026, 2, 1))
  await using bed = await openTestbed({ clock, faults: { queryPaidWhileOpen: true } })
  const cancelled = await bed.push({ PhoneNumber: '254700081032' })
  await bed.ended()
  clock.advance(30)
  assert.equal((await bed.query(String(cancelled.body.CheckoutRequestID))).body.ResultCode, '4999')
  bed.simulator.setSpeed(1)
  await bed.call('POST', '/simulator/phones', { number: '254712345678' })
  await bed.call('PATCH', '/simulator/phones/254712345678', { isOn: false })
  const unseen = await bed.push()
  clock.advance(30_000)
  assert.equal((await bed.query(String(unseen.body.CheckoutRequestID))).body.ResultCode, '4999')
})

test('a finished payment has a code as text, in words of its own, and no receipt', async () => {
  await using bed = await openTestbed({ faults: { queryTooEarlyMs: 0 } })
  const paid = await bed.push()
  await bed.ended()
  const answer = await bed.query(String(paid.body.CheckoutRequestID))
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.body, {
    ResponseCode: '0',
    ResponseDescription: 'The service request has been accepted successsfully',
    MerchantRequestID: paid.body.MerchantRequestID,
    CheckoutRequestID: paid.body.CheckoutRequestID,
    ResultCode: '0',
    ResultDesc: 'The service request is processed successfully.',
  })
  const ignored = await bed.push({ PhoneNumber: '254700090000' })
  await bed.ended()
  const timeout = await bed.query(String(ignored.body.CheckoutRequestID))
  assert.equal(timeout.body.ResponseDescription, 'The service request has been accepted successfully')
  assert.equal(timeout.body.ResultCode, '1037')
  assert.equal(timeout.body.ResultDesc, 'DS timeout user cannot be reached.')
  assert.equal(bed.latest().queries, 1)
})

test('an unknown id, and the id of another shortcode, do not exist', async () => {
  await using bed = await openTestbed({ faults: { queryTooEarlyMs: 0 } })
  const id = String((await bed.push()).body.CheckoutRequestID)
  const unknown = await bed.query('ws_CO_191220191020363925')
  const foreign = await bed.query(id, { BusinessShortCode: 174380, Password: passwordFor('174380') })
  for (const answer of [unknown, foreign]) {
    assert.deepEqual([answer.status, answer.body.errorCode], [500, '500.001.1001'])
    assert.equal(answer.body.errorMessage, 'The transaction does not Exist')
  }
})

test('a query is checked as a push is', async () => {
  await using bed = await openTestbed()
  const wrong: [object, number, string][] = [
    [{ BusinessShortCode: '' }, 400, 'Bad Request - Invalid BusinessShortCode'],
    [{ Password: '' }, 400, 'Bad Request - Invalid Password'],
    [{ Timestamp: '2026' }, 400, 'Bad Request - Invalid Timestamp'],
    [{ CheckoutRequestID: null }, 400, 'Bad Request - Invalid CheckoutRequestID'],
    [{ Password: 'x' }, 500, '[MerchantValidate] - Wrong credentials'],
    [{ BusinessShortCode: '600000', Password: passwordFor('600000') }, 500, 'Merchant does not exist'],
  ]
  for (const [fields, status, message] of wrong) {
    const answer = await bed.query('ws_CO_1', { ...fields })
    assert.deepEqual([answer.status, answer.body.errorMessage], [status, message])
  }
  const headers = { authorization: `Bearer ${await bed.token()}` }
  const broken = await bed.call('POST', '/mpesa/stkpushquery/v1/query', '{"a":', headers)
  assert.deepEqual([broken.status, broken.body.errorCode], [400, '400.002.02'])
})

test('a finished payment is answered with an error as often as the switch says', async () => {
  const draws = { next: 0.49 }
  await using bed = await openTestbed({
    random: () => draws.next,
    faults: { flakyQuery: 0.5, queryTooEarlyMs: 0 },
  })
  const id = String((await bed.push()).body.CheckoutRequestID)
  await bed.ended()
  assert.equal((await bed.query(id)).body.errorCode, '500.001.1001')
  draws.next = 0.5
  assert.equal((await bed.query(id)).body.ResultCode, '0')
})

test('with the rate limit on, an app may ask once in twelve seconds', async () => {
  const clock = manualClock(Date.UTC(2026, 2, 1))
  await using bed = await openTestbed({
    clock,
    speed: 1,
    faults: { queryRateLimit: true, queryTooEarlyMs: 0 },
  })
  const id = await openPrompt(bed)
  assert.equal((await bed.query(id)).status, 200)
  clock.advance(11_999)
  const second = await bed.query(id)
  assert.equal(second.status, 429)
  assert.deepEqual(second.body, {
    fault: {
      faultstring:
        'Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, ' +
        'periodInMicroseconds=60000000, maxBurstMessageCount=1.0}',
      detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' },
    },
  })
  clock.advance(1)
  assert.equal((await bed.query(id)).status, 200)
})

test('a query beyond the limit is refused in the form that is set, and told that rate', async () => {
  const limit = { queryRateLimit: true, queriesPerMinute: 60, queryBurst: 2, queryTooEarlyMs: 0 }
  await using bed = await openTestbed({ clock: manualClock(Date.UTC(2026, 2, 1)), speed: 1, faults: limit })
  const id = await openPrompt(bed)
  for (const _ of [1, 2]) assert.equal((await bed.query(id)).status, 200)
  assert.match((await bed.query(id)).text, /messagesPerPeriod=60, .* maxBurstMessageCount=2\.0\}/)
  for (const [spikeArrestForm, errorCode] of [
    ['error', '500.003.03'],
    ['busy', '500.003.02'],
  ] as const) {
    bed.simulator.setFaults({ ...limit, spikeArrestForm })
    const refused = await bed.query(id)
    assert.deepEqual([refused.status, refused.body.errorCode], [500, errorCode])
  }
})

test('the rate limit is a number that can be set, and a burst after a pause as well', async () => {
  const clock = manualClock(Date.UTC(2026, 2, 1))
  await using bed = await openTestbed({
    clock,
    speed: 1,
    faults: { queryRateLimit: true, queriesPerMinute: 60, queryBurst: 3, queryTooEarlyMs: 0 },
  })
  const id = await openPrompt(bed)
  const ask = async (times: number) => {
    const statuses: number[] = []
    for (let time = 0; time < times; time += 1) statuses.push((await bed.query(id)).status)
    return statuses
  }
  assert.deepEqual(await ask(4), [200, 200, 200, 429])
  clock.advance(1_000)
  assert.deepEqual(await ask(2), [200, 429])
  clock.advance(60_000)
  assert.deepEqual(await ask(4), [200, 200, 200, 429])
})
