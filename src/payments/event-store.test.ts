import assert from 'node:assert/strict'
import { test } from 'node:test'
import type pg from 'pg'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import { createUuidSource, type Uuid } from '../ids.ts'
import { type FeedPage, listEvents } from './event-store.ts'

const newUuid = createUuidSource(manualClock(Date.parse('2026-03-21T11:00:00Z')))

type Told = { tx: number; type?: string; live?: boolean; shortcodeId?: Uuid }

async function tell(db: pg.Pool, merchantId: Uuid, events: Told[]): Promise<Uuid[]> {
  const ids = events.map(() => newUuid())
  for (const [index, { tx, type, live, shortcodeId }] of events.entries()) {
    await db.query(
      `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, created_at, tx)
       values ($1, $2, $3, $4, $2, 1, $5, '2026-03-21T11:00:00Z', $6::text::xid8)`,
      [merchantId, ids[index], live ?? false, type ?? 'a', { shortcode_id: shortcodeId ?? null }, String(tx)],
    )
  }
  return ids
}

/** Reads to the end of the feed; resolves to the pages. */
async function readAll(
  db: pg.Pool,
  owner: { merchantId: Uuid; live: boolean; shortcodeId?: Uuid },
  wish: { limit: number; type?: string },
): Promise<FeedPage[]> {
  const pages: FeedPage[] = []
  do {
    const after = pages.at(-1)?.next ?? null
    pages.push(await listEvents({ db }, owner, { limit: wish.limit, after, type: wish.type ?? null }))
  } while (pages.at(-1)?.hasMore)
  return pages
}

const idsOf = (pages: readonly FeedPage[]) => pages.flatMap(({ events }) => events.map(({ id }) => id))

test('the feed counts transactions, and does not spell them', async () => {
  await using database = await createTestDatabase()
  const merchantId = newUuid()
  const ids = await tell(database.pool, merchantId, [{ tx: 9 }, { tx: 10 }, { tx: 100 }, { tx: 101 }])
  for (const limit of [1, 2, 3, 10]) {
    const pages = await readAll(database.pool, { merchantId, live: false }, { limit })
    assert.deepEqual(idsOf(pages), ids, `pages of ${limit}`)
  }
})

test('whoever reads for one type or one shortcode goes on behind all that was looked at', async () => {
  await using database = await createTestDatabase()
  const db = database.pool
  const merchantId = newUuid()
  const shortcodeId = newUuid()
  const common = Array.from({ length: 1_200 }, () => ({ tx: 20 }))
  const rare = { tx: 21, type: 'rare', shortcodeId }
  const ids = await tell(db, merchantId, [...common, rare, { tx: 22 }])
  const wanted = [ids.at(-2)]
  for (const wish of [{ limit: 5, type: 'rare' }, { limit: 5 }]) {
    const owner =
      wish.type === undefined ? { merchantId, live: false, shortcodeId } : { merchantId, live: false }
    const pages = await readAll(db, owner, wish)
    assert.deepEqual(
      pages.map(({ events, hasMore }) => [events.length, hasMore]),
      [
        [0, true],
        [1, false],
      ],
    )
    assert.deepEqual(idsOf(pages), wanted)
    assert.equal(pages.at(-1)?.next?.id, ids.at(-1))
  }
})

test('a page that is cut goes on behind the last event that it shows', async () => {
  await using database = await createTestDatabase()
  const merchantId = newUuid()
  const told = [1, 2, 3, 4, 5].map((number) => ({ tx: 30, type: number % 2 === 1 ? 'odd' : 'even' }))
  const ids = await tell(database.pool, merchantId, told)
  const pages = await readAll(database.pool, { merchantId, live: false }, { limit: 2, type: 'odd' })
  assert.deepEqual(
    pages.map((page) => idsOf([page])),
    [[ids[0], ids[2]], [ids[4]]],
  )
})

test('at its end the feed keeps the place of whoever reads it', async () => {
  await using database = await createTestDatabase()
  const merchantId = newUuid()
  const [id] = await tell(database.pool, merchantId, [{ tx: 40 }, { tx: 41, live: true }])
  const owner = { merchantId, live: false }
  const [page] = await readAll(database.pool, owner, { limit: 5 })
  assert.deepEqual(page?.next, { tx: '40', id })
  const wish = { limit: 5, after: page?.next ?? null, type: null }
  assert.deepEqual(await listEvents({ db: database.pool }, owner, wish), {
    ...{ events: [], next: page?.next, hasMore: false },
  })
})

test('a page of one type is the same wherever looking for it ends', async () => {
  await using database = await createTestDatabase()
  const db = database.pool
  const merchantId = newUuid()
  const isTold = (number: number) => number % 7 === 0 || number > 1_150
  const told = Array.from({ length: 1_200 }, (_, number) => ({ tx: 50, type: isTold(number) ? 'b' : 'a' }))
  const ids = await tell(db, merchantId, told)
  const wanted = ids.filter((_, number) => isTold(number))
  for (const limit of [1, 5, 30, 200]) {
    const pages = await readAll(db, { merchantId, live: false }, { limit, type: 'b' })
    assert.deepEqual(idsOf(pages), wanted, `pages of ${limit}`)
    const isShort = pages.slice(0, -1).some(({ events }) => events.length < limit)
    assert.equal(
      isShort,
      limit === 200,
      'a thousand are looked at for a page, and no fewer unless it is full',
    )
  }
})
