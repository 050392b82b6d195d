import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shareSweep } from './sweep-shares.ts'
import { newId } from './testing/webhook-bench.ts'

const total = (quotas: readonly { quota: number }[]) => quotas.reduce((sum, { quota }) => sum + quota, 0)
const roomsOf = (quotas: number[]) =>
  quotas.map((quota) => ({ merchantId: newId(), endpointId: newId(), quota }))

test('one endpoint alone is asked for all that it has room for, up to the whole sweep', () => {
  assert.deepEqual(
    shareSweep(roomsOf([150]), 200).map(({ quota }) => quota),
    [150],
  )
  assert.ok(total(shareSweep(roomsOf([512]), 200)) >= 200)
})

test('nobody is asked beyond its room or left out, and all together for little beyond a sweep', () => {
  const rooms = fc.array(fc.nat({ max: 600 }), { maxLength: 300 }).map(roomsOf)
  fc.assert(
    fc.property(rooms, fc.integer({ min: 1, max: 500 }), (list, rowsMax) => {
      const shared = shareSweep(list, rowsMax)
      const wanting = list.filter(({ quota }) => quota > 0).length
      for (const [index, { endpointId, quota }] of shared.entries()) {
        const room = list[index]?.quota ?? 0
        assert.equal(endpointId, list[index]?.endpointId)
        assert.ok(quota <= room && quota >= Math.min(room, 8))
      }
      assert.ok(total(shared) <= 2 * rowsMax + 8 * wanting)
    }),
  )
})

test('endpoints with much due fill the sweep, however many they are', () => {
  for (const count of [1, 2, 25, 100, 500]) {
    assert.ok(total(shareSweep(roomsOf(Array(count).fill(512)), 500)) >= 500, `${count} endpoints`)
  }
})
