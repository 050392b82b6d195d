// A Daraja that is down or busy, and phones with a prompt up: callers hear it fast, what is queued waits.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { silentLogger } from '../../src/log.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

/** The machine's clock, and then some. */
function movableClock() {
  let aheadMs = 0
  return {
    now: () => systemClock.now() + aheadMs,
    advance(ms: number) {
      aheadMs += ms
    },
  }
}

const pushSync = (bed: TestGateway, phoneNumber: string, headers: Record<string, string> = {}) =>
  bed.post('/api/mpesa/stkPush', { amount: 10, phoneNumber, accountId: 'A' }, headers)

async function create(bed: TestGateway, phone: string, expiresIn = 3_600): Promise<string> {
  const made = await bed.post('/v1/payments', { phone, amount: 10, reference: 'R', expires_in: expiresIn })
  assert.equal(made.status, 201, made.text)
  return String(made.body.id)
}

/** A second Daraja, to be known as the sandbox. */
async function startOtherDaraja() {
  const deps = { clock: systemClock, log: silentLogger }
  const simulator = await startSimulator(deps, { port: 0, host: '127.0.0.1' })
  simulator.setFaults({ callbackDelayMs: 100 })
  return { url: simulator.url, [Symbol.asyncDispose]: () => simulator.close() }
}

/** The keys of any simulator's shortcode. */
const SANDBOX = {
  number: '174379',
  consumer_key: 'simulator',
  consumer_secret: 'simulator-secret',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
}

const read = async (bed: TestGateway, id: string) => (await bed.get(`/v1/payments/${id}`)).body

async function pushesOf(bed: TestGateway, phone: string): Promise<Record<string, unknown>[]> {
  const { entries } = await bed.simulator('GET', `/simulator/ledger?phone=${phone}`)
  return entries as Record<string, unknown>[]
}

test('while Daraja fails callers hear it at once, what is queued waits, and all goes on after', async () => {
  const clock = movableClock()
  await using bed = await startTestGateway({ clock })
  const first = await pushSync(bed, '254712000001', { 'idempotency-key': 'before' })
  assert.equal(first.status, 200)
  await bed.simulator('PUT', '/simulator/faults', { htmlError: 1 })
  for (const n of [1, 2, 3, 4, 5]) assert.equal((await pushSync(bed, `25471200010${n}`)).status, 504)

  const refused = await pushSync(bed, '254712000111')
  assert.equal(refused.status, 503)
  assert.match(String(refused.headers.get('retry-after')), /^[1-9]\d*$/)
  assert.match(String(refused.body.message), /Nothing was sent; a new try is safe/)
  const record = { phone: '254712000112', amount: 10, reference: 'R' }
  const sync = await bed.post('/api/stk-push?mode=sync', record)
  assert.deepEqual([sync.status, sync.body.success], [503, false])
  const replayed = await pushSync(bed, '254712000001', { 'idempotency-key': 'before' })
  assert.deepEqual([replayed.status, replayed.body], [200, first.body], 'what was made before is answered')
  const payments = await bed.db.pool.query('select count(*)::integer as count from payments')
  assert.equal(payments.rows[0]?.count, 6, 'what was refused is not kept')
  const metrics = await (await fetch(bed.gateway.metricsUrl ?? '')).text()
  assert.match(metrics, /sukuma_push_shortcodes\{environment="simulator",breaker="open"\} 1/)

  const queued = await create(bed, '254712000113')
  await bed.simulator('PUT', '/simulator/faults', {})
  assert.equal((await read(bed, queued)).status, 'queued')
  assert.deepEqual(await pushesOf(bed, '254712000111'), [], 'nothing was sent')
  clock.advance(8_000)
  await until('its verdict', async () => (await read(bed, queued)).status === 'succeeded')
  assert.equal((await pushesOf(bed, '254712000113')).length, 1)
  await until('the way back', async () => (await pushSync(bed, '254712000111')).status === 200)
})

