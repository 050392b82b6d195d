import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSubjectRounds } from './subject-rounds.ts'

test('subjects are warmed up, measured by turns, and told of in the order of the plan', async () => {
  const order: string[] = []
  const plan = {
    rounds: 2,
    connections: [1, 9],
    subjects: [{ name: 'a' }, { name: 'b' }],
    say: () => undefined,
  }
  const measured = await runSubjectRounds(plan, async ({ name }, connections, isWarmUp) => {
    order.push(`${name}${connections}${isWarmUp ? '?' : ''}`)
    return order.length
  })
  assert.deepEqual(order, ['a1?', 'b1?', 'a1', 'b1', 'a9', 'b9', 'b1', 'a9', 'b9', 'a1'])
  assert.deepEqual(measured, [
    { subject: 'a', connections: 1, rounds: [3, 10] },
    { subject: 'b', connections: 1, rounds: [4, 7] },
    { subject: 'a', connections: 9, rounds: [5, 8] },
    { subject: 'b', connections: 9, rounds: [6, 9] },
  ])
})
