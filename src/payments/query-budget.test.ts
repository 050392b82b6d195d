import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { createQueryBudget, type QueryBudget, type QuestionWish } from './query-budget.ts'
import { createMemoryQueryBudgetStore } from './testing/memory-query-budget-store.ts'

type App = Pick<QuestionWish, 'environment'> & { name: string }
const SHOP: App = { name: 'app_shop', environment: 'production' }

function setUp() {
  const clock = manualClock(1_000_000)
  const store = createMemoryQueryBudgetStore()
  return { clock, budget: createQueryBudget({ clock, store }), beside: createQueryBudget({ clock, store }) }
}

async function take(budget: QueryBudget, app: App, wanted = 1): Promise<number> {
  const wish = { credentialId: app.name, environment: app.environment, wanted }
  return (await budget.take([wish])).get(app.name) ?? 0
}

/** Questions granted in `seconds` to two processes that both ask every second. */
async function granted(bed: ReturnType<typeof setUp>, seconds: number, app = SHOP): Promise<number> {
  let count = 0
  for (let n = 0; n < seconds; n += 1) {
    bed.clock.advance(1_000)
    count += (await take(bed.budget, app)) + (await take(bed.beside, app))
  }
  return count
}

function answer(budget: QueryBudget, app: App, times: number): void {
  for (let n = 0; n < times; n += 1) budget.answered(app.name)
}

test('processes together ask no more than five times a minute to begin with', async () => {
  const count = await granted(setUp(), 300)
  assert.ok(count >= 23 && count <= 25, String(count))
})

test('answers make the budget grow, but never in the sandbox, whose limit is known', async () => {
  const bed = setUp()
  const sandbox: App = { name: 'app_sandbox', environment: 'sandbox' }
  for (const app of [SHOP, sandbox]) {
    answer(bed.budget, app, 40)
    await take(bed.budget, app)
  }
  bed.clock.advance(60_000)
  assert.ok((await granted(bed, 60)) > 30)
  assert.equal(await granted(bed, 60, sandbox), 5)
})

test('an objection closes the budget for every process, for as long as Daraja said', async () => {
  const bed = setUp()
  answer(bed.budget, SHOP, 40)
  await take(bed.budget, SHOP)
  bed.clock.advance(60_000)
  const before = await granted(bed, 60)
  await bed.budget.refused(SHOP.name, 30_000)
  assert.equal(await granted(bed, 29), 0)
  const after = await granted(bed, 60)
  assert.ok(after > 0 && after < before, `${after} after ${before}`)
})

test('objections to questions that were put together count as one', async () => {
  const [once, thrice] = [setUp(), setUp()]
  for (const [bed, times] of [
    [once, 1],
    [thrice, 3],
  ] as const) {
    answer(bed.budget, SHOP, 30)
    await take(bed.budget, SHOP)
    for (let n = 0; n < times; n += 1) await bed.budget.refused(SHOP.name, null)
  }
  assert.equal(await granted(once, 120), await granted(thrice, 120))
})

test('a permit that was not used is there again, for any process', async () => {
  const bed = setUp()
  assert.equal(await take(bed.budget, SHOP), 1)
  assert.equal(await take(bed.beside, SHOP), 0)
  await bed.budget.giveBack(SHOP.name, 1)
  bed.clock.advance(5_000)
  assert.equal(await take(bed.beside, SHOP), 1)
})

test('apps do not share a budget, and are asked for together', async () => {
  const { budget } = setUp()
  const wishes = ['app_one', 'app_two'].map((credentialId) => ({
    credentialId,
    environment: 'production' as const,
    wanted: 5,
  }))
  assert.deepEqual(Object.fromEntries(await budget.take(wishes)), { app_one: 1, app_two: 1 })
})

test('a budget known to be empty costs no statement for a while', async () => {
  const clock = manualClock(1_000_000)
  const store = createMemoryQueryBudgetStore()
  let statements = 0
  const counted = {
    ...store,
    take: (...asked: Parameters<typeof store.take>) => {
      statements += 1
      return store.take(...asked)
    },
  }
  const budget = createQueryBudget({ clock, store: counted })
  for (let n = 0; n < 60; n += 1) {
    clock.advance(1_000)
    await take(budget, SHOP, 1_000)
  }
  assert.ok(statements <= 20, String(statements))
})
