// A history of millions of payments, made by SQL out of real ones: every row is a copy of one that the
// gateway wrote, moved in time and given ids and values of its own. What this does not know of a table it
// copies, and so it follows the schema.
import pg from 'pg'

/** Whose payments; the first merchant has most of them. */
export type HistoryMerchant = { merchantId: string; shortcodeId: string; endpointId: string }

/** The tables of a payment's life, in the order in which they are filled. */
const TABLES = ['payments', 'events', 'webhook_deliveries', 'callbacks'] as const
type TableName = (typeof TABLES)[number]

/** Payments a transaction: what it writes stays in memory until it is vacuumed. */
const BATCH = 50_000
/** At a time: more would only take the processor from each other. */
const WORKERS = 2
/** Of a thousand: how payments end, as far as there are real ones that ended so. */
const SHARES = { paid: 780, odd: 20, declined: 180, refused: 15, not_sent: 5 }
/** Of a hundred payments the first merchant has so many; the others share the rest. */
const FIRST_MERCHANT_PERCENT = 80
/** Payments a customer, all in all: some pay daily, most once or twice. */
const PAYMENTS_PER_CUSTOMER = 8
const CUSTOMERS_MIN = 1_000
const YEAR_MS = 365 * 86_400_000

/** A pool whose statements may take as long as they need, as those of a gateway may not. */
export function openHistoryPool(stack: AsyncDisposableStack, url: string): pg.Pool {
  const options = '-c statement_timeout=0 -c synchronous_commit=off'
  const pool = new pg.Pool({ connectionString: url, max: 2 * WORKERS, options })
  // A server that ends may say so to connections that are just being ended themselves.
  pool.on('error', () => undefined)
  return stack.adopt(pool, () => pool.end())
}

/** Keeps what the gateway has written so far as the rows to copy from, and for whom history is to be made. */
export async function keepTemplates(db: pg.Pool, merchants: readonly HistoryMerchant[]): Promise<void> {
  const parts = [
    'create schema history',
    UUID_AT,
    DRAW,
    ...TABLES.map((table) => `create table history.${table} as select * from ${table}`),
    `delete from history.payments p where settled_at is null or exists (
       select from webhook_deliveries d where d.payment_id = p.id and d.state <> 'delivered')`,
    TEMPLATES,
    `create table history.merchants (
       n integer primary key, merchant_id uuid not null, shortcode_id uuid not null,
       endpoint_id uuid not null)`,
    'analyze',
  ]
  for (const part of parts) await db.query(part)
  await db.query(
    `insert into history.merchants
     select n - 1, m, s, e from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as x (m, s, e, n)`,
    [
      merchants.map(({ merchantId }) => merchantId),
      merchants.map(({ shortcodeId }) => shortcodeId),
      merchants.map(({ endpointId }) => endpointId),
    ],
  )
}

/** A UUIDv7 of a moment, the same for the same seed, so that rows can name each other unseen. */
const UUID_AT = `
  create function history.uuid_at(ms bigint, seed text) returns uuid language sql immutable as $$
    select (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(seed), 1, 3)
      || 'a' || substr(md5(seed), 4, 15))::uuid
  $$`

/** A number from 0 to below `below`, drawn by chance and yet the same every time. */
const DRAW = `
  create function history.draw(i bigint, seed integer, below bigint) returns bigint
  language sql immutable as $$
    select (hashint8extended(i, seed) & 9223372036854775807) % below
  $$`

/** A thousand slots, each with a template; payments draw a slot. */
const TEMPLATES = `
  create table history.slots as
  with kinds as (
    select id, merchant_id, case when outcome = 'paid' and exists (
        select from history.callbacks c where c.payment_id = p.id) then 'odd' else outcome end as kind
    from history.payments p
  ), ranked as (
    select *, row_number() over (partition by kind order by id) - 1 as n,
      count(*) over (partition by kind) as of
    from kinds
  ), shares (kind, share) as (values ${Object.entries(SHARES)
    .map(([kind, share]) => `('${kind}', ${share})`)
    .join(', ')}), slots as (
    select kind, generate_series(0, share - 1) as n from shares
  )
  select row_number() over () - 1 as slot, r.id as template_id
  from slots s join ranked r on r.kind = s.kind and r.n = s.n % r.of`

