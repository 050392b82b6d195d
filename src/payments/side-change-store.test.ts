import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPaymentBench, type PaymentBench } from '../../test/support/payment-bench.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { momentText, readMoment, readMomentText, readSideChanges } from './side-change-store.ts'

let database: TestDatabase
let bench: PaymentBench
let pool: pg.Pool
let shortcodeId: string
before(async () => {
  database = await createTestDatabase()
  pool = database.pool
  bench = createPaymentBench(pool)
  shortcodeId = bench.newUuid()
  await pool.query(`insert into merchants (id, name, created_at) values ($1, 'Duka', now())`, [
    bench.merchantId,
  ])
  await pool.query(
    `insert into shortcodes (merchant_id, id, environment, kind, number, credential_id, credentials_sealed,
       created_at, updated_at)
     values ($1, $2, 'simulator', 'paybill', '174379', 'c', '', now(), now())`,
    [bench.merchantId, shortcodeId],
  )
})
after(() => database[Symbol.asyncDispose]())

type Step =
  | { kind: 'begin'; change: 'new' | 'event' | 'prompt' }
  | { kind: 'commit' | 'rollback'; which: number }
  | { kind: 'read' }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant<'begin'>('begin'),
        change: fc.constantFrom<'new' | 'event' | 'prompt'>('new', 'event', 'prompt'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom<'commit' | 'rollback'>('commit', 'commit', 'rollback'),
        which: fc.nat(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant<'read'>('read') }) },
  ),
  { maxLength: 24 },
)

/** What was begun before a reading commits after it. */
const LATE_COMMITS = (['new', 'event', 'prompt'] as const).flatMap((change): [Step[], boolean][] => {
  const late: Step[] = [
    { kind: 'begin', change },
    { kind: 'read' },
    { kind: 'commit', which: 0 },
    { kind: 'read' },
  ]
  return [
    [late, false],
    [late, true],
  ]
})

/** A transaction that has changed one payment and is not committed yet. */
type Open = { client: pg.PoolClient; id: string }

async function begin(change: 'new' | 'event' | 'prompt'): Promise<Open> {
  // What changes later is there before, and older than the newest ids that are looked at.
  const old = await bench.addPayment({ state: 'pending' })
  const fresh = bench.newUuid()
  const long = bench.at(-3_600_000)
  const id = change === 'new' ? fresh : aged(old.paymentId, long.getTime())
  if (change !== 'new') {
    await pool.query('update payments set id = $2, shortcode_id = $3 where id = $1', [
      old.paymentId,
      id,
      shortcodeId,
    ])
  }
  const client = await pool.connect()
  await client.query('begin')
  if (change === 'new') {
    await client.query('update payments set id = $2 where id = $1', [old.paymentId, fresh])
  } else if (change === 'prompt') {
    await client.query(`update payments set updated_at = updated_at + interval '1 s' where id = $1`, [id])
  } else {
    await client.query(
      `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
       values ($1, $2, false, 'payment.uncertain', $3, 1, '{}', now())`,
      [bench.merchantId, bench.newUuid(), id],
    )
  }
  return { client, id }
}

/** The id, as if it had been made then. */
function aged(id: string, atMs: number): string {
  const hex = atMs.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`
}

async function checkEveryChange(): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (sequence, comesAgain) => {
      const side = { merchantId: bench.merchantId, live: false }
      const open: Open[] = []
      const committed = new Set<string>()
      const told = new Set<string>()
      let moment = await readMoment({ db: pool }, bench.clock.now())
      const read = async () => {
        const options = { limit: 1_000, nowMs: bench.clock.now() }
        const changes = await readSideChanges({ db: pool }, side, moment, options)
        for (const payment of changes.payments) told.add(payment.id)
        moment = changes.moment
        if (!comesAgain) return
        const again = readMomentText(momentText(moment), bench.clock.now())
        assert.ok(again !== null)
        moment = again
      }
      for (const step of sequence) {
        if (step.kind === 'begin') open.push(await begin(step.change))
        else if (step.kind === 'read') await read()
        else {
          const [each] = open.splice(step.which % Math.max(1, open.length), 1)
          if (each === undefined) continue
          await each.client.query(step.kind)
          each.client.release()
          // What was told of it before was of its former state.
          told.delete(each.id)
          if (step.kind === 'commit') committed.add(each.id)
        }
      }
      for (const { client, id } of open) {
        await client.query('commit')
        client.release()
        told.delete(id)
        committed.add(id)
      }
      await read()
      assert.deepEqual(
        [...committed].filter((id) => !told.has(id)),
        [],
      )
    }),
    { numRuns: 40, examples: LATE_COMMITS },
  )
}

test('every change is told in whatever order it commits, to who goes on and to who comes again', () =>
  checkEveryChange())

test('after a restore into another server every change is told, and none for ever', async () => {
  await pool.query(`update installation set system_identifier = 'the former server'`)
  await migrateDatabase(database.url)
  await checkEveryChange()
  const { client } = await begin('event')
  await client.query('commit')
  client.release()
  const moment = await readMoment({ db: pool }, bench.clock.now())
  const options = { limit: 1_000, nowMs: bench.clock.now() }
  const side = { merchantId: bench.merchantId, live: false }
  const { payments } = await readSideChanges({ db: pool }, side, moment, options)
  assert.deepEqual(payments, [])
})