test('a payment to a phone that M-Pesa calls busy waits, and fails as customer busy in the end', async () => {
  const clock = movableClock()
  await using bed = await startTestGateway({ clock })
  const id = await create(bed, '254700071001', 60)
  await until('its first push', async () => (await pushesOf(bed, '254700071001')).length > 0)
  await until('its return to the queue', async () => (await read(bed, id)).status === 'queued')
  assert.equal((await read(bed, id)).result, null)
  clock.advance(61_000)
  const payment = await until('its end', async () => {
    const latest = await read(bed, id)
    return latest.status === 'failed' ? latest : null
  })
  const result = objectIn(payment, 'result')
  assert.deepEqual([result.code, result.label, result.retryable], ['customer_busy', 'Customer Busy', true])
  assert.match(String(objectIn(result, 'message').sw), /muamala mwingine/)
  const data = objectIn((await bed.get(`/api/stk-push/${payment.tracking_id}`)).body, 'data')
  assert.deepEqual([data.status_label, data.response_code], ['Rejected', 'not_sent'])
  assert.match(String(data.response_description), /another M-Pesa prompt|busy/i)
})

test('a phone with a prompt up is not pushed to in vain, and gets the next after its answer', async () => {
  const clock = movableClock()
  await using bed = await startTestGateway({ clock, env: { SIMULATOR_SPEED: '5' } })
  const phone = '254712345678'
  await bed.simulator('POST', '/simulator/phones', { number: phone })
  const first = await create(bed, phone)
  await until('its prompt', async () => (await read(bed, first)).status === 'pending')
  const second = await create(bed, phone)
  for (const times of [1, 2]) {
    clock.advance(6_000)
    await until(`being held back ${times} times`, async () => {
      const found = await bed.db.pool.query('select attempts from payments where state = $1', ['queued'])
      return Number(found.rows[0]?.attempts) === times
    })
  }
  assert.equal((await pushesOf(bed, phone)).length, 1, 'nobody pushed')
  const now = await pushSync(bed, phone)
  assert.equal(now.status, 422, 'a caller who waits hears it from Daraja itself')
  assert.match(String(now.body.message), /another M-Pesa prompt open/)

  const { checkout_request_id: prompt } = await read(bed, first)
  await bed.simulator('POST', `/simulator/prompts/${prompt}/answer`, { action: 'cancel' })
  await until('the first verdict', async () => (await read(bed, first)).status === 'failed')
  await until('the second prompt', async () => {
    clock.advance(1_000)
    return (await read(bed, second)).status === 'pending'
  })
  const prompted = (await pushesOf(bed, phone)).filter(({ promptShown }) => promptShown === true)
  assert.equal(prompted.length, 2)
  clock.advance(91_000)
  await until('its uncertainty', async () => (await read(bed, second)).status === 'uncertain')
  const { uncertain } = (await bed.get(`/v1/payments/${second}/trail`)).body as {
    uncertain: { detail: string }
  }
  const detail = "The prompt's time is over, and M-Pesa has not said how it ended."
  assert.equal(uncertain.detail, detail, 'not a word of the prompt before')
})

test('a flood of one merchant keeps no prompt of another back', async () => {
  await using bed = await startTestGateway()
  const other = await bed.addMerchant('other')
  // Daraja takes its time, so that the flood fills every place it can.
  await bed.simulator('PUT', '/simulator/faults', { pushDelayMs: 3_600_000 })
  const flood = Array.from({ length: 900 }, (_, n) => create(bed, `25472${String(n).padStart(7, '0')}`))
  await Promise.all(flood)
  const { rows } = await bed.db.pool.query(`select 1 from payments where state = 'queued'`)
  assert.ok(rows.length >= 100, 'the flood waits in the database')
  const body = { phone: '254733000001', amount: 10, reference: 'R' }
  const made = await bed.post('/v1/payments', body, { 'x-api-key': other.key })
  assert.equal(made.body.status, 'sending', 'the other merchant does not wait')
})

test('a prompt of the simulator’s keeps no payment of another Daraja’s back', async () => {
  await using sandbox = await startOtherDaraja()
  await using bed = await startTestGateway({ env: { DARAJA_SANDBOX_URL: sandbox.url } })
  await bed.simulator('PUT', '/simulator/faults', { promptLifeMs: 3_600_000 })
  const phone = '254712345678'
  await bed.simulator('POST', '/simulator/phones', { number: phone })
  const first = await create(bed, phone)
  await until('its prompt', async () => (await read(bed, first)).status === 'pending')
  const shortcode = await bed.post('/v1/shortcodes', { ...SANDBOX, environment: 'sandbox' })
  const wish = { phone, amount: 10, reference: 'R', shortcode: shortcode.body.id, wait: 30 }
  const made = await bed.post('/v1/payments', wish)
  assert.equal(made.body.status, 'succeeded', made.text)
  assert.equal((await read(bed, first)).status, 'pending')
})