/** Which payments to make: those number `from` to below `to`, of `all` that a whole year before `end` has. */
export type HistoryRange = { from: number; to: number; all: number; end: Date }

/** Makes the payments of `range`, oldest first. They are vacuumed as they come; see `dropIndexes`. */
export async function fillHistory(
  db: pg.Pool,
  range: HistoryRange,
  progress: (made: number) => void,
): Promise<void> {
  const inserts: string[] = []
  for (const table of TABLES) inserts.push(await insertOf(db, table))
  for (let from = range.from; from < range.to; from += BATCH * WORKERS) {
    const batches = Array.from({ length: WORKERS }, (_, worker) => {
      const first = from + worker * BATCH
      return { ...range, from: first, to: Math.min(range.to, first + BATCH) }
    })
    await Promise.all(batches.map((batch) => fillBatch(db, batch, inserts)))
    // What was just written is still in memory, and its log holds whole pages already.
    await Promise.all(TABLES.map((table) => db.query(`vacuum (freeze, index_cleanup off) ${table}`)))
    progress(Math.min(range.to, from + BATCH * WORKERS))
  }
}

async function fillBatch(db: pg.Pool, batch: HistoryRange, inserts: readonly string[]): Promise<void> {
  if (batch.from >= batch.to) return
  const client = await db.connect()
  try {
    await client.query('begin')
    const stepMs = YEAR_MS / batch.all
    await client.query(BATCH_TABLE, [batch.from, batch.to - 1, batch.end.getTime() - YEAR_MS, stepMs])
    for (const insert of inserts) await client.query(insert)
    await client.query('commit')
    client.release()
  } catch (error) {
    // With the connection its transaction ends too.
    client.release(true)
    throw error
  }
}

/** What all rows of a payment share, one row a payment. */
const BATCH_TABLE = `
  create temp table batch on commit drop as
  with drawn as (
    select i, $3::bigint + (i * $4::float8)::bigint as ms,
      (history.draw(i, 1, (select count(*) from history.slots)))::integer as slot,
      case when history.draw(i, 2, 100) < ${FIRST_MERCHANT_PERCENT} then 0
        else history.draw(i, 3, (select count(*) from history.merchants)) end::integer as merchant,
      -- The square makes some customers come often.
      ((history.draw(i, 4, 1000000) / 1e6) ^ 2 * (i / ${PAYMENTS_PER_CUSTOMER} + ${CUSTOMERS_MIN}))::bigint
        as customer,
      history.draw(i, 5, 100) as chance, md5('r' || i) as hash
    from generate_series($1::bigint, $2::bigint) i
  )
  select d.i, d.ms, to_timestamp(d.ms / 1000.0) - t.created_at as later, t.id as template_id,
    t.created_at as began, history.uuid_at(d.ms, 'p' || d.i) as id,
    m.merchant_id, m.shortcode_id, m.endpoint_id,
    '2541' || lpad(d.customer::text, 8, '0') as phone,
    case when d.chance < 60 then 'INV' || d.i when d.chance < 90 then 'ACC' || d.customer
      else 'SHOP' || d.chance end as reference,
    case when d.chance % 2 = 0 then 'branch-' || d.chance end as tag,
    'k-' || d.hash as idempotency_key,
    (d.i % 100000) || '-' || d.i || '-1' as merchant_request_id,
    'ws_CO_' || to_char(to_timestamp(d.ms / 1000.0), 'DDMMYYYYHH24MISS')
      || lpad((d.i % 1000000000)::text, 9, '0') as checkout_request_id,
    'T' || upper(lpad(to_hex(d.ms / 86400000), 4, '0') || left(d.hash, 5)) as receipt,
    t.phone as old_phone, t.receipt as old_receipt, t.checkout_request_id as old_checkout_request_id
  from drawn d
  join history.slots s on s.slot = d.slot
  join history.payments t on t.id = s.template_id
  join history.merchants m on m.n = d.merchant`

