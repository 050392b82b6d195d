import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type pg from 'pg'
import { createTestDatabase } from '../../test/support/database.ts'
import { manualClock } from '../clock.ts'
import { createUuidSource, leastUuidAt, type Uuid } from '../ids.ts'
import { PAYMENT_STATES, type PaymentState } from './payment.ts'
import { listPayments, type Owner, type PaymentFilter } from './payment-read-store.ts'

const START_MS = Date.parse('2026-03-21T11:00:00Z')
const clock = manualClock(START_MS)
const newUuid = createUuidSource(clock)

type Row = {
  id: Uuid
  merchantId: Uuid
  shortcodeId: Uuid
  live: boolean
  state: PaymentState
  phone: string
  reference: string
  tag: string | null
  receipt: string | null
  createdAt: Date
}

async function addMerchant(db: pg.Pool, sides: { live: number; test: number }) {
  const merchantId = newUuid()
  const at = new Date(clock.now())
  await db.query(`insert into merchants (id, name, created_at) values ($1, 'a', $2)`, [merchantId, at])
  const environments = [
    ...Array.from({ length: sides.live }, () => 'production'),
    ...Array.from({ length: sides.test }, () => 'sandbox'),
  ]
  const shortcodes = environments.map((environment) => ({
    id: newUuid(),
    live: environment === 'production',
  }))
  await db.query(
    `insert into shortcodes (merchant_id, id, environment, kind, number, credential_id, credentials_sealed,
       created_at, updated_at)
     select $1, id, environment, 'paybill', '600000', 'c', '', $2, $2
     from unnest($3::uuid[], $4::text[]) as x (id, environment)`,
    [merchantId, at, shortcodes.map(({ id }) => id), environments],
  )
  return { merchantId, shortcodes }
}

type Merchant = Awaited<ReturnType<typeof addMerchant>>

/** The payment of this number, and it takes turns at everything that can be told apart. */
function rowOf({ merchantId, shortcodes }: Merchant, number: number): Row {
  const turn = <T>(of: readonly T[], apart: number): T => {
    const value = of[Math.floor(number / apart) % of.length]
    if (value === undefined) throw new Error('nothing to choose from')
    return value
  }
  const { id: shortcodeId, live } = turn(shortcodes, 1)
  const state = turn(PAYMENT_STATES, 2)
  return {
    ...{ id: newUuid(), merchantId, shortcodeId, live, state },
    phone: turn(['254712345678', '254712345679'], 3),
    reference: turn(['A', 'B', 'C'], 1),
    tag: turn([null, 't', 'u'], 2),
    receipt: state === 'succeeded' ? turn(['R1', 'R2'], 1) : null,
    createdAt: new Date(clock.now()),
  }
}

async function addRow(db: pg.Pool, row: Row): Promise<void> {
  const isSettled = row.state === 'succeeded' || row.state === 'failed'
  const outcome = row.state === 'succeeded' ? 'paid' : row.state === 'failed' ? 'declined' : null
  const isDue = row.state === 'queued' || row.state === 'sending' || row.state === 'pending'
  await db.query(
    `insert into payments (merchant_id, id, shortcode_id, environment, live, state, outcome, amount, phone,
       reference, tag, receipt, expires_at, due_at, checkout_request_id, created_at, updated_at, sent_at,
       settled_at)
     values ($1, $2, $3, 'sandbox', $4, $5, $6, 1, $7, $8, $9, $10, $11, $12, $13, $11, $11, $14, $15)`,
    [
      ...[row.merchantId, row.id, row.shortcodeId, row.live, row.state, outcome],
      ...[row.phone, row.reference, row.tag, row.receipt, row.createdAt, isDue ? row.createdAt : null],
      row.state === 'pending' || row.state === 'uncertain' ? 'ws' : null,
      ...[row.state === 'queued' ? null : row.createdAt, isSettled ? row.createdAt : null],
    ],
  )
}

