import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createTurns } from './password-turns.ts'

it('no more than so many passwords are hashed at once, in the order in which they came', async () => {
  const turns = createTurns(2, 3)
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const began: number[] = []
  const done = gates.map(({ promise }, index) =>
    turns.take(async () => {
      began.push(index)
      await promise
      if (index === 1) throw new Error('a hash that fails')
      return index
    }),
  )
  const settled = Promise.allSettled(done)
  assert.deepEqual(began, [0, 1])
  assert.equal(turns.isCrowded(), true)
  gates[1]?.resolve()
  await assert.rejects(done[1] ?? Promise.resolve())
  assert.deepEqual(began, [0, 1, 2])
  assert.equal(turns.isCrowded(), false)
  for (const gate of gates) gate.resolve()
  await settled
  assert.deepEqual(began, [0, 1, 2, 3, 4])
})