const idOf = (letter: string, row: string, which: string) =>
  `history.uuid_at(b.ms + (extract(epoch from ${row}.created_at - b.began) * 1000)::bigint,
    '${letter}' || b.i || ':' || ${which})`

/** Where it is not null it gets the payment's own value. */
const own = (name: string) => `case when t.${name} is not null then b.${name} end`

const SHARED: Record<string, string> = { merchant_id: 'b.merchant_id', payment_id: 'b.id' }

/** What does not come from the template; and, at any rate, every moment is moved. */
const VALUES: Record<TableName, Record<string, string>> = {
  payments: {
    ...SHARED,
    id: 'b.id',
    shortcode_id: 'b.shortcode_id',
    phone: 'b.phone',
    reference: 'b.reference',
    tag: 'b.tag',
    ...Object.fromEntries(
      ['idempotency_key', 'merchant_request_id', 'checkout_request_id', 'receipt'].map((name) => [
        name,
        own(name),
      ]),
    ),
  },
  events: {
    ...SHARED,
    id: idOf('e', 't', 't.sequence'),
    // A callback names the ids, the receipt and the phone.
    callback: `replace(replace(replace(t.callback, b.old_checkout_request_id, b.checkout_request_id),
      coalesce(b.old_receipt, '?'), b.receipt), b.old_phone, b.phone)`,
  },
  webhook_deliveries: {
    ...SHARED,
    id: idOf('d', 't', 'v.sequence'),
    endpoint_id: 'b.endpoint_id',
    event_id: idOf('e', 'v', 'v.sequence'),
  },
  callbacks: { ...SHARED, id: `history.uuid_at(b.ms, 'c' || b.i || ':' || t.id)` },
}

const FROM: Record<TableName, string> = {
  payments: 'batch b join history.payments t on t.id = b.template_id',
  events: 'batch b join history.events t on t.payment_id = b.template_id',
  webhook_deliveries: `batch b join history.webhook_deliveries t on t.payment_id = b.template_id
    join history.events v on v.id = t.event_id`,
  callbacks: 'batch b join history.callbacks t on t.payment_id = b.template_id',
}

/** What a snapshot of a payment has of its own, where it has such a field at all. */
const SNAPSHOT: Record<string, string> = {
  id: 'b.id',
  merchant_id: 'b.merchant_id',
  shortcode_id: 'b.shortcode_id',
  phone: 'b.phone',
  reference: 'b.reference',
  merchant_request_id: 'b.merchant_request_id',
  checkout_request_id: 'b.checkout_request_id',
}

