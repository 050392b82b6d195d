// That every table of merchants can be split by merchant: its keys begin with the merchant, or hold it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../support/database.ts'

test('every table that names a merchant is keyed by it first, and unique within it alone', async () => {
  await using db = await createTestDatabase()
  const { rows } = await db.pool.query<{ index: string; columns: string[]; primary: boolean }>(
    `select i.indexrelid::regclass::text as index, i.indisprimary as primary,
       array(select a.attname::text from unnest(i.indkey) with ordinality as k (attnum, n)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum order by k.n) as columns
     from pg_index i join pg_class c on c.oid = i.indrelid
     where i.indisunique and c.relnamespace = 'public'::regnamespace and not c.relispartition
       and exists (select from pg_attribute m where m.attrelid = c.oid and m.attname = 'merchant_id')`,
  )
  assert.ok(rows.filter(({ primary }) => primary).length > 10)
  for (const { index, columns, primary } of rows) {
    assert.ok(columns.includes('merchant_id'), `${index} is unique across merchants`)
    if (primary) assert.equal(columns[0], 'merchant_id', index)
  }
})

test('every table that names a merchant has a primary key', async () => {
  await using db = await createTestDatabase()
  const { rows } = await db.pool.query(
    `select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'merchant_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  )
  assert.deepEqual(rows, [])
})
