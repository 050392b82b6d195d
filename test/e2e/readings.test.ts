// Daraja in each of the readings that captures of it leave open: a payment ends the same way in all of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
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
