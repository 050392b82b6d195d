import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstQuestionAt, nextQuestionAt } from './ask-schedule.ts'

const since = new Date('2026-01-01T00:00:00Z')
const after = (seconds: number) => new Date(since.getTime() + seconds * 1_000)

test('a payment without a callback is first asked for after 30 s', () => {
  assert.deepEqual(firstQuestionAt(since), after(30))
})

test('questions come ever further apart, and never stop', () => {
  let now = since
  const ages: number[] = []
  for (let n = 0; n < 60; n += 1) {
    const next = nextQuestionAt(since, now)
    assert.ok(next > now)
    now = next
    ages.push((now.getTime() - since.getTime()) / 1_000)
  }
  assert.deepEqual(ages.slice(0, 11), [30, 60, 90, 120, 180, 300, 600, 1_200, 2_400, 3_600, 10_800])
  const last = ages.at(-1) ?? 0
  assert.equal(last - (ages.at(-2) ?? 0), 86_400)
})

test('a clock that was set back does not ask at once', () => {
  assert.deepEqual(nextQuestionAt(since, after(-3_600)), after(30))
})
