import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startOpenLoop } from './open-loop.ts'

test('every arrival has its own intended time, and begins though none before it was answered', async () => {
  const { promise: hold, resolve: release } = Promise.withResolvers<void>()
  const loop = startOpenLoop({ perSecond: 1_000, seconds: 0.05 }, async (number) => {
    if (number === 49) release()
    await hold
  })
  await loop.done
  const { begun, answered, failed } = loop.counts
  assert.deepEqual({ begun, answered, failed }, { begun: 50, answered: 50, failed: 0 })
  assert.ok(Math.abs(loop.intendedMs(30) - loop.intendedMs(10) - 20) < 1e-6)
})

test('whoever starts a loop has it in hand before the first arrival', async () => {
  const seen: number[] = []
  const loop = startOpenLoop({ perSecond: 1_000, seconds: 0.003 }, async () => {
    seen.push(loop.counts.begun)
  })
  await loop.done
  assert.deepEqual([seen, loop.counts.failed], [[1, 2, 3], 0])
})

test('what fails is counted, with the first reason', async () => {
  const loop = startOpenLoop({ perSecond: 1_000, seconds: 0.01 }, async (number) => {
    if (number > 6) throw new Error(`no ${number}`)
  })
  await loop.done
  assert.equal(loop.counts.answered, 7)
  assert.equal(loop.counts.failed, 3)
  assert.equal(loop.counts.firstFailure, 'no 7')
})
