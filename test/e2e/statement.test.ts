// The third source: what neither callback nor query can tell, M-Pesa's own list of payments settles.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

const MINUTE = 60_000

function movableClock() {
  let aheadMs = 0
  return {
    now: () => systemClock.now() + aheadMs,
    advance(ms: number) {
      aheadMs += ms
    },
  }
}

type Bed = TestGateway & { clock: ReturnType<typeof movableClock> }

/** A gateway whose shortcode is pulled for. */
async function start(): Promise<Bed> {
  const clock = movableClock()
  const bed = await startTestGateway({ clock })
  const [shortcode] = (await bed.get('/v1/shortcodes')).body.data as { id: string }[]
  const body = JSON.stringify({ pull_transactions: true })
  const headers = { 'content-type': 'application/json' }
  const changed = await bed.send('PATCH', `/v1/shortcodes/${shortcode?.id}`, { body, headers })
  assert.equal(changed.body.pull_transactions, true, changed.text)
  return { ...bed, clock }
}

type Wish = { phone: string; reference?: string; amount?: number }

async function create(bed: Bed, { phone, reference = 'INV-1', amount = 10 }: Wish): Promise<string> {
  const made = await bed.post('/v1/payments', { phone, amount, reference })
  assert.equal(made.status, 201, made.text)
  return String(made.body.id)
}

async function read(bed: Bed, id: string): Promise<Record<string, unknown>> {
  return (await bed.get(`/v1/payments/${id}`)).body
}

async function untilStatus(bed: Bed, id: string, status: string): Promise<Record<string, unknown>> {
  return until(`${status}`, async () => {
    const payment = await read(bed, id)
    return payment.status === status ? payment : null
  })
}

/** A payment that ended well, by whose receipt a statement is known for whole. */
async function pay(bed: Bed, phone: string): Promise<string> {
  const id = await create(bed, { phone, reference: `P${phone.slice(-4)}` })
  await untilStatus(bed, id, 'succeeded')
  return id
}

/** Neither the push's answer nor the callback comes. */
async function createLost(bed: Bed, wish: Wish): Promise<string> {
  await bed.simulator('PUT', '/simulator/faults', { droppedResponse: 1, lostCallback: 1 })
  const id = await create(bed, wish)
  await untilStatus(bed, id, 'uncertain')
  await bed.simulator('PUT', '/simulator/faults', {})
  return id
}

/** The push was refused with the error that leaves it open whether there is a prompt, and there was none. */
async function createUnsent(bed: Bed, wish: Wish): Promise<string> {
  await bed.simulator('PUT', '/simulator/faults', { internalErrorUnprompted: 1 })
  const id = await create(bed, wish)
  await untilStatus(bed, id, 'uncertain')
  await bed.simulator('PUT', '/simulator/faults', {})
  return id
}

type Pull = { last_outcome: string; remarks: Record<string, string> }

/** Moves time on, and waits for a statement to be read after it. */
async function pullAfter(bed: Bed, ms: number): Promise<Pull> {
  bed.clock.advance(ms)
  const from = new Date(bed.clock.now())
  return until('a pull', async () => {
    const found = await bed.db.pool.query<Pull & { last_at: Date | null }>('select * from statement_pulls')
    const [pull] = found.rows
    return pull !== undefined && pull.last_at !== null && pull.last_at >= from ? pull : null
  })
}

async function ledgerOf(bed: Bed, phone: string): Promise<{ receipt: string | null; resultCode: string }[]> {
  const { entries } = await bed.simulator('GET', `/simulator/ledger?phone=${phone}`)
  return entries as { receipt: string | null; resultCode: string }[]
}

test('a payment whose answer and callback were lost is settled by statement, with its receipt', async () => {
  await using bed = await start()
  const id = await createLost(bed, { phone: '254712000001' })
  await until('its end', async () => (await ledgerOf(bed, '254712000001'))[0]?.resultCode === '0')
  await pullAfter(bed, 6 * MINUTE)
  const payment = await untilStatus(bed, id, 'succeeded')
  const [truth] = await ledgerOf(bed, '254712000001')
  assert.equal(payment.receipt, truth?.receipt)
  assert.notEqual(payment.paid_at, null)
  const { source, confidence, amount_match: amount } = objectIn(payment, 'evidence')
  assert.deepEqual([source, confidence, amount], ['statement', 'proven', true])
  const events = await bed.get(`/v1/payments/${id}/events`)
  const types = (events.body.data as { type: string }[]).map(({ type }) => type)
  assert.deepEqual(types, ['payment.uncertain', 'payment.succeeded'])
})

