// The arithmetic in SQL and the arithmetic in TypeScript are one: whatever happens to a budget, in whatever
// order and by whichever clock, both grant the same.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createPool } from '../db/database.ts'
import { createQueryBudgetStore, type QueryBudgetStore, trimQueryBudgets } from './query-budget-store.ts'
import { createMemoryQueryBudgetStore } from './testing/memory-query-budget-store.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

type Step =
  | { kind: 'take'; wanted: number; answered: number; perMinuteMax: number }
  | { kind: 'give_back'; count: number }
  | { kind: 'refuse'; retryAfterMs: number | null }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('take' as const),
    wanted: fc.nat(30),
    answered: fc.nat(30),
    perMinuteMax: fc.constantFrom(4.8, 600),
  }),
  fc.record({ kind: fc.constant('give_back' as const), count: fc.nat(5) }),
  fc.record({
    kind: fc.constant('refuse' as const),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
  }),
)
/** Mostly onwards, now and then by another process's clock that is behind, or far ahead. */
const pause = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 30_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: -3_000, max: 0 }) },
  { weight: 1, arbitrary: fc.constantFrom(120_000, -120_000) },
)

async function apply(store: QueryBudgetStore, app: string, nowMs: number, what: Step): Promise<string> {
  if (what.kind === 'give_back') await store.giveBack(app, what.count)
  else if (what.kind === 'refuse') await store.refuse(nowMs, app, what.retryAfterMs)
  else {
    const grant = (await store.take(nowMs, new Map([[app, what]]))).get(app)
    const { perMinute, carefulFrom, permits, refilledAtMs, closedUntilMs } = grant?.allowance ?? {}
    const rounded = [perMinute, carefulFrom, permits].map((value) => value?.toFixed(6))
    return JSON.stringify([grant?.granted, ...rounded, refilledAtMs, closedUntilMs])
  }
  return ''
}

test('the database grants what the arithmetic says, whatever happens', async () => {
  const store = createQueryBudgetStore({ db: database.pool })
  let app = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(pause, step), { minLength: 1, maxLength: 25 }), async (steps) => {
      app += 1
      const model = createMemoryQueryBudgetStore()
      let nowMs = Date.parse('2026-03-21T11:00:00Z')
      for (const [pauseMs, what] of steps) {
        nowMs += pauseMs
        const told = await apply(store, `app_${app}`, nowMs, what)
        assert.equal(told, await apply(model, `app_${app}`, nowMs, what))
      }
    }),
    { numRuns: 150 },
  )
})

test('processes that take at once are never granted more than there is', async () => {
  const pools = Array.from({ length: 4 }, () => createPool(database.url))
  const stores = pools.map((db) => createQueryBudgetStore({ db }))
  const wish = { wanted: 3, answered: 0, perMinuteMax: 600 }
  let granted = 0
  const startMs = 1_000_000
  for (let second = 0; second < 120; second += 1) {
    // Clocks that differ by up to a second and a half.
    const takes = stores.map((store, index) =>
      store.take(
        startMs + second * 1_000 + index * 500,
        new Map([
          ['app_b', wish],
          ['app_a', wish],
        ]),
      ),
    )
    for (const grants of await Promise.all(takes)) granted += grants.get('app_a')?.granted ?? 0
  }
  // 4.8 a minute for two minutes, and the one at the start.
  assert.ok(granted >= 9 && granted <= 11, String(granted))
  await Promise.all(pools.map((pool) => pool.end()))
})

test('apps that nobody asks with any more are forgotten', async () => {
  const store = createQueryBudgetStore({ db: database.pool })
  await store.take(0, new Map([['app_old', { wanted: 1, answered: 0, perMinuteMax: 600 }]]))
  await trimQueryBudgets({ db: database.pool, clock: { now: () => 31 * 24 * 3_600_000 } })
  const left = await database.pool.query(`select 1 from query_budgets where credential_id = 'app_old'`)
  assert.deepEqual(left.rows, [])
})
