import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Uuid } from '../ids.ts'
import { shareSweep } from './sweep-shares.ts'
import { newId } from './testing/webhook-bench.ts'

const total = (quotas: readonly { quota: number }[]) => quotas.reduce((sum, { quota }) => sum + quota, 0)
const roomsOf = (quotas: number[]) =>
  quotas.map((quota) => ({ merchantId: newId(), endpointId: newId(), quota }))

const none = new Set<Uuid>()

test('one endpoint alone is asked for all that it has room for, up to the whole sweep', () => {
  for (const isPlentiful of [false, true]) {
    const [small, large] = [roomsOf([150]), roomsOf([512])]
    const plentiful = new Set(isPlentiful ? [...small, ...large].map(({ endpointId }) => endpointId) : [])
    assert.deepEqual(
      shareSweep(small, 200, plentiful).map(({ quota }) => quota),
      [150],
    )
    assert.ok(total(shareSweep(large, 200, plentiful)) >= 200)
  }
})

test('nobody is asked beyond its room, and all together for little beyond a sweep', () => {
  const rooms = fc.array(fc.tuple(fc.nat({ max: 600 }), fc.boolean()), { maxLength: 300 })
  fc.assert(
    fc.property(rooms, fc.integer({ min: 1, max: 500 }), (drawn, rowsMax) => {
      const list = roomsOf(drawn.map(([quota]) => quota))
      const isPlentiful = (index: number) => drawn[index]?.[1] === true
      const plentiful = new Set(list.filter((_, index) => isPlentiful(index)).map((each) => each.endpointId))
      const shared = shareSweep(list, rowsMax, plentiful)
      for (const [index, { endpointId, quota }] of shared.entries()) {
        const room = list[index]?.quota ?? 0
        assert.equal(endpointId, list[index]?.endpointId)
        assert.ok(quota <= room)
        // Of whom nothing is known is never left out.
        assert.ok(isPlentiful(index) || quota >= Math.min(room, 8))
      }
      const asked = shared.filter(({ quota }) => quota > 0).length
      assert.ok(total(shared) <= 2 * rowsMax + 8 * asked)
    }),
  )
})

test('endpoints with much due fill the sweep, however many they are', () => {
  for (const count of [1, 2, 25, 100, 500]) {
    const rooms = roomsOf(Array(count).fill(512))
    for (const plentiful of [none, new Set(rooms.map(({ endpointId }) => endpointId))]) {
      assert.ok(total(shareSweep(rooms, 500, plentiful)) >= 500, `${count} endpoints`)
    }
  }
})

test('of many that are known to have much due a few are asked, each in its turn', () => {
  const rooms = roomsOf(Array(100).fill(512))
  const queue = new Set(rooms.map(({ endpointId }) => endpointId))
  const asked = new Map<Uuid, number>()
  const SWEEPS = 50
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const now = shareSweep(rooms, 200, queue).filter(({ quota }) => quota > 0)
    assert.equal(now.length, 8)
    for (const { endpointId } of now) {
      // As the worker does with those that gave all they were asked for.
      queue.delete(endpointId)
      queue.add(endpointId)
      asked.set(endpointId, (asked.get(endpointId) ?? 0) + 1)
    }
  }
  // Four each; a turn may end in the middle of the queue.
  assert.equal(asked.size, rooms.length)
  assert.ok([...asked.values()].every((times) => times >= 3 && times <= 5))
})
