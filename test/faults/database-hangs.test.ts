// A database that does not answer, or answers after seconds: every caller hears so in time, in the shape of
// its surface, and when it answers again the gateway goes on by itself.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, type TestContext, test } from 'node:test'
import { holdLock } from '../../src/db/testing/lock-holder.ts'
import { STK_CALLBACK_EXAMPLE } from '../../src/http/hooks/hooks-schema.ts'
import { createLogger } from '../../src/log.ts'
import { createTestDatabase } from '../support/database.ts'
import { type Answer, startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { auditPayers, startPayers } from '../support/payers.ts'
import { type PostgresProxy, startPostgresProxy } from '../support/postgres-proxy.ts'

let bed: TestGateway
let proxy: PostgresProxy
let cleanUp: AsyncDisposableStack
/** What the gateway logs, from warnings on. */
let lines: string[]
beforeEach(async () => {
  cleanUp = new AsyncDisposableStack()
  const own: string[] = []
  lines = own
  const log = createLogger('warn', { write: (line) => own.push(line) })
  const db = cleanUp.use(await createTestDatabase())
  proxy = cleanUp.use(await startPostgresProxy())
  bed = cleanUp.use(await startTestGateway({ log, db: { ...db, url: proxy.through(db.url) } }))
})
afterEach(() => cleanUp.disposeAsync())

const FLOOD = 400
/**
 * Each is refused after 4 s, or 8 when its key was looked up in between; whether some are refused at once
 * depends on which statement is late when.
 */
const CALLERS = 24
const PAYMENT = { phone: '254700000000', amount: 1, reference: 'R' }

/** Ends the fault, and tells how long it took until a payment was taken again. */
async function recover(t: TestContext): Promise<void> {
  const beganMs = performance.now()
  proxy.set({ kind: 'none' })
  await until('a payment', async () => (await bed.post('/v1/payments', PAYMENT)).status === 201)
  t.diagnostic(`payments again after ${Math.round(performance.now() - beganMs)} ms`)
  await until('readiness', async () => (await bed.get('/readyz')).status === 200)
}

function assertRefused(answer: Answer): void {
  assert.equal(answer.status, 503, answer.text)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
}

test('while it hangs every surface says 503 in its own shape, and nothing is sent', async (t) => {
  const paid = await bed.post('/v1/payments', { ...PAYMENT, wait: 20 })
  assert.equal(paid.body.status, 'succeeded')
  proxy.set({ kind: 'stall' })
  const plain = { phone: '0712345678', amount: 1, reference: 'R' }
  const mpesa = { amount: 1, phoneNumber: '254700000000', accountId: 'A' }
  const [v1, list, one, async_, sync, look, push, callback, ready] = await Promise.all([
    bed.post('/v1/payments', PAYMENT),
    bed.get('/v1/payments'),
    bed.get(`/v1/payments/${paid.body.id}`),
    bed.post('/api/stk-push', plain),
    bed.post('/api/stk-push?mode=sync', plain),
    bed.get(`/api/stk-push/${paid.body.tracking_id}`),
    bed.post('/api/mpesa/stkPush', mpesa),
    bed.post('/hooks/stk-push', STK_CALLBACK_EXAMPLE),
    bed.get('/readyz'),
  ])
  for (const answer of [v1, list, one, async_, sync, look, push, callback]) assertRefused(answer)
  for (const answer of [v1, list, one]) assert.equal(answer.body.code, 'unavailable')
  for (const answer of [async_, sync, look, push]) assert.equal(answer.body.success, false)
  assert.equal(callback.body.ResultCode, 1)
  assert.equal(ready.status, 503)
  assert.match(String(ready.body.reason), /database/)
  assert.equal((await bed.get('/healthz')).status, 200)
  const ledger = await bed.simulator('GET', '/simulator/ledger')
  assert.equal(ledger.count, 1)
  await recover(t)
})

test('a flood on a database that hangs is answered to the last request while it still hangs', async (t) => {
  await bed.post('/v1/payments', PAYMENT)
  proxy.set({ kind: 'stall' })
  const requests = Array.from({ length: FLOOD }, (_, n) =>
    n % 2 === 0 ? bed.post('/v1/payments', PAYMENT) : bed.get('/v1/payments'),
  )
  for (const answer of await Promise.all(requests)) assertRefused(answer)
  await recover(t)
})

test('with 5 s a statement it turns payments away and loses none', async (t) => {
  const payers = cleanUp.use(startPayers(bed, 'S', CALLERS))
  await until('the first payments', async () => payers.acknowledged.size >= 20)
  proxy.set({ kind: 'delay', answerMs: 5_000 })
  await until('refusals', async () => payers.refused.size >= 40)
  assert.equal((await bed.get('/readyz')).status, 503)
  await recover(t)
  await payers.stop()
  await auditPayers(bed, bed.db.pool, payers)
})

test('a database that comes and goes loses no payment, and the log is not flooded', async () => {
  const payers = cleanUp.use(startPayers(bed, 'F'))
  for (let round = 1; round <= 3; round += 1) {
    const before = payers.acknowledged.size
    await until('payments', async () => payers.acknowledged.size >= before + 20)
    proxy.set({ kind: 'refuse' })
    proxy.cutAll()
    const refused = payers.refused.size
    await until('refusals', async () => payers.refused.size >= refused + 20)
    proxy.set({ kind: 'none' })
  }
  const before = payers.acknowledged.size
  await until('payments', async () => payers.acknowledged.size >= before + 20)
  await payers.stop()
  await auditPayers(bed, bed.db.pool, payers)
  // Reads and writes are told of apart.
  assert.ok(lines.length >= 1 && lines.length <= 6, lines.join(''))
})

test('a disk that is full refuses payments, lets what is there be read, and takes them again', async (t) => {
  const payers = cleanUp.use(startPayers(bed, 'D'))
  await until('the first payments', async () => payers.acknowledged.size >= 20)
  const text = 'could not extend file: No space left on device'
  proxy.set({ kind: 'error', statement: 'payment_insert', state: '53100', text })
  await until('refusals', async () => payers.refused.size >= 40)
  assert.equal((await bed.get('/v1/payments')).status, 200)
  await recover(t)
  await payers.stop()
  await auditPayers(bed, bed.db.pool, payers)
  assert.equal(lines.length, 1, lines.join(''))
  assert.match(lines[0] ?? '', /the database is away: could not extend file/)
})

test('a gateway ends while a statement of a sweep hangs', async () => {
  await using holder = await holdLock(bed.db, 'lock table alert_looks in access exclusive mode')
  await holder.untilOneWaits()
  await bed.gateway.close()
  const { rows } = await bed.db.pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  assert.notEqual(rows.length, 0, 'it hangs still')
  await holder.release()
})