function matches(row: Row, owner: Owner, filter: PaymentFilter): boolean {
  const isOwn = row.merchantId === owner.merchantId && row.live === owner.live
  return (
    isOwn &&
    (owner.shortcodeId === undefined || row.shortcodeId === owner.shortcodeId) &&
    (filter.states === undefined || filter.states.includes(row.state)) &&
    (filter.phone === undefined || row.phone === filter.phone) &&
    (filter.reference === undefined || row.reference === filter.reference) &&
    (filter.tag === undefined || row.tag === filter.tag) &&
    (filter.receipt === undefined || row.receipt === filter.receipt) &&
    (filter.createdAfter === undefined || row.createdAt >= filter.createdAfter) &&
    (filter.createdBefore === undefined || row.createdAt < filter.createdBefore)
  )
}

async function readAll(db: pg.Pool, owner: Owner, filter: PaymentFilter, limit: number): Promise<Uuid[]> {
  const ids: Uuid[] = []
  for (;;) {
    const page = await listPayments({ db }, owner, filter, { limit, before: ids.at(-1) ?? null })
    ids.push(...page.map(({ id }) => id))
    if (page.length < limit) return ids
  }
}

const STEP_MS = 45_000
const PAYMENTS_EACH = 60

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const times = fc.nat({ max: 2 * PAYMENTS_EACH }).map((steps) => new Date(START_MS + steps * STEP_MS))
const filters = fc.record({
  states: optional(fc.uniqueArray(fc.constantFrom(...PAYMENT_STATES), { minLength: 1, maxLength: 3 })),
  phone: optional(fc.constant('254712345678')),
  reference: optional(fc.constantFrom('A', 'B')),
  tag: optional(fc.constantFrom('t', 'u')),
  receipt: optional(fc.constant('R1')),
  createdAfter: optional(times),
  createdBefore: optional(times),
})

function withoutUndefined(filter: Record<string, unknown>): PaymentFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}

test('a list shows what all its filters let through, newest first, page by page', async () => {
  await using database = await createTestDatabase()
  const db = database.pool
  // Few shortcodes on a side are read one by one, many as one.
  const merchants = [
    await addMerchant(db, { live: 2, test: 1 }),
    await addMerchant(db, { live: 52, test: 3 }),
  ]
  const rows: Row[] = []
  for (let number = 0; number < PAYMENTS_EACH; number += 1) {
    for (const merchant of merchants) rows.push(rowOf(merchant, number))
    clock.advance(STEP_MS)
  }
  await Promise.all(rows.map((row) => addRow(db, row)))
  const owners = merchants.flatMap(({ merchantId, shortcodes }) => [
    { merchantId, live: true },
    { merchantId, live: false },
    ...shortcodes.slice(0, 4).map(({ id, live }) => ({ merchantId, live, shortcodeId: id })),
  ])
  const check = async (owner: Owner, filter: PaymentFilter, limit: number) => {
    const expected = rows.filter((row) => matches(row, owner, filter)).map(({ id }) => id)
    assert.deepEqual(await readAll(db, owner, filter, limit), expected.sort().reverse())
  }
  for (const owner of owners) {
    for (const state of PAYMENT_STATES) await check(owner, { states: [state] }, 100)
  }
  const limits = fc.constantFrom(1, 3, 100)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...owners), filters, limits, async (owner, wish, limit) =>
      check(owner, withoutUndefined(wish), limit),
    ),
    { numRuns: 300 },
  )
})

test('a payment whose clock was set back while it was made is found by its time all the same', async () => {
  await using database = await createTestDatabase()
  const db = database.pool
  const merchant = await addMerchant(db, { live: 0, test: 1 })
  const row = { ...rowOf(merchant, 0), createdAt: new Date(clock.now() - 30_000) }
  await addRow(db, row)
  const owner = { merchantId: row.merchantId, live: row.live }
  const filter = { createdAfter: row.createdAt, createdBefore: new Date(row.createdAt.getTime() + 1) }
  assert.deepEqual(await readAll(db, owner, filter, 10), [row.id])
})

test('the least id of a time sorts before all that were made then, and behind all made before', () => {
  const at = START_MS + 86_400_000
  clock.advance(at - clock.now() - 1)
  const before = newUuid()
  clock.advance(1)
  assert.ok(before < leastUuidAt(at))
  assert.ok(leastUuidAt(at) < newUuid())
})
