// The questions that M-Pesa may be asked, spent by two gateways on one database together: by the simulator's
// own count they stay within its limit, whatever waits and whoever polls.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock, scaledClock } from '../../src/clock.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import { type SharedDaraja, startSharedDaraja } from '../support/shared-daraja.ts'

/** A sweep a second is then one in about 15 s: each gateway by itself would stay within the limit. */
const FACTOR = 15
/** Each fails at once, and its callback is lost: a failure is a verdict at any age of its prompt. */
const FAILING_PHONES = [1032, 1, 2001, 17, 26, 8006, 2, 3, 4, 8].map(
  (code) => `25470001${String(code).padStart(4, '0')}`,
)
const PAYMENTS = FAILING_PHONES.length
/** The sandbox's limit: five a minute, burst one (Daraja, STK query). */
const GAP_MS = 12_000
const FIRST_QUESTION_MS = 30_000
/**
 * A phone has one prompt at a time; each of these has another verdict, and no callback. The first is asked
 * about before its prompt's time is over, when only a failure is a verdict.
 */
const LOST_CALLBACK_PHONES = ['11032', '10000', '11037', '12001', '11019', '10001'].map(
  (end) => `2547000${end}`,
)

function questionsPut(shared: SharedDaraja): number {
  return shared.simulator.ledger().reduce((sum, { queries }) => sum + queries, 0)
}

async function openOf(shared: SharedDaraja): Promise<number> {
  const found = await shared.gateways[0].db.pool.query<{ count: string }>(
    `select count(*) from payments where state in ('sending', 'pending', 'uncertain')`,
  )
  return Number(found.rows[0]?.count ?? 0)
}

test('two gateways together ask as seldom as one app must, and find out about every payment', async () => {
  const clock = scaledClock(Date.now(), FACTOR)
  await using shared = await startSharedDaraja({ clock, clockFactor: FACTOR })
  const gatewayOf = (n: number) => shared.gateways[n % 2 === 0 ? 0 : 1]
  await Promise.all(FAILING_PHONES.map((phone, n) => shared.pay(gatewayOf(n), { phone })))
  await until('every verdict', async () => (await openOf(shared)) === 0)
  const questions = questionsPut(shared)
  const pushes = shared.simulator.ledger().map(({ pushedAtMs }) => pushedAtMs)
  const allowed = (clock.now() - Math.min(...pushes) - FIRST_QUESTION_MS) / GAP_MS + 1
  assert.ok(questions <= allowed, `${questions} questions, ${allowed} allowed`)
  assert.ok(questions >= PAYMENTS)
})

test('a payment that gets no permit is not written, however long it waits', async () => {
  const clock = manualClock(Date.now())
  await using shared = await startSharedDaraja({ clock })
  const [one] = shared.gateways
  for (const [n, phone] of LOST_CALLBACK_PHONES.entries()) {
    await shared.pay(one, { phone })
    await until('the prompt’s end', async () => shared.simulator.ledger()[n]?.resultCode != null)
    await until('its acceptance', async () => (await openOf(shared)) === n + 1)
  }
  clock.advance(31_000)
  await until('the first question', async () => questionsPut(shared) === 1)
  await until('its verdict', async () => (await openOf(shared)) === 5)
  const rows = () =>
    one.db.pool.query(`select id, xmin::text from payments where state = 'pending' order by id`)
  const waiting = (await rows()).rows
  assert.equal(waiting.length, 5)
  const swept = await one.db.pool.query('select permits from query_budgets')
  assert.equal(swept.rows.length, 1, 'both gateways share one budget')
  // While one payment is waited for, both sweep several times.
  const path = `/v1/payments/${String(waiting[0].id).replaceAll('-', '')}`.replace(
    'payments/',
    'payments/pay_',
  )
  assert.equal((await one.get(`${path}?wait=4`)).status, 200)
  assert.deepEqual((await rows()).rows.slice(1), waiting.slice(1))
})

test('a thousand polls cost M-Pesa no question, and the database next to nothing', async () => {
  const clock = manualClock(Date.now())
  await using bed = await startTestGateway({ clock, env: { SIMULATOR_SPEED: '0.001' } })
  const made = await bed.post('/v1/payments', { phone: '254700090000', amount: 10, reference: 'R' })
  const path = `/v1/payments/${String(made.body.id)}`
  const payment = await until('its prompt', async () => {
    const { body } = await bed.get(path)
    return body.status === 'pending' ? body : null
  })
  await bed.simulator('PUT', '/simulator/faults', { queryTooEarlyMs: 0 })
  clock.advance(31_000)
  const queries = async () => {
    const { rows } = await bed.db.pool.query('select queries, last_query, wanted_at from payments')
    return rows[0]
  }
  await until('the scheduled question', async () => (await queries()).queries === 1)
  for (let n = 0; n < 100; n += 1) {
    const checkoutRequestId = payment.checkout_request_id
    const polls = Array.from({ length: 5 }, () => [
      bed.get(path),
      bed.post('/api/mpesa/check-status', { checkoutRequestId }),
    ]).flat()
    for (const answer of await Promise.all(polls)) assert.equal(answer.status, 200)
    clock.advance(100)
  }
  const after = await queries()
  assert.equal(after.queries, 1, 'the schedule has no second one in these ten seconds')
  assert.equal(after.last_query.kind, 'in_flight')
  assert.ok(after.wanted_at, 'its answer is worth more now')
})
