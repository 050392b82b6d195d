// Finding out: a payment whose callback does not come is asked for, and only M-Pesa's word settles it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'

/** The machine's clock, and then some: tests move the schedule on without waiting for it. */
function movableClock() {
  let aheadMs = 0
  return {
    now: () => systemClock.now() + aheadMs,
    advance(ms: number) {
      aheadMs += ms
    },
  }
}

async function create(bed: TestGateway, phone: string): Promise<string> {
  const made = await bed.post('/v1/payments', { phone, amount: 10, reference: 'R', expires_in: 3600 })
  assert.equal(made.status, 201, made.text)
  return String(made.body.id)
}

async function read(bed: TestGateway, id: string, wait = 0): Promise<Record<string, unknown>> {
  return (await bed.get(`/v1/payments/${id}?wait=${wait}`)).body
}

async function queriesOf(bed: TestGateway, id: string): Promise<number> {
  const found = await bed.db.pool.query<{ queries: number }>(
    `select queries from payments where replace(id::text, '-', '') = $1`,
    [id.slice(4)],
  )
  return found.rows[0]?.queries ?? 0
}

test('a lost callback is made good by a query, which says so in its evidence', async () => {
  const clock = movableClock()
  await using bed = await startTestGateway({ clock })
  const paid = await create(bed, '254700010000')
  const declined = await create(bed, '254700011032')
  for (const id of [paid, declined]) {
    await until('its prompt', async () => (await read(bed, id)).status === 'pending')
  }
  clock.advance(61_000)
  await until('the first verdict', async () => (await read(bed, paid)).status === 'succeeded')
  clock.advance(31_000)
  await until('the second verdict', async () => (await read(bed, declined)).status === 'failed')
  const payment = await read(bed, paid)
  assert.equal(payment.receipt, null)
  assert.deepEqual(
    { source: 'query', confidence: 'confirmed' },
    Object.fromEntries(
      Object.entries(payment.evidence ?? {}).filter(([name]) => name === 'source' || name === 'confidence'),
    ),
  )
})

test('a callback that comes after the verdict by query fills in the receipt and is told', async () => {
  const clock = movableClock()
  // B=4: the callback comes three minutes late.
  await using bed = await startTestGateway({ clock, env: { SIMULATOR_SPEED: '40' } })
  const id = await create(bed, '254700040000')
  await until('its prompt', async () => (await read(bed, id)).status === 'pending')
  await until('the verdict by query', async () => {
    clock.advance(31_000)
    return (await read(bed, id)).status === 'succeeded'
  })
  await until('the receipt', async () => (await read(bed, id)).receipt !== null)
  const events = await bed.get(`/v1/payments/${id}/events`)
  const types = JSON.stringify(events.body)
  assert.match(types, /payment\.updated/)
})

test('an answer without a verdict keeps a payment open, and in the end uncertain', async () => {
  const clock = movableClock()
  await using bed = await startTestGateway({ clock, env: { SIMULATOR_SPEED: '0.001' } })
  const id = await create(bed, '254700090000')
  await until('its prompt', async () => (await read(bed, id)).status === 'pending')
  clock.advance(31_000)
  await until('the first question', async () => (await queriesOf(bed, id)) >= 1)
  assert.equal((await read(bed, id)).status, 'pending')
  clock.advance(61_000)
  await until('the uncertainty', async () => (await read(bed, id)).status === 'uncertain')
  const before = await queriesOf(bed, id)
  clock.advance(3_600_000)
  await until('further questions', async () => (await queriesOf(bed, id)) > before)
  assert.equal((await read(bed, id)).status, 'uncertain')
})

test('a payment that cannot be sent before it expires never is, and says so', async () => {
  const clock = movableClock()
  await using bed = await startTestGateway({ clock })
  await bed.simulator('PUT', '/simulator/faults', { spikeArrest: 1 })
  const made = await bed.post('/v1/payments', {
    phone: '0712000001',
    amount: 10,
    reference: 'R',
    expires_in: 60,
  })
  const id = String(made.body.id)
  await until('its turning away', async () => (await read(bed, id)).status === 'queued')
  clock.advance(61_000)
  const payment = await until('its end', async () => {
    const latest = await read(bed, id)
    return latest.status === 'failed' ? latest : null
  })
  assert.match(JSON.stringify(payment.result), /not_sent/)
  await bed.simulator('PUT', '/simulator/faults', { spikeArrest: 0 })
  clock.advance(10_000)
  const ledger = await bed.simulator('GET', '/simulator/ledger?phone=254712000001')
  assert.match(JSON.stringify(ledger), /"promptShown":false/)
  assert.doesNotMatch(JSON.stringify(ledger), /"promptShown":true/)
})

test('a push that was turned away at the edge is sent again, and prompts once', async () => {
  await using bed = await startTestGateway()
  await bed.simulator('PUT', '/simulator/faults', { spikeArrest: 1 })
  const id = await create(bed, '0712000002')
  await until('its turning away', async () => (await read(bed, id)).status === 'queued')
  await bed.simulator('PUT', '/simulator/faults', { spikeArrest: 0 })
  const payment = await until('its verdict', async () => {
    const latest = await read(bed, id, 5)
    return latest.status === 'succeeded' ? latest : null
  })
  assert.notEqual(payment.receipt, null)
})

test('queries that hang keep no queued payment from being sent', async () => {
  const clock = movableClock()
  await using bed = await startTestGateway({ clock })
  const asked = await create(bed, '254700010000')
  await until('its prompt', async () => (await read(bed, asked)).status === 'pending')
  await bed.simulator('PUT', '/simulator/faults', { queryDelayMs: 3_600_000, spikeArrest: 1 })
  clock.advance(31_000)
  await until('the question', async () => {
    const { entries } = await bed.simulator('GET', '/simulator/ledger?phone=254700010000')
    return JSON.stringify(entries).includes('"queries":1')
  })
  const id = await create(bed, '0712000003')
  await until('its turning away', async () => (await read(bed, id)).status === 'queued')
  await bed.simulator('PUT', '/simulator/faults', { queryDelayMs: 3_600_000 })
  await until('its verdict', async () => (await read(bed, id)).status === 'succeeded')
  assert.equal((await read(bed, asked)).status, 'pending')
})
