// Pulling the statement of a busy shortcode: in parts that can be read, and by one process at a time however
// long it takes.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { DarajaClient, PullOutcome, PullRequest } from '../../src/daraja/client.ts'
import type { StatementRow } from '../../src/daraja/statement.ts'
import type { PaymentKey } from '../../src/payments/payment-store.ts'
import { createStatementStore } from '../../src/payments/statement-store.ts'
import { sweepStatements } from '../../src/payments/statement-sweep.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createPaymentBench, type PaymentBench } from '../support/payment-bench.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const CREDENTIAL = {
  id: 'app',
  environment: 'simulator',
  baseUrl: 'http://127.0.0.1:1',
  consumerKey: 'key',
  consumerSecret: 'secret',
  passkey: 'passkey',
  kind: 'paybill',
  businessShortCode: '600123',
  partyB: '600123',
} as const

let database: TestDatabase
let bench: PaymentBench
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

/** Each with an open payment of its own, ten hours old and without an id to ask by. */
let open: PaymentKey
beforeEach(async () => {
  await database.pool.query('truncate payments, shortcodes, statement_pulls')
  bench = createPaymentBench(database.pool)
  open = await bench.addPayment({ state: 'uncertain', ids: null })
  await database.pool.query(`insert into merchants values ($1, 'Shop', now())`, [open.merchantId])
  await database.pool.query(
    `insert into shortcodes (merchant_id, id, environment, kind, number, credential_id, credentials_sealed,
       created_at, updated_at, pull_transactions)
     values ($1, $2, 'simulator', 'paybill', '600123', 'app', '', now(), now(), true)`,
    [open.merchantId, open.paymentId],
  )
  const sentAt = bench.at(-10 * HOUR)
  await database.pool.query('update payments set sent_at = $2 where id = $1', [open.paymentId, sentAt])
})

function sweep(pull: DarajaClient['pull']): Promise<number> {
  return sweepStatements({
    ...bench.moveDeps,
    statements: createStatementStore({ db: database.pool }),
    shortcodes: { find: async () => null, credentialOf: async () => CREDENTIAL },
    daraja: { pull },
    onPull: () => undefined,
  })
}

/** What another process can claim now. */
async function claimByAnother(): Promise<number> {
  const claimed = await createStatementStore({ db: database.pool }).claimPulls({
    now: bench.at(0),
    process: bench.newUuid(),
    leaseUntil: bench.at(5 * MINUTE),
    oldest: bench.at(-48 * HOUR),
    unaskableBefore: bench.at(-5 * MINUTE),
    askableBefore: bench.at(-15 * MINUTE),
    limit: 100,
  })
  return claimed.length
}

function rowOf(offset: number): StatementRow {
  const atMs = bench.clock.now() - 11 * HOUR
  return {
    receipt: `ROW${String(offset).padStart(7, '0')}`,
    at: { asUtcMs: atMs, asEatMs: atMs },
    phone: { kind: 'hidden' },
    amountKes: 7,
    reference: 'OTHER',
  }
}

function pageOf(offset: number): PullOutcome {
  return { kind: 'page', rows: [rowOf(offset)], unreadable: 0, totalPages: null, durationMs: 1 }
}

test('a pull that takes longer than its lease stays with the process that makes it', async () => {
  const claims: number[] = []
  const swept = await sweep(async (_credential, { offset }) => {
    bench.clock.advance(2 * MINUTE)
    claims.push(await claimByAnother())
    return offset < 6 ? pageOf(offset) : { kind: 'none', durationMs: 1 }
  })
  assert.equal(swept, 1)
  assert.deepEqual(claims, [0, 0, 0, 0, 0, 0, 0])
})

test('a process whose pull another has taken over asks for no more pages', async () => {
  let asked = 0
  await sweep(async (_credential, { offset }) => {
    asked += 1
    bench.clock.advance(6 * MINUTE)
    if (asked === 2) assert.equal(await claimByAnother(), 1)
    return pageOf(offset)
  })
  assert.equal(asked, 2)
})

test('a shortcode where thousands have paid since is asked about in parts that can be read', async () => {
  await database.pool.query(
    `insert into payments (merchant_id, id, shortcode_id, environment, live, state, outcome, amount, phone,
       reference, expires_at, created_at, updated_at, settled_at)
     select $1, new_uuid_v7(at), $2, 'simulator', false, 'succeeded', 'paid', 5, '254712345678', 'R', at, at,
       at, at
     from generate_series($3::timestamptz, $4::timestamptz, interval '9 seconds') as at`,
    [open.merchantId, open.paymentId, bench.at(-10 * HOUR), bench.at(0)],
  )
  const asked: PullRequest[] = []
  await sweep(async (_credential, request) => {
    asked.push(request)
    return { kind: 'none', durationMs: 1 }
  })
  const [first] = asked
  assert.ok(first !== undefined && asked.length === 1)
  const sentMs = bench.clock.now() - 10 * HOUR
  assert.ok(first.fromMs <= sentMs && first.toMs >= sentMs + 40 * MINUTE, 'all of the time that it needs')
  assert.ok(first.toMs < sentMs + 8 * HOUR, 'and not all until now')
})