/** The insert of one table from a batch, by the columns that the table has now. */
async function insertOf(db: pg.Pool, table: TableName): Promise<string> {
  const { rows } = await db.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''
       -- Sequences and transaction ids count for themselves.
       and (d.oid is null or pg_get_expr(d.adbin, d.adrelid) !~ 'nextval|pg_current_xact_id')
     order by attnum`,
    [table],
  )
  const values: Record<string, string> = {
    ...VALUES[table],
    ...(table === 'events' && { snapshot: await snapshotOf(db) }),
  }
  const columns = rows.map(({ name, type }) => {
    const moved = type.startsWith('timestamp') ? `t.${name} + b.later` : `t.${name}`
    return { name, value: `(${values[name] ?? moved})::${type}` }
  })
  return `insert into ${table} (${columns.map(({ name }) => name).join(', ')})
    select ${columns.map(({ value }) => value).join(',\n      ')} from ${FROM[table]}`
}

async function snapshotOf(db: pg.Pool): Promise<string> {
  const { rows } = await db.query<{ key: string }>(
    `select distinct key from history.events, jsonb_object_keys(to_jsonb(events) -> 'snapshot') key
     where jsonb_typeof(to_jsonb(events) -> 'snapshot') = 'object'`,
  )
  const pairs = rows.flatMap(({ key }) => (SNAPSHOT[key] ? [`'${key}', ${SNAPSHOT[key]}`] : []))
  return `t.snapshot || jsonb_build_object(${pairs.join(', ')})`
}

/**
 * Has copies fill their pages to the end, since none of a grown table's has room for a new row. Copies of
 * finished rows, larger than new ones are, would leave room for just one of those in every page otherwise,
 * and each new row would be written, and logged, with a page of its own. Resolves to what makes it as it was.
 */
export async function fillPages(db: pg.Pool): Promise<() => Promise<void>> {
  const { rows } = await db.query<{ of: string; share: string }>(
    `select oid::regclass::text as of, option_value as share
     from pg_class, pg_options_to_table(reloptions)
     where oid = any ($1::text[]::regclass[]) and option_name = 'fillfactor'`,
    [TABLES],
  )
  const fill = (of: string, share: string) => db.query(`alter table ${of} set (fillfactor = ${share})`)
  for (const { of } of rows) await fill(of, '100')
  return async () => {
    for (const { of, share } of rows) await fill(of, share)
  }
}

/**
 * Drops the indexes that no constraint needs, so that rows come in fast; resolves to how to make them. Those
 * that a history has no entries in, as it has nothing open, stay.
 */
export async function dropIndexes(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ name: string; of: string; definition: string; where: string | null }>(
    `select indexrelid::regclass::text as name, indrelid::regclass::text as of,
       pg_get_indexdef(indexrelid) as definition, pg_get_expr(indpred, indrelid) as where
     from pg_index i where indrelid = any ($1::text[]::regclass[])
       and not exists (select from pg_constraint where conindid = i.indexrelid)`,
    [TABLES],
  )
  const dropped: string[] = []
  for (const { name, of, definition, where } of rows) {
    const found = await db.query(`select from ${of} where ${where ?? 'true'} limit 1`)
    if (found.rows.length === 0) continue
    await db.query(`drop index ${name}`)
    dropped.push(definition)
  }
  return dropped
}

/** Makes `definitions` again, two at a time, and has the planner know what is there. */
export async function makeIndexes(db: pg.Pool, definitions: readonly string[]): Promise<void> {
  const left = [...definitions]
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await db.query(next)
  }
  await Promise.all(Array.from({ length: WORKERS }, work))
  await db.query(`vacuum (analyze) ${TABLES.join(', ')}`)
}

/** Bytes of the tables of payments, their indexes included. */
export async function readHistoryBytes(db: pg.Pool): Promise<number> {
  const { rows } = await db.query<{ bytes: string }>(
    'select sum(pg_total_relation_size(name::regclass)) as bytes from unnest($1::text[]) name',
    [TABLES],
  )
  return Number(rows[0]?.bytes)
}

/** Has the webhooks of everybody sent to `url` from now on. */
export async function redirectEndpoints(db: pg.Pool, url: string): Promise<void> {
  await db.query('update webhook_endpoints set url = $1', [url])
}

/** Each merchant with its only shortcode and endpoint, in the order of `merchantIds`. */
export async function readMerchants(db: pg.Pool, merchantIds: readonly string[]): Promise<HistoryMerchant[]> {
  const { rows } = await db.query<HistoryMerchant>(
    `select x.id as "merchantId", s.id as "shortcodeId", e.id as "endpointId"
     from unnest($1::uuid[]) with ordinality as x (id, n)
     join shortcodes s on s.merchant_id = x.id join webhook_endpoints e on e.merchant_id = x.id
     order by x.n`,
    [merchantIds],
  )
  return rows
}