test('a payment that never was is failed by a whole statement that reaches past it alone', async () => {
  await using bed = await start()
  await pay(bed, '254712000010')
  const id = await createUnsent(bed, { phone: '254712000001' })
  const hex = id.slice('pay_'.length)
  const remarkOf = ({ remarks }: Pull) =>
    Object.entries(remarks).find(([key]) => key.replaceAll('-', '') === hex)?.[1]
  assert.equal(remarkOf(await pullAfter(bed, 6 * MINUTE)), 'too_recent')
  assert.equal(remarkOf(await pullAfter(bed, 25 * MINUTE)), 'no_witness')
  await pay(bed, '254712000011')
  for (const [fault, outcome] of [
    ['garbled', 'read'],
    ['no_records', 'read'],
    ['error', 'refused'],
  ] as const) {
    await bed.simulator('PUT', '/simulator/pull', { fault })
    const pull = await pullAfter(bed, 20 * MINUTE)
    assert.equal(pull.last_outcome, outcome)
    assert.equal((await read(bed, id)).status, 'uncertain', fault)
  }
  await bed.simulator('PUT', '/simulator/pull', { offset: 'ignored', pageSize: 1 })
  assert.equal(remarkOf(await pullAfter(bed, 60 * MINUTE)), 'incomplete')
  await bed.simulator('PUT', '/simulator/pull', { offset: 'rows', nested: false, times: 'eat_z' })
  await pullAfter(bed, 20 * MINUTE)
  const payment = await untilStatus(bed, id, 'failed')
  assert.equal(objectIn(payment, 'result').code, 'not_on_statement')
  assert.equal(objectIn(payment, 'result').label, 'Not Paid')
  const { source, confidence } = objectIn(payment, 'evidence')
  assert.deepEqual([source, confidence], ['statement', 'confirmed'])
})

test('two payments alike, of which one was paid, stay open', async () => {
  await using bed = await start()
  const paid = await createLost(bed, { phone: '254712000001' })
  await until('its end', async () => (await ledgerOf(bed, '254712000001'))[0]?.resultCode === '0')
  const unpaid = await createUnsent(bed, { phone: '254712000001' })
  bed.clock.advance(12 * MINUTE)
  await pay(bed, '254712000011')
  const { remarks } = await pullAfter(bed, 20 * MINUTE)
  assert.deepEqual(Object.values(remarks), ['ambiguous', 'ambiguous'])
  for (const id of [paid, unpaid]) assert.equal((await read(bed, id)).status, 'uncertain')
})

test('only the shortcodes that are switched on are pulled for', async () => {
  await using bed = await start()
  const other = await bed.addMerchant('other')
  const headers = { 'x-api-key': other.key }
  const body = { phone: '254712000002', amount: 10, reference: 'INV-2' }
  await bed.simulator('PUT', '/simulator/faults', { droppedResponse: 1, lostCallback: 1 })
  const made = await bed.post('/v1/payments', body, headers)
  const path = `/v1/payments/${made.body.id}`
  await until('its uncertainty', async () => (await bed.get(path, headers)).body.status === 'uncertain')
  const mine = await createLost(bed, { phone: '254712000001' })
  await until('its end', async () => (await ledgerOf(bed, '254712000001'))[0]?.resultCode === '0')
  await pullAfter(bed, 30 * MINUTE)
  await untilStatus(bed, mine, 'succeeded')
  const found = await bed.db.pool.query<{ merchant_id: string }>('select * from statement_pulls')
  assert.deepEqual(
    found.rows.map((row) => row.merchant_id),
    [bed.merchant.id],
  )
  assert.equal((await bed.get(path, headers)).body.status, 'uncertain')
})
