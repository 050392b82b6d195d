// The interleavings around one or two payments: what happens next is any of the next few things. fast-check
// chooses, and finds the shortest list of choices that breaks an invariant.
import { test } from 'node:test'
import fc from 'fast-check'
import { CHOICE_MAX, givenChoices } from './given-choices.ts'
import { drawWorld } from './seeded-world.ts'
import { liveThrough } from './world.ts'

const RUNS = 1_000
const CHOICES_MAX = 800
const LIVES_MAX = 2

test('a payment keeps its invariants in whatever order callbacks, answers and crashes come', async (t) => {
  const numbers = fc.array(fc.nat({ max: CHOICE_MAX }), { maxLength: CHOICES_MAX, size: 'max' })
  const sum = { lives: 0, turns: 0 }
  const property = fc.asyncProperty(numbers, async (list) => {
    const choices = givenChoices(list)
    const world = drawWorld(choices, { name: 'these choices', livesMax: LIVES_MAX })
    const pickNext = (count: number) => choices.between(0, count - 1)
    const ended = await liveThrough({ ...world, pickNext })
    sum.lives += ended.lives
    sum.turns += ended.turns
  })
  await fc.assert(property, { numRuns: RUNS })
  t.diagnostic(`${RUNS} interleavings of ${sum.lives} lives, ${sum.turns} turns`)
})
