import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type pg from 'pg'
import { createTestDatabase } from '../test/support/database.ts'
import {
  dropIndexes,
  fillHistory,
  fillPages,
  keepTemplates,
  makeIndexes,
  openHistoryPool,
  readHistoryBytes,
  readMerchants,
} from './history-store.ts'
import { makeTemplates } from './history-templates.ts'
import { listenLocally } from './listen-locally.ts'
import { makeShops } from './shops.ts'
import { hasOpenWork } from './totals-store.ts'

const COUNT = 3_000

async function count(db: pg.Pool, what: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(`select count(*)::integer as count from ${what}`)
  return rows[0]?.count ?? -1
}

async function indexes(db: pg.Pool): Promise<unknown> {
  const { rows } = await db.query(`select indexdef from pg_indexes where schemaname = 'public' order by 1`)
  return rows
}

async function tableOptions(db: pg.Pool): Promise<unknown> {
  const { rows } = await db.query(
    `select relname, array(select unnest(reloptions) order by 1) as options from pg_class
     where relnamespace = 'public'::regnamespace and reloptions is not null order by 1`,
  )
  assert.ok(rows.length > 0)
  return rows
}

test('a history holds whole payments, each with its own ids, and leaves every index as it was', async () => {
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await createTestDatabase())
  const dir = stack.adopt(await mkdtemp(join(tmpdir(), 'history-')), (path) =>
    rm(path, { recursive: true, force: true }),
  )
  const receiver = createServer((request, response) => void request.resume().on('end', () => response.end()))
  stack.defer(() => void receiver.close())
  const db = openHistoryPool(stack, database.url)
  const secret = randomBytes(32)
  const shops = await makeShops(db, secret, { count: 3, sinkUrls: [await listenLocally(receiver)] })
  const apiKey = shops[0]?.apiKey ?? ''
  await makeTemplates(stack, db, { databaseUrl: database.url, secret, apiKey, dir })
  const merchants = await readMerchants(
    db,
    shops.map(({ merchantId }) => merchantId),
  )
  const before = await indexes(db)
  const templates = await count(db, 'payments')
  await keepTemplates(db, merchants)
  const options = await tableOptions(db)
  const definitions = await dropIndexes(db)
  const leaveRoom = await fillPages(db)
  assert.notDeepEqual(await indexes(db), before)
  const end = new Date()
  await fillHistory(db, { from: 0, to: 1_000, all: COUNT, end }, () => undefined)
  await fillHistory(db, { from: 1_000, to: COUNT, all: COUNT, end }, () => undefined)
  await leaveRoom()
  await makeIndexes(db, definitions)
  assert.deepEqual(await tableOptions(db), options)
  assert.deepEqual(await indexes(db), before)
  assert.equal(await hasOpenWork(db), false)
  assert.ok((await readHistoryBytes(db)) > 0)
  assert.equal(await count(db, 'payments'), templates + COUNT)
  const own = `(select distinct merchant_id, checkout_request_id from payments
    where checkout_request_id is not null)`
  assert.equal(await count(db, `${own} x`), await count(db, 'payments where checkout_request_id is not null'))
  const strays = [
    `payments p where p.settled_at is null or p.created_at > p.settled_at`,
    `payments p where not exists (select from shortcodes s
       where s.merchant_id = p.merchant_id and s.id = p.shortcode_id)`,
    `payments p where p.event_count <> (select count(*) from events e
       where e.merchant_id = p.merchant_id and e.payment_id = p.id
         and e.snapshot ->> 'id' = p.id::text and e.snapshot ->> 'phone' = p.phone)`,
    `events e where e.live is not distinct from false and not exists (select from webhook_deliveries d
       where d.merchant_id = e.merchant_id and d.event_id = e.id and d.payment_id = e.payment_id)`,
    `webhook_deliveries d where not exists (select from webhook_endpoints w
       where w.merchant_id = d.merchant_id and w.id = d.endpoint_id)`,
    `events e join payments p on p.merchant_id = e.merchant_id and p.id = e.payment_id
       where e.callback not like '%' || p.checkout_request_id || '%'`,
    `payments p where abs(extract(epoch from p.created_at) * 1000
       - ('x' || left(replace(p.id::text, '-', ''), 12))::bit(48)::bigint) > 1000`,
  ]
  for (const stray of strays) assert.equal(await count(db, stray), 0, stray)
  const outcomes = ['paid', 'declined', 'refused', 'not_sent']
  for (const outcome of outcomes) assert.ok((await count(db, `payments where outcome = '${outcome}'`)) > 0)
  assert.ok((await count(db, 'callbacks')) > 20)
  // A new row, which is smaller than a finished one, goes behind all of them, as it does in a grown table.
  const pagesBefore = await count(db, `generate_series(1, pg_relation_size('payments') / 8192)`)
  await db.query(
    `insert into payments (merchant_id, id, shortcode_id, environment, live, state, amount, phone, reference,
       expires_at, created_at, updated_at)
     select merchant_id, gen_random_uuid(), shortcode_id, environment, live, 'queued', 1, phone, 'X', now(),
       now(), now()
     from payments limit 30`,
  )
  const isOld = `state = 'queued' and (ctid::text::point)[0] < ${pagesBefore - 1}`
  assert.equal(await count(db, `payments where ${isOld}`), 0)
})
