// A logical restore into another server, whose transaction ids overlap those of the former one: the rows keep
// their ids, and everything that goes by the event feed goes on where it was.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type pg from 'pg'
import { systemClock } from '../../src/clock.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'
import { createUuidSource, type Uuid } from '../../src/ids.ts'
import { type FeedPosition, listEvents } from '../../src/payments/event-store.ts'
import { forgetDuePhones } from '../../src/payments/forget-phone-store.ts'
import { foldVerdicts, readQuarters, type Side } from '../../src/payments/verdict-totals-store.ts'
import { samplePaymentRow } from '../../src/webhooks/testing/sample-payment.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { untilShown } from '../support/feed.ts'

const newUuid = createUuidSource(systemClock)
const NO_UUID = '00000000-0000-0000-0000-000000000000' as Uuid

/** What the first start after a restore finds, and does. */
async function startElsewhere({ pool, url }: TestDatabase): Promise<void> {
  await pool.query(`update installation set system_identifier = 'the former server'`)
  await migrateDatabase(url)
}

/** Ids of the former server: two that the new one gave out long ago, and two that it has not come to yet. */
async function formerIds(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ next: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as next',
  )
  const next = BigInt(rows[0]?.next ?? 0)
  return [next - 200n, next - 199n, next + 1_000_000n, next + 1_000_001n].map(String)
}

/** A settled payment and its event; written by the server itself where `tx` is not given. */
async function tell(pool: pg.Pool, side: Side, id: Uuid, tx: string | null = null): Promise<FeedPosition> {
  const digits = String(await countPayments(pool)).padStart(8, '0')
  const row = samplePaymentRow({ merchant_id: side.merchantId, live: side.live, phone: `2547${digits}` })
  const columns = Object.keys(row).join(', ')
  await pool.query(
    `insert into payments (${columns}) select ${columns} from jsonb_populate_record(null::payments, $1)`,
    [row],
  )
  await pool.query(
    `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at)
     values ($1, $2, $3, 'payment.succeeded', $4, 1, $5, $6)`,
    [side.merchantId, id, side.live, row.id, row, row.settled_at],
  )
  const { rows } = await pool.query<FeedPosition>(
    `update events set tx = coalesce($3::text::xid8, tx) where merchant_id = $1 and id = $2
     returning tx::text as tx, id`,
    [side.merchantId, id, tx],
  )
  assert.ok(rows[0] !== undefined)
  return rows[0]
}

async function countPayments(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::integer as count from payments')
  return rows[0]?.count ?? 0
}

/** Events as a restore leaves them, in the order of the feed, which is not that of their own ids. */
async function tellFormer(pool: pg.Pool, side: Side): Promise<FeedPosition[]> {
  const ids = [newUuid(), newUuid(), newUuid(), newUuid()].reverse()
  const told: FeedPosition[] = []
  for (const [index, tx] of (await formerIds(pool)).entries()) {
    told.push(await tell(pool, side, ids[index] ?? NO_UUID, tx))
  }
  return told
}

/** Everything behind `after`, page by page. */
async function readOn(pool: pg.Pool, side: Side, after: FeedPosition | null): Promise<FeedPosition[]> {
  const read: FeedPosition[] = []
  for (let page = await listEvents({ db: pool }, side, { limit: 2, after, type: null }); ; ) {
    read.push(...page.events.map(({ position }) => position))
    if (!page.hasMore) return read
    page = await listEvents({ db: pool }, side, { limit: 2, after: page.next, type: null })
  }
}

const newSide = (): Side => ({ merchantId: newUuid(), live: false })

test('after a restore every cursor of before goes on: nothing is missed or comes twice', async () => {
  await using database = await createTestDatabase()
  const { pool } = database
  const side = newSide()
  const former = await tellFormer(pool, side)
  const [last] = former.slice(-1)
  assert.ok(last !== undefined)
  // Behind an event that came after the backup.
  const lost = { tx: String(BigInt(last.tx) + 1_000_000n), id: newUuid() }
  await startElsewhere(database)
  const own = [await tell(pool, side, newUuid()), await tell(pool, side, newUuid())]
  await untilShown(database)
  const all = [...former, ...own]
  assert.deepEqual(await readOn(pool, side, null), all)
  for (const [index, cursor] of all.entries()) {
    assert.deepEqual(await readOn(pool, side, cursor), all.slice(index + 1), `behind event ${index}`)
  }
  assert.deepEqual(await readOn(pool, side, lost), own)
})

