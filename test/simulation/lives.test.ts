// Thousands of lives in worlds where much goes wrong, each world from its seed: no two prompts, nothing late,
// nothing lost, every verdict true and told.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededChoices } from './choices.ts'
import { NO_FAULTS } from './faults.ts'
import { liveThroughSeed } from './seeded-world.ts'
import { liveThrough } from './world.ts'

/** As many as a few seconds are enough for; `run.ts` lives through as many as one likes. */
const SEEDS = 800

test('payments keep their invariants in every world', async (t) => {
  const startedMs = performance.now()
  const sum = { lives: 0, turns: 0, deaths: 0, settled: 0, unaskable: 0, corrected: 0, contradicted: 0 }
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const ended = await liveThroughSeed(seed)
    sum.lives += ended.lives
    sum.turns += ended.turns
    sum.deaths += ended.deaths
    sum.settled += ended.settled
    sum.unaskable += ended.unaskable
    sum.corrected += ended.corrected
    sum.contradicted += ended.contradicted
  }
  const seconds = (performance.now() - startedMs) / 1_000
  t.diagnostic(`${Math.round(sum.lives / seconds)} lives a second: ${JSON.stringify(sum)}`)
  // The worlds must not be so tame, or so wild, that nothing of interest happens in them.
  assert.ok(sum.settled > sum.lives / 2, 'most payments are settled')
  for (const what of ['deaths', 'unaskable', 'corrected', 'contradicted'] as const) {
    assert.ok(sum[what] > 0, `some worlds have ${what}`)
  }
})

test('a database that loses answers and fails now and then leaves no payment without a verdict', async () => {
  const faults = { ...NO_FAULTS, storeAnswerLost: 0.3, storeFails: 0.2, pushEdge: 0.3, callbackLost: 0.3 }
  for (let seed = 1; seed <= 100; seed += 1) {
    const ended = await liveThrough({
      ...{ name: `seed ${seed}`, choices: seededChoices(seed), lives: 8, processes: 2, customers: 8 },
      ...{ busyMs: 120_000, faults, environment: 'simulator', questionsPerMinute: null },
    })
    assert.equal(ended.unaskable, 0, `seed ${seed}`)
  }
})

test('a query that says "paid" while prompts are up settles none of them', async () => {
  const faults = { ...NO_FAULTS, queryPaidWhileOpen: 1, callbackLost: 0.5 }
  for (let seed = 1; seed <= 50; seed += 1) {
    const ended = await liveThrough({
      ...{ name: `seed ${seed}`, choices: seededChoices(seed), lives: 8, processes: 2, customers: 8 },
      ...{ busyMs: 120_000, faults, environment: 'simulator', questionsPerMinute: null },
    })
    assert.equal(ended.unaskable, 0, `seed ${seed}`)
  }
})

test('a seed is a world: it comes out the same each time', async () => {
  const live = async (seed: number) => {
    const lines: string[] = []
    await liveThroughSeed(seed, (line) => lines.push(line))
    return lines
  }
  for (const seed of [3, 11]) assert.deepEqual(await live(seed), await live(seed))
})
