import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { copyFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createTemporaryFolder } from '../../test/support/temporary-folder.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { samplePaymentRow } from '../webhooks/testing/sample-payment.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations/', import.meta.url))
/** The first that finds numbers behind fewer than three digits. */
const HEALING = '0015-masked-checkout-ids.sql'
const TIME = 'ws_CO_10072024091526'

test('a CheckoutRequestID loses its number, however many digits stand before it', async () => {
  await using db = await createTestDatabase()
  const cases = [
    [`${TIME}1712345678`, `${TIME}17******78`],
    [`${TIME}17172396192`, `${TIME}171******92`],
    [`${TIME}172712345678`, `${TIME}1727******78`],
    ['ws_CO_191220191020363925', 'ws_CO_191220191020363925'],
    ['ws_CO_13012021093521236557', 'ws_CO_13012021093521236557'],
  ]
  for (const [id, masked] of cases) {
    const text = `{"CheckoutRequestID":"${id}","PhoneNumber":254712345678}`
    const { rows } = await db.pool.query('select without_phones($1) as text', [text])
    assert.equal(rows[0]?.text, `{"CheckoutRequestID":"${masked}","PhoneNumber":"2547******78"}`)
  }
})

/** A database as the version before left it. */
async function createEarlierDatabase(folder: string): Promise<TestDatabase> {
  const database = await createTestDatabase()
  await database.pool.query('drop schema public cascade')
  await database.pool.query('create schema public')
  for (const name of await readdir(MIGRATIONS)) {
    if (name < HEALING) await copyFile(join(MIGRATIONS, name), join(folder, name))
  }
  await migrateDatabase(database.url, folder)
  return database
}

/** A payment with its event, a callback and a delivery, all of which name `checkoutId`. */
async function addPayment({ pool }: TestDatabase, phone: string, checkoutId: string): Promise<void> {
  const row = samplePaymentRow({ phone, checkout_request_id: checkoutId })
  const columns = Object.keys(row).join(', ')
  const ids = [row.merchant_id, randomUUID(), row.id]
  const body = `{"CheckoutRequestID":"${checkoutId}"}`
  await pool.query(
    `insert into payments (${columns}) select ${columns} from jsonb_populate_record(null::payments, $1)`,
    [row],
  )
  await pool.query(
    `insert into events (merchant_id, id, live, type, payment_id, sequence, snapshot, callback, created_at)
     values ($1, $2, false, 'payment.succeeded', $3, 1, $4, $5, now())`,
    [...ids, row, body],
  )
  await pool.query(
    `insert into callbacks (merchant_id, id, payment_id, kind, reason, body, received_at)
     values ($1, $2, $3, 'duplicate', 'same', $4, now())`,
    [...ids, body],
  )
  await pool.query(
    `insert into webhook_deliveries (
       merchant_id, id, endpoint_id, event_id, payment_id, state, attempt_log, created_at)
     values ($1, $2, gen_random_uuid(), $2, $3, 'delivered', $4, now())`,
    [...ids, JSON.stringify([{ response: body }])],
  )
}

async function findText({ pool }: TestDatabase, text: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select name from (
       select 'payments' as name, p::text from payments p union all select 'events', e::text from events e
       union all select 'callbacks', c::text from callbacks c
       union all select 'deliveries', d::text from webhook_deliveries d) found (name, text)
     where strpos(text, $1) > 0 order by name`,
    [text],
  )
  return rows.map(({ name }) => name)
}

test('a number that an earlier version left in a CheckoutRequestID is gone after the migration', async () => {
  const everywhere = ['callbacks', 'deliveries', 'events', 'payments']
  await using folder = await createTemporaryFolder()
  await using database = await createEarlierDatabase(folder.path)
  await addPayment(database, '2547******78', `${TIME}17712345678`)
  await addPayment(database, '254722222222', `${TIME}17722222222`)
  assert.deepEqual(await findText(database, '712345678'), everywhere)
  await migrateDatabase(database.url)
  assert.deepEqual(await findText(database, '712345678'), [])
  assert.deepEqual(await findText(database, `${TIME}177******78`), everywhere)
  assert.deepEqual(await findText(database, `${TIME}17722222222`), everywhere)
})