test('the same backup can be restored again: cursors of the time between go on too', async () => {
  await using database = await createTestDatabase()
  const { pool } = database
  const side = newSide()
  const former = await tellFormer(pool, side)
  const { rows } = await pool.query<{ definition: string }>(
    `select pg_get_functiondef('feed_tx'::regproc) as definition`,
  )
  await startElsewhere(database)
  const between = await tell(pool, side, newUuid())
  await untilShown(database)
  assert.deepEqual(await readOn(pool, side, null), [...former, between])
  await pool.query('delete from events where id = $1', [between.id])
  await pool.query(String(rows[0]?.definition))
  await startElsewhere(database)
  const own = await tell(pool, side, newUuid())
  await untilShown(database)
  assert.deepEqual(await readOn(pool, side, between), [own])
  assert.deepEqual(await readOn(pool, side, null), [...former, own])
})

test('places of a server whose clock was ahead are behind what the next one writes', async () => {
  await using database = await createTestDatabase()
  const { pool } = database
  const side = newSide()
  const ahead = await tell(pool, side, newUuid(), String(BigInt(systemClock.now() + 86_400_000) * 1_000n))
  await startElsewhere(database)
  const own = await tell(pool, side, newUuid())
  await untilShown(database)
  assert.deepEqual(await readOn(pool, side, null), [ahead, own])
  assert.deepEqual(await readOn(pool, side, ahead), [own])
})

test('after going back to the former server nobody misses anything', async () => {
  await using database = await createTestDatabase()
  const { pool } = database
  const side = newSide()
  const own = [await tell(pool, side, newUuid()), await tell(pool, side, newUuid())]
  await untilShown(database)
  const elsewhere = { tx: String(systemClock.now() * 1_000), id: newUuid() }
  assert.deepEqual(await readOn(pool, side, elsewhere), own)
})

test('after a restore each verdict is added up once, however far the totals were', async () => {
  await using database = await createTestDatabase()
  const { pool } = database
  const sides = [0, 1, 2, 3, 4].map(() => newSide())
  for (const [counted, side] of sides.entries()) {
    const reached = [{ tx: '0', id: NO_UUID }, ...(await tellFormer(pool, side))][counted]
    await pool.query(
      'insert into verdict_totals_reached (merchant_id, live, tx, event_id) values ($1, $2, $3, $4)',
      [side.merchantId, side.live, reached?.tx, reached?.id],
    )
  }
  await startElsewhere(database)
  for (const side of sides) await tell(pool, side, newUuid())
  await untilShown(database)
  for (const [counted, side] of sides.entries()) {
    while ((await foldVerdicts({ db: pool }, side, 2)) > 0);
    const quarters = await readQuarters({ db: pool }, side, new Date(0))
    const count = quarters.reduce((sum, quarter) => sum + quarter.count, 0)
    assert.equal(count, 4 - counted + 1, `${counted} of 4 were counted before`)
  }
})

test('after a restore the forgetting of numbers goes on, however far it was', async () => {
  await using database = await createTestDatabase()
  const { pool } = database
  const sides = [0, 1, 2, 3, 4].map(() => newSide())
  for (const [done, side] of sides.entries()) {
    const reached = [{ tx: '0', id: NO_UUID }, ...(await tellFormer(pool, side))][done]
    await pool.query(
      'insert into phones_forgotten (merchant_id, live, tx, event_id) values ($1, $2, $3, $4)',
      [side.merchantId, side.live, reached?.tx, reached?.id],
    )
  }
  await startElsewhere(database)
  for (const side of sides) await tell(pool, side, newUuid())
  await untilShown(database)
  for (const [done, side] of sides.entries()) {
    const counts: number[] = []
    do {
      const wish = { settledBefore: new Date(systemClock.now()), limit: 2 }
      counts.push((await forgetDuePhones({ db: pool }, side, wish)).forgotten)
    } while (counts.at(-1) !== 0)
    const forgotten = counts.reduce((sum, count) => sum + count, 0)
    assert.equal(forgotten, 4 - done + 1, `${done} of 4 were forgotten before`)
  }
})

test('after a restore no merchant counts as changed for ever', async () => {
  await using database = await createTestDatabase()
  const { pool } = database
  await pool.query(`insert into merchant_changes (merchant_id, tx) values ($1, '99999999999')`, [newUuid()])
  const ahead = () =>
    pool.query(`select from merchant_changes where tx > pg_snapshot_xmax(pg_current_snapshot())`)
  assert.notEqual((await ahead()).rows.length, 0)
  await startElsewhere(database)
  assert.equal((await ahead()).rows.length, 0)
})
