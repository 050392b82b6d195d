import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { createUuidSource } from '../ids.ts'
import { createQueryBudget } from './query-budget.ts'

function setUp() {
  const clock = manualClock(1_000_000)
  const newUuid = createUuidSource(clock)
  return { clock, budget: createQueryBudget({ clock }), one: newUuid(), other: newUuid() }
}

/** Questions granted in `seconds`, asked for every second. */
function granted({ clock, budget, one }: ReturnType<typeof setUp>, seconds: number): number {
  let count = 0
  for (let n = 0; n < seconds; n += 1) {
    clock.advance(1_000)
    if (budget.take(one).ok) count += 1
  }
  return count
}

test('a new shortcode may be asked about five times a minute, as the sandbox allows', () => {
  const bed = setUp()
  assert.equal(granted(bed, 60), 5)
})

test('the wait that a refusal names is long enough', () => {
  const { clock, budget, one } = setUp()
  assert.equal(budget.take(one).ok, true)
  const refused = budget.take(one)
  assert.equal(refused.ok, false)
  if (!refused.ok) clock.advance(Math.ceil(refused.waitMs))
  assert.equal(budget.take(one).ok, true)
})

test('answers make it grow, a refusal closes it for as long as Daraja said and halves it', () => {
  const bed = setUp()
  for (let n = 0; n < 40; n += 1) bed.budget.answered(bed.one)
  const grown = granted(bed, 60)
  assert.ok(grown > 30, String(grown))
  bed.budget.refused(bed.one, 30_000)
  assert.equal(granted(bed, 29), 0)
  bed.clock.advance(60_000)
  bed.budget.take(bed.one)
  assert.ok(granted(bed, 60) <= grown)
})

test('shortcodes do not share a budget', () => {
  const { budget, one, other } = setUp()
  assert.equal(budget.take(one).ok, true)
  assert.equal(budget.take(one).ok, false)
  assert.equal(budget.take(other).ok, true)
})
