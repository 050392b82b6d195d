import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { untilShown } from '../../test/support/feed.ts'
import { manualClock } from '../clock.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { createLocalClock } from '../local-time.ts'
import { silentLogger } from '../log.ts'
import { twoDays } from './overview.ts'
import { createVerdictTotals } from './verdict-totals.ts'
import { beginTotals, foldVerdicts, readQuarters, readSpans, type Side } from './verdict-totals-store.ts'

let db: TestDatabase
const clock = manualClock(Date.parse('2026-03-21T11:00:00Z'))
const newUuid = createUuidSource(clock)
before(async () => {
  db = await createTestDatabase()
})
after(() => db[Symbol.asyncDispose]())

type Verdict = {
  minutesAgo: number
  outcome: 'paid' | 'declined' | 'refused'
  amountKes: number
  waitS: number
}

const verdicts = fc.array(
  fc.record({
    minutesAgo: fc.nat({ max: 3_000 }),
    outcome: fc.constantFrom<Verdict['outcome']>('paid', 'declined', 'refused'),
    amountKes: fc.integer({ min: 1, max: 250_000 }),
    waitS: fc.nat({ max: 900 }),
  }),
  { maxLength: 40 },
)

const TYPES = { paid: 'payment.succeeded', declined: 'payment.failed', refused: 'payment.failed' }

async function tell(side: Side, verdict: Verdict): Promise<void> {
  const at = new Date(clock.now() - verdict.minutesAgo * 60_000)
  const snapshot = {
    shortcode_id: newUuid(),
    outcome: verdict.outcome,
    result_code: verdict.outcome === 'paid' ? '0' : '1032',
    result_desc: 'Said so',
    amount: verdict.amountKes,
    settled_at: at.toISOString(),
    prompted_at: new Date(at.getTime() - verdict.waitS * 1_000).toISOString(),
  }
  await db.pool.query(
    `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
     values ($1, $2, $3, $4, $5, 1, $6, $7)`,
    [side.merchantId, newUuid(), side.live, TYPES[verdict.outcome], newUuid(), snapshot, at],
  )
}

function sums(all: readonly Verdict[]) {
  const paid = all.filter(({ outcome }) => outcome === 'paid')
  return {
    amountKes: paid.reduce((sum, { amountKes }) => sum + amountKes, 0),
    paid: paid.length,
    failed: all.length - paid.length,
  }
}

test('each verdict is added up once, in batches of any size and by several at once', async () => {
  await fc.assert(
    fc.asyncProperty(verdicts, verdicts, fc.integer({ min: 1, max: 50 }), async (first, second, batch) => {
      const side = { merchantId: newUuid(), live: true }
      await beginTotals({ db: db.pool }, side, new Date(0))
      const foldAll = async () => {
        while ((await foldVerdicts({ db: db.pool }, side, batch)) > 0);
      }
      for (const verdict of first) await tell(side, verdict)
      await Promise.all([foldAll(), foldAll()])
      for (const verdict of second) await tell(side, verdict)
      await Promise.all([foldAll(), foldAll(), foldAll()])
      await untilShown(db)
      await foldAll()
      const all = [...first, ...second]
      const quarters = await readQuarters({ db: db.pool }, side, new Date(0))
      const total = quarters.reduce((sum, { count }) => sum + count, 0)
      assert.equal(total, all.length)
      const waited = quarters.flatMap(({ waits }) => waits).reduce((sum, count) => sum + count, 0)
      assert.equal(waited, all.filter(({ outcome }) => outcome !== 'refused').length)
      const starts = [new Date(0), new Date(clock.now() + 3_600_000)]
      assert.deepEqual(await readSpans({ db: db.pool }, side, starts), [sums(all)])
      // Whole quarters of an hour: what lies in today's is today's in every zone.
      const local = createLocalClock('Asia/Kathmandu')
      const { today, hours, yesterday } = twoDays(quarters, local, clock.now())
      const isOn = (date: string) => (verdict: Verdict) =>
        local.at(clock.now() - verdict.minutesAgo * 60_000).date === date
      assert.deepEqual(sums(all.filter(isOn(today.date))), { ...pick(today) })
      assert.deepEqual(sums(all.filter(isOn(yesterday.date))), { ...pick(yesterday) })
      const byHour = hours.map((hour) => hour.today?.paid ?? 0).reduce((sum, paid) => sum + paid, 0)
      assert.equal(byHour, today.paid)
    }),
    { numRuns: 15 },
  )
})

function pick({ amountKes, paid, failed }: { amountKes: number; paid: number; failed: number }) {
  return { amountKes, paid, failed }
}

test('a history too long for one look is added up behind it, and the next look has it whole', async () => {
  const merchantId: Uuid = newUuid()
  const side = { merchantId, live: false }
  await db.pool.query(
    `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
     select $1, gen_random_uuid(), false, 'payment.succeeded', gen_random_uuid(), 1, $2, $3
     from generate_series(1, 9000)`,
    [
      merchantId,
      { shortcode_id: newUuid(), outcome: 'paid', result_code: '0', amount: 1 },
      new Date(clock.now()),
    ],
  )
  await untilShown(db)
  const totals = createVerdictTotals({ db: db.pool, clock, log: silentLogger })
  assert.equal(await totals.bringUp(side), false)
  await totals.idle()
  assert.equal(await totals.bringUp(side), true)
  const [total] = await readQuarters({ db: db.pool }, side, new Date(0))
  assert.equal(total?.count, 9_000)
})
