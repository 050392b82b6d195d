// The tenant tables of a migrated, empty database made anew as hash partitions by merchant, by which the
// whole suite shows that the schema and every statement can be sharded so.
import pg from 'pg'

type TenantTable = { name: string; merchantColumn: string }

/** Every table whose primary key begins with the merchant, and the merchants themselves. */
const TENANT_TABLES = `
  select c.relname as name, a.attname as "merchantColumn"
  from pg_class c
  join pg_index i on i.indrelid = c.oid and i.indisprimary
  join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    and (a.attname = 'merchant_id' or c.relname = 'merchants')
  order by c.relname`

const FOREIGN_KEYS = `
  select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
  from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`

const TRIGGERS = `
  select pg_get_triggerdef(t.oid) as definition
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where not t.tgisinternal and c.relnamespace = 'public'::regnamespace`

/** Partitions every tenant table into `count`; resolves to the names of the tables. */
export async function partitionTables(databaseUrl: string, count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'sukuma-test-partition' })
  await client.connect()
  try {
    await client.query('begin')
    const names = await partition(client, count)
    await client.query('commit')
    return names
  } finally {
    await client.end()
  }
}

async function partition(client: pg.Client, count: number): Promise<string[]> {
  const { rows: tables } = await client.query<TenantTable>(TENANT_TABLES)
  const { rows: foreignKeys } = await client.query<{ table: string; name: string; definition: string }>(
    FOREIGN_KEYS,
  )
  for (const { table, name } of foreignKeys)
    await client.query(`alter table ${table} drop constraint ${name}`)
  const { rows: triggers } = await client.query<{ definition: string }>(TRIGGERS)
  for (const table of tables) await replaceTable(client, table, count)
  for (const { definition } of triggers) await client.query(definition)
  for (const { table, name, definition } of foreignKeys) {
    await client.query(`alter table ${table} add constraint ${name} ${definition}`)
  }
  return tables.map(({ name }) => name)
}

/** No table can be turned into a partitioned one: a twin takes its name, indexes, checks and defaults. */
async function replaceTable(client: pg.Client, table: TenantTable, count: number): Promise<void> {
  const { name, merchantColumn } = table
  await client.query(`alter table ${name} rename to ${name}_whole`)
  await client.query(
    `create table ${name} (like ${name}_whole including all) partition by hash (${merchantColumn})`,
  )
  for (let remainder = 0; remainder < count; remainder += 1) {
    await client.query(
      `create table ${name}_${remainder} partition of ${name}
       for values with (modulus ${count}, remainder ${remainder})`,
    )
  }
  await client.query(`drop table ${name}_whole`)
}
