// Daraja in each of the readings that captures of it leave open: a payment ends the same way in all of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../src/clock.ts'
import { EDGE_ERRORS } from '../../src/simulator/faults.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

async function pay(bed: TestGateway, phone: string, wait = 30): Promise<Record<string, unknown>> {
  const made = await bed.post('/v1/payments', { phone, amount: 10, reference: 'R', wait })
  assert.equal(made.status, 201, made.text)
  return made.body
}

async function pushesTo(bed: TestGateway, phone: string): Promise<Record<string, unknown>[]> {
  const { entries } = await bed.simulator('GET', `/simulator/ledger?phone=${phone}`)
  return entries as Record<string, unknown>[]
}

/** Somebody else with the same keys asks for a token, which ends the gateway's. */
async function takeTokenElsewhere(bed: TestGateway): Promise<void> {
  const basic = Buffer.from('simulator:simulator-secret').toString('base64')
  const url = `${bed.gateway.simulatorUrl}/oauth/v1/generate?grant_type=client_credentials`
  assert.equal((await fetch(url, { headers: { authorization: `Basic ${basic}` } })).status, 200)
}

for (const [index, htmlErrorForm] of EDGE_ERRORS.entries()) {
  test(`a prompt behind ${htmlErrorForm} is paid, and no second one is sent`, async () => {
    await using bed = await startTestGateway()
    await bed.simulator('PUT', '/simulator/faults', { htmlErrorPrompted: 1, htmlErrorForm })
    const phone = `25471200000${index}`
    assert.equal((await pay(bed, phone)).status, 'succeeded')
    const answers = (await pushesTo(bed, phone)).map(({ answer }) => answer)
    assert.deepEqual(answers, [htmlErrorForm])
  })
}

test('a token that has ended is renewed, whichever status tells of it', async () => {
  await using bed = await startTestGateway()
  for (const [index, invalidToken] of ['404', '401'].entries()) {
    await bed.simulator('PUT', '/simulator/faults', { invalidToken })
    assert.equal((await pay(bed, `25471200001${index}`)).status, 'succeeded')
    await takeTokenElsewhere(bed)
    assert.equal((await pay(bed, `25471200002${index}`)).status, 'succeeded')
  }
})

test('a busy phone keeps a payment in the queue, whichever status tells of it', async () => {
  await using bed = await startTestGateway()
  await bed.simulator('PUT', '/simulator/faults', { busyStatus: 400 })
  await pay(bed, '254700071001', 0)
  await until('its push', async () => (await pushesTo(bed, '254700071001')).length > 0)
  await until('its return to the queue', async () => {
    const { rows } = await bed.db.pool.query('select state from payments')
    return rows[0]?.state === 'queued'
  })
})

test('pushes are stamped in East Africa Time, and a prompt that ends as cancelled has failed', async () => {
  await using bed = await startTestGateway()
  const faults = { strictTimestamp: true, promptTimeout: '1032', promptLifeMs: 500 }
  await bed.simulator('PUT', '/simulator/faults', faults)
  assert.equal((await pay(bed, '254700000000')).status, 'succeeded')
  const unanswered = await pay(bed, '254700090000')
  assert.equal(unanswered.status, 'failed')
  assert.equal(objectIn(unanswered, 'result').code, '1032')
})

/** A payment whose prompt is up on the phone, or was, and when Daraja took it. */
async function prompt(bed: TestGateway, phone: string) {
  const { id } = await pay(bed, phone, 0)
  const path = `/v1/payments/${id}`
  const read = async () => (await bed.get(path)).body
  const pending = await until('its prompt', async () => {
    const payment = await read()
    return payment.status === 'pending' ? payment : null
  })
  const lastKind = async () => {
    const last = (await bed.get(`${path}/trail`)).body.last_question as { kind: string } | null
    return last?.kind
  }
  return { path, read, lastKind, pending, promptedMs: Date.parse(String(pending.prompted_at)) }
}

test('"0" while the prompt is up pays nothing: a customer who cancels after it has failed', async () => {
  const clock = manualClock(Date.now())
  await using bed = await startTestGateway({ clock })
  const faults = { queryPaidWhileOpen: true, promptLifeMs: 3_600_000, queryTooEarlyMs: 0 }
  await bed.simulator('PUT', '/simulator/faults', faults)
  const phone = '254712345678'
  await bed.simulator('POST', '/simulator/phones', { number: phone })
  const { path, read, lastKind, pending } = await prompt(bed, phone)
  clock.advance(31_000)
  await until('the answer', async () => (await lastKind()) === 'paid_while_open')
  assert.equal((await read()).status, 'pending')
  clock.advance(16_000)
  const { body } = await bed.post(`${path}/ask`, {})
  assert.deepEqual([body.asked, objectIn(body, 'answer').kind], [true, 'paid_while_open'])
  assert.match(String(body.detail), /asked again when its time is over/)
  assert.equal(objectIn(body, 'payment').status, 'pending')
  const metrics = await (await fetch(bed.gateway.metricsUrl ?? '')).text()
  assert.match(metrics, /sukuma_query_seconds_count\{outcome="paid_while_open"\} 2/)
  const answer = `/simulator/prompts/${pending.checkout_request_id}/answer`
  await bed.simulator('POST', answer, { action: 'cancel' })
  const failed = await until('its verdict', async () => {
    const payment = await read()
    return payment.status === 'pending' ? null : payment
  })
  assert.deepEqual([failed.status, objectIn(failed, 'result').code], ['failed', '1032'])
  const events = (await bed.get(`${path}/events`)).body.data as { type: string }[]
  assert.deepEqual(
    events.map(({ type }) => type),
    ['payment.failed'],
  )
})

test('"0" is believed once the time of the prompt is over, and a failure at any time', async () => {
  const clock = manualClock(Date.now())
  await using bed = await startTestGateway({ clock })
  const cancelled = await prompt(bed, '254700011032')
  clock.advance(31_000)
  await until('the failure', async () => (await cancelled.read()).status === 'failed')
  clock.advance(60_000)
  const paid = await prompt(bed, '254700010000')
  await until('the PIN', async () => {
    const [push] = await pushesTo(bed, '254700010000')
    return push?.resultCode === '0'
  })
  clock.advance(11_000)
  const { body } = await bed.post(`${paid.path}/ask`, {})
  assert.deepEqual(
    [body.asked, objectIn(body, 'answer').kind],
    [true, 'paid_while_open'],
    String(body.detail),
  )
  assert.equal(Date.parse(String(body.ask_again_at)), paid.promptedMs + 60_000)
  const { next } = (await bed.get(`${paid.path}/trail`)).body as { next: { what: string; at: string }[] }
  const [question] = next
  assert.deepEqual([question?.what, question?.at], ['question', body.ask_again_at])
  clock.advance(50_000)
  const payment = await until('the success', async () => {
    const latest = await paid.read()
    return latest.status === 'pending' ? null : latest
  })
  assert.equal(payment.status, 'succeeded')
  assert.equal(Date.parse(String(payment.settled_at)), paid.promptedMs + 61_000)
})
